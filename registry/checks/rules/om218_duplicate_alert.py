"""Two alerts that fire together and do the same: one metric, condition, slice and response.

Why: each fault then pages twice, and whoever tunes or mutes one of the two is surprised by the
other.

Mend: keep one of them. If they were meant to differ, make the difference in the condition or the
slice.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.deployed.promql.parse import canonical
from registry.diagnostic import Diagnostic
from registry.model.metrics import Alert, When


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each alert that repeats another; of two, the one whose id comes later.

    `60m` and `1h` are one duration, `0.10` and `0.1` one number; `10%` and `0.1` are two things.
    An alert without a condition, or with one that did not load, repeats nothing.
    """
    alerts = context.workspace.all(Alert)
    first: dict[tuple[object, ...], str] = {}
    for id_ in sorted(alerts):
        alert = alerts[id_]
        uncertain = context.failed(Alert, id_, "when") or context.failed(Alert, id_, "slice")
        if alert.when is None or uncertain:
            continue
        sliced = tuple(sorted(alert.slice.items()))
        key = (alert.metric, alert.response, sliced, *_condition(alert.when))
        other = first.setdefault(key, id_)
        if other != id_:
            does = "pages" if alert.response == "page" else "files a ticket"
            message = f"`{id_}` {does} on the same condition as `{other}`"
            help_ = "keep one of the two, or let them differ in `when` or `slice`"
            related = [context.label(Alert, other, "when", f"`{other}`, the same")]
            yield context.finding(Alert, id_, "when", message, help_, related=related)


def _condition(when: When) -> tuple[object, ...]:
    """Return what a condition means, however it is spelt; no `for` means at once."""
    over = when.over.milliseconds if when.over is not None else None
    lasts = when.holds_for.milliseconds if when.holds_for is not None else 0
    thresholds = (when.above, when.below, when.drops_by, when.rises_by)
    return (*thresholds, canonical(when.expr) if when.expr is not None else None, over, lasts)


RULE = rule(__name__, __doc__, "W W W", check)
