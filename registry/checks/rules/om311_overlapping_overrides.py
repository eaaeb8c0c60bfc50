"""Two overrides of one schedule overlap, and name different people for the same shifts.

Why: somebody swapped a shift that was swapped already. One of the two believes that the other is on
call, or both do; which of them the page reaches is decided by the order of two lines in a file.

Mend: remove the override that is out of date, or shorten one of the two. Overrides apply in the
list's order: of two that take over, the later wins; a second cover of somebody finds no shift of
theirs left.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.clock.words import during
from registry.diagnostic import Diagnostic
from registry.model.oncall import Override, Schedule
from registry.model.reference import names
from registry.wording import quoted


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each override that begins while one of another person holds, and is not over."""
    for id_, schedule in context.each(Schedule):
        overrides = schedule.overrides
        for start, end, later, earlier in context.horizon.overlaps(id_) if overrides else ():
            one, other = (_people(overrides[number]) for number in (later, earlier))
            when = during(start, end, context.horizon.zone(id_))
            message = f"overrides of {one} and {other} overlap on `{id_}` {when}"
            help_ = _winner(overrides[min(later, earlier)], overrides[max(later, earlier)])
            place, first = (context.horizon.layer(id_, number) for number in (later, earlier))
            related = (context.label(Schedule, id_, (*first, "from"), "the other one"),)
            yield context.finding(Schedule, id_, (*place, "from"), message, help_, related=related)


def _winner(first: Override, second: Override) -> str:
    replaced = names(second.replaces)
    if replaced and set(replaced).isdisjoint(first.named):
        return f"{_people(first)} covers then, the first in the list; remove or shorten one"
    return f"{_people(second)} is on call then, the later in the list; remove or shorten one"


def _people(override: Override) -> str:
    return quoted(override.named, " and ")


RULE = rule(__name__, __doc__, "W W W", check)
