"""One entity, validated again and again without what was found to be wrong."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError

from registry.diagnostic import Diagnostic
from registry.model.entity import Entity
from registry.model.fields import Kind, fields, fitting, items, keys
from registry.model.validator import validated
from registry.source.scalar import is_placeholder
from registry.span import KeyPath
from registry.workspace.decode_errors import EntityPlace, Teller

EXTENSION = "x-"
"""Keys that begin so are the user's own."""


class Decoded(NamedTuple):
    """What could be made of one entity.

    `entity` is None where something required is absent or wrong. `failed` are its top-level fields
    that are wrong, `placeholders` the texts that count as missing, `dropped` the items that a list
    lost, by their indices in the file; each by path within the entity. It `is_plain` where its data
    alone make it what it is, and nothing is to be said of it.
    """

    entity: Any
    problems: tuple[Diagnostic, ...]
    failed: frozenset[str]
    placeholders: dict[KeyPath, str]
    extensions: dict[KeyPath, Any]
    dropped: frozenset[KeyPath]
    is_plain: bool = False


class _WrongValue(NamedTuple):
    """One error of pydantic's: its type, its place in the file, and what may stand there.

    Of a field that is missing or unknown, `kind` is the mapping's.
    """

    type: str
    path: KeyPath
    kind: Kind
    raw: Any
    reason: str
    is_key: bool


class Reading:
    """One entity, read again and again without what was found to be wrong."""

    def __init__(self, model: type[Entity], raw: Any, place: EntityPlace) -> None:
        self.entity = model
        self.model = Kind(model)
        self.raw = raw
        self.place = place
        self.tell = Teller(place)
        self.out: set[KeyPath] = set()
        self.spelt: dict[KeyPath, str] = {}
        self.kept: dict[KeyPath, list[int]] = {}
        self.meant: set[KeyPath] = set()
        self.placeholders: dict[KeyPath, str] = {}
        self.extensions: dict[KeyPath, Any] = {}

    def result(self) -> Decoded:
        """Read it, and say what came of it."""
        for path, kind, raw in _empty(self.model, self.raw, (), self.place):
            self.set_aside(path, kind, raw)
        entity = self.read()
        if entity is not None:
            self.faults(entity)
        order = list(self.raw) if isinstance(self.raw, dict) else []
        return Decoded(
            entity,
            _in_order(self.tell.problems, order),
            frozenset(self.tell.failed),
            self.placeholders,
            self.extensions,
            frozenset(path for path in self.out if path and isinstance(path[-1], int)),
        )

    def set_aside(self, path: KeyPath, kind: Kind, raw: Any) -> None:
        """Take a value out that counts as missing; a reference to `null` is a slip."""
        self.out.add(path)
        text = raw if raw is not None else self.place.spelling(path) or ""
        if raw is None and text and kind.refers is not None:
            self.tell.no_id(raw, path)
        else:
            self.placeholders[path] = text

    def read(self) -> Entity | None:
        """Validate what is left until it is sound; None where the entity cannot be."""
        while () not in self.out:
            self.kept.clear()
            try:
                return validated(self.entity, self.rest(self.raw, ()))
            except ValidationError as error:
                self.mend(error)
        return None

    def rest(self, raw: Any, path: KeyPath) -> Any:
        """Return the data without what was taken out; note which items of a list are left."""
        if isinstance(raw, dict):
            places = {key: (*path, key) for key in raw}
            return {
                key: self.rest(raw[key], at) for key, at in places.items() if at not in self.out
            }
        if isinstance(raw, list):
            left = [index for index in range(len(raw)) if (*path, index) not in self.out]
            self.kept[path] = left
            return [self.rest(raw[index], (*path, index)) for index in left]
        return self.spelt.get(path, raw)

    # -- errors ------------------------------------------------------------------------------

    def mend(self, error: ValidationError) -> None:
        """Tell each error and take out what is wrong; what is missing is told at the last."""
        errors = error.errors(include_url=False, include_input=False)
        graver = self.all_placed(one for one in errors if one["type"] != "missing")
        for one in graver:
            if not any(one.path[:end] in self.out for end in range(len(one.path) + 1)):
                self.take_out(one)
        if not graver:
            found = self.all_placed(errors)
            for one in found:
                self.missing(one.path)
            self.out.update(one.path[:-1] for one in found)

    def all_placed(self, errors: Iterable[Any]) -> list[_WrongValue]:
        """Find the places of errors, those of whole parts first."""
        placed = filter(None, map(self.placed, errors))
        return sorted(placed, key=lambda one: (len(one.path), not one.is_key))

    def placed(self, error: Any) -> _WrongValue | None:
        """Find an error's place in the file; None where it is of a shape that was not written."""
        type_, reason = error["type"], str(error.get("ctx", {}).get("error", ""))
        kind, raw, is_key = self.model, self.raw, False
        path: KeyPath = ()
        above = kind
        found: tuple[Kind, ...] = (kind,)
        for step in error["loc"][1:]:
            if len(found) > 1:
                kind = fitting(found, raw)
                found = (kind,)
                if step != kind.shape:
                    return None
                continue
            if step == "[key]" and type_ == "literal_error":
                is_key = True
                continue
            above = found[0]
            step = self.kept[path][step] if isinstance(step, int) else step  # noqa: PLW2901
            found = _inside(above, step)
            raw, path = _at(raw, step), (*path, step)
        is_field = type_ in {"missing", "extra_forbidden"} or is_key
        return _WrongValue(type_, path, above if is_field else found[0], raw, reason, is_key)

    def take_out(self, wrong: _WrongValue) -> None:
        """Tell one error, unless it is a text's spelling or the user's own key; take it out."""
        type_, path, kind, raw = wrong[:4]
        is_scalar = not isinstance(raw, (dict, list))
        if type_ == "string_type" and is_scalar and kind.refers is None:
            self.spelt[path] = self.place.spelling(path) or str(raw)
            return
        self.out.add(path)
        if type_ == "extra_forbidden" or wrong.is_key:
            self.unknown(wrong)
        elif kind.shape != "scalar" or not is_scalar:
            self.tell.shape(kind, raw, path)
        elif type_ == "string_type":
            self.tell.no_id(raw, path)
        elif type_ in {"greater_than_equal", "less_than_equal"}:
            self.tell.out_of_bounds(kind, raw, path)
        else:
            self.tell.invalid(kind, raw, path, _reason(wrong))

    def unknown(self, wrong: _WrongValue) -> None:
        """Keep a key of the user's own; report any other that is not known."""
        *above, name = wrong.path
        part = wrong.kind.part
        if part is not None and str(name).startswith(EXTENSION):
            self.extensions[wrong.path] = wrong.raw
            return
        known = fields(part) if part else dict.fromkeys(_words(wrong.kind))
        also = part.also if part else {}
        for found in self.tell.unknown(str(name), known, tuple(above), also):
            self.meant.add((*above, found))

    def missing(self, path: KeyPath) -> None:
        """Report a required field, unless what was written for it was reported."""
        quoted = self.placeholders.pop(path, None)
        given = path in self.out
        if path not in self.meant and (quoted is not None or not given):
            self.tell.missing(path, quoted, given=given)

    def faults(self, entity: Entity) -> None:
        """Report values that do not fit together, with the placeholder where one is in the way."""
        wrong = frozenset(self.tell.failed)
        for fault in entity.faults():
            if wrong.isdisjoint(fault.lacks):
                at = next((path for path in self.placeholders if path[0] in fault.lacks), None)
                self.tell.fault(fault, at, self.placeholders.pop(at, "") if at else "")


