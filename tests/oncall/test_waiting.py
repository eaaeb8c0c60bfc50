"""Hours of escalations and steps: against the walk, and case by case."""

from datetime import UTC, timedelta
from random import Random

import pytest

from registry.clock.civil import instant
from registry.clock.tzif import DAY, LATEST, MINUTE
from registry.oncall import escalation as engine
from registry.oncall.interval import ENDLESS, Interval
from registry.oncall.ledger import Ledger
from registry.oncall.reach import slowest
from registry.oncall.silence import StepTimes, silence
from registry.oncall.waiting import read_waiting
from tests.conftest import thirds
from tests.oncall import shapes, walk
from tests.oncall.build import at

SCENES, WALKED = 60, 360
"""Escalations that are always walked, and those of the slow test."""


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


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", thirds(range(SCENES)))
def test_pages_go_out_when_the_walk_says(seed):
    _compare(seed)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(SCENES, WALKED, 100))
def test_hundreds_of_escalations_page_when_the_walk_says(first):
    for seed in range(first, min(first + 100, WALKED)):
        _compare(seed)


NIGHT = {"from": "22:00", "to": "06:00"}
OFFICE = {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}
SATURDAY, MONDAY = at("2026-11-28T12:00"), at("2026-11-30T09:00")


def _escalation(*steps, **more):
    told = [{"after": 5 * n, "notify": [name], **own} for n, (name, own) in enumerate(steps)]
    return shapes.escalation_model({"steps": told, **more})


def _told(escalation, alert):
    hops = engine.hops("page", _known(page=escalation), alert)
    return [(hop.via, hop.people, _sent(hop, alert)) for hop in hops]


def test_an_escalation_that_is_held_begins_whole() -> None:
    page = _escalation(("ana", {}), ("ben", {}), hours=OFFICE, repeat=1, repeat_after=15)
    late = [MONDAY + minutes * MINUTE for minutes in (0, 5, 20, 25)]
    assert [sent for _, _, sent in _told(page, SATURDAY)] == late
    assert [sent for _, _, sent in _told(page, MONDAY)] == late
    # Begun in time, it goes on when the hours are over.
    friday = at("2026-11-27T16:59")
    assert [sent - friday for _, _, sent in _told(page, friday)] == [
        minutes * MINUTE for minutes in (0, 5, 20, 25)
    ]


def test_a_held_step_moves_no_other() -> None:
    page = _escalation(("ana", {"hours": OFFICE, "outside": "hold"}), ("ben", {}))
    assert _told(page, SATURDAY) == [
        ("ana", ("ana",), MONDAY), ("ben", ("ben",), SATURDAY + 5 * MINUTE)
    ]  # fmt: skip


def test_a_timeline_parts_what_is_held_from_what_is_due() -> None:
    page = _escalation(("ana", {"hours": OFFICE, "outside": "hold"}))
    noon, evening = at("2026-11-30T12:00"), at("2026-11-30T17:00")
    found = list(engine.timeline("page", _known(page=page), SATURDAY, noon))
    assert [(one.start, one.end, one.hops[0].held) for one in found] == [
        (SATURDAY, MONDAY, MONDAY), (MONDAY, noon, None)
    ]  # fmt: skip
    (closed,) = engine.timeline("page", _known(page=page), evening, evening + 5 * MINUTE)
    assert closed.hops[0].held == at("2026-12-01T09:00")


def test_a_step_is_judged_when_it_is_due() -> None:
    page = _escalation(("ana", {}), ("ben", {"hours": OFFICE}))
    assert _told(page, at("2026-11-30T08:55"))[1] == ("ben", ("ben",), MONDAY)
    assert _told(page, at("2026-11-30T16:55"))[1] == ("ben", (), "skipped")


def test_an_escalation_may_skip_what_comes_outside() -> None:
    page = _escalation(("ana", {}), ("ben", {"hours": OFFICE}), hours=OFFICE, outside="skip")
    assert _told(page, SATURDAY) == [("ana", (), "skipped"), ("ben", (), "skipped")]
    hops = engine.hops("page", _known(page=page), SATURDAY)
    assert [hop.decided.field for hop in hops] == [("hours",), ("hours",)]
    (_, last) = engine.hops("page", _known(page=page), at("2026-11-27T16:59"))
    assert last.decided.field == ("steps", 1, "hours")


