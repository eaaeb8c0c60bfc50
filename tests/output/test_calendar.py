"""What the one writer of calendars escapes and folds, read back by the icalendar library."""

import re

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from registry.output.calendar import calendar_file, component, folded, parameter, text

VISIBLE = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.sampled_from(" ;,\\\"^:'\n"))  # fmt: skip


def read(*lines: str) -> icalendar.Component:
    data = b"".join(
        calendar_file("a, b; c", "tests", (folded(component("VEVENT", ("UID:1", *lines))),))
    )
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert not any(
        line.endswith(b"\\") and not line.endswith(b"\\\\") for line in data.split(b"\r\n")
    )
    found = icalendar.Calendar.from_ical(data)
    assert b"\r\nX-WR-CALNAME:a\\, b\\; c\r\n" in data
    return found.walk("VEVENT")[0]


@given(VISIBLE)
def test_a_text_is_read_back(value: str) -> None:
    # the library reads `\N` for a line break even where the backslash stands for itself
    value = value.replace("\\N", "N").replace("\\n", "n")
    assert str(read(f"DESCRIPTION:{text(value)}")["description"]) == value


@given(VISIBLE)
def test_a_parameter_is_read_back(value: str) -> None:
    # the library takes a backslash before these for an escape, which a parameter does not have
    value = re.sub(r"\\+(?=[:;,\\^'\"])", "", value)
    found = read(f"ATTENDEE;CN={parameter(value)}:mailto:a@acme.example")["attendee"]
    assert str(found) == "mailto:a@acme.example"
    assert found.params["CN"] == value


def test_a_fold_parts_no_character_and_no_escape() -> None:
    for length in range(80):
        value = "x" * length + "ß;" * 40 + "\r\n"
        assert str(read(f"SUMMARY:{text(value)}")["summary"]) == value.replace("\r\n", "\n")
