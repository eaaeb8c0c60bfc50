"""Routes that nothing reaches, and what is named as the reason."""

import pytest

from registry.deployed.model import Route
from registry.deployed.routing.shadow import unreachable
from tests.deployed.routing.trees import route
from tests.effort import ends


def told(*routes: Route) -> dict[str, tuple[str | None, str | None, str | None]]:
    def written(matcher: object) -> str | None:
        return f"{matcher[0]}{matcher[1]}{matcher[2]}" if matcher else None  # type: ignore[index]

    found = unreachable(route("root", routes=routes))
    return {
        one.route.receiver: (
            one.by.receiver if one.by else None,
            written(one.matcher),
            written(one.against),
        )
        for one in found
    }


def test_nothing_to_tell() -> None:
    assert told() == {}
    assert told(route("a", "x=1"), route("b", "x=2"), route("c")) == {}
    assert told(route("a", goes_on=True), route("b", "x=1")) == {}
    assert told(route("a", "x=1", "y=1"), route("b", "x=1"), route("c", "y=1")) == {}
    assert told(route("a", "x=~("), route("b", "x=~(")) == {}


def test_a_route_that_takes_everything() -> None:
    assert told(route("a"), route("b", "x=1"), route("c")) == {
        "b": ("a", None, None),
        "c": ("a", None, None),
    }


def test_a_route_that_takes_the_same() -> None:
    assert told(route("a", "x=1"), route("b", "x=1")) == {"b": ("a", "x=1", None)}
    assert told(route("a", "x=~1|2"), route("b", "x=1", "y=1")) == {"b": ("a", "x=1", None)}
    assert told(route("a", "x=~q.*"), route("b", "x=q7")) == {"b": ("a", "x=q7", None)}
    assert told(route("a", "x=~q.*"), route("b", "x=~q.*")) == {"b": ("a", "x=~q.*", None)}
    assert told(route("a", "x=1", "y=1"), route("b", "x=1", "y=1", "z=1")) == {
        "b": ("a", None, None)
    }
    assert told(route("a", "x=~q.*", "y!=1"), route("b", "x=~q.*", "y=2")) == {
        "b": ("a", None, None)
    }
    assert told(route("a", "x=~q.*", "y!=1"), route("b", "x=q", "y!=1")) == {"b": ("a", None, None)}
    assert told(route("a", "x!=1", "y!=1"), route("b", "x!=1", "y=2")) == {"b": ("a", None, None)}


def test_routes_that_leave_nothing_together() -> None:
    assert told(route("a", "x=1"), route("b", "x!=1"), route("c")) == {"c": ("b", None, None)}
    assert told(route("a", "x=~q.*"), route("b", "x!~q.*"), route("c", "y=1")) == {
        "c": ("b", None, None)
    }
    assert told(route("a", "x=1"), route("b", "x=2"), route("c", "x=~1|2")) == {
        "c": ("a", "x=~1|2", None)
    }


def test_what_stands_above() -> None:
    assert told(route("a", "x=1", routes=(route("b", "x=2"),))) == {"b": (None, "x=2", "x=1")}
    assert told(route("a", "x=1"), route("b", "y=1", routes=(route("c", "x=1"),))) == {
        "c": ("a", "x=1", None)
    }
    assert told(route("a", "x=1", "y=1"), route("b", "x=1", routes=(route("c", "y=1"),))) == {
        "c": ("a", None, None)
    }
    assert told(
        route("p", "x=~1|2", routes=(route("a", "x=1"), route("b", "x=2"), route("c")))
    ) == {"c": ("b", None, None)}


def test_a_route_that_contradicts_itself() -> None:
    assert told(route("a", "x=1", "x=2", routes=(route("b"),))) == {"a": (None, "x=2", "x=1")}
    assert told(route("a", "x=~1|2", "x!=1", "x!=2")) == {"a": (None, "x!=2", "x!=1")}


@pytest.mark.no_cover
def test_thousands_of_routes() -> None:
    wants = [f"x=~{n}.*" if n % 2 else f"x={n}" for n in range(1000)]
    routes = [route(want, want) for want in wants]
    routes += [route(f"{want}y", want, "y=1") for want in wants]
    with ends():
        assert told(*routes)["x=10"] == ("x=~1.*", "x=10", None)
