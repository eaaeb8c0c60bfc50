"""What holds of every schedule and interval."""

from datetime import UTC, date, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.clock.civil import instant, utc, wall_clock
from registry.clock.tzif import DAY, HOUR, LATEST, WEEK
from registry.model.scalars import Moment
from registry.oncall.coverage import covered, gaps, intended
from registry.oncall.interval import Interval, difference, joined, union
from registry.oncall.schedule import on_call, shifts, tiles
from registry.oncall.shift import Shift
from tests.oncall import shapes

COMMON = settings(max_examples=60, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32)
offsets = st.integers(-10 * DAY, 40 * DAY)


def _scene(seed):
    raw, around = shapes.scene(Random(seed))
    return shapes.model(raw), instant(_utc(around))


def _utc(naive):
    return naive.replace(tzinfo=UTC)


@COMMON
@given(seeds, offsets, st.integers(0, 30 * DAY))
def test_shifts_tile_the_interval(seed, offset, length):
    schedule, around = _scene(seed)
    start, end = around + offset, around + offset + length
    found = list(shifts(schedule, start, end))
    for shift in found:
        assert start <= shift.start < shift.end <= end
        assert shift.people
    for one, other in pairwise(found):
        assert one.end <= other.start
        if one.end == other.start:
            assert one[2:] != other[2:]
    whole = list(tiles(schedule, start, end))
    assert [one.end for one in whole[:-1]] == [one.start for one in whole[1:]]
    assert [one for one in whole if one.people] == found
    assert sum(one.end - one.start for one in whole) == length
    people = list(union((one.start, one.end) for one in found))
    assert list(covered(schedule, start, end)) == people


@COMMON
@given(seeds, offsets, st.lists(st.integers(0, 30 * DAY - 1), min_size=1, max_size=5))
def test_one_instant_is_as_the_shifts_say(seed, offset, instants):
    schedule, around = _scene(seed)
    start = around + offset
    pieces = list(tiles(schedule, start, start + 30 * DAY))
    for ahead in [*instants, *(piece.start - start for piece in pieces[:4])]:
        piece = next(one for one in pieces if one.start <= start + ahead < one.end)
        now = on_call(schedule, start + ahead)
        assert now[2:] == piece[2:]
        assert now.end == piece.end or piece is pieces[-1]


@COMMON
@given(seeds, offsets, st.integers(0, 30 * DAY), st.integers(0, 30 * DAY))
def test_a_part_of_the_interval_is_the_restriction(seed, offset, one, other):
    schedule, around = _scene(seed)
    start = around + offset
    first, last = sorted((start + one, start + other))
    whole = shifts(schedule, start, start + 30 * DAY)
    cut = [
        s._replace(start=max(s.start, first), end=min(s.end, last))
        for s in whole
        if max(s.start, first) < min(s.end, last)
    ]
    assert list(shifts(schedule, first, last)) == cut
    middle = (first + last) // 2
    parts = [*shifts(schedule, first, middle), *shifts(schedule, middle, last)]
    assert list(joined(parts)) == cut


@COMMON
@given(seeds, offsets, st.integers(0, 400 * DAY))
def test_gaps_are_what_is_meant_and_not_covered(seed, offset, length):
    schedule, around = _scene(seed)
    start, end = around + offset, around + offset + length
    holes = list(gaps(schedule, start, end))
    meant = list(intended(schedule, start, end))
    assert holes == list(union(holes))
    assert list(difference(holes, meant)) == []
    covers = list(covered(schedule, start, end))
    assert list(difference(meant, [*union(sorted([*covers, *holes]))])) == []
    assert list(difference(holes, covers)) == holes


