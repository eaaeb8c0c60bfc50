"""What is wrong is taken out, and the rest loads as if it had never been there."""

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.model.sections import SECTIONS
from registry.workspace.decode import decode_one, validated
from registry.workspace.decode_errors import EntityPlace
from registry.workspace.reading import Decoded
from tests.test_schemas import entities, paths

Data = dict[str, Any]
LEAVES: list[Any] = [
    "TODO", "", None, 7, 1.5, True, [], {}, "ghost", ["a", 7], [None, "TBD"], {"a": {"b": "c"}},
    "2026-02-30", "0d", "5m", "10%", {"x-a": 1}, [[1]], [{}], "Europe/Berlim", {"from": "09:00"},
]  # fmt: skip
WHOLE = list({json.dumps(raw): (section, raw) for section, _, raw, _ in entities()}.values())


def read(section: str, raw: Any) -> Decoded:
    place = EntityPlace("a.yaml", (), "entity", (section, "it"), lambda path: _spelled(raw, path))
    return decode_one(SECTIONS[section].model, raw, place)


def _spelled(raw: Any, path: tuple[str | int, ...]) -> str | None:
    for step in path:
        raw = raw[step]
    return "" if raw is None else str(raw)


def mutated(raw: Data, chance: random.Random) -> Data:
    raw = copy.deepcopy(raw)
    for _ in range(chance.randrange(1, 5)):
        *above, last = chance.choice([path for path in paths(raw) if path])
        inside: Any = raw
        for step in above:
            inside = inside[step]
        inside[last] = copy.deepcopy(chance.choice(LEAVES))
        if isinstance(inside, dict) and chance.random() < 0.3:
            inside[chance.choice(["ownr", "x-own", "start"])] = copy.deepcopy(chance.choice(LEAVES))
        if not any(paths(raw)):
            break
    return raw


def without(raw: Any, gone: set[tuple[str | int, ...]], path: tuple[str | int, ...] = ()) -> Any:
    if isinstance(raw, dict):
        inner = {key: (*path, key) for key in raw}
        return {key: without(raw[key], gone, at) for key, at in inner.items() if at not in gone}
    if isinstance(raw, list):
        places = [(*path, index) for index in range(len(raw))]
        return [without(raw[at[-1]], gone, at) for at in places if at not in gone]
    return raw


@pytest.mark.no_cover
@settings(max_examples=150, deadline=None)
@given(st.sampled_from(WHOLE), st.integers(0, 2**32))
def test_the_rest_loads_as_if_it_were_alone(whole: tuple[str, Data], seed: int) -> None:
    section, raw = whole
    bad = mutated(raw, random.Random(seed))
    done = read(section, bad)
    if done.entity is None:
        assert any(one.code in {"OM005", "OM006"} for one in done.problems)
        return
    told = {
        one.field[:-1] if one.code == "OM005" else one.field for one in done.problems if one.field
    }
    faults = {one.path for one in done.entity.faults()}
    gone = (told - faults) | set(done.placeholders) | set(done.extensions) | set(done.dropped)
    again = read(section, without(bad, gone))
    assert again.entity == done.entity
    unfit = [one.message for one in done.entity.faults()]
    assert all(one.message.startswith(tuple(unfit)) for one in again.problems), "no echo"


@pytest.mark.parametrize("seed", range(20))
def test_a_bad_entity_changes_no_other(seed: int) -> None:
    chance = random.Random(seed)
    section, written = chance.choice(WHOLE)
    raw = {key: one for key, one in written.items() if not key.startswith("x-")}  # no field's
    model = SECTIONS[section].model
    both = validated(model, {"good": raw, "bad": 7})
    assert list(both) == ["good"]
    assert both == validated(model, {"good": raw})