def test_hours_that_never_open_hold_for_ever() -> None:
    closed = {"own": {"dates": ["2026-11-28"]}}
    never = {"days": ["hol"], "from": "09:00", "to": "11:00"}
    page = _escalation(
        ("ana", {}), ("ben", {"hours": OFFICE}), hours=never, holidays=["own"], calendars=closed
    )
    assert _told(page, SATURDAY) == [("ana", (), ENDLESS), ("ben", (), ENDLESS)]
    assert _told(page, at("2026-11-28T08:00"))[0] == ("ana", ("ana",), at("2026-11-28T09:00"))
    whole = engine.timeline("page", _known(page=page), SATURDAY, MONDAY)
    assert [hop.held for one in whole for hop in one.hops] == [ENDLESS, ENDLESS]


def test_hours_of_all_the_week_are_none() -> None:
    page = _escalation(("ana", {"hours": {"from": "00:00", "to": "24:00"}}), ("ben", {"hours": []}))
    assert read_waiting(page, "UTC") is None
    assert _told(page, SATURDAY)[1] == ("ben", ("ben",), SATURDAY + 5 * MINUTE)


def test_a_step_has_the_zone_and_the_holidays_of_its_escalation() -> None:
    closed = {"own": {"dates": ["2026-11-30"]}, "none": {"dates": ["2020-01-01"]}}
    held = {"hours": OFFICE, "outside": "hold"}
    page = _escalation(
        ("ana", held), ("ben", {**held, "timezone": "UTC"}), ("cho", {**held, "holidays": ["none"]}),
        ("dee", {**held, "holidays": []}),
        timezone="Europe/Berlin", holidays=["own"], calendars=closed,
    )  # fmt: skip
    assert [sent for _, _, sent in _told(page, SATURDAY)] == [
        at(text) for text in ("2026-12-01T08:00", "2026-12-01T09:00", "2026-11-30T08:00", "2026-11-30T08:00")
    ]  # fmt: skip


def test_the_end_of_the_calendar_is_no_error() -> None:
    page = _escalation(("ana", {"hours": OFFICE, "outside": "hold"}), ("ben", {}))
    assert [via for via, _, _ in _told(page, LATEST - 1)] == ["ana", "ben"]


@pytest.mark.parametrize(("repeat", "lost"), [(3, 0), (100, 1)])
def test_what_is_silent_in_more_pages_than_anybody_writes(repeat: int, lost: int) -> None:
    steps = [("ana", {"hours": NIGHT}) for _ in range(6)]
    page = _escalation(*steps, repeat=repeat, repeat_after=6 * 60)
    start, end = at("2026-11-28T06:00"), at("2026-11-28T20:00")
    reached = StepTimes((), ())
    found = silence(page, read_waiting(page, "UTC"), lambda _: reached, start, end)
    assert len(found.whole) == lost


def test_what_is_silent_of_held_pages() -> None:
    page = _escalation(("ana", {"hours": NIGHT, "outside": "hold"}))
    start, end = at("2026-11-28T12:00"), at("2026-11-29T12:00")
    for empty, lost in [((at("2026-11-28T13:00"), at("2026-11-28T14:00")), []),
                        ((at("2026-11-28T21:00"), at("2026-11-28T23:00")),
                         [Interval(start, at("2026-11-28T23:00"))])]:  # fmt: skip
        times = StepTimes((Interval(*empty),), ())
        found = silence(page, read_waiting(page, "UTC"), lambda _, own=times: own, start, end)
        assert list(found.whole) == list(found.steps[0]) == lost


def test_of_many_pages_that_wait_the_delay_that_is_told_is_true() -> None:
    minutes = [{"after": after, "notify": ["ana"]} for after in range(101)]
    hours = {"days": ["mon"], "from": "09:00", "to": "10:00"}
    page = shapes.escalation_model(
        {"steps": [*minutes, {"after": 120, "notify": ["ben"]}], "hours": hours}
    )
    known = _known(page=page)
    found = slowest(page, Ledger(known, SATURDAY, SATURDAY + 20 * DAY), 60 * MINUTE)
    (*_, last) = engine.hops("page", known, found.at)
    assert found.after == _sent(last, found.at) - found.at
