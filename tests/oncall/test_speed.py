"""What the engine costs: a coverage proof in a moment, and in no memory."""

import tracemalloc
from itertools import cycle
from random import Random

import pytest

from registry.clock.tzif import DAY, LATEST
from registry.oncall.burden import whole_rounds
from registry.oncall.coverage import gaps
from registry.oncall.interval import ENDLESS
from registry.oncall.pattern import fold
from registry.oncall.schedule import on_call, read_layers, shifts
from tests.effort import calls, is_linear
from tests.oncall.build import WEEKDAYS, at, override, rotation, schedule
from tests.oncall.shapes import calendars

pytestmark = pytest.mark.no_cover

ZONES = ["Australia/Lord_Howe", "America/New_York", "Europe/Dublin", "Africa/Casablanca", "UTC"]
EVERY = ["1w", "12h", "1d", "1mo"]
OFFICE = {"days": WEEKDAYS, "from": "09:00", "to": "17:30"}
SITES = {
    "Asia/Kathmandu": ("07:00", "15:00"),
    "Europe/Dublin": ("08:00", "18:00"),
    "America/New_York": ("10:00", "22:00"),
}
START = at("2026-11-20T09:00")
END = START + 400 * DAY


def _follow_the_sun():
    return schedule(
        *(
            rotation("a", "b", "c", start="2026-01-05", name=site, timezone=site,
                     hours={"from": opens, "to": closes})
            for site, (opens, closes) in SITES.items()
        )
    )  # fmt: skip


def _schedules(count):
    """As many of each kind: unrestricted, over one another, office hours, round the world."""
    random = Random(1)
    for number, zone in zip(range(count), cycle(ZONES), strict=False):
        primary = rotation("a", "b", "c", "d", every=random.choice(EVERY))
        office = rotation("e", "f", name="office", hours=OFFICE)
        month = random.randint(1, 9)
        leave = override("g", f"2027-0{month}-01", f"2027-0{month}-09")
        yield [
            lambda: schedule(primary, timezone=zone),  # noqa: B023
            lambda: schedule(primary, office, timezone=zone),  # noqa: B023
            lambda: schedule(primary, timezone=zone, overrides=[leave]),  # noqa: B023
            lambda: schedule(office, timezone=zone, coverage=OFFICE),  # noqa: B023
            _follow_the_sun,
        ][number % 5]()


def test_a_proof_takes_some_thousand_calls() -> None:
    found = list(_schedules(250))

    def proofs() -> None:
        for one in found:
            assert list(gaps(one, START, END)) == []

    assert calls(proofs) < 4000 * len(found)


def test_a_proof_with_holidays_in_a_third_takes_no_more() -> None:
    countries = {name: {"country": name} for name in ("DE", "US", "JP")}
    known = calendars({"calendars": countries})
    kept = cycle([("DE",), (), (), ("US", "JP"), (), ()])
    found = [
        one.model_copy(update={"holidays": names}).bound(known)
        for one, names in zip(_schedules(250), kept, strict=False)
    ]
    list(gaps(found[0], START, END))

    def proofs() -> None:
        for one in found:
            assert list(gaps(one, START, END)) == []

    assert calls(proofs) < 4000 * len(found)


@pytest.mark.parametrize("kind", range(5))
def test_a_proof_takes_time_in_proportion_to_its_horizon(kind) -> None:
    one = list(_schedules(5))[kind]
    assert is_linear(lambda days: list(gaps(one, START, START + days * DAY)), 400, 3200)


@pytest.mark.parametrize("kind", range(5))
def test_memory_does_not_grow_with_the_horizon(kind) -> None:
    one = list(_schedules(5))[kind]

    def peak(days):
        list(gaps(one, START, START + days * DAY))
        tracemalloc.start()
        assert sum(1 for _ in gaps(one, START, START + days * DAY)) == 0
        assert sum(1 for _ in shifts(one, START, START + days * DAY)) > 0
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(8000) < peak(400) + 60_000


def test_folding_holds_shapes_and_not_gaps() -> None:
    one = schedule(rotation("a", start="2026-01-05", hours=OFFICE))
    tracemalloc.start()
    found = fold(gaps(one, START, START + 9000 * DAY), "UTC", START, START + 9000 * DAY)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == 2
    assert held < 200_000


def test_any_instant_is_answered_at_once() -> None:
    one = schedule(
        rotation("a", "b", start="0001-01-01", every="1h"),
        rotation("a", start="0001-01-01", name="all", hours={"from": "00:00", "to": "24:00"}),
        rotation("c", [], start="0001-01-31", every="1mo", name="months"),
        rotation("d", start="9999-01-01", every="1h", name="late", hours=OFFICE),
        timezone="Europe/Dublin",
    )

    def answer(when: int) -> None:
        assert on_call(one, when).end > when

    assert max(calls(lambda: answer(n * (LATEST // 200))) for n in range(200)) < 20_000  # noqa: B023


ALONE = [rotation("a")]


def test_whoever_shadows_themselves_is_not_looked_for_through_the_centuries() -> None:
    own = rotation("a", name="with", shadow=True, hours=OFFICE)
    it = schedule(*ALONE, own, timezone="Europe/Berlin")
    assert on_call(it, START).end == ENDLESS
    assert calls(lambda: on_call(it, START)) < 2000


def test_who_is_on_call_is_told_without_looking_for_the_end() -> None:
    """There is a shadow whose turns never meet their hours: who asks for the end looks for long."""
    monday = {"days": ["mon"], "from": "09:00", "to": "10:00"}
    turns = rotation("a", *"bbbbbb", start="2026-11-02", every="1d", name="with", hours=monday)
    it = schedule(*ALONE, {**turns, "shadow": True}, timezone="Europe/Berlin")
    layers = read_layers(it, "UTC")
    assert layers.at(START) == layers.on_call(START)._replace(end=START + 1)
    assert layers.on_call(START).end == ENDLESS
    assert calls(lambda: layers.at(START)) < 500


def test_whole_rounds_of_short_turns_are_not_gone_through() -> None:
    """Of thousands of rounds of two hours, those that fill whole weeks are few."""
    it = schedule(rotation("a", "b", every="1h"), timezone="Europe/Berlin")

    def look(days):
        return whole_rounds(it, 0, START, START + days * DAY)

    assert look(90) == (START, START + 84 * DAY)
    assert calls(lambda: look(900)) < 2000


def test_turns_that_nobody_serves_are_not_gone_through() -> None:
    """Hourly turns, and a minute a week in which they matter."""
    window = {"days": ["mon"], "from": "09:00", "to": "09:01"}
    it = schedule(rotation("a", "b", "c", every="1h", hours=window), timezone="Europe/Berlin")
    found = list(shifts(it, START, END))
    assert len(found) == 57
    assert {one.people for one in found} == {("a",)}
    assert calls(lambda: list(shifts(it, START, END))) < 60 * len(found)
