"""A query's aggregation drops a label that a route, or the binding of owners, asks for.

Why: `sum by (instance)` leaves nothing of the label by which alerts are sent to a team. The alert
falls through to the default route, and looks as if it had no team.

Mend: keep the label in the aggregation (`by (instance, team)`), or set it in the rule. Where these
alerts are not meant for the route, waive the finding, one for each label, as `labels/NAME`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic, Label
from registry.wording import listed

if TYPE_CHECKING:
    from registry.audit.context import AuditContext
    from registry.audit.join import Row
    from registry.audit.lost_labels import LostLabel
    from registry.deployed.model import Where

_SHOWN = 5


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each label and what asks for it, once, with all alerts that lose it."""
    found: dict[tuple[str, Where | None], list[tuple[Row, LostLabel]]] = {}
    for row in context.audited.rows:
        for lost in row.lost:
            at = _asking(lost)
            found.setdefault((lost.label, at), []).append((row, lost))
    for (label, at), pairs in found.items():
        alerts = tuple(dict.fromkeys(row.alert.name for row, _ in pairs))
        one = len(alerts) == 1
        message = f"the {'query' if one else 'queries'} of {listed(alerts)} drop"
        message += f"{'s' if one else ''} the label `{label}`"
        receivers = tuple(dict.fromkeys(name for _, lost in pairs for name in lost.receivers))
        if at is not None:
            message += f", by which a route leads to {listed(receivers, joint='or')}"
        else:
            message += ", whose value would name the owner"
        related = list(_queries(pairs))
        where = at if at is not None else _query(pairs[0][0])
        yield context.found_at(
            where, ("labels", label), message, f"keep `{label}` in `by`, or set it in the rule",
            related=related if at is not None else related[1:],
            distinguish=" ".join(receivers) or "owner",
        )  # fmt: skip


def _asking(lost: "LostLabel") -> "Where | None":
    """Find the condition of the route that asks for the label."""
    conditions = lost.route.matchers if lost.route is not None else ()
    return next((one.where for one in conditions if one.label == lost.label), None)


def _query(row: "Row") -> "Where":
    return row.alert.expr.where if row.alert.expr is not None else row.alert.where


def _queries(pairs: "list[tuple[Row, LostLabel]]") -> Iterator[Label]:
    for row, lost in pairs[:_SHOWN]:
        yield _query(row).label(f"`{row.alert.name}`: {lost.why}")
    if len(pairs) > _SHOWN:
        yield _query(pairs[_SHOWN][0]).label(f"and {len(pairs) - _SHOWN} more such queries")


RULE = rule(__name__, __doc__, "I W W", check)
