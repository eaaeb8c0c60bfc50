"""Two overrides of one schedule overlap, and name different people.

Why: somebody swapped a shift that was swapped already. One of the two believes that the other is on
call, or both do; which of them the page reaches is decided by the order of two lines in a file.

Mend: remove the override that is out of date, or shorten one of the two. Of two that overlap, the
later in the list wins.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.clock.words import during
from registry.diagnostic import Diagnostic
from registry.model.oncall import Schedule


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each override that begins while one of another person holds, and is not over."""
    for id_, schedule in context.each(Schedule):
        overrides = schedule.overrides
        for start, end, later, earlier in context.horizon.overlaps(id_) if overrides else ():
            one, other = overrides[later].person, overrides[earlier].person
            winner = overrides[max(later, earlier)].person
            when = during(start, end, context.horizon.zone(id_))
            message = f"overrides of `{one}` and `{other}` overlap on `{id_}` {when}"
            help_ = f"`{winner}` is on call then, the later in the list; remove or shorten one"
            place, first = (context.horizon.layer(id_, number) for number in (later, earlier))
            related = (context.label(Schedule, id_, (*first, "from"), "the other one"),)
            yield context.finding(Schedule, id_, (*place, "from"), message, help_, related=related)


RULE = rule(__name__, __doc__, "W W W", check)
