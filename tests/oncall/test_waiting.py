"""Hours of escalations and steps: against the walk, and case by case."""

import os
from datetime import UTC, timedelta
from random import Random

import pytest

from registry.clock.civil import instant
from registry.clock.tzif import MINUTE
from registry.oncall import escalation as engine
from registry.oncall.interval import ENDLESS
from tests.oncall import shapes, walk

SCENES = int(os.environ.get("ONCALL_SCENES", "100"))


def _at(naive):
    return instant(naive.replace(tzinfo=UTC))


def _known(**escalations):
    people = dict.fromkeys([*shapes.PEOPLE, "desk"])
    return engine.Directory(people, {}, {}, escalations)


def _sent(hop, alert):
    """When a hop goes out; `skipped`; None where that is too late for the walk."""
    if hop.skipped:
        return "skipped"
    return alert + hop.after if hop.held is None else hop.held


def _holds(raw, alert, hops):
    for hop in hops:
        told = walk.when_paged(raw, hop.step, hop.run, alert)
        found = _sent(hop, _at(alert))
        if told is None:
            late = found == "skipped" or found - _at(alert) > 9 * 24 * 60 * MINUTE
            assert late, (raw, alert)
            assert bool(hop.people) == (found not in {"skipped", ENDLESS}), (raw, alert)
        elif told == "skipped":
            assert (found, hop.people) == ("skipped", ()), (raw, alert)
        else:
            assert (found, hop.people) == (_at(told), (hop.via,)), (raw, alert)


def _compare(seed):
    random = Random(f"paging {seed}")
    raw, around = shapes.paging(random)
    known = _known(page=shapes.escalation_model(raw))
    start = around - timedelta(minutes=15 * random.randint(0, 400))
    for _ in range(2):
        alert = start + timedelta(microseconds=random.randint(0, 3 * 10**11))
        _holds(raw, alert, engine.hops("page", known, _at(alert)))
    first, last = _at(start), _at(start + timedelta(days=4))
    stretches = list(engine.timeline("page", known, first, last, repeats=True))
    assert [one.end for one in stretches] == [*(one.start for one in stretches[1:]), last]
    for one in random.sample(stretches, min(2, len(stretches))):
        middle = random.randint(one.start, one.end - 1)
        for alert in (one.start, middle, one.end - 1):
            told = engine.hops("page", known, alert)
            sent = [_sent(hop, alert) for hop in told]
            assert sorted(map(str, sent)) == sorted(str(_sent(hop, alert)) for hop in one.hops)


@pytest.mark.parametrize("seed", range(SCENES))
def test_pages_go_out_when_the_walk_says(seed):
    _compare(seed)