@COMMON
@given(seeds, st.integers(-60, 60))
def test_a_week_later_in_utc_everything_is_a_week_later(seed, weeks):
    raw, _ = shapes.scene(Random(seed))
    raw["timezone"] = "UTC"
    for part in [*raw["rotations"], *raw["overrides"]]:
        part.pop("timezone", None)
        if str(part.get("every")).endswith("mo"):
            part["every"] = "3w"
    own = {"dates": raw.get("calendars", {}).get("own", {}).get("dates", [])}
    raw["calendars"] = dict.fromkeys(("berlin", "us", "own"), own)
    schedule = shapes.model(raw)
    later = {"dates": [_days_later(one, weeks) for one in own["dates"]]}
    calendars = shapes.calendars({"calendars": dict.fromkeys(raw["calendars"], later)})
    moved = _moved(schedule, weeks * WEEK).bound(calendars)
    start = instant(_utc(shapes.scene(Random(seed))[1])) - 3 * DAY
    found = [
        s._replace(start=s.start + weeks * WEEK, end=s.end + weeks * WEEK)
        for s in shifts(schedule, start, start + 20 * DAY)
    ]
    assert list(shifts(moved, start + weeks * WEEK, start + weeks * WEEK + 20 * DAY)) == found


def _days_later(one, weeks):
    if isinstance(one, dict):
        return {key: _days_later(day, weeks) for key, day in one.items()}
    return str(date.fromisoformat(one) + timedelta(weeks=weeks))


def _moved(schedule, by):
    def later(moment):
        if moment is None:
            return None
        if moment.is_date:
            return Moment(utc(instant(_utc(moment.civil)) + by).date().isoformat())
        civil = moment.civil
        shown = civil if civil.tzinfo else _utc(civil)
        return Moment(utc(instant(shown) + by).isoformat())

    rotations = tuple(
        one.model_copy(update={"start": later(one.start), "end": later(one.end)})
        for one in schedule.rotations
    )
    overrides = tuple(
        one.model_copy(update={"start": later(one.start), "to": later(one.to)})
        for one in schedule.overrides
    )
    return schedule.model_copy(update={"rotations": rotations, "overrides": overrides})


@COMMON
@given(seeds, st.integers(0, 20 * DAY), st.integers(1, 10 * DAY))
def test_an_override_on_top_is_all_that_is_seen(seed, ahead, length):
    schedule, around = _scene(seed)
    start = around + ahead
    raw = {"person": "zoe", "from": _iso(start), "to": _iso(start + length)}
    top = shapes.model({"rotations": [], "overrides": [raw]}).overrides
    covered_ = schedule.model_copy(update={"overrides": schedule.overrides + top})
    index = len(schedule.overrides)
    seen = list(shifts(covered_, start - DAY, start + length + DAY))
    alone = (one._replace(shadows=()) for one in seen)
    assert Shift(start, start + length, ("zoe",), index) in joined(alone)
    rest = [one for one in seen if one.because != index]
    outside = [*shifts(schedule, start - DAY, start)]
    outside += shifts(schedule, start + length, start + length + DAY)
    assert rest == outside


def _iso(at):
    return utc(at).isoformat()


@COMMON
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20))), st.lists(st.integers(0, 80)))
def test_interval_arithmetic_as_sets(pairs, cuts):
    spans = sorted((start, start + length) for start, length in pairs)
    one = list(union(spans))
    assert _set(one) == _set(spans)
    assert all(a.end < b.start for a, b in pairwise(one))
    other = list(union(sorted((cut, cut + 3) for cut in cuts)))
    assert _set(difference(one, other)) == _set(one) - _set(other)
    assert all(start < end for start, end in difference(one, other))


def _set(spans):
    return {point for start, end in spans for point in range(start, end)}


@COMMON
@given(seeds, st.integers(0, LATEST - 1))
def test_any_instant_of_the_calendar_has_an_answer(seed, at):
    schedule, _ = _scene(seed)
    now = on_call(schedule, at)
    assert now.start == at < now.end
    assert next(iter(tiles(schedule, at, at + HOUR)))[2:] == now[2:]
    assert isinstance(next(iter(intended(schedule, at, at + WEEK)), None), Interval)


@COMMON
@given(st.integers(0, LATEST), st.sampled_from(sorted(shapes.CHANGES)))
def test_reading_what_a_clock_shows(at, zone):
    """Reading a shown time gives an instant at which it is shown: this one, or an earlier one."""
    clock = wall_clock(zone)
    wall = clock.wall_at(at)
    back = clock.instant_of(wall)
    assert back <= at
    assert clock.wall_at(back) == wall
