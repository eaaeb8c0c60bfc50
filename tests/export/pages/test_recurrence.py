"""When reviews meet: against dateutil, and by hand where people expect something particular."""

from datetime import date, datetime
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.export.pages._recurrence import Recurrence, recurrence
from registry.model.cadence import Review
from registry.model.scalars import Moment, Period, Zone

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY = ("1d", "2d", "3d", "7d", "10d", "1w", "2w", "3w", "1mo", "2mo", "5mo", "12h", "36h", "1y")


def recurs(starts: str, every: str | None, *days: str, zone: str = "UTC") -> Recurrence:
    found = recurrence(
        Review(
            kind="other",
            every=Period(every) if every else None,
            days=days,  # type: ignore[arg-type]
            starts=Moment(starts),
            timezone=Zone(zone),
        ),
        "UTC",
    )
    assert found is not None
    return found


def dates(found: Recurrence, number: int = 4, since: date = date.min) -> list[str]:
    return [one.start.date().isoformat() for one in islice(found.sessions(since), number)]


def rule(found: Recurrence) -> str:
    parts = found.rule or {}
    return ";".join(
        f"{key}={','.join(map(str, value)) if isinstance(value, list) else value}"
        for key, value in parts.items()
    )


@pytest.mark.no_cover
@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.sampled_from(["", "T10:00", "T23:30"]),
    st.sampled_from(EVERY),
    st.sets(st.sampled_from(DAYS)),
    st.integers(0, 400),
)
def test_sessions_are_what_the_rule_says(
    day: date, time: str, every: str, days: set[str], later: int
) -> None:
    found = recurs(day.isoformat() + time, every, *days)
    first = next(found.sessions(date.min)).start.replace(tzinfo=None)
    assert first >= datetime.fromisoformat(day.isoformat() + (time or "T00:00"))
    theirs = rrulestr(f"RRULE:{rule(found)}", dtstart=first)
    ours = [one.start.replace(tzinfo=None) for one in islice(found.sessions(date.min), 12)]
    assert ours == list(islice(theirs, 12))
    since = date.fromordinal(day.toordinal() + later)
    begins = datetime.combine(since, datetime.min.time())
    after = [one.start.replace(tzinfo=None) for one in islice(found.sessions(since), 3)]
    assert after == list(islice(theirs.xafter(begins, inc=True), 3))


@pytest.mark.parametrize(
    ("starts", "every", "days", "wanted", "text"),
    [
        ("2026-11-05T10:00", "1w", [], ["2026-11-05", "2026-11-12"], "FREQ=WEEKLY;INTERVAL=1"),
        ("2026-11-05", None, [], ["2026-11-05"], ""),
        ("2026-11-05", None, ["mon"], ["2026-11-09", "2026-11-16"],
         "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO"),
        ("2026-11-06", "1d", list(DAYS[:5]), ["2026-11-06", "2026-11-09", "2026-11-10"],
         "FREQ=DAILY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR"),
        ("2026-11-06", "2w", ["mon", "fri"], ["2026-11-06", "2026-11-16", "2026-11-20"],
         "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR"),
        ("2026-10-13", "1mo", [], ["2026-10-13", "2026-11-13"], "FREQ=MONTHLY;INTERVAL=1"),
        ("2026-10-31", "1mo", [], ["2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31",
                                   "2027-02-28"],
         "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
        ("2026-10-13", "1mo", ["tue"], ["2026-10-13", "2026-11-10", "2026-12-08"],
         "FREQ=MONTHLY;INTERVAL=1;BYDAY=2TU"),
        ("2026-10-30", "1mo", ["mon"], ["2026-11-30", "2026-12-28", "2027-01-25"],
         "FREQ=MONTHLY;INTERVAL=1;BYDAY=-1MO"),
        ("2026-10-13", "14d", [], ["2026-10-13", "2026-10-27"], "FREQ=WEEKLY;INTERVAL=2"),
        ("2026-10-13T09:00", "12h", [], ["2026-10-13", "2026-10-13", "2026-10-14"],
         "FREQ=HOURLY;INTERVAL=12"),
        ("2026-10-13T09:00", "1500ms", [], ["2026-10-13"], "FREQ=SECONDLY;INTERVAL=1"),
    ],
)  # fmt: skip
def test_by_hand(
    starts: str, every: str | None, days: list[str], wanted: list[str], text: str
) -> None:
    found = recurs(starts, every, *days)
    assert dates(found, len(wanted)) == wanted
    assert rule(found) == text


def test_wall_time_stays_across_a_clock_change() -> None:
    found = recurs("2026-10-20T09:30", "1w", zone="Europe/Berlin")
    told = [one.start.isoformat() for one in islice(found.sessions(date.min), 2)]
    assert told == ["2026-10-20T09:30:00+02:00", "2026-10-27T09:30:00+01:00"]


def test_a_start_with_an_offset_is_read_in_the_zone() -> None:
    found = recurs("2026-10-20T22:30Z", "1w", zone="Europe/Berlin")
    assert next(found.sessions(date.min)).start.isoformat() == "2026-10-21T00:30:00+02:00"
    assert found.start == date(2026, 10, 21)


def test_a_day_without_a_time() -> None:
    assert recurs("2026-10-20", "1w").is_day
    assert not recurs("2026-10-20", "12h").is_day
    assert not recurs("2026-10-20T00:00", "1w").is_day


def test_once_only() -> None:
    found = recurs("2026-10-20", None)
    assert found.rule is None
    assert dates(found, 2, date(2026, 10, 21)) == []


def test_without_a_start_there_is_none() -> None:
    assert recurrence(Review(kind="other", every=Period("1w")), "UTC") is None


def test_the_calendar_ends() -> None:
    for every in ("1d", "1w", "1mo", "12h"):
        assert dates(recurs("9999-11-30", every), 999)[0] == "9999-11-30"
        assert dates(recurs("9999-12-31", every), 9) == []