def _empty(
    kind: Kind, raw: Any, path: KeyPath, place: EntityPlace
) -> Iterator[tuple[KeyPath, Kind, Any]]:
    """Yield each value that counts as missing: a placeholder, or nothing at all."""
    if kind.part and isinstance(raw, dict):
        known = fields(kind.part)
        inner = [(key, known[key].kinds) for key in raw if key in known]
    elif kind.origin is dict and isinstance(raw, dict):
        inner = [(key, items(kind)) for key in raw]
    elif kind.origin is tuple and isinstance(raw, list):
        inner = [(index, items(kind)) for index in range(len(raw))]
    else:
        return
    for step, found in inner:
        value, at, fits = raw[step], (*path, step), fitting(found, raw[step])
        if fits.of is Any:
            continue
        if value is None or (isinstance(value, str) and is_placeholder(value)):
            yield at, fits, value
        else:
            yield from _empty(fits, value, at, place)


def _in_order(problems: list[Diagnostic], keys: list[str]) -> tuple[Diagnostic, ...]:
    """Sort findings as the file has their fields; what it has not comes last."""
    ranks = {key: rank for rank, key in enumerate(keys)}
    return tuple(
        sorted(problems, key=lambda one: ranks.get(str((one.field or ("",))[0]), len(ranks)))
    )


def _inside(kind: Kind, step: Any) -> tuple[Kind, ...]:
    """List what may stand one step further in; of an unknown field, anything."""
    if kind.part:
        field = fields(kind.part).get(step)
        return field.kinds if field else (Kind(Any),)
    return items(kind)


def _at(raw: Any, step: Any) -> Any:
    return raw.get(step) if isinstance(raw, dict) else raw[step]


def _words(kind: Kind) -> tuple[str, ...]:
    return tuple(str(word) for one in keys(kind) for word in getattr(one.of, "__args__", ()))


def _reason(wrong: _WrongValue) -> str:
    """Say why, where the scalar itself says more than what it expects."""
    if wrong.type == "finite_number":
        return "not a number in range"
    return "" if wrong.reason.startswith("expected") else wrong.reason
