"""Alert coverage: a row an alert, whom it reaches step by step, and what is missing.

`owner` holds what the registry names, `person` the one person behind it; `accountable` is whoever
answers for the metric's layer. `reaches` lists everybody who takes turns on a schedule, and every
deputy with their days, so that it is true at any instant; who of them is paged at one instant is
what `opmodel who` answers. Nobody's contact is shown. Rows stand in the files' order.
"""

from collections.abc import Iterable, Iterator

from registry.export.exporter import Exporter, Subject
from registry.export.reached import ReachedNames
from registry.model.metrics import Alert
from registry.model.oncall import Escalation, hours_in_words
from registry.model.people import Channel, Person, Role
from registry.model.reference import names
from registry.output.table import Column, Table
from registry.paging.charge import Charge, Charges
from registry.workspace.names import NOT_READ, DisplayNames, declared
from registry.workspace.not_loaded import unknown

_COLUMNS = (
    Column("alert", verbatim=True),
    Column("metric"),
    Column("severity", verbatim=True),
    Column("response", verbatim=True),
    Column("when"),
    Column("owner"),
    Column("person"),
    Column("accountable"),
    Column("escalation"),
    Column("reaches"),
    Column("channels"),
    Column("runbook"),
    Column("missing"),
)

_PAGED = ("people", "roles", "schedules")
"""The sections of what a step may page."""


def build(subject: Subject, by: str) -> Table:  # noqa: ARG001 - there is only one form
    """List every alert with its way to a person."""
    workspace = subject.workspace
    reached, charges = ReachedNames(DisplayNames(workspace), subject.at), Charges(workspace)
    rows = tuple(
        _row(reached, charges.of("alerts", id_), id_, alert)
        if alert
        else (id_, *[""] * (len(_COLUMNS) - 2), NOT_READ)
        for id_, alert in declared(workspace, Alert)
    )
    title = f"Alert coverage of {workspace.manifest.name}"
    return Table("alert-coverage", title, _COLUMNS, rows)


def _row(reached: ReachedNames, charge: Charge, id_: str, alert: Alert) -> tuple[str, ...]:
    roster = reached.display
    return (
        id_,
        alert.metric,
        alert.severity,
        alert.response,
        alert.when.in_words() if alert.when else "",
        ", ".join(names(alert.owner)),
        roster.called(charge.owner.person) if charge.owner else "",
        roster.called(charge.accountable.person) if charge.accountable else "",
        alert.escalation or "",
        _reaches(reached, alert.escalation),
        "; ".join(map(roster.reader, alert.notify)),
        alert.runbook or "",
        "; ".join(dict.fromkeys(_missing(reached, id_, alert))),
    )


def _reaches(reached: ReachedNames, id_: str | None) -> str:
    if id_ is None:
        return ""
    escalation = reached.workspace.all(Escalation).get(id_)
    if escalation is None:
        return reached.text(id_)
    steps = [
        f"{step.after}: {'one of ' if step.is_in_turn else ''}"
        f"{', '.join(map(reached.text, step.notify)) or 'nobody'}"
        + (f", {hours}" if (hours := hours_in_words(step)) else "")
        for step in escalation.steps
    ]
    if steps and (whole := hours_in_words(escalation)):
        steps.insert(0, whole)
    if escalation.repeat:
        times = "once more" if escalation.repeat == 1 else f"{escalation.repeat} times more"
        after = escalation.repeat_after or "some time"
        steps.append(f"all of it {times}, {after} after the last step")
    return "; ".join(steps) or "nobody"


# -- what is missing -----------------------------------------------------------------------------


