"""Merge keys as Alertmanager reads them: each case is what `amtool config routes show` prints."""

import pytest

from registry.source.foreign import Value, documents
from registry.source.go_yaml import filled

FIRST = "- &x {receiver: b, matchers: [a], routes: [n], match: {p: q}}\n- "


def plain(value: Value) -> object:
    if value.items is not None:
        return [plain(one) for one in value.items]
    if value.fields is not None:
        return {key: plain(one) for key, one in value.fields.items()}
    return value.text


def second(text: str) -> tuple[object, list[str]]:
    (document,) = documents((FIRST + text).encode())
    found, twice = filled(document, {"matchers"}, {"match"})
    shown = plain(found)
    assert isinstance(shown, list)
    return shown[1], [key for key, _ in twice]


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("{<<: *x, matchers: [b]}", "matchers", ["a", "b"]),
        ("{matchers: [b], <<: *x}", "matchers", ["b", "a"]),
        ("{<<: *x, receiver: c}", "receiver", "c"),
        ("{receiver: c, <<: *x}", "receiver", "b"),
        ("{<<: *x, receiver: ~}", "receiver", None),
        ("{<<: *x, matchers: }", "matchers", None),
        ("{<<: *x, matchers: []}", "matchers", ["a"]),
        ("{<<: *x, routes: [m]}", "routes", ["m"]),
        ("{<<: *x, match: {r: s}}", "match", {"p": "q", "r": "s"}),
        ("{<<: *x, other: {r: s}}", "other", {"r": "s"}),
        ("{<<: [{other: {p: q}}, {other: {r: s}}]}", "other", {"r": "s", "p": "q"}),
        ("{<<: [*x, {receiver: z, matchers: [y]}]}", "receiver", "b"),
        ("{<<: [*x, {receiver: z, matchers: [y]}]}", "matchers", ["y", "a"]),
    ],
)
def test_the_order_decides(text: str, field: str, value: object) -> None:
    found, twice = second(text)
    assert isinstance(found, dict)
    assert (found[field], twice) == (value, [])


def test_a_key_that_is_set_twice_is_refused() -> None:
    assert second("{<<: *x, match: {p: z}}")[1] == ["p"]
    found, twice = second("{<<: *x, <<: *x}")
    assert isinstance(found, dict)
    assert (found["matchers"], twice) == (["a", "a"], ["p"])
