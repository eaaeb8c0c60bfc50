"""Clocks against the standard library, zone by zone, and files that no database has."""

import struct
import warnings
from datetime import UTC, datetime, timedelta
from importlib import resources
from random import Random

import pytest
import whenever

from registry.clock import civil
from registry.clock.tzif import DAY, EPOCH, HOUR, LATEST, MINUTE, SECOND, WallClock, first_of_month
from registry.clock.zones import zone_names
from tests.conftest import thirds

_US = timedelta(microseconds=1)


def _file(*, changes=(), kinds=(0,), footer="", version=b"2") -> bytes:
    """A TZif file: an empty first block, then changes as (Unix time, index of its offset)."""
    head = struct.pack(">4sc15x6l", b"TZif", version, 0, 0, 0, 0, 1, 1)
    block = struct.pack(">lbB", 0, 0, 0) + b"\0"
    counts = (0, 0, 0, len(changes), len(kinds), 1)
    second = struct.pack(">4sc15x6l", b"TZif", version, *counts)
    times = b"".join(struct.pack(">q", at) for at, _ in changes)
    indices = bytes(index for _, index in changes)
    types = b"".join(struct.pack(">lbB", kind, 0, 0) for kind in kinds)
    return head + block + second + times + indices + types + b"\0" + f"\n{footer}\n".encode()


def _instants(clock: WallClock, random: Random) -> list[int]:
    changes = list(clock.changes(EPOCH - 150 * 365 * DAY, EPOCH + 80 * 365 * DAY))
    near = [
        change.at + off
        for change in (*changes[:8], *changes[-12:])
        for off in (-1, 0, 1, 25 * MINUTE)
    ]
    modern = [EPOCH + random.randint(-(10**16), 10**16) for _ in range(20)]
    return [*near, *modern, *(random.randrange(2 * DAY, LATEST - 2 * DAY) for _ in range(20))]


REGIONS = sorted({name.partition("/")[0] for name in zone_names()})


def _zones(region: str) -> list[str]:
    return sorted(name for name in zone_names() if name.partition("/")[0] == region)


