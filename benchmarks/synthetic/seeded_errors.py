"""One mistake in every third file, of the kinds that people make."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import NamedTuple

from synthetic.document import Entity, Fields, RegistryFile

_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "people": ("name",),
    "metrics": ("bucket", "response"),
    "alerts": ("metric", "severity", "response"),
}

_ENUMERATED: Mapping[str, tuple[str, ...]] = {
    "teams": ("function",),
    "roles": ("function",),
    "channels": ("kind",),
    "components": ("kind", "risk"),
    "metrics": ("bucket", "better"),
    "alerts": ("severity",),
    "kill_switches": ("effect",),
    "fields": ("group", "classification", "redaction"),
    "failures": ("priority",),
    "incidents": ("severity",),
    "reviews": ("kind",),
    "stores": ("kind",),
}

_REFERENCES: Mapping[str, tuple[str, ...]] = {
    "teams": ("lead",),
    "roles": ("holder", "schedule"),
    "channels": ("owner",),
    "ownership": ("team", "accountable"),
    "components": ("layer",),
    "metrics": ("layer", "owner"),
    "alerts": ("metric", "escalation", "runbook"),
    "schedules": ("team",),
    "escalations": ("approved_by",),
    "runbooks": ("escalate_to", "owner"),
    "kill_switches": ("owner",),
    "failures": ("owner",),
    "incidents": ("failure", "commander"),
    "gates": ("owner",),
    "dashboards": ("audience",),
    "reviews": ("chair",),
    "experiments": ("component",),
    "budgets": ("metric", "alert"),
    "objectives": ("metric", "approved_by"),
    "stores": ("approval",),
}

_OWNERS: Mapping[str, tuple[str, ...]] = {
    "ownership": ("accountable",),
    "metrics": ("owner",),
    "alerts": ("owner",),
    "runbooks": ("owner",),
    "kill_switches": ("owner",),
    "failures": ("owner",),
    "gates": ("owner",),
    "dashboards": ("owner",),
    "experiments": ("owner",),
    "budgets": ("owner",),
    "objectives": ("owner",),
}


_LONG_ENOUGH = 5
"""Letters that a word needs to be recognised in spite of a typo."""


def _typo(word: str, random: Random) -> str:
    """Leave out a letter or swap two, but never the first one, which people see."""
    at = random.randrange(1, len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    left_out = word[:at] + word[at + 1 :]
    return left_out if swapped == word else random.choice((swapped, left_out))


def _without(fields: Fields, key: str, _random: Random) -> Fields:
    return {name: value for name, value in fields.items() if name != key}


def _misspelt_field(fields: Fields, key: str, random: Random) -> Fields:
    typo = _typo(key, random)
    return {typo if name == key else name: value for name, value in fields.items()}


def _misspelt_value(fields: Fields, key: str, random: Random) -> Fields:
    # Short members (`sev2`, `P0`) would turn into each other, so that they get a letter more.
    value = str(fields[key])
    return {**fields, key: _typo(value, random) if len(value) >= _LONG_ENOUGH else f"{value}x"}


def _optional_fields(entity: Entity) -> list[str]:
    return [
        key
        for key in entity.fields
        if key not in _REQUIRED.get(entity.section, ())
        and len(key) >= _LONG_ENOUGH
        and not key.startswith("x-")
    ]


def _listed(table: Mapping[str, tuple[str, ...]]) -> Callable[[Entity], list[str]]:
    return lambda entity: [key for key in table.get(entity.section, ()) if key in entity.fields]


class Mistake(NamedTuple):
    """A kind of mistake, the fields of an entity that can have it, and what makes it."""

    name: str
    applies: Callable[[Entity], list[str]]
    make: Callable[[Fields, str, Random], Fields]


KINDS = (
    Mistake("unknown field", _optional_fields, _misspelt_field),
    Mistake("dangling reference", _listed(_REFERENCES), _misspelt_value),
    Mistake("bad enum member", _listed(_ENUMERATED), _misspelt_value),
    Mistake("missing required field", _listed(_REQUIRED), _without),
    Mistake("missing owner", _listed(_OWNERS), _without),
)


def break_third(
    files: Sequence[RegistryFile], seed: int
) -> tuple[list[RegistryFile], dict[str, int]]:
    """Return the files, a third of them with a mistake, and the number of mistakes by kind."""
    random = Random(f"{seed}/errors")
    chosen = sorted(random.sample(range(len(files)), len(files) // 3))
    broken, counts = list(files), dict.fromkeys((kind.name for kind in KINDS), 0)
    for index in chosen:
        places = {
            kind: [
                (at, key)
                for at, entity in enumerate(files[index].entities)
                for key in kind.applies(entity)
            ]
            for kind in KINDS
        }
        # Of the kinds that fit something in the file, the rarest so far: a typo fits everywhere.
        fitting = [kind for kind in KINDS if places[kind]]
        kind = min(fitting, key=lambda each: counts[each.name])
        at, key = random.choice(places[kind])
        broken[index] = _broken_at(files[index], at, kind, key, random)
        counts[kind.name] += 1
    return broken, counts


def _broken_at(
    file: RegistryFile, at: int, kind: Mistake, key: str, random: Random
) -> RegistryFile:
    entity = file.entities[at]
    changed = replace(entity, fields=kind.make(entity.fields, key, random))
    return replace(file, entities=(*file.entities[:at], changed, *file.entities[at + 1 :]))
