"""Words that messages share: of every noun that is counted, the plural."""

import pytest

from registry.model.sections import SECTIONS
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


def test_of_what_a_section_holds_the_plural_is_the_section_as_a_rule() -> None:
    """A section is named by the plural of what is in it, but for these."""
    others = {
        name: plural(one.noun)
        for name, one in SECTIONS.items()
        if plural(one.noun) != name.replace("_", " ")
    }
    assert others == {
        "ownership": "layers",
        "holidays": "holiday calendars",
        "telemetry": "telemetry policies",
        "fields": "telemetry fields",
    }
