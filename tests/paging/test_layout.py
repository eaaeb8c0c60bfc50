"""How answers are laid out: lines of so many columns, times as people read them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from registry.clock.civil import instant
from registry.clock.reading import date_and_time, day_and_time, length, offset, time_of_day
from registry.clock.tzif import DAY, HOUR, LATEST, MINUTE, SECOND
from registry.output.terminal import width, wrapped
from registry.paging.pager import duration


def at(text: str) -> int:
    return instant(datetime.fromisoformat(text))


# -- lines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ["- "]),
        ("one", ["- one"]),
        ("one two three", ["- one two", "  three"]),
        ("one two  three\n\nfour\tfive ", ["- one two", "  three four", "  five"]),
        ("a-very-long-id_of.mine after", ["- a-very-long-id_of.mine", "  after"]),
        (
            "see `https://a.example/b?c=d`, then",
            ["- see", "  `https://a.example/b?c=d`,", "  then"],
        ),
        ("ééééééééééééé é", ["- éééééééééé", "  ééé é"]),
        ("検索設定を確認", ["- 検索設定を", "  確認"]),
        ("ab検cd設ef定gh確", ["- ab検cd設ef", "  定gh確"]),
        ("e\u0301" * 12, ["- " + "e\u0301" * 10, "  " + "e\u0301" * 2]),
        ("\x1b[31mred", ["- \\x1b[31mre", "  d"]),
        ("a\u202eb", ["- a\\u202eb"]),
        ("x" * 301, None),
    ],
)
def test_lines_of_twelve_columns(text: str, lines: list[str] | None) -> None:
    found = wrapped(text, 12, "- ", "  ")
    assert lines is None or found == lines
    assert all(width(line) <= 12 for line in found) or "a-very" in text or "https" in text
    assert "".join(line[2:] for line in found).replace(" ", "") == (
        "".join(wrapped(text, 10_000)).replace(" ", "")
    )


def test_a_text_without_end_is_cut() -> None:
    assert sum(map(len, wrapped("word " * 1000, 60))) < 1100


# -- times ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "zone", "shown"),
    [
        ("2026-11-24T08:00Z", "Europe/Berlin", "Tue 2026-11-24 09:00"),
        ("2026-11-24T08:00:01Z", "Europe/Berlin", "Tue 2026-11-24 09:00:01"),
        ("2026-10-25T00:30Z", "Europe/Berlin", "Sun 2026-10-25 02:30+02:00"),
        ("2026-10-25T01:30Z", "Europe/Berlin", "Sun 2026-10-25 02:30+01:00"),
        ("2026-10-25T02:00Z", "Europe/Berlin", "Sun 2026-10-25 03:00"),
        ("2026-03-29T01:00Z", "Europe/Berlin", "Sun 2026-03-29 03:00"),
        ("2026-04-04T15:15Z", "Australia/Lord_Howe", "Sun 2026-04-05 01:45+10:30"),
        ("1890-01-01T00:00Z", "Europe/Berlin", "Wed 1890-01-01 00:53:28"),
        ("0001-01-01T00:00Z", "UTC", "Mon 0001-01-01 00:00"),
    ],
)
def test_an_instant_in_a_column(text: str, zone: str, shown: str) -> None:
    assert date_and_time(at(text), zone) == shown
    assert shown.endswith(time_of_day(at(text), zone))


def test_the_end_of_the_calendar() -> None:
    assert date_and_time(LATEST, "Europe/Berlin") == "Fri 9999-12-31 23:59:59"


def test_a_date_and_time_with_and_without_its_year() -> None:
    then = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert day_and_time(then) == "Mon 30 Nov 2026 09:00"
    assert day_and_time(then, 2026) == "Mon 30 Nov 09:00"
    assert day_and_time(then.replace(second=5), 2025) == "Mon 30 Nov 2026 09:00:05"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "+00:00"), (-18000, "-05:00"), (20700, "+05:45"), (3208, "+00:53:28"), (-2, "-00:00:02")],
)
def test_an_offset(seconds: int, shown: str) -> None:
    zone = timezone(timedelta(seconds=seconds))
    assert offset(datetime(2026, 1, 1, tzinfo=zone)) == shown


@pytest.mark.parametrize(
    ("time", "shown"),
    [(0, "0m"), (1, "1m"), (MINUTE, "1m"), (HOUR, "1h"), (DAY + HOUR + 1, "1d1h1m"),
     (25 * HOUR, "1d1h"), (7 * DAY, "7d")],
)  # fmt: skip
def test_a_length_of_time_is_rounded_up(time: int, shown: str) -> None:
    assert length(time) == shown


@pytest.mark.parametrize(
    ("after", "shown"),
    [(0, "0m"), (15 * MINUTE, "15m"), (90 * SECOND, "1m30s"), (90 * MINUTE, "1h30m"),
     (25 * HOUR, "25h"), (SECOND // 2, "500ms")],
)  # fmt: skip
def test_a_delay_is_written_as_the_format_does(after: int, shown: str) -> None:
    assert duration(after) == shown
