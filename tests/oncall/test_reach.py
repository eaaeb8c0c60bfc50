"""How few people an escalation reaches, against the engine's own timeline and hops."""

from itertools import product
from random import Random

import pytest

from registry.clock.tzif import DAY, HOUR, MINUTE
from registry.model.people import Person, Role
from registry.model.windows import Window
from registry.oncall.escalation import Directory, hops, timeline
from registry.oncall.ledger import Ledger
from registry.oncall.reach import MOST, Alone, Second, Wasted, alone, is_known, slowest, wasted
from registry.workspace.decode import validated
from tests.conftest import thirds
from tests.oncall.build import WEEKDAYS, at, escalation, override, rotation, schedule

START, END = at("2026-11-20T09:00"), at("2027-01-20T09:00")


def _person(id_: str, *away: tuple[str, str, str], **more: object) -> Person:
    listed = [{"from": start, "to": to, "deputy": deputy} for start, to, deputy in away]
    return validated(Person, {id_: {"name": id_, "away": listed, **more}})[id_]


KNOWN = Directory(
    {
        "ana": _person("ana", ("2026-12-01", "2026-12-10", "dana")),
        "ben": _person("ben", ("2026-12-05", "2026-12-20", "ana"), until="2027-01-08"),
        "cleo": _person("cleo"),
        "erin": _person("erin"),
        "fay": _person("fay"),
        "dana": _person(
            "dana", ("2026-12-04", "2027-01-15", "ben"), ("2026-11-25", "2026-12-12", "cleo")
        ),
    },
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


Choices = list[tuple[int, int, list[frozenset[str]]]]


def _choices(hops, alert: int = 0) -> Choices:
    """List each step of each run by when it goes out: after how long, and whom each choice reaches.

    What is held does so when its hours open, however long after the alert that is.
    """
    found: dict[tuple[int, int], list] = {}
    for hop in hops:
        found.setdefault((hop.run, hop.step), []).append(hop)
    listed = []
    for (_, step), group in found.items():
        people = [frozenset(hop.people) for hop in group]
        whole = people if group[0].in_turn else [frozenset().union(*people)]
        wait = group[0].after if group[0].held is None else group[0].held - alert
        listed.append((wait, step, whole))
    return sorted(listed, key=lambda one: one[:2])


def _merged(found):
    """Join what touches and says the same."""
    joined = []
    for one in found:
        if joined and joined[-1].end == one.start and _said(joined[-1]) == _said(one):
            joined[-1] = joined[-1]._replace(end=one.end)
        else:
            joined.append(one)
    return joined


def _said(one):
    return [value for key, value in one._asdict().items() if key not in {"start", "end"}]


def _brute_alone(it) -> list[Alone]:
    known = KNOWN._replace(escalations={"it": it})
    found: list[Alone] = []
    for stretch in timeline("it", known, START, END):
        told = {step: people for _, step, people in _choices(stretch.hops)}
        reached = {one for people in told.values() for one in people}
        if len(it.steps) > 1 and len(told) == len(it.steps) and len(reached) == 1:
            found += [Alone(stretch.start, stretch.end, *one) for one in reached if len(one) == 1]
    return _merged(found)


def _brute_wasted(it) -> list[Wasted]:
    known = KNOWN._replace(escalations={"it": it})
    found: list[Wasted] = []
    for stretch in timeline("it", known, START, END):
        told = {step: people for _, step, people in _choices(stretch.hops)}
        everyone = [set(told.get(step, [frozenset()])) for step in range(len(it.steps))]
        one = set().union(*everyone)
        if len(one) == 1 and len(*one) == 1:
            continue
        for step in range(1, len(it.steps)):
            mine = everyone[step]
            if frozenset() not in mine and all(
                people <= frozenset().union(*before)
                for people in mine
                for before in product(*everyone[:step])
            ):
                people = tuple(sorted(frozenset().union(*mine)))
                found.append(Wasted(step, stretch.start, stretch.end, people))
    return sorted(_merged(sorted(found)))


def _brute_slowest(it, limit: int) -> int | None:
    """Return the worst delay to a second person: -1 for never, None for within the limit."""
    known = KNOWN._replace(escalations={"it": it})
    worst = 0
    for stretch in timeline("it", known, START, END, repeats=True):
        lonely = {frozenset[str]()}
        for after, _, people in _choices(stretch.hops, stretch.start):
            chosen = {one | other for one in lonely for other in people}
            lonely = {one for one in chosen if len(one) < 2}
            if chosen != lonely:
                worst = max(worst, after)
        if lonely:
            return -1
    return worst if worst > limit else None


def _random(random: Random, pick: bool = False, **more):
    steps = []
    after = 0
    for _ in range(random.randint(1, 4)):
        named = random.sample(IDS, random.randint(0, 2 + pick))
        steps.append((f"{after}m", *named, {"pick": random.choice(("one", "all"))} if pick else {}))
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


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", thirds(range(120)))
def test_agrees_with_the_engine(seed: int) -> None:
    it = _random(Random(seed), pick=seed >= 60)
    _agrees(Random(seed), it)
    assert sorted(wasted(it, LEDGER)) == _brute_wasted(it)


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", thirds(range(120)))
def test_agrees_with_the_engine_on_what_waits(seed: int) -> None:
    random = Random(f"waiting {seed}")
    hours = _hours(random)
    _agrees(random, _random(random, seed >= 60, **hours, timezone="America/New_York"))


def _agrees(random: Random, it) -> None:
    assert list(alone(it, LEDGER)) == _brute_alone(it)
    limit = random.choice((0, 5, 15, 60, 240)) * MINUTE
    found, expected = slowest(it, LEDGER, limit), _brute_slowest(it, limit)
    assert (None if found is None else -1 if found.after is None else found.after) == expected
    if found is None:
        return
    lonely = {frozenset[str]()}
    told = hops("it", KNOWN._replace(escalations={"it": it}), found.at)
    for after, _, people in _choices(told, found.at):
        if found.after is None or after < found.after:
            lonely = {one | other for one in lonely for other in people if len(one | other) < 2}
    assert lonely, "nobody else need be reached before, at the instant that is told"


def test_one_person_is_every_step_until_a_handoff_between_the_pages() -> None:
    it = escalation(("0m", "first"), ("15m", "lead"))
    found = list(alone(it, LEDGER))
    # ana has every other week from 2026-11-09 on.
    assert found[0] == Alone(at("2026-11-23T09:00"), at("2026-11-30T09:00"), "ana")
    assert all(one.person == "ana" and one.end - one.start <= 7 * DAY for one in found)


def test_more_pages_than_anybody_writes_are_not_followed() -> None:
    steps = [(f"{after}s", "erin") for after in range(MOST)]
    assert list(alone(escalation(*steps), LEDGER)) == [Alone(START, END, "erin")]
    assert list(alone(escalation(*steps, ("1h", "erin")), LEDGER)) == []


def test_the_first_pages_come_too_late() -> None:
    late = escalation(("10m", "erin", "fay"))
    assert slowest(late, LEDGER, 5 * MINUTE) == Second(START, 10 * MINUTE)
    assert slowest(late, LEDGER, 10 * MINUTE) is None


def test_the_worst_delay_is_found_between_the_others() -> None:
    steps = [(f"{after}m", "fay") for after in range(10, 100, 10)]
    for number in range(1, 9):
        late = [(f"{10 * number + 5}m", "erin"), *steps[number:]]
        it = escalation(("0m", "fay"), *steps[:number], *late)
        assert slowest(it, LEDGER, MINUTE) == Second(START, (10 * number + 5) * MINUTE)


def test_nobody_at_all_counts_as_later() -> None:
    assert slowest(escalation(), LEDGER, HOUR) == Second(START, None)
    assert slowest(escalation(("0m", "empty", "fay")), LEDGER, HOUR) == Second(START, None)
    assert slowest(escalation(("0m", "vacant", "fay")), LEDGER, HOUR) == Second(START, None)


def test_a_page_beyond_what_is_kept() -> None:
    it = escalation(("0m", "erin"), ("3d", "first"))
    assert slowest(it, LEDGER, 4 * DAY) is None
    assert slowest(it, LEDGER, DAY) == Second(START, 3 * DAY)


@pytest.mark.parametrize(
    ("via", "known"),
    [("ana", True), ("first", True), ("lead", True), ("vacant", True), ("commander", True),
     ("lost", False), ("ghost", False)],
)  # fmt: skip
def test_what_is_known(via: str, known: bool) -> None:
    assert is_known(escalation(("0m", "fay"), ("5m", "ben", via)), KNOWN) is known


def test_a_step_stays_wasted_while_others_take_turns() -> None:
    it = escalation(("0m", "first", "fay"), ("15m", "fay"))
    assert list(wasted(it, LEDGER)) == [Wasted(1, START, END, ("fay",))]


def test_one_of_more_than_anybody_writes_is_not_followed() -> None:
    people = [f"p{number}" for number in range(MOST + 1)]
    known = KNOWN._replace(people={one: _person(one) for one in people})
    few, many = (
        escalation(("0m", *people[:number], {"pick": "one"})) for number in (MOST, MOST + 1)
    )
    ledger = Ledger(known, START, END)
    assert slowest(few, ledger, HOUR) == Second(START, None)
    assert slowest(many, ledger, HOUR) is None


def test_of_more_pages_than_anybody_writes_nothing_is_wasted() -> None:
    two = [("0m", "ana", "ben"), ("5m", "ana")]
    assert list(wasted(escalation(*two), LEDGER))
    assert not list(wasted(escalation(*two, *[("6m", "ben")] * MOST), LEDGER))
