"""The severities: a row each, what makes an incident that severe, and how soon what must happen.

What the registry leaves out is as the policy has it. `alerts` and `paging` count the alerts that
have the severity, and those of them that page.
"""

from typing import get_args

from registry.export.exporter import Exporter, Subject
from registry.model.metrics import Alert, SeverityName
from registry.output.table import Column, Table
from registry.workspace.names import NOT_READ
from registry.workspace.severity import severity

_COLUMNS = (
    Column("severity", verbatim=True),
    Column("criteria"),
    Column("respond_within", verbatim=True),
    Column("detect_within", verbatim=True),
    Column("mitigate_within", verbatim=True),
    Column("alerts", number=True, verbatim=True),
    Column("paging", number=True, verbatim=True),
    Column("missing", look="gap"),
)


def build(subject: Subject, by: str) -> Table:  # noqa: ARG001 - there is only one form
    """List the severities, the gravest first."""
    title = f"Severities of {subject.workspace.manifest.name}"
    rows = tuple(_row(subject, name) for name in get_args(SeverityName))
    return Table("severities", title, _COLUMNS, rows)


def _row(subject: Subject, name: SeverityName) -> tuple[str, ...]:
    workspace = subject.workspace
    level = severity(workspace, subject.policy.settings, name)
    alerts = [one for one in workspace.all(Alert).values() if one.severity == name]
    failed = workspace.failed_fields.get(("severities", name), frozenset())
    missing = [f"`{field}` could not be read" for field in sorted(failed)]
    if workspace.has("severities", name) and name not in workspace.entities["severities"]:
        missing = [NOT_READ]
    return (
        name,
        level.criteria or "",
        str(level.respond_within or ""),
        str(level.detect_within or ""),
        str(level.mitigate_within or ""),
        str(len(alerts)),
        str(sum(one.response == "page" for one in alerts)),
        "; ".join(missing),
    )


EXPORTER = Exporter("severities", "what each severity means, and how soon what must happen", build)
