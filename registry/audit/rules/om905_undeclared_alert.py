"""A deployed alert that is not in the registry.

Why: it can wake somebody at night, and it has no metric, no response, no escalation and no runbook
that anybody agreed on. What nobody wrote down, nobody reviews.

Mend: declare it under `alerts`. It is the same alert where the names are equal but for case and
signs; where they differ, add a binding, or the label `opmodel_alert` with the registry's id.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic

if TYPE_CHECKING:
    from registry.audit.context import AuditContext


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each deployed alert that is none of the registry's, unless that is uncertain."""
    for row in context.audited.undeclared:
        alert = row.alert
        if row.hidden:
            continue
        message = f"the deployed alert `{alert.name}` is not in the registry"
        help_ = (
            "declare it under `alerts`, or bind its name: "
            f"`{{label: alertname, value: {alert.name}, alert: …}}`"
        )
        yield context.found_at(
            alert.where, ("deployed", alert.name), message, help_,
            distinguish=f"{alert.where.file} {alert.group}",
        )  # fmt: skip


RULE = rule(__name__, __doc__, "I W W", check)
