"""A page that is kept silent: a paging route that time intervals mute, or an inhibition of all.

Why: the mute was for a noisy weekend in June. It has been there since, and nothing in the chain of
people shows that from Saturday on nobody is called.

Mend: take the interval off routes that page, or send what comes in those hours somewhere else. Let
an inhibition ask for labels of its source, and for `equal` ones. The hours are those of the coming
week or, where an interval comes later, of the coming year. What an escalation's own `hours` leave
out may be silent.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.clock.tzif import WEEK
from registry.clock.words import dates, hours_of_week
from registry.diagnostic import Diagnostic
from registry.wording import listed

if TYPE_CHECKING:
    from registry.audit.context import AuditContext
    from registry.audit.receivers import Mute


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each route to a pager that is muted at some hour, and what silences every page."""
    from registry.audit.receivers import is_declared  # a check of the registry imports no audit

    audited = context.audited
    paging = {(id(one.router), one.receiver.name): one for one in audited.destinations if one.pages}
    for mute in audited.muted:
        router, route, _ = mute
        pager = paging.get((id(router), route.receiver))
        if pager is None or is_declared(mute, pager.meaning, context.workspace):
            continue
        names = (*route.muted, *route.active)
        message = f"pages to `{route.receiver}` are muted {_when(mute, audited.at, context.tz)}"
        help_ = f"take {listed(names)} off this route, or page somebody else in these hours"
        yield context.found_at(
            route.place, ("receivers", route.receiver), message, help_, says="of this route",
            distinguish=f"{route.place.file} {' '.join(names)} {route.matchers and _text(mute)}",
        )  # fmt: skip
    for router, inhibition in audited.silencing:
        number = router.inhibitions.index(inhibition) + 1
        yield context.found_at(
            inhibition.where, ("inhibitions", str(number)),
            f"inhibition {number} can silence every page: any alert at all is its source",
            "let it ask for its source's labels, and for labels that are `equal` on both sides",
            distinguish=inhibition.where.file,
        )  # fmt: skip


def _text(mute: "Mute") -> str:
    return " ".join(f"{one.label}{one.operator}{one.value}" for one in mute.route.matchers)


def _when(mute: "Mute", at: int, tz: str | None) -> str:
    """Write the hours: those of every week where they come back each week, else dates."""
    router, route, stretches = mute
    names = (*route.muted, *route.active)
    clauses = [one for name in names for one in router.intervals.get(name, ())]
    zone = tz or (clauses[0].zone if clauses else "UTC")
    spans = [(one.start, one.end) for one in stretches]
    if spans == [(at, at + WEEK)]:
        return "at every hour of the coming week"
    if any(one.days or one.months or one.years for one in clauses):
        return f"{dates(spans, zone)} ({zone})"
    return f"{hours_of_week(spans, at, zone)} ({zone})"


RULE = rule(__name__, __doc__, "I W W", check)