@pytest.mark.no_cover
@pytest.mark.parametrize("region", thirds(REGIONS))
def test_as_the_standard_library(region: str) -> None:
    for name in _zones(region):
        clock, zone = civil.wall_clock(name), civil.zone(name)
        offsets = {change.before for change in clock.changes(EPOCH, EPOCH + 70 * 365 * DAY)} | {0}
        for at in _instants(clock, Random(name)):
            assert clock.wall_at(at) == civil.wall_time(civil.utc(at).astimezone(zone)), (name, at)
            for offset in offsets:
                wall = civil.utc(at + offset).replace(tzinfo=None)
                meant = at + offset - (zone.utcoffset(wall) // _US)
                assert clock.instant_of(at + offset) == meant, (name, wall)


@pytest.fixture
def second_opinion():
    """Whenever, an implementation in Rust, on the bundled database."""
    with resources.as_file(resources.files("tzdata") / "zoneinfo") as folder:
        whenever.reset_tzpath([folder])
        whenever.clear_tzcache()
        yield whenever
    whenever.reset_tzpath()
    whenever.clear_tzcache()


def test_as_a_second_opinion(second_opinion) -> None:
    random = Random(7)
    for name in random.sample(sorted(zone_names()), 150):
        clock = civil.wall_clock(name)
        for wall in _instants(clock, random)[::7]:
            at = civil.utc(wall).replace(tzinfo=None, microsecond=0)
            plain = second_opinion.PlainDateTime(*at.timetuple()[:6])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = plain.assume_tz(name).timestamp()
            assert clock.instant_of(civil.wall_time(at)) == EPOCH + found * SECOND, (name, at)


@pytest.mark.no_cover
@pytest.mark.parametrize("region", REGIONS)
def test_what_the_engine_relies_on(region: str) -> None:
    """No clock moves by more than a day, and none goes back over an earlier change."""
    for name in _zones(region):
        walls = []
        for change in civil.wall_clock(name).changes(0, EPOCH + 70 * 365 * DAY):
            assert change.before != change.after, name
            assert abs(change.after - change.before) <= DAY, name
            walls.append(change.span[1])
        assert walls == sorted(walls), name


def test_changes_and_what_they_do_to_wall_times() -> None:
    clock = civil.wall_clock("Europe/Berlin")
    start = civil.instant(datetime(2026, 1, 1, tzinfo=UTC))
    spring, autumn = clock.changes(start, start + 365 * DAY)
    assert civil.utc(spring.at) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert (spring.before, spring.after, spring.kind) == (HOUR, 2 * HOUR, "skipped")
    assert spring.span == (spring.at + HOUR, spring.at + 2 * HOUR)
    assert (autumn.kind, autumn.span) == ("repeated", (autumn.at + HOUR, autumn.at + 2 * HOUR))
    assert list(clock.changes(spring.at, spring.at + 1)) == [spring]
    assert list(clock.changes(spring.at + 1, autumn.at)) == []
    assert list(clock.changes(spring.at - 9, spring.at)) == []


def test_the_far_future_repeats_every_400_years() -> None:
    clock = civil.wall_clock("America/New_York")
    found = list(clock.changes(LATEST - 400 * 366 * DAY, LATEST))
    early = list(clock.changes(LATEST - 800 * 366 * DAY, LATEST - 400 * 366 * DAY))
    period = 146_097 * DAY
    assert {change.at - period for change in found} < {change.at for change in early} | {
        change.at - period for change in found[-4:] + found[:4]
    }
    assert all(change.at % HOUR == 0 for change in found)


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "Africa/Casablanca", "Asia/Gaza"])
def test_a_steady_stretch_is_read_with_one_offset(name: str) -> None:
    clock, random = civil.wall_clock(name), Random(name)
    for _ in range(200):
        wall = random.choice([random.randrange(LATEST), EPOCH + random.randrange(4 * 10**15)])
        offset, until = clock.steady(wall)
        assert wall < until
        for one in (wall, (wall + until) // 2, until - 1):
            assert clock.instant_of(one) == one - offset


def test_a_file_without_a_footer_keeps_its_last_offset() -> None:
    clock = WallClock(_file(changes=[(0, 1), (10, 2), (20, 1)], kinds=(0, 3600, 3600)))
    assert clock.wall_at(EPOCH - 1) == EPOCH - 1
    assert clock.wall_at(LATEST) == LATEST + HOUR
    assert [change.at for change in clock.changes(0, LATEST)] == [EPOCH]


@pytest.mark.parametrize(
    ("footer", "year", "changes"),
    [
        ("AAA0BBB,M3.5.0,M10.5.0", 2026, ["03-29T02:00", "10-25T01:00"]),
        ("AAA0BBB-1:30,M2.1.1/0,M11.4.4/26:30", 2026, ["02-02T00:00", "11-27T01:00"]),
        ("<-03>3<+01>-1,J59/12,J60/12:00:30", 2028, ["02-28T15:00", "03-01T11:00:30"]),
        ("AAA-2BBB,58/0,59/0", 2028, ["02-27T22:00", "02-28T21:00"]),
        ("AAA-2BBB,J60/-1,J365", 2026, ["02-28T21:00", "12-30T23:00"]),
        ("AAA0BBB,M12.5.0/-3,M1.1.0/24", 2026, ["01-04T23:00", "12-26T21:00"]),
    ],
)
def test_footers(footer, year, changes) -> None:
    clock = WallClock(_file(footer=footer))
    start, end = (first_of_month(12 * (one - 1)) * DAY for one in (year, year + 1))
    found = [civil.utc(change.at).isoformat() for change in clock.changes(start, end)]
    assert found == [
        civil.utc(civil.instant(datetime.fromisoformat(f"{year}-{at}+00:00"))).isoformat()
        for at in changes
    ]


def test_summer_time_all_the_year_is_one_offset() -> None:
    """RFC 9636, 3.3.1, has this example: what ends on one day starts again at once."""
    clock = WallClock(_file(footer="EST5EDT,0/0,J365/25"))
    for year in range(2020, 2030):
        for month in range(12):
            at = first_of_month(12 * (year - 1) + month) * DAY
            assert clock.wall_at(at) == at - 4 * HOUR


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no zone at all, and rather longer than a header would be: forty-four",
        _file()[:80],
        _file(version=b"\0"),
        _file(kinds=()),
        _file(changes=[(0, 7)]),
        _file(footer="AAA0BBB,M3.5.0"),
        _file(footer="AAA0BBB,M3.9.0,M3.5.0"),
        _file(footer="A"),
        _file(footer="é"),
    ],
)
def test_no_zone_file(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"no (TZif file|POSIX)"):
        WallClock(data)


def test_first_of_month_as_the_calendar_has_it() -> None:
    for month in range(9999 * 12):
        first = datetime(month // 12 + 1, month % 12 + 1, 1).toordinal() - 1  # noqa: DTZ001
        assert first_of_month(month) == first
    assert first_of_month(9999 * 12) * DAY == LATEST
    assert SECOND * 86400 == DAY
