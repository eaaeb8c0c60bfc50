"""How few people an escalation reaches, against the engine's own timeline and hops."""

from random import Random

import pytest

from registry.clock.tzif import DAY, HOUR, MINUTE
from registry.model.people import Person, Role
from registry.model.windows import Window
from registry.oncall.escalation import Directory, hops, timeline
from registry.oncall.ledger import Ledger
from registry.oncall.reach import MOST, Alone, Second, alone, is_known, slowest
from tests.oncall.build import WEEKDAYS, at, escalation, override, rotation, schedule

START, END = at("2026-11-20T09:00"), at("2027-01-20T09:00")
KNOWN = Directory(
    {one: Person(name=one) for one in ("ana", "ben", "cleo", "dana")},
    {
        "lead": Role(title="Lead", holder="ana"),
        "commander": Role(title="Commander", schedule="second"),
        "vacant": Role(title="Vacant"),
        "lost": Role(title="Lost", schedule="gone"),
    },
    {
        "first": schedule(rotation("ana", "ben")),
        "second": schedule(rotation("ben", "ana", "cleo", every="1d")),
        "pairs": schedule(rotation(["ana", "ben"], "cleo", every="36h")),
        "office": schedule(
            rotation("ana", "dana", every="1d", hours={"from": "09:00", "to": "17:00"}),
            overrides=[override("ben", "2026-12-01T16:00", "2026-12-02T20:00")],
        ),
        "hourly": schedule(rotation("ana", "ben", every="1h", clock="elapsed")),
        "empty": schedule(),
    },
    {},
)
LEDGER = Ledger(KNOWN, START, END)
IDS = (*KNOWN.schedules, "commander", "lead", "dana", "vacant")


def _brute_alone(it) -> list[Alone]:
    known = KNOWN._replace(escalations={"it": it})
    found: list[Alone] = []
    for stretch in timeline("it", known, START, END):
        reached = [set() for _ in it.steps]
        for hop in stretch.hops:
            reached[hop.step].update(hop.people)
        person = min(reached[0], default="")
        if len(it.steps) < 2 or any(step != {person} for step in reached):
            continue
        if found and (found[-1].end, found[-1].person) == (stretch.start, person):
            found[-1] = found[-1]._replace(end=stretch.end)
        else:
            found.append(Alone(stretch.start, stretch.end, person))
    return found


def _brute_slowest(it, limit: int) -> int | None:
    """Return the worst delay to a second person: -1 for never, None for within the limit."""
    known = KNOWN._replace(escalations={"it": it})
    worst = 0
    for stretch in timeline("it", known, START, END, repeats=True):
        people: set[str] = set()
        delay = -1
        for wait, hop in _waits(stretch.start, stretch.hops):
            people.update(hop.people)
            if len(people) > 1:
                delay = wait
                break
        if delay < 0:
            return -1
        worst = max(worst, delay)
    return worst if worst > limit else None


def _waits(alert: int, told):
    """Pages with how long after an alert each goes out, in that order."""
    waits = [(hop.after if hop.held is None else hop.held - alert, hop) for hop in told]
    return sorted(waits, key=lambda pair: pair[0])


def _random(random: Random, **more):
    steps = []
    after = 0
    for _ in range(random.randint(1, 4)):
        steps.append((f"{after}m", *random.sample(IDS, random.randint(0, 2))))
        after += random.choice((0, 5, 15, 60, 600))
    repeat = random.choice((0, 0, 1, 2))
    pause = f"{random.choice((0, 10, 90))}m"
    it = escalation(*steps, repeat=repeat, repeat_after=pause, **more)
    timed = [step.model_copy(update=_hours(random)) for step in it.steps] if more else it.steps
    return it.model_copy(update={"steps": tuple(timed)})


def _hours(random: Random):
    """Some hours of a step, or none."""
    if random.random() < 0.5:
        return {}
    days = random.choice((WEEKDAYS, ["sat"], ["mon", "wed", "sun"]))
    start, to = random.choice((("09:00", "17:00"), ("22:00", "06:00"), ("00:00", "24:00")))
    window = Window.model_validate({"days": days, "from": start, "to": to})
    return {"hours": (window,), "outside": random.choice(("hold", "skip"))}


@pytest.mark.parametrize("seed", range(60))
def test_agrees_with_the_engine(seed: int) -> None:
    _agrees(Random(seed), _random(Random(seed)))


@pytest.mark.parametrize("seed", range(60))
def test_agrees_with_the_engine_on_what_waits(seed: int) -> None:
    random = Random(f"waiting {seed}")
    _agrees(random, _random(random, **_hours(random), timezone="America/New_York"))


def _agrees(random: Random, it) -> None:
    assert list(alone(it, LEDGER)) == _brute_alone(it)
    limit = random.choice((0, 5, 15, 60, 240)) * MINUTE
    found, expected = slowest(it, LEDGER, limit), _brute_slowest(it, limit)
    assert (None if found is None else -1 if found.after is None else found.after) == expected
    if found is None:
        return
    people: set[str] = set()
    told = hops("it", KNOWN._replace(escalations={"it": it}), found.at)
    for wait, hop in _waits(found.at, told):
        late = found.after is None or wait < found.after
        people.update(hop.people if late else ())
    assert len(people) < 2, "nobody else is reached before, at the instant that is told"


def test_one_person_is_every_step_until_a_handoff_between_the_pages() -> None:
    it = escalation(("0m", "first"), ("15m", "lead"))
    found = list(alone(it, LEDGER))
    # ana has every other week from 2026-11-09 on.
    assert found[0] == Alone(at("2026-11-23T09:00"), at("2026-11-30T09:00"), "ana")
    assert all(one.person == "ana" and one.end - one.start <= 7 * DAY for one in found)


def test_more_pages_than_anybody_writes_are_not_followed() -> None:
    steps = [(f"{after}s", "dana") for after in range(MOST)]
    assert list(alone(escalation(*steps), LEDGER)) == [Alone(START, END, "dana")]
    assert list(alone(escalation(*steps, ("1h", "dana")), LEDGER)) == []


def test_the_first_pages_come_too_late() -> None:
    late = escalation(("10m", "dana", "ana"))
    assert slowest(late, LEDGER, 5 * MINUTE) == Second(START, 10 * MINUTE)
    assert slowest(late, LEDGER, 10 * MINUTE) is None


def test_the_worst_delay_is_found_between_the_others() -> None:
    steps = [(f"{after}m", "ana") for after in range(10, 100, 10)]
    for number in range(1, 9):
        late = [(f"{10 * number + 5}m", "dana"), *steps[number:]]
        it = escalation(("0m", "ana"), *steps[:number], *late)
        assert slowest(it, LEDGER, MINUTE) == Second(START, (10 * number + 5) * MINUTE)


def test_nobody_at_all_counts_as_later() -> None:
    assert slowest(escalation(), LEDGER, HOUR) == Second(START, None)
    assert slowest(escalation(("0m", "empty", "ana")), LEDGER, HOUR) == Second(START, None)


def test_a_page_beyond_what_is_kept() -> None:
    it = escalation(("0m", "dana"), ("3d", "first"))
    assert slowest(it, LEDGER, 4 * DAY) is None
    assert slowest(it, LEDGER, DAY) == Second(START, 3 * DAY)


@pytest.mark.parametrize(
    ("via", "known"),
    [("ana", True), ("first", True), ("lead", True), ("vacant", True), ("commander", True),
     ("lost", False), ("ghost", False)],
)  # fmt: skip
def test_what_is_known(via: str, known: bool) -> None:
    assert is_known(escalation(("0m", "ana"), ("5m", "ben", via)), KNOWN) is known
