"""Time intervals: how they are written, and when routes are silent."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from registry.clock.civil import instant, local, utc
from registry.clock.tzif import DAY, HOUR, MINUTE, WEEK
from registry.deployed.model import Route, TimeInterval, TimeRange
from registry.deployed.routing import intervals
from registry.deployed.routing.intervals import MutedStretch, is_active, is_muted, week
from registry.deployed.routing.refusal import Refusal
from tests.deployed.routing.trees import HERE

NINE_TO_FIVE = TimeInterval(times=(TimeRange(540, 1020),), weekdays=((1, 5),), zone="Europe/Berlin")


def at(text: str) -> int:
    return instant(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("read", "text", "found"),
    [
        (intervals.weekdays, "monday:friday", (1, 5)), (intervals.weekdays, "Sunday", (0, 0)),
        (intervals.days_of_month, "1:5", (1, 5)), (intervals.days_of_month, "-3:-1", (-3, -1)),
        (intervals.days_of_month, "31", (31, 31)), (intervals.days_of_month, "1:-1", (1, -1)),
        (intervals.months, "may:august", (5, 8)), (intervals.months, "1:3", (1, 3)), (intervals.months, "May", (5, 5)),
        (intervals.years, "2024:2026", (2024, 2026)), (intervals.years, "2030", (2030, 2030)),
        (intervals.location, "", "UTC"), (intervals.location, "UTC", "UTC"),
        (intervals.location, "Europe/Berlin", "Europe/Berlin"),
    ],
)  # fmt: skip
def test_ranges(read: object, text: str, found: object) -> None:
    assert read(text) == found  # type: ignore[operator]


@pytest.mark.parametrize(
    ("read", "text", "reason"),
    [
        (intervals.weekdays, "mon", "`mon` is not a day of the week"),
        (intervals.weekdays, "friday:monday", "`friday:monday` ends before it begins"),
        (intervals.weekdays, "1:5", "`1` is not a day of the week"),
        (intervals.weekdays, "monday:tuesday:friday", "is no range"),
        (intervals.days_of_month, "0", "no day of the month"),
        (intervals.days_of_month, "1:32", "no day of the month"),
        (intervals.days_of_month, "-1:1", "begins at a month's end"),
        (intervals.days_of_month, "5:1", "ends before it begins"),
        (intervals.days_of_month, "29:-5", "ends before it begins"),
        (intervals.days_of_month, "one", "`one` is not a day of the month"),
        (intervals.months, "mai", "`mai` is not a month"),
        (intervals.months, "august:may", "ends before it begins"),
        (intervals.years, "2026:2024", "ends before it begins"),
        (intervals.location, "Local", "the machine that Alertmanager runs on"),
        (intervals.location, "Europe/Bonn", "no time zone `Europe/Bonn`"),
    ],
)
def test_ranges_that_are_none(read: object, text: str, reason: str) -> None:
    found = read(text)  # type: ignore[operator]
    assert isinstance(found, Refusal)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("start", "end", "found"), [("09:00", "17:00", (540, 1020)), ("00:00", "24:00", (0, 1440))]
)
def test_times(start: str, end: str, found: tuple[int, int]) -> None:
    assert intervals.times(start, end) == TimeRange(*found)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("9:00", "17:00"),
        ("09:00", "24:01"),
        ("22:00", "06:00"),
        ("09:00", "09:00"),
        ("", "09:00"),
        ("09:60", "10:00"),
    ],
)
def test_times_that_are_none(start: str, end: str) -> None:
    assert isinstance(intervals.times(start, end), Refusal)


@pytest.mark.parametrize(
    ("clause", "when", "active"),
    [
        (TimeInterval(), "2026-11-20T00:00Z", True),
        (NINE_TO_FIVE, "2026-11-20T07:59:59.999999Z", False),
        (NINE_TO_FIVE, "2026-11-20T08:00Z", True),
        (NINE_TO_FIVE, "2026-11-20T16:00Z", False),
        (NINE_TO_FIVE, "2026-11-21T10:00Z", False),
        (NINE_TO_FIVE, "2026-07-20T07:00Z", True),
        (TimeInterval(weekdays=((0, 0),)), "2026-11-22T12:00Z", True),
        (TimeInterval(months=((5, 8),)), "2026-08-31T23:59Z", True),
        (TimeInterval(months=((5, 8),)), "2026-09-01T00:00Z", False),
        (TimeInterval(years=((2024, 2025),)), "2026-01-01T00:00Z", False),
        (TimeInterval(days=((-1, -1),)), "2026-02-28T12:00Z", True),
        (TimeInterval(days=((-1, -1),)), "2028-02-28T12:00Z", False),
        (TimeInterval(days=((31, 31),)), "2026-02-28T12:00Z", False),
        (TimeInterval(days=((28, 31),)), "2026-02-28T12:00Z", True),
        (TimeInterval(days=((-31, -28),)), "2026-02-01T12:00Z", True),
        (TimeInterval(days=((-31, -30),)), "2026-02-01T12:00Z", False),
        (TimeInterval(days=((1, 2), (-1, -1))), "2026-03-31T12:00Z", True),
        # A month that loses an hour has a day fewer, for Alertmanager.
        (TimeInterval(days=((-1, -1),), zone="Europe/Berlin"), "2026-03-30T12:00Z", True),
        (TimeInterval(days=((-1, -1),), zone="Europe/Berlin"), "2026-03-31T12:00Z", False),
        (TimeInterval(days=((31, 31),), zone="Europe/Berlin"), "2026-03-31T12:00Z", False),
        (TimeInterval(days=((31, 31),), zone="Europe/Berlin"), "2026-10-31T12:00Z", True),
    ],
)
def test_is_active(clause: TimeInterval, when: str, active: bool) -> None:
    assert is_active((clause,), at(when)) is active
    assert is_active((), at(when)) is False


def test_a_route_is_silent() -> None:
    defined = {"office": (NINE_TO_FIVE,), "never": ()}
    noon, night = at("2026-11-20T12:00Z"), at("2026-11-20T02:00Z")
    assert not is_muted(Route("a", HERE), defined, noon)
    assert is_muted(Route("a", HERE, muted=("never", "office")), defined, noon)
    assert not is_muted(Route("a", HERE, muted=("office",)), defined, night)
    assert is_muted(Route("a", HERE, active=("office",)), defined, night)
    assert not is_muted(Route("a", HERE, active=("never", "office")), defined, noon)
    assert is_muted(Route("a", HERE, muted=("office",), active=("office",)), defined, noon)
    assert is_muted(Route("a", HERE, active=("undefined",)), defined, noon)


def test_the_coming_week() -> None:
    start = at("2026-11-20T09:00Z")
    found = week(Route("a", HERE, muted=("office",)), {"office": (NINE_TO_FIVE,)}, start)
    assert [(utc(one.start).isoformat(), (one.end - one.start) // HOUR) for one in found] == [
        ("2026-11-20T09:00:00+00:00", 7),
        ("2026-11-23T08:00:00+00:00", 8),
        ("2026-11-24T08:00:00+00:00", 8),
        ("2026-11-25T08:00:00+00:00", 8),
        ("2026-11-26T08:00:00+00:00", 8),
        ("2026-11-27T08:00:00+00:00", 1),
    ]
    assert week(Route("a", HERE), {}, start) == ()
    assert week(Route("a", HERE, active=("none",)), {}, start) == (
        MutedStretch(start, start + WEEK),
    )
    always = {"always": (TimeInterval(),)}
    assert week(Route("a", HERE, muted=("always",)), always, start) == (
        MutedStretch(start, start + WEEK),
    )


def test_a_night_in_which_the_clocks_change() -> None:
    night = TimeInterval(times=(TimeRange(120, 180),), zone="Europe/Berlin")
    route = Route("a", HERE, muted=("night",))
    spring = week(route, {"night": (night,)}, at("2026-03-28T12:00Z"), DAY)
    autumn = week(route, {"night": (night,)}, at("2026-10-24T12:00Z"), DAY)
    assert spring == ()
    assert [one.end - one.start for one in autumn] == [2 * HOUR]


@pytest.mark.no_cover
def test_a_week_against_a_walk_of_its_minutes() -> None:
    random = Random("week")
    zones = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
    starts = ("2026-03-26T03:17Z", "2026-10-22T11:59Z", "2026-12-28T23:30Z", "2026-04-02T00:00Z")
    for _ in range(24):
        start = at(random.choice(starts))
        defined = {
            name: tuple(_clause(random, random.choice(zones)) for _ in range(random.choice([1, 2])))
            for name in ("a", "b")
        }
        route = Route("r", HERE, muted=("a",), active=random.choice([(), ("b",)]))
        silent = [
            moment
            for moment in range(start, start + WEEK, 10 * MINUTE)
            if _muted(route, defined, utc(moment))
        ]
        found = week(route, defined, start)
        assert all(one.end < after.start for one, after in pairwise(found))
        inside = [
            m for m in range(start, start + WEEK, 10 * MINUTE) if any(s <= m < e for s, e in found)
        ]
        assert inside == silent


def _clause(random: Random, zone: str) -> TimeInterval:
    opens = random.randrange(0, 1380, 30)
    return TimeInterval(
        times=random.choice([(), (TimeRange(opens, random.randrange(opens + 30, 1441, 30)),)]),
        weekdays=random.choice([(), ((1, 5),), ((0, 0), (6, 6))]),
        days=random.choice([(), ((1, 7),), ((-2, -1),)]),
        months=random.choice([(), ((3, 4),), ((10, 12),)]),
        years=random.choice([(), (), ((2026, 2026),)]),
        zone=zone,
    )


def _muted(route: Route, defined: dict[str, tuple[TimeInterval, ...]], moment: datetime) -> bool:
    if any(_contains(one, moment) for name in route.muted for one in defined[name]):
        return True
    return bool(route.active) and not any(
        _contains(one, moment) for name in route.active for one in defined[name]
    )


def _contains(clause: TimeInterval, moment: datetime) -> bool:
    """The same by `zoneinfo`, one field after the other."""
    there = moment.astimezone(ZoneInfo(clause.zone))
    first = there.replace(day=1, hour=0, minute=0, second=0, fold=0)
    following = (first + timedelta(days=32)).replace(day=1)
    hours = (following.astimezone(UTC) - first.astimezone(UTC)) / timedelta(hours=1)
    count = int(hours / 24)

    def among(ranges: tuple[tuple[int, int], ...], value: int) -> bool:
        return not ranges or any(a <= value <= b for a, b in ranges)

    days = tuple(tuple(d if d > 0 else count + d + 1 for d in pair) for pair in clause.days)
    minute = there.hour * 60 + there.minute
    return (
        (not clause.times or any(a <= minute < b for a, b in clause.times))
        and among(clause.weekdays, there.isoweekday() % 7)
        and among(days, there.day)  # type: ignore[arg-type]
        and among(clause.months, there.month)
        and among(clause.years, there.year)
    )


def test_what_is_shown_is_the_zone_s_own_time() -> None:
    (first, *_) = week(
        Route("a", HERE, muted=("o",)), {"o": (NINE_TO_FIVE,)}, at("2026-11-23T00:00Z")
    )
    assert local(first.start, "Europe/Berlin").hour == 9