def _missing(reached: ReachedNames, id_: str, alert: Alert) -> Iterator[str]:
    """Say everything that keeps the alert from being acted on; nothing where it is complete."""
    roster = reached.display
    failed = roster.workspace.failed_fields.get(("alerts", id_), frozenset())
    yield from (f"`{field}` could not be read" for field in sorted(failed))
    yield from _absent(roster, "metrics", "metric", alert.metric)
    if "owner" not in failed:
        yield from _owner(roster, alert)
    if alert.when is None and "when" not in failed:
        yield "no threshold"
    yield from _absent(roster, "channels", "channel", *alert.notify)
    for channel in alert.notify:
        found = roster.workspace.all(Channel).get(channel)
        if found is not None and found.owner is None:
            yield f"nobody reads `{channel}`"
    if alert.escalation is not None:
        yield from _escalation(reached, alert.escalation)
    elif alert.response == "page" and "escalation" not in failed:
        yield "no escalation: it pages nobody"
    elif not alert.notify and not failed & {"escalation", "notify"}:
        yield "no channel and no escalation: nobody hears of it"
    if alert.runbook is not None:
        yield from _absent(roster, "runbooks", "runbook", alert.runbook)
    elif alert.response == "page" and "runbook" not in failed:
        yield "no runbook"


def _absent(roster: DisplayNames, section: str, noun: str, *ids: str) -> Iterator[str]:
    workspace = roster.workspace
    for id_ in ids:
        if not workspace.has(section, id_):
            what = "could not be read" if id_ in workspace.hidden else "does not exist"
            yield f"{noun} `{id_}` {what}"


def _owner(roster: DisplayNames, alert: Alert) -> Iterator[str]:
    problem = roster.graph.owner_problem(alert.owner)
    owners = names(alert.owner)
    if problem is not None:
        yield "no owner" if problem == "nobody" else f"the owner is {problem}"
    elif not roster.knows(owners[0]):
        yield from _absent(roster, "people", "owner", owners[0])
    elif not roster.owner(alert.owner):
        yield f"the owner `{owners[0]}` is {roster.no_holder(owners[0])}"


def _escalation(reached: ReachedNames, id_: str) -> Iterator[str]:
    """Say where an escalation, or the schedule in its place, reaches nobody."""
    roster = reached.display
    escalation = roster.workspace.all(Escalation).get(id_)
    if escalation is None and roster.workspace.has("escalations", id_):
        yield f"escalation `{id_}` could not be read"
        return
    if escalation is None and not roster.workspace.has("schedules", id_):
        yield from _absent(roster, "escalations", "escalation", id_)
        return
    if "steps" in roster.workspace.failed_fields.get(("escalations", id_), ()):
        yield f"the steps of `{id_}` could not be read"
        return
    steps = [(f"step {step.after}", step.ways) for step in escalation.steps] if escalation else []
    told = steps if escalation else [(f"`{id_}`", ((id_,),))]
    if not told:
        yield "its escalation has no steps: it pages nobody"
    for where, ways in told:
        ids = [one for way in ways for one in way]
        absent = [one for one in ids if not roster.knows(one)]
        yield from (f"{where} pages `{one}`, who does not exist" for one in absent)
        yield from (f"{where} pages {one}" for one in _unpaged(roster, ids))
        if not any(all(map(roster.graph.may_reach, way)) for way in ways):
            may = "may reach" if any(map(roster.graph.may_reach, ids)) else "reaches"
            yield f"{where} {may} nobody"
        people = [person for one in ids for person in reached.people(one)]
        yield from (
            f"{roster.called(person)} has no contact" for person in people if _mute(roster, person)
        )


def _unpaged(roster: DisplayNames, ids: Iterable[str]) -> Iterator[str]:
    """Name what is there and cannot be paged: a team say, or a role that no schedule holds."""
    for id_ in ids:
        role = roster.workspace.all(Role).get(id_)
        if role is None and roster.knows(id_) and roster.workspace.kind_of(id_) not in _PAGED:
            yield f"`{id_}`, which {unknown(roster.workspace, id_)}"
        held = role.schedule if role is not None and role.holder is None else None
        if held is not None and not roster.workspace.has("schedules", held):
            yield f"`{id_}`, held by `{held}`, which {unknown(roster.workspace, held)}"


def _mute(roster: DisplayNames, person: str) -> bool:
    """Whether nothing reaches a person; one who did not load gets the benefit of doubt."""
    found = roster.workspace.all(Person).get(person)
    if found is None or roster.workspace.failed_fields.get(("people", person)):
        return False
    contact = found.contact
    ways = (contact.phone, contact.slack, contact.teams, contact.pager) if contact else ()
    return not any(ways) and found.email is None and (contact is None or contact.email is None)


EXPORTER = Exporter(
    "alert-coverage", "whom each alert reaches, step by step, and what is missing", build
)
