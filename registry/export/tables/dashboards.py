"""The dashboards: a row a dashboard, who reads it how often, and what they decide by it.

`audience` and `owner` hold what the registry names, the columns behind them the people; `missing`
says what keeps a dashboard from being read by somebody who decides. Rows stand in the files' order.
"""

from collections.abc import Iterator

from registry.export.exporter import Exporter, Subject
from registry.model.cadence import Dashboard
from registry.model.reference import names
from registry.output.table import Column, Table
from registry.workspace.names import NOT_READ, DisplayNames, declared

_COLUMNS = (
    Column("dashboard", verbatim=True),
    Column("audience", aside=True),
    Column("read_by", spoken="read by"),
    Column("read_every", verbatim=True, spoken="read every"),
    Column("decision", spoken="decision"),
    Column("metrics", verbatim=True, spoken="metrics"),
    Column("owner", aside=True),
    Column("kept_by", spoken="kept by"),
    Column("url", spoken="address"),
    Column("missing", look="gap"),
)


def build(subject: Subject, by: str) -> Table:  # noqa: ARG001 - there is only one form
    """List every dashboard with its reader and its decision."""
    workspace = subject.workspace
    display = DisplayNames(workspace)
    rows = tuple(
        _row(display, id_, one) if one else (id_, *[""] * (len(_COLUMNS) - 2), NOT_READ)
        for id_, one in declared(workspace, Dashboard)
    )
    return Table("dashboards", f"Dashboards of {workspace.manifest.name}", _COLUMNS, rows)


def _row(display: DisplayNames, id_: str, one: Dashboard) -> tuple[str, ...]:
    return (
        id_,
        one.audience or "",
        display.holder(one.audience) if one.audience else "",
        str(one.read_every or ""),
        one.decision or "",
        "; ".join(one.metrics),
        "; ".join(names(one.owner)),
        display.owner(one.owner),
        one.url or "",
        "; ".join(_missing(display, id_, one)),
    )


def _missing(display: DisplayNames, id_: str, one: Dashboard) -> Iterator[str]:
    failed = display.workspace.failed_fields.get(("dashboards", id_), frozenset())
    yield from (f"`{field}` could not be read" for field in sorted(failed))
    for field, lacks in (
        ("audience", "nobody reads it"),
        ("read_every", "nothing says how often it is read"),
        ("decision", "nothing is decided by it"),
        ("metrics", "it shows no metric"),
    ):
        if not getattr(one, field) and field not in failed:
            yield lacks
    if "owner" not in failed and not display.owner(one.owner):
        yield "no one person keeps it"


EXPORTER = Exporter("dashboards", "who reads each dashboard, and what they decide by it", build)
