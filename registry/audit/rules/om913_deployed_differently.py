"""A deployed alert differs from the registry's alert that it stands for.

Why: people read the registry, and the server reads the rule. The page goes to another team than the
page says, or it fires at ten times the threshold that was agreed, and both look right alone.

Mend: deploy what the registry says, or correct the registry. Compared are whom it pages, severity,
owner, runbook, and threshold, window and wait where the rule is `E op number`. What the registry's
alert does not set differs in nothing; a runbook that the rule lacks is OM908's. A rule whose
annotation `opmodel_budget` names a budget of that alert warns at a share of its limit.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic, Label
from registry.model.metrics import Alert

if TYPE_CHECKING:
    from registry.audit.context import AuditContext
    from registry.audit.differs import Difference
    from registry.audit.join import Row

_CALLED = {"escalation": "it pages", "response": "its response is", "severity": "its severity is",
           "owner": "its owner is", "runbook": "its runbook is", "when.for": "it waits",
           "when.over": "its window is"}  # fmt: skip


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each alert with everything in which it differs."""
    for row in context.audited.rows:
        differs = [one for one in row.differs if (one.field, one.deployed) != ("runbook", None)]
        id_, alert = row.registry_alert, row.alert
        if not differs or id_ is None:
            continue
        said = "; ".join(map(_said, differs))
        message = f"the deployed alert `{alert.name}` is not as `{id_}` declares it: {said}"
        untold = context.not_compared(row)
        if untold:
            message += f" ({' and '.join(untold)} cannot be compared)"
        yield context.found_at(
            alert.where, ("deployed", alert.name), message,
            f"deploy what the registry says, or correct `{id_}`",
            related=_related(context, row, differs),
            distinguish=f"{alert.where.file} {alert.group}",
        )  # fmt: skip


def _said(one: "Difference") -> str:
    deployed = "nobody" if one.deployed is None else f"`{one.deployed}`"
    called = _CALLED.get(one.field)
    if called is None:
        return f"its condition is {deployed}, not `{one.field.partition('.')[2]} {one.declared}`"
    return f"{called} {deployed}, not `{one.declared}`"


def _related(context: "AuditContext", row: "Row", differs: "list[Difference]") -> Iterator[Label]:
    """Point at each field of the registry, and at what takes the alert elsewhere."""
    id_, alerts = row.registry_alert or "", context.workspace.all(Alert)
    for one in differs:
        path = tuple(one.field.split("."))
        if getattr(alerts[id_], path[0], None) is not None:
            yield context.label(Alert, id_, path, f"`{one.declared}` is declared here")
    if any(one.field == "escalation" for one in differs):
        routes = (route for stop in row.stops for route in stop.reached.routes[:1])
        yield from (route.place.label("this route takes it") for route in routes)


RULE = rule(__name__, __doc__, "I W E", check)
