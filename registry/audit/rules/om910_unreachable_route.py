"""A route that no alert can reach: an earlier one takes everything, or its conditions contradict.

Why: the route to the pager stands in the file, right below the one that takes its alerts. It was
never taken, and nothing says so before the night on which it is missed.

Mend: move the route before the one that takes its alerts, let that one `continue`, or remove it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic, Label

if TYPE_CHECKING:
    from registry.audit.context import AuditContext
    from registry.deployed.model import Matcher
    from registry.deployed.routing.shadow import UnreachableRoute


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each route that nothing reaches; not those below it."""
    for router, found in context.audited.unreachable:
        receiver = found.route.receiver
        called = f"the route to `{receiver}`" if receiver else "a route"
        where = found.matcher.where if found.matcher is not None else found.route.place
        conditions = " ".join(map(_text, found.route.matchers))
        yield context.found_at(
            where, ("receivers", receiver or "none"),
            f"no alert can reach {called}: {_reason(found)}", _help(found), related=_related(found),
            distinguish=f"{router.where.file} {conditions}",
        )  # fmt: skip


def _reason(found: "UnreachableRoute") -> str:
    own = f"`{_text(found.matcher)}`" if found.matcher is not None else ""
    if found.against is not None:
        return f"{own} contradicts `{_text(found.against)}`"
    earlier = (found.by or found.route).where.at.start.line
    return f"the earlier one of line {earlier} takes every alert{own and f' with {own}'}"


def _help(found: "UnreachableRoute") -> str:
    if found.by is not None:
        return "move it before that route, or let that one `continue`"
    return "correct one of the two conditions, or remove the route"


def _related(found: "UnreachableRoute") -> Iterator[Label]:
    if found.against is not None:
        yield found.against.where.label("and this is asked for, too")
    else:
        yield (found.by or found.route).place.label("this route takes them")


def _text(matcher: "Matcher") -> str:
    return f'{matcher.label}{matcher.operator}"{matcher.value}"'


RULE = rule(__name__, __doc__, "W W E", check)
