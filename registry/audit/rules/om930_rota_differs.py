"""The pager's own export has other people on call than the schedule that is bound to it.

Why: the registry says that it is Tom's week, and the pager calls Priya, who swapped in June and is
abroad. Each answer about who is paged is then wrong, and looks as good as a right one.

Mend: correct the registry's rotation or override, or the pager's. Compared are the next four weeks;
a schedule is bound as `{service: ID or name, means: SCHEDULE}`, by itself or by its service.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.clock.words import date_and_time, rounded_length
from registry.diagnostic import Diagnostic
from registry.model.oncall import Schedule
from registry.wording import listed

if TYPE_CHECKING:
    from registry.audit.context import AuditContext


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each bound schedule that differs: the first instant, and how often."""
    known = context.workspace
    for rota in context.rotas():
        if not rota.apart:
            continue
        first, *more = rota.apart
        own = known.all(Schedule)[rota.schedule].timezone
        zone = context.tz or own or context.zone_of()
        name = rota.pager.name or rota.pager.id
        hours = sum(one.end - one.start for one in rota.apart)
        apart = rounded_length(hours)
        times = f"{len(rota.apart)} times" if more else "once"
        message = (
            f"from {date_and_time(first.start, zone)} {zone} the pager's `{name}` has "
            f"{_people(first.paged)} on call, and `{rota.schedule}` has "
            f"{_people(first.declared)}: they differ {times} in four weeks, for {apart}"
        )
        yield context.finding(
            Schedule, rota.schedule, (), message, "correct the one that is out of date",
            related=[rota.pager.where.label("the pager's schedule")], part="key",
            distinguish=rota.pager.id,
        )  # fmt: skip


def _people(ids: frozenset[str]) -> str:
    return listed(sorted(ids)) or "nobody"


RULE = rule(__name__, __doc__, "W E E", check)
