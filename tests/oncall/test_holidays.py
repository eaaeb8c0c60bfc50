"""Schedules that keep holidays: by hand, where the walk takes random ones."""

import pytest

from registry.clock.civil import utc
from registry.clock.days_off import NEVER, DaysOff, days_of_spans
from registry.clock.tzif import DAY, WEEK
from registry.oncall.burden import whole_rounds
from registry.oncall.coverage import covered, gaps, intended
from registry.oncall.interval import ENDLESS
from registry.oncall.oddity import odd_handoffs
from registry.oncall.rotation import read_rotation
from registry.oncall.schedule import on_call, shifts
from registry.oncall.served import Served
from registry.oncall.serving import serving
from tests.oncall.build import WEEKDAYS, at, ledger, rotation, told
from tests.oncall.shapes import model

BERLIN = {"country": "DE", "subdivision": "BE"}
OFFICE = {"dates": ["2026-12-24", {"from": "2026-12-27", "to": "2026-12-31"}]}
DESK = {"days": WEEKDAYS, "from": "09:00", "to": "18:00"}


def _schedule(*rotations, **more):
    return model({
        "rotations": list(rotations), "timezone": "Europe/Berlin", "holidays": ["berlin"],
        "calendars": {"berlin": BERLIN, "office": OFFICE}, **more,
    })  # fmt: skip


def _days(intervals):
    return [f"{utc(one.start):%m-%d}" for one in intervals]


CHRISTMAS = (at("2026-12-21"), at("2027-01-05"))


def test_no_weekday_is_a_holiday() -> None:
    desk = _schedule(rotation("ana", hours=DESK), coverage=[DESK])
    meant = _days(intended(desk, *CHRISTMAS))
    assert meant == [
        "12-21",
        "12-22",
        "12-23",
        "12-24",
        "12-28",
        "12-29",
        "12-30",
        "12-31",
        "01-04",
    ]
    assert list(gaps(desk, *CHRISTMAS)) == []


def test_two_calendars_are_kept_together() -> None:
    desk = _schedule(coverage=[DESK], holidays=["berlin", "office"])
    assert _days(intended(desk, *CHRISTMAS)) == ["12-21", "12-22", "12-23", "01-04"]


def test_windows_of_holidays_alone() -> None:
    mornings = [DESK, {"days": ["hol"], "from": "10:00", "to": "12:00"}]
    desk = _schedule(rotation("ana", hours=DESK), coverage=mornings)
    assert _days(gaps(desk, *CHRISTMAS)) == ["12-25", "12-26", "01-01"]
    rests = _schedule(rotation("ana", hours=mornings[1:]))
    assert _days(covered(rests, *CHRISTMAS)) == ["12-25", "12-26", "01-01"]
    # What is known of Germany ends with 2100.
    assert on_call(rests, at("2101-01-01")).end == ENDLESS


@pytest.mark.parametrize("days", [None, [*WEEKDAYS, "sat", "sun", "hol"]])
def test_a_window_of_every_day_knows_no_holiday(days: list[str] | None) -> None:
    window = {"from": "00:00", "to": "24:00"} | ({"days": days} if days else {})
    every = _schedule(rotation("ana", hours=window), coverage=window)
    assert told(shifts(every, *CHRISTMAS)) == [("12-21 00:00", "ana", "primary")]
    but_holidays = _schedule(
        rotation("ana"), coverage={**window, "days": [*WEEKDAYS, "sat", "sun"]}
    )
    assert _days(intended(but_holidays, *CHRISTMAS)) == ["12-21", "12-26", "01-01"]


def test_a_rotation_may_keep_its_own_or_none() -> None:
    days = {
        own: _days(shifts(_schedule(rotation("ana", hours=DESK, **more)), *CHRISTMAS))
        for own, more in {"own": {"holidays": ["office"]}, "none": {"holidays": []}}.items()
    }
    assert days["own"] == ["12-21", "12-22", "12-23", "12-25", "01-01", "01-04"]
    assert {"12-24", "12-25"} < set(days["none"])


def test_a_rotation_without_hours_does_not_stop() -> None:
    assert len(list(shifts(_schedule(rotation("ana")), *CHRISTMAS))) == 1


def test_turns_of_served_days_leave_holidays_out() -> None:
    turns = rotation("ana", "ben", "cho", start="2026-12-21T09:00", every="1d", advance="served",
                     hours=DESK)  # fmt: skip
    found = told(shifts(_schedule(turns), *CHRISTMAS))
    who = [people for _, people, _ in found]
    assert who == ["ana", "ben", "cho", "ana", "ben", "cho", "ana", "ben", "cho"]
    assert serving("it", ledger(_schedule(turns), *CHRISTMAS)).people == {"ana", "ben", "cho"}


def test_turns_that_run_out_of_days() -> None:
    never = rotation("ana", "ben", start="2026-12-21T09:00", every="1d", advance="served",
                     hours={"days": ["hol"], "from": "09:00", "to": "18:00"})  # fmt: skip
    own = _schedule(never, holidays=["office"])
    assert [one for _, one, _ in told(shifts(own, *CHRISTMAS))] == ["ana", "ben"] * 3
    turns = read_rotation(own.rotations[0], own, "UTC")
    assert turns.handoff(6) == ENDLESS
    assert list(serving("it", ledger(own, at("2027-01-01"), at("2027-02-01"))).people) == []
    unknown = _schedule(never, holidays=["lost"])
    assert list(shifts(unknown, *CHRISTMAS)) == []
    assert whole_rounds(unknown, 0, *CHRISTMAS) is None


def test_days_before_the_first_count_backwards() -> None:
    off = DaysOff([days_of_spans([(3, 3), (10, 12)])])
    plain, kept = Served(7, (0, 1, 2, 3, 4), 1), Served(7, (0, 1, 2, 3, 4), 1, off)
    both = kept._replace(on_holidays=True, week=())
    assert [plain.before(day) for day in (0, 7, 14)] == [-5, 0, 5]
    assert [kept.before(day) for day in (0, 7, 14)] == [-4, 0, 3]
    assert [kept.day(number) for number in range(5)] == [7, 8, 9, 14, 15]
    assert [both.day(number) for number in range(4)] == [10, 11, 12, NEVER]
    assert [both.before(day) for day in (0, 11, 99)] == [-1, 1, 3]


def test_handoffs_on_holidays_are_not_noticed() -> None:
    turns = rotation("ana", "ben", start="2026-03-01T02:30", every="1d",
                     hours={"days": ["sun"], "from": "00:00", "to": "08:00"})  # fmt: skip
    spring = (at("2026-03-20"), at("2026-04-20"))
    closed = {"own": {"dates": ["2026-03-29"]}}
    noticed = _schedule(turns, holidays=[])
    rests = _schedule(turns, holidays=["own"], calendars=closed)
    assert [len(list(odd_handoffs(one, *spring))) for one in (noticed, rests)] == [1, 0]


def test_rounds_of_a_rotation_that_keeps_holidays() -> None:
    turns = rotation("ana", "ben", start="2026-11-02T09:00", every="1w", hours=DESK)
    found = whole_rounds(_schedule(turns), 0, at("2026-11-02"), at("2027-01-05"))
    assert found is not None
    assert (found.end - found.start) % WEEK < DAY
