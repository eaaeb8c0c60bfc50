"""Data to entities: validated, told what is wrong, taken out, and what is left validated again.

A whole section is validated in one call. Where an entity of it does not fit, every error of it is
told at its place, what is wrong is taken out, and the rest is validated again, until it loads or
something that it cannot be without is missing.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from registry.model.entity import Entity
from registry.model.validator import section_validator
from registry.span import KeyPath
from registry.workspace.decode_errors import EntityPlace
from registry.workspace.reading import EXTENSION, Decoded, Reading

E = TypeVar("E", bound=Entity)


def decode(
    model: type[E],
    raws: Mapping[str, Any],
    place: Callable[[str], EntityPlace],
    doubtful: Collection[str] = (),
) -> tuple[dict[str, E], dict[str, Decoded]]:
    """Decode a section: what loaded, in the order of `raws`, and those of which there is more.

    Of the others there is nothing to say. The `doubtful` may hold placeholders, so they are looked
    at one by one.
    """
    sure = {id_: raw for id_, raw in raws.items() if id_ not in doubtful} if doubtful else raws
    sound = validated(model, sure)
    if len(sound) == len(raws):
        return sound, {}
    more = _with_own_keys(model, {id_: sure[id_] for id_ in sure if id_ not in sound})
    for id_, raw in raws.items():
        if id_ not in sound and id_ not in more:
            more[id_] = decode_one(model, raw, place(id_))
    ours = {id_: sound[id_] if id_ in sound else more[id_].entity for id_ in raws}
    return {id_: entity for id_, entity in ours.items() if entity is not None}, more


def _with_own_keys(model: type[Entity], raws: Mapping[str, Any]) -> dict[str, Decoded]:
    """Decode the entities of which nothing is to be said but that they have `x-` keys."""
    apart = {id_: _own_keys(raw) for id_, raw in raws.items() if isinstance(raw, dict)}
    rests = {
        id_: {key: raws[id_][key] for key in raws[id_] if (key,) not in own}
        for id_, own in apart.items()
        if own
    }
    return {
        id_: Decoded(entity, (), frozenset(), {}, apart[id_], frozenset(), is_plain=True)
        for id_, entity in validated(model, rests).items()
    }


def _own_keys(raw: dict[str, Any]) -> dict[KeyPath, Any]:
    return {(key,): value for key, value in raw.items() if key.startswith(EXTENSION)}


def are_plain(model: type[Entity], raws: Mapping[str, Any]) -> bool:
    """Whether each entity is what its data alone make of it, and nothing is to be said of any."""
    sound = validated(model, raws)
    rest = {id_: raw for id_, raw in raws.items() if id_ not in sound}
    return len(_with_own_keys(model, rest)) == len(rest)


def decode_one(model: type[Entity], raw: Any, place: EntityPlace) -> Decoded:
    """Decode one entity by itself; report all that is wrong with it."""
    return Reading(model, raw, place).result()


def validated(model: type[E], raws: Mapping[str, Any]) -> dict[str, E]:
    """Validate entities at once; those that do not fit in every respect are left out."""
    if not raws:
        return {}
    section = section_validator(model)
    found: dict[str, E]
    try:
        found = section.validate_python(raws)
    except ValidationError as error:
        told = error.errors(include_url=False, include_context=False, include_input=False)
        wrong = {one["loc"][0] for one in told}
        found = section.validate_python({id_: raws[id_] for id_ in raws if id_ not in wrong})
    unfit = [id_ for id_, one in found.items() if any(True for _ in one.faults())]
    return {id_: one for id_, one in found.items() if id_ not in unfit} if unfit else found
