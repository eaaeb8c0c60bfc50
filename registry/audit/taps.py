"""Routes that every alert passes: without a condition, and it goes on to the next."""

from collections.abc import Iterator

from registry.audit.delivery import Way
from registry.deployed.model import Route, Router
from registry.deployed.routing.symbolic import notifies


def taps(router: Router) -> Iterator[Route]:
    """Yield the routes of a router that every alert passes on the way to others.

    A route that stands alone is where everything ends, whatever `continue` says.
    """
    yield from _below(router.root)


def _below(route: Route) -> Iterator[Route]:
    alone = len(route.routes) == 1
    for child in route.routes:
        if not child.matchers and child.goes_on and not alone:
            yield from _ends(child)
        if not child.goes_on:
            return  # what it takes does not pass those behind it


def _ends(route: Route) -> Iterator[Route]:
    """Yield where all that passes a route ends: at itself, or at what stands below it alone."""
    if not route.routes:
        yield route
    elif len(route.routes) == 1 and not route.routes[0].matchers:
        yield from _ends(route.routes[0])
    else:
        yield from _below(route)


def is_heard(way: Way, passed: frozenset[str]) -> bool:
    """Whether somebody is notified whatever the series are; taps do not count."""
    if not passed or not way.is_covered:
        return way.is_covered
    beside = (one for one in way.reached if one.name not in passed and one.notifies)
    if any(one.certain for one in beside):
        return True
    wholes = [(router, answer) for router, answer in way.judged if not router.part]
    return bool(wholes) and all(
        not answer.is_cut
        and all(_notifies(router, passed, one.receivers) for one in answer.outcomes)
        for router, answer in wholes
    )


def _notifies(router: Router, passed: frozenset[str], names: tuple[str, ...]) -> bool:
    return any(name not in passed and notifies(name, router.receivers) for name in names)
