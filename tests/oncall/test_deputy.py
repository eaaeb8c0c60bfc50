"""Who is reached in the place of somebody who is away, against a walk that shares no code."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from registry.clock.civil import instant
from registry.model.people import Person, Role
from registry.oncall.deputy import deputies, standing
from registry.oncall.escalation import Decided, Directory, hops, timeline
from registry.oncall.interval import ENDLESS
from registry.workspace.decode import validated
from tests.conftest import thirds
from tests.oncall import shapes, walk
from tests.oncall.build import at, escalation

FIRST = datetime(2026, 12, 1)  # noqa: DTZ001 - the walk takes naive UTC
HOURS = [FIRST + timedelta(hours=number) for number in range(0, 24 * 60, 3)]
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", None)
IDS = ("ana", "ben", "cleo", "dana")


def _instant(naive):
    return instant(naive.replace(tzinfo=UTC))


def _people(random):
    people = {}
    for id_ in IDS:
        person = {"name": id_, "away": [_away(random) for _ in range(random.randint(0, 4))]}
        zone = random.choice(ZONES)
        if zone is not None:
            person["timezone"] = zone
        if random.random() < 0.3:
            person["until"] = f"2027-01-{random.randint(1, 28):02}"
        people[id_] = person
    return people


def _away(random):
    first = date(2026, 11, 25) + timedelta(days=random.randint(0, 60))
    last = first + timedelta(days=random.randint(0, 20))
    deputy = random.choice((*IDS, "ghost", None))
    found = {"from": f"{first}", "to": f"{last}"}
    return found if deputy is None else found | {"deputy": deputy}


def _steps(random):
    names = (*IDS, "lead", "commander", "rota")
    return [
        {"after": f"{30 * number}m", "notify": random.sample(names, random.randint(1, 3)),
         "pick": random.choice(("one", "all"))}
        for number in range(3)
    ]  # fmt: skip


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", thirds(range(40)))
def test_the_walk_finds_the_same_person(seed):
    people = _people(Random(seed))
    read = validated(Person, people)
    for id_ in IDS:
        start, end = _instant(HOURS[0]), _instant(HOURS[-1]) + 1
        tiles = list(standing(id_, read, "UTC", start, end))
        assert [tiles[0].start, tiles[-1].end] == [start, end]
        assert all(one.end == other.start for one, other in pairwise(tiles))
        for hour in HOURS:
            found = next(one for one in tiles if one.start <= _instant(hour) < one.end)
            assert found.people == (walk.stand_in(people, id_, hour),)
            assert (found.because is None) == (found.people == (id_,))
            assert {*found.people, id_} <= {id_, *deputies(read[id_])}


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", thirds(range(40)))
def test_the_walk_finds_the_same_choices_of_every_step(seed):
    random = Random(f"steps {seed}")
    people, steps = _people(random), _steps(random)
    roles = {"lead": {"holder": "ana"}, "commander": {"schedule": "rota"}}
    raw, _ = shapes.scene(random)
    known = Directory(
        validated(Person, people),
        {id_: Role(title=id_, **role) for id_, role in roles.items()},
        {"rota": shapes.model(raw)},
        {"it": escalation(*((one["after"], *one["notify"], {"pick": one["pick"]})
                            for one in steps))},
    )  # fmt: skip
    stretches = list(timeline("it", known, _instant(HOURS[0]), _instant(HOURS[-1]) + 1))
    for hour in random.sample(HOURS, 40):
        asked = hops("it", known, _instant(hour))
        told = next(one.hops for one in stretches if one.start <= _instant(hour) < one.end)
        for number, step in enumerate(steps):
            when = hour + timedelta(minutes=30 * number)
            expected = walk.page(step, when, people, roles, {"rota": raw})
            for found in (asked, told):
                own = [hop for hop in found if hop.step == number]
                reached = [set(hop.people) for hop in own]
                in_turn = step["pick"] == "one" and len(step["notify"]) > 1
                assert all(hop.in_turn is in_turn for hop in own)
                assert (reached if in_turn else [set().union(*reached)]) == expected


KNOWN = Directory(
    validated(Person, {
        "zed": {"name": "Zed", "away": [
            {"from": "2026-12-14", "to": "2026-12-20", "deputy": "ed"},
            {"from": "2026-12-21", "to": "2026-12-31"},
            {"from": "2027-02-01", "to": "2027-02-07", "deputy": "zed"},
        ]},
        "ed": {"name": "Ed", "away": [{"from": "2026-12-18", "to": "2026-12-18",
                                       "deputy": "flo"}]},
        "flo": {"name": "Flo"},
    }),
    {"head": Role(title="Head", holder="zed")}, {}, {},
)  # fmt: skip


@pytest.mark.parametrize("via", ["zed", "head"])
@pytest.mark.parametrize(
    ("when", "person", "until"),
    [
        ("2026-12-13T23:59", "zed", "2026-12-14T00:00"),
        ("2026-12-14T00:00", "ed", "2026-12-18T00:00"),
        # Ed is away himself, and there are no chains.
        ("2026-12-18T12:00", "zed", "2026-12-19T00:00"),
        ("2026-12-20T23:59", "ed", "2026-12-21T00:00"),
        ("2026-12-21T00:00", "zed", None),
    ],
)
def test_a_page_by_id_or_role_goes_to_the_deputy(via, when, person, until):
    (hop,) = hops(via, KNOWN, at(when))
    assert hop.people == (person,)
    assert hop.until == (ENDLESS if until is None else at(until))
    if person == "ed":
        assert hop.deputy_for == "zed"
        assert hop.decided == Decided("people", "zed", ("away", 0, "deputy"))
    else:
        assert hop.deputy_for is None
