"""Alert relabelling drops an alert before Alertmanager sees it.

Why: the rule fires, the server's own page shows it in red, and nobody ever hears of it. The line
that drops it stands in another file, written for another alert.

Mend: narrow the step of `alert_relabel_configs`, or take the rule away if nobody is to hear of it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic

if TYPE_CHECKING:
    from registry.audit.context import AuditContext


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each alert of which no series is sent."""
    for row in context.audited.rows:
        alert = row.alert
        if row.dropped is not True or alert.unloaded is not None:
            continue
        related = [row.dropped_at.label("this step drops it")] if row.dropped_at else []
        yield context.found_at(
            alert.where, ("deployed", alert.name),
            f"the deployed alert `{alert.name}` is dropped before it is sent",
            "narrow that step, or take the rule away", related=related,
            distinguish=f"{alert.where.file} {alert.group}",
        )  # fmt: skip


RULE = rule(__name__, __doc__, "W E E", check)
