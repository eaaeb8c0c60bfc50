"""The engine against a walk of the wall clock that shares no code with it."""

from datetime import UTC, timedelta
from random import Random

import pytest

from registry.clock.civil import instant
from registry.clock.tzif import DAY
from registry.oncall.coverage import gaps
from registry.oncall.schedule import on_call, tiles
from tests.conftest import thirds
from tests.oncall import shapes, walk

pytestmark = pytest.mark.no_cover

SCENES, WALKED = 42, 2000
"""Schedules that are always walked, and those of the slow test: 10,000 pairs with instants."""
MINUTE = timedelta(minutes=1)


def _at(naive):
    return instant(naive.replace(tzinfo=UTC))


def _why(shift):
    return shift.because if shift.rotation is None else (shift.because, shift.rotation)


def _minutes(start, hours):
    return [start + number * MINUTE for number in range(hours * 60)]


@pytest.mark.parametrize("seed", thirds(range(SCENES)))
def test_every_minute_around_a_change_of_clocks(seed):
    random = Random(seed)
    raw, around = shapes.scene(random)
    schedule = shapes.model(raw)
    start = around - timedelta(minutes=random.randint(0, 360))
    minutes = _minutes(start, random.choice([4, 4, 4, 30]))
    end = _at(minutes[-1] + MINUTE)
    pieces = iter(list(tiles(schedule, _at(start), end)))
    holes = list(gaps(schedule, _at(start), end))
    piece = next(pieces)
    for minute in minutes:
        at = _at(minute)
        while piece.end <= at:
            piece = next(pieces)
        people, because = walk.who(raw, minute)
        assert (set(piece.people), _why(piece)) == (set(people), because), (raw, minute)
        assert set(piece.shadows) == walk.shadows(raw, minute), (raw, minute)
        missing = walk.is_meant(raw, minute) and not people
        assert any(hole.start <= at < hole.end for hole in holes) == missing, (raw, minute)


@pytest.mark.parametrize("seed", thirds(range(SCENES)))
def test_random_instants(seed):
    _random_instants(seed)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(SCENES, WALKED, 97))
def test_ten_thousand_random_instants(first):
    for seed in range(first, min(first + 97, WALKED)):
        _random_instants(seed)


def _random_instants(seed):
    random = Random(f"instants {seed}")
    raw, around = shapes.scene(random)
    schedule = shapes.model(raw)
    for _ in range(5):
        moment = around + timedelta(microseconds=random.randint(-(10**12), 4 * 10**12))
        people, because = walk.who(raw, moment)
        shift = on_call(schedule, _at(moment))
        assert (set(shift.people), _why(shift)) == (set(people), because), (raw, moment)
        assert shift.start == _at(moment) < shift.end
        left = timedelta(microseconds=min(shift.end - shift.start, 60 * DAY))
        last = moment + left - timedelta(microseconds=1)
        told = walk.who(raw, last)
        assert (set(told[0]), told[1]) == (set(people), because), (raw, moment)
        assert set(shift.shadows) == walk.shadows(raw, last) == walk.shadows(raw, moment)
        if left < timedelta(days=60):
            people, because = walk.who(raw, moment + left)
            told = (set(people), because, walk.shadows(raw, moment + left))
            assert told != (set(shift.people), _why(shift), set(shift.shadows)), (raw, moment)
