"""A row that is unowned on purpose: its date has passed, or it gives no reason.

Why: leaving a layer without an owner is a decision, and decisions are taken for a reason and for
a time. Without the reason nobody can tell it from an oversight; past its date it is one.

Mend: name an accountable person and a team and remove `unowned`. If the layer stays without an
owner, write why, and a new date on which to look at it again.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.ownership import Layer


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each `unowned` that has run out, and each without a reason."""
    for id_, row in context.each(Layer):
        if row.unowned is None:
            continue
        if row.unowned.until is not None and row.unowned.until.date < context.today():
            message = f"layer `{id_}` was to be unowned until {row.unowned.until}; that day is over"
            help_ = "name who is accountable, or give the reason and a new date"
            yield context.finding(Layer, id_, ("unowned", "until"), message, help_)
        if row.unowned.reason is None:
            message = f"layer `{id_}` is unowned on purpose, and gives no reason"
            help_ = "write why under `unowned.reason`, or name who is accountable"
            yield context.missing(Layer, id_, ("unowned", "reason"), message, help_)


RULE = rule(__name__, __doc__, "W E E", check)
