"""Shares of a whole, as numbers and as percentages."""

import re

import pytest

from registry.model.quantity import Portion


def by_schema(value: object) -> bool:
    """Whether the published schema takes a value."""
    number, text = Portion.schema["anyOf"]
    if isinstance(value, str):
        patterns = (text["pattern"], *(one["pattern"] for one in text["allOf"]))
        return all(re.search(one, value) for one in patterns)
    return (
        isinstance(value, float | int) and number["exclusiveMinimum"] < value <= number["maximum"]
    )


@pytest.mark.parametrize("value", [1, 0.5, 0.001, "1%", "100%", "100.0%", "0.5%", ".5 %", "+80%"])
def test_a_share_of_a_whole(value: object) -> None:
    assert str(Portion.read(value)).lstrip("+").startswith(str(value).lstrip("+").split(" ")[0][:2])
    assert by_schema(value)


@pytest.mark.parametrize("value", [0, -0.1, 1.1, 80, "0%", "0.0%", "-1%", "101%", "120%", "soon"])
def test_no_share_of_a_whole(value: object) -> None:
    with pytest.raises(ValueError, match="expected a"):
        Portion.read(value)
    assert not by_schema(value)
