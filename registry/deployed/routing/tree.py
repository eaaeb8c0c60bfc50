"""The routes that an alert with known labels takes, and how a tree of them is walked.

The walk is that of Alertmanager's dispatcher: depth first and in order; a child that matches ends
its level unless it goes on; a node of which no child matches is itself the answer.
"""

from collections.abc import Iterator, Mapping

from registry.deployed.model import Route, Router
from registry.deployed.routing.matcher import holds


def matched(root: Route, labels: Mapping[str, str]) -> tuple[Route, ...]:
    """Return the routes that notify of an alert, in order.

    A label that is absent is empty. The root takes everything, whatever it says. A matcher with an
    invalid pattern holds for nothing: no Alertmanager starts with one.
    """
    return tuple(_below(root, labels)) or (root,)


def _below(route: Route, labels: Mapping[str, str]) -> Iterator[Route]:
    for child in route.routes:
        if matches(child, labels):
            yield from tuple(_below(child, labels)) or (child,)
            if not child.goes_on:
                return


def entry(router: Router) -> Route:
    """Return the route at which a router's alerts begin.

    A part that is merged into another configuration takes only what its own root asks for, and
    what it does not take it leaves to the others: there is nobody to notify.
    """
    root = router.root
    return Route("", root.where, routes=(root,)) if router.part and root.matchers else root


def matches(route: Route, labels: Mapping[str, str]) -> bool:
    """Whether all matchers of one route hold, whatever stands above or before it."""
    return all(holds(one, labels.get(one.label, "")) is True for one in route.matchers)


def receivers(routes: tuple[Route, ...]) -> tuple[str, ...]:
    """Return the receivers of routes, each once, by where they first occur.

    `amtool config routes test` prints one as often as a route leads to it.
    """
    return tuple(dict.fromkeys(route.receiver for route in routes if route.receiver))


def walk(root: Route) -> Iterator[Route]:
    """Yield every route, parents first, in order."""
    left = [root]
    while left:
        route = left.pop()
        yield route
        left.extend(reversed(route.routes))
