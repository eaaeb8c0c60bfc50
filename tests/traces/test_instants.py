"""Instants out of many texts at once are what each of them is."""

import pytest

from registry.traces.instants import micros

USUAL = ["1795459780066671999", "1000000000000000000", "9999999999999999999"]


@pytest.mark.parametrize(
    "given",
    [
        USUAL, USUAL[:1], [*USUAL, "0"], ["17954597800666719990", "179545978006667199"],
        ["1795459780066671999", "179545978006667199 "], ["1795459780066671999", "-12345"],
        [1795459780066671999, "1795459780066671999"], ["1_795_459_780_066_671"],
    ],
)  # fmt: skip
def test_each_is_what_it_is_by_itself(given: list[str | int]) -> None:
    assert micros(given).tolist() == [int(one) // 1000 for one in given]


@pytest.mark.parametrize("odd", ["", "soon", "179545978006667199x", "9" * 30, "١٧٩٥٤٥٩٧٨٠٠٦٦٦٧١٩٩"])
def test_what_is_no_number_of_64_bits_is_none(odd: str) -> None:
    found = micros([USUAL[0], odd])
    assert found is None or found.tolist()[1] == int(odd) // 1000
    assert (found is None) is (not odd.isdigit() or len(odd) > 20)
