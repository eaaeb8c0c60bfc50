"""The metric dictionary: a row a metric, what it means, who owns it, and what it is for.

`owner` holds what the registry names, `person` the one person behind it, and nothing where there is
nobody in particular. `alerts` are those on the metric; `read_in` are the dashboards and reviews
that show it, so that a metric with neither is plain to see. Rows stand in the files' order.
"""

from collections.abc import Mapping

from registry.export.exporter import Exporter, Subject
from registry.model.cadence import Dashboard, Review
from registry.model.metrics import Metric
from registry.model.reference import names
from registry.output.table import Column, Table
from registry.workspace.names import NOT_READ, DisplayNames, declared
from registry.workspace.workspace import Workspace

_COLUMNS = (
    Column("metric", verbatim=True),
    Column("definition"),
    Column("owner"),
    Column("person"),
    Column("decision"),
    Column("bucket", verbatim=True),
    Column("response", verbatim=True),
    Column("unit"),
    Column("better", verbatim=True),
    Column("layer"),
    Column("fields"),
    Column("slices"),
    Column("query"),
    Column("alerts", verbatim=True),
    Column("read_in", verbatim=True),
)


def build(subject: Subject, by: str) -> Table:  # noqa: ARG001 - there is only one form
    """List every metric with what is known of it."""
    workspace = subject.workspace
    roster = DisplayNames(workspace)
    read_in = _read_in(workspace)
    rows = tuple(
        _row(roster, id_, metric, read_in.get(id_, ()))
        if metric
        else (id_, NOT_READ, *[""] * (len(_COLUMNS) - 2))
        for id_, metric in declared(workspace, Metric)
    )
    title = f"Metric dictionary of {workspace.manifest.name}"
    return Table("metric-dictionary", title, _COLUMNS, rows)


def _row(
    roster: DisplayNames, id_: str, metric: Metric, read_in: tuple[str, ...]
) -> tuple[str, ...]:
    owners = names(metric.owner)
    return (
        id_,
        metric.definition or "",
        ", ".join(owners),
        roster.owner(metric.owner),
        metric.decision or "",
        metric.bucket,
        metric.response,
        metric.unit or "",
        metric.better or "",
        metric.layer or "",
        ", ".join(metric.fields),
        ", ".join(metric.slices),
        metric.query or "",
        ", ".join(roster.graph.alerts_of.get(id_, ())),
        ", ".join(read_in),
    )


def _read_in(workspace: Workspace) -> Mapping[str, tuple[str, ...]]:
    """Give each metric's dashboards and reviews, as `section/id`."""
    found: dict[str, dict[str, None]] = {}
    for id_, dashboard in workspace.all(Dashboard).items():
        for metric in dashboard.metrics:
            found.setdefault(metric, {})[f"dashboards/{id_}"] = None
    for id_, review in workspace.all(Review).items():
        for item in review.agenda:
            for metric in item.metrics:
                found.setdefault(metric, {})[f"reviews/{id_}"] = None
    return {metric: tuple(places) for metric, places in found.items()}


EXPORTER = Exporter(
    "metric-dictionary", "what each metric means, who owns it and which decision it serves", build
)
