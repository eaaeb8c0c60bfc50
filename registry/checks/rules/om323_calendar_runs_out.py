"""A calendar of holidays of one's own with none in the last year of the horizon.

Why: somebody wrote down this year's closing days, and nobody will think of next year's. Then the
desk counts as staffed on a day on which the office is shut, and a page rings in an empty room.

Mend: add the dates of the year to come, and keep a date for it in a review. A country's public
holidays need no dates: name the `country`. A calendar that is not needed any more can go.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.clock.civil import local
from registry.clock.tzif import DAY
from registry.diagnostic import Diagnostic
from registry.model.holidays import HolidayCalendar


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each calendar of dates whose last one lies before the horizon's last 365 days.

    Days are those of the manifest's zone.
    """
    zone, end = context.horizon.known.zone, context.horizon.end
    begins = local(end - 365 * DAY, zone).date()
    for id_, calendar in context.each(HolidayCalendar):
        last = max((last for _, last in calendar.spans), default=None)
        if last is None or last >= begins or context.failed(HolidayCalendar, id_, "dates"):
            continue
        until = local(end, zone).date()
        message = f"`{id_}` has no holiday from {begins} to {until}: its last one is {last}"
        help_ = "add the dates of the year to come, or remove the calendar"
        yield context.finding(HolidayCalendar, id_, "dates", message, help_)


RULE = rule(__name__, __doc__, "I I W", check)
