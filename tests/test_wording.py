"""Words that messages share."""

import pytest

from registry.wording import counted, plural


@pytest.mark.parametrize(
    ("noun", "several"),
    [
        ("alert", "alerts"),
        ("day", "days"),
        ("entity", "entities"),
        ("info", "info"),
        ("kill switch", "kill switches"),
        ("person", "people"),
        ("severity", "severities"),
        ("status", "statuses"),
    ],
)
def test_plurals(noun: str, several: str) -> None:
    assert plural(noun) == several
    assert [counted(number, noun) for number in (0, 1, 2)] == [
        f"0 {several}",
        f"1 {noun}",
        f"2 {several}",
    ]
