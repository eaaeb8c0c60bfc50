"""The kill switches, for the wall: what each stops, who may flip it now, and when it was drilled.

`operators` are whom the registry allows, everybody who takes turns on a schedule and every deputy
among them; `now` are those who are there at the instant of the export. Nobody's contact is shown.
Rows stand in the files' order.
"""

from collections.abc import Iterator
from datetime import timedelta

from registry.checks.rule import Context
from registry.clock.civil import instant
from registry.export.exporter import Exporter, Subject
from registry.export.reached import ReachedNames
from registry.model.runbooks import KillSwitch
from registry.model.scalars import Date
from registry.output.table import Column, Table
from registry.paging.instructions import Switch, switch
from registry.paging.pager import Pager
from registry.workspace.names import NOT_READ, DisplayNames, declared

_COLUMNS = (
    Column("switch", verbatim=True),
    Column("stops"),
    Column("disables", verbatim=True),
    Column("scope"),
    Column("effect", verbatim=True),
    Column("flag", verbatim=True),
    Column("takes_effect_within", verbatim=True, spoken="within"),
    Column("operators"),
    Column("now", spoken="may flip it now"),
    Column("drilled", verbatim=True),
    Column("restore", spoken="turned back"),
    Column("kept_by", spoken="kept by"),
    Column("missing", look="gap"),
)


def build(subject: Subject, by: str) -> Table:  # noqa: ARG001 - there is only one form
    """List every kill switch, as of the subject's instant."""
    workspace, display = subject.workspace, DisplayNames(subject.workspace)
    pager, reached = Pager(workspace, instant(subject.at)), ReachedNames(display, subject.at)
    rows = tuple(
        _row(subject, reached, switch(pager, id_), one)
        if one
        else (id_, *[""] * (len(_COLUMNS) - 2), NOT_READ)
        for id_, one in declared(workspace, KillSwitch)
    )
    return Table("kill-switches", f"Kill switches of {workspace.manifest.name}", _COLUMNS, rows)


def _row(
    subject: Subject, reached: ReachedNames, there: Switch, one: KillSwitch
) -> tuple[str, ...]:
    display = reached.display
    return (
        there.id,
        one.action or "",
        "; ".join(one.disables),
        ", ".join(f"{key} = {value}" for key, value in one.scope.items()),
        one.effect,
        one.flag or "",
        str(one.takes_effect_within or ""),
        "; ".join(map(reached.text, one.operators)),
        "; ".join(
            f"{who.name}{who.for_whom}" + (f" ({who.but})" if who.but else "")
            for who in there.operators
        ),
        str(one.drilled or ""),
        one.restore or "",
        display.owner(one.owner),
        "; ".join(_missing(subject, display, there, one)),
    )


def _missing(
    subject: Subject, display: DisplayNames, there: Switch, one: KillSwitch
) -> Iterator[str]:
    failed = subject.workspace.failed_fields.get(("kill_switches", there.id), frozenset())
    yield from (f"`{field}` could not be read" for field in sorted(failed))
    if not one.operators and "operators" not in failed:
        yield "nobody may flip it"
    elif one.operators and all(who.but is not None for who in there.operators):
        yield "nobody who may flip it can be reached now"
    if one.drilled is None and "drilled" not in failed:
        yield "never drilled"
    elif one.drilled is not None:
        yield from _age(subject, one.drilled)
    if "owner" not in failed and not display.owner(one.owner):
        yield "no one person keeps it working"


def _age(subject: Subject, drilled: Date) -> Iterator[str]:
    """Say that a drill is longer ago than the policy's `drill_max_age`, as OM606 does."""
    limit = subject.policy.settings.drill_max_age
    today = Context(subject.workspace, subject.policy, subject.at).today()
    if today - drilled.date > timedelta(milliseconds=limit.milliseconds):
        yield f"drilled more than {limit} ago"


EXPORTER = Exporter("kill-switches", "what each kill switch stops, and who may flip it now", build)
