"""Pages of a bounded size: what fits is whole, and what does not is counted."""

import pytest

from registry.output.bounded import Item, size, within

ITEMS = [Item("A", "one"), Item("A", "two"), Item("B", "three")]


def more(number: int) -> str:
    return f"{number} more"


@pytest.mark.parametrize(
    ("room", "blocks"),
    [
        (100, ["### A\n\n- one\n- two", "### B\n\n- three"]),
        (23, ["### A\n\n- one\n- two", "1 more"]),
        (22, ["### A\n\n- one", "2 more"]),
        (3, ["3 more"]),
    ],
)
def test_leaves_out_from_the_end(room: int, blocks: list[str]) -> None:
    assert list(within(ITEMS, room, more)) == blocks


def test_counts_bytes() -> None:
    assert size("é", "") == 2 + 2 + 2
    assert list(within([], 0, more)) == []
