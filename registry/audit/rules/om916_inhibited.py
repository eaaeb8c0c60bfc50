"""An alert that another alert's inhibition can silence.

Why: it is meant so, until the label that was to keep two clusters apart is missing on both sides:
what is absent is equal. The alert fires, the page does not come, and nothing says why.

Mend: let the inhibition ask for `equal` labels that both alerts carry; or leave it, where the other
alert says the same thing better. What is silenced all the time is OM918's.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic
from registry.wording import listed

if TYPE_CHECKING:
    from registry.audit.context import AuditContext


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each alert that some others may silence, and none always does."""
    for row in context.audited.rows:
        silence, alert = row.silence, row.alert
        if not silence.names or silence.always:
            continue
        named = listed(silence.names, joint="or")
        if silence.more:
            named = f"any of {len(silence.names) + silence.more} alerts"
        elif silence.names == (alert.name,):
            named = "another rule of its name"
        yield context.found_at(
            alert.where, ("deployed", alert.name),
            f"while {named} fires, the deployed alert `{alert.name}` may be silenced",
            "let the inhibition ask for labels that are equal on both sides, if it is not meant so",
            related=(one.label("by this inhibition") for one in silence.places[:3]),
            distinguish=f"{alert.where.file} {alert.group}",
        )  # fmt: skip


RULE = rule(__name__, __doc__, "I I W", check)
