"""Recorded spending is above a budget's limit, or has reached its `warn_at`.

Why: a prompt that has grown, a loop that retries, a tenant who has found the API. The bill comes at
the end of the month, and says what, not when; the record says at which minute the day's money was
gone.

Mend: see in `opmodel traces spend` which model and which slice it was, and act as the budget's
alert says; or set a limit that is meant. Amounts are of what has a price: without one it is more.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.clock.words import date_and_time
from registry.diagnostic import Diagnostic
from registry.model.cadence import Budget
from registry.wording import counted

if TYPE_CHECKING:
    from registry.traces.context import TracesContext
    from registry.traces.spend import BudgetPeriod


def check(context: "TracesContext") -> Iterator[Diagnostic]:
    """Report each budget once: that its limit was passed, else that its warning was due."""
    zone = context.tz or context.zone_of()
    for id_, all_ in context.spending.periods.items():
        over = [one for one in all_ if one.passed is not None]
        warned = [one for one in all_ if one.warned is not None]
        if over:
            yield context.finding(Budget, id_, "limit", *_told(over, "limit", zone))
        elif warned:
            yield context.finding(Budget, id_, "warn_at", *_told(warned, "warn_at", zone))


def _told(periods: "list[BudgetPeriod]", what: str, zone: str) -> tuple[str, str]:
    from registry.traces.money import shown

    first = periods[0]
    bound = first.limit if what == "limit" else first.warning or first.limit
    minute = first.passed if what == "limit" else first.warned
    when = date_and_time(minute or first.start, zone)
    level = "its limit" if what == "limit" else "its `warn_at`"
    more = f", the first of {counted(len(periods), 'period')}" if len(periods) > 1 else ""
    verb = "passed" if what == "limit" else "reached"
    message = (
        f"`{first.budget}` {verb} {level} of {shown(bound)} {first.currency} on {when} {zone}, and "
        f"came to {shown(first.spent)} {first.currency} in that period{more}"
    )
    return message, "see which model and slice it was: `opmodel traces spend`"


RULE = rule(__name__, __doc__, "W W E", check, seeds=(3,))
