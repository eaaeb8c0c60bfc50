"""Which receiver an alert reaches depends on labels that only its series carry.

Why: nobody can read in the files where such an alert goes. It goes right for the series that were
thought of, and the first one with another label, or without it, wakes somebody else or nobody.

Mend: set the label in the rule, or make the route ask for something that the rule sets. Where it is
meant so, waive the finding: alerts that hang on the same labels are one, as `labels/NAME`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic, Label
from registry.wording import listed

if TYPE_CHECKING:
    from registry.audit.context import AuditContext
    from registry.audit.join import Row
    from registry.deployed.model import Matcher, Where
    from registry.deployed.routing.symbolic import Chosen

_SHOWN = 5


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each set of conditions that some alert's series decide, with all such alerts."""
    found: dict[tuple[Chosen[Matcher], ...], list[Row]] = {}
    for row in context.audited.rows:
        if row.way.verdict == "depends":
            deciding = tuple(judged.deciding for _, judged in row.way.judged)
            found.setdefault(deciding, []).append(row)
    for deciding, rows in found.items():
        matchers = [one for each in deciding for one in each]
        if len(deciding) > 1:  # those of one router have their order
            matchers = sorted(set(matchers), key=_place)
        if not matchers:
            continue
        labels = tuple(dict.fromkeys(one.label for one in matchers))
        names = tuple(dict.fromkeys(row.alert.name for row in rows))
        ways = {id(row.way): row for row in rows}.values()  # alike alerts share theirs
        receivers = tuple(dict.fromkeys(name for row in ways for name in row.way.names))
        what = "deployed alert " if len(names) == 1 else "deployed alerts "
        decides = "the label" if len(labels) == 1 else "the labels"
        message = (
            f"only the series of the {what}{listed(names)} decide, by {decides} {listed(labels)}, "
            f"which receiver is notified: {listed(receivers, 8, 'or')}"
        )
        stops = (one.reached for row in ways for one in row.stops)
        silent = tuple(dict.fromkeys(one.name for one in stops if not one.notifies))
        if silent:
            message += f"; {listed(silent, 8)} notif{'ies' if len(silent) == 1 else 'y'} nobody"
        help_ = f"set {listed(labels, joint='or')} in the rule, or route by labels that it sets"
        yield context.found_at(
            matchers[0].where, ("labels", "-".join(labels)), message, help_,
            related=_related(rows), says="this decides",
            distinguish=" ".join(f"{one.label}{one.operator}{one.value}" for one in matchers),
        )  # fmt: skip


def _place(matcher: "Matcher") -> "tuple[Where, Matcher]":
    """Order conditions as the routes are written."""
    return (matcher.where, matcher)


def _related(rows: "list[Row]") -> Iterator[Label]:
    """Point at the alerts, each with what it may reach."""
    for row in rows[:_SHOWN]:
        where = row.alert.where
        yield where.label(f"`{row.alert.name}` reaches {listed(row.way.names, 8, 'or')}")
    if len(rows) > _SHOWN:
        yield rows[_SHOWN].alert.where.label(f"and {len(rows) - _SHOWN} more such alerts")


RULE = rule(__name__, __doc__, "I W W", check)
