"""Pages of a bounded size: what fits is whole, and what does not is counted."""

from collections.abc import Iterator

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
    assert list(within(ITEMS, len(ITEMS), room, more)) == blocks


def test_counts_bytes() -> None:
    assert size("é", "") == 2 + 2 + 2
    assert list(within([], 0, 0, more)) == []


def test_asks_for_no_item_that_comes_after_the_end() -> None:
    asked = []

    def items() -> Iterator[Item]:
        for item in ITEMS:
            asked.append(item)
            yield item

    assert list(within(items(), 3, 16, more)) == ["### A\n\n- one", "2 more"]
    assert asked == ITEMS[:2]
