"""A span that is its own ancestor is broken, whatever the policy asks for."""

from pathlib import Path

import pytest

from registry.traces.loops import looped
from tests.traces.record import checked, line, span

POLICY = """
spans:
  request: {match: {name: ask}}
  call: {match: {name: chat}, within: [request]}
"""


@pytest.mark.parametrize(
    ("parents", "found"),
    [
        ({"a": None, "b": "a"}, []),
        ({"a": "lost"}, []),
        ({"a": "a"}, ["a"]),
        ({"a": "b", "b": "a"}, ["a", "b"]),
        ({"a": "b", "b": "c", "c": "b"}, ["b", "c"]),
        ({"b": "c", "c": "b", "d": "c", "e": None}, ["b", "c"]),
        ({str(one): str((one + 1) % 5000) for one in range(5000)}, [str(n) for n in range(5000)]),
    ],
)
def test_who_lies_on_a_loop(parents: dict[str, str | None], found: list[str]) -> None:
    rows = [("t", span, parent) for span, parent in parents.items()]
    assert list(looped(rows)) == [("t", one) for one in found]


def test_traces_are_apart() -> None:
    rows = [("t", "a", "b"), ("t", "b", None), ("u", "a", "b"), ("u", "b", "a")]
    assert list(looped(rows)) == [("u", "a"), ("u", "b")]


FINE = [span(9, 90, None, "ask", lasts=5), span(9, 91, 90, "chat", at=1)]


@pytest.mark.parametrize(
    ("spans", "loops", "outside"),
    [
        ([span(1, 1, None, "ask"), span(1, 2, 1, "chat")], 0, 0),
        ([span(1, 1, 2, "step"), span(1, 2, 1, "step", at=1)], 2, 0),
        ([span(1, 1, 2, "ask"), span(1, 2, 1, "chat", at=1)], 2, 1),
        ([span(1, 1, 1, "chat")], 1, 1),
        ([span(1, 1, 2, "step"), span(1, 2, 1, "step"), span(1, 3, 2, "chat")], 2, 1),
        ([span(1, 1, 2, "ask"), span(1, 2, 1, "step"), span(1, 3, 1, "chat", at=1)], 2, 0),
        ([span(1, 1, 2, "step"), span(2, 2, 1, "step")], 0, 0),
    ],
)
def test_loops_are_counted_and_lie_within_nothing(
    tmp_path: Path, spans: list[object], loops: int, outside: int
) -> None:
    found = checked(tmp_path, POLICY, line(*spans, *FINE))
    facts = found.facts
    assert (facts.loops.number, facts.outside(1).number) == (loops, outside)
    told = [one.message for one in found.result.shown if "on a loop" in one.message]
    assert len(told) == bool(loops)
    if loops:
        assert told[0] == (
            f"{loops} of {facts.totals[1]} ({100 * loops / facts.totals[1]:.1f}%) of the spans are "
            f"on a loop: each is its own ancestor, as in the trace `{1:032x}`"
        )
        assert facts.loops.examples == (f"{1:032x}",)
