"""What the fields of a model hold, told from their annotations."""

import types
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from registry.model.entity import Part
from registry.model.reference import Reference
from registry.span import KeyPath


class Kind(NamedTuple):
    """One thing that a place may hold: a class, or a `tuple`, `dict` or `Literal` of some kind.

    `refers` is what a name there refers to; `low` and `high` bound a number.
    """

    of: Any
    refers: Reference | None = None
    low: float | None = None
    high: float | None = None

    @property
    def origin(self) -> Any:
        """`tuple`, `dict` or `Literal`; None for a class."""
        return get_origin(self.of)

    @property
    def part(self) -> type[Part] | None:
        """The model, where it is a mapping of known fields."""
        is_part = isinstance(self.of, type) and issubclass(self.of, Part)
        return self.of if is_part else None

    @property
    def shape(self) -> str:
        """`list`, `mapping` or `scalar`."""
        if self.origin is tuple:
            return "list"
        return "mapping" if self.origin is dict or self.part else "scalar"


class ModelField(NamedTuple):
    """A field as it is written: its name in a file and in Python, and what may stand there."""

    name: str
    attribute: str
    kinds: tuple[Kind, ...]
    info: FieldInfo

    @property
    def required(self) -> bool:
        """Whether an entity is meaningless without it."""
        return self.info.is_required()


@cache
def fields(model: type[Part]) -> Mapping[str, ModelField]:
    """List a model's fields by their names in files, in the model's order."""
    found = {}
    for attribute, info in model.model_fields.items():
        name = info.alias or attribute
        annotation: Any = info.annotation
        own = _kinds(annotation, tuple(info.metadata))
        found[name] = ModelField(name, attribute, own, info)
    return found


def kinds(annotation: Any) -> tuple[Kind, ...]:
    """List what an annotation may hold, nothing at all (None) left out."""
    return _kinds(annotation, ())


@cache
def _kinds(annotation: Any, metas: tuple[Any, ...]) -> tuple[Kind, ...]:
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return _kinds(inner, (*metas, *more))
    if get_origin(annotation) in {Union, types.UnionType}:
        members = (one for one in get_args(annotation) if one is not types.NoneType)
        return tuple(kind for member in members for kind in _kinds(member, metas))
    low, high = (next(_bounds(metas, name), None) for name in ("ge", "le"))
    return (Kind(annotation, next(_references(metas), None), low, high),)


def _references(metas: tuple[Any, ...]) -> Iterator[Reference]:
    return (meta for meta in metas if isinstance(meta, Reference))


def _bounds(metas: tuple[Any, ...], name: str) -> Iterator[float]:
    for meta in metas:
        if isinstance(meta, FieldInfo):
            yield from _bounds(tuple(meta.metadata), name)
        elif hasattr(meta, name) and not isinstance(meta, Reference):
            yield getattr(meta, name)


def items(kind: Kind) -> tuple[Kind, ...]:
    """List what an item of a list, or a value of a mapping, may hold."""
    return kinds(get_args(kind.of)[-1 if kind.origin is dict else 0])


def keys(kind: Kind) -> tuple[Kind, ...]:
    """List what a key of a mapping may be."""
    return kinds(get_args(kind.of)[0])


def choices(kind: Kind) -> tuple[Any, ...] | None:
    """List the words that may stand there; None where it is not one of a few."""
    return get_args(kind.of) if kind.origin is Literal else None


def fitting(found: tuple[Kind, ...], raw: Any) -> Kind:
    """Pick the kind that has the shape of a value; the first where none has."""
    shape = "mapping" if isinstance(raw, dict) else "list" if isinstance(raw, list) else "scalar"
    return next((kind for kind in found if kind.shape == shape), found[0])


def parts(kind: Kind) -> Iterator[type[Part]]:
    """Yield the models of a kind, or of the items of a list or a mapping."""
    if kind.part:
        yield kind.part
    elif kind.origin in {tuple, dict}:
        yield from (part for one in items(kind) for part in parts(one))


def named(kind: Kind) -> Iterator[Reference]:
    """Yield what a kind refers to: itself, the items of a list, the keys of a mapping."""
    if kind.refers is not None:
        yield kind.refers
    elif kind.origin in {tuple, dict}:
        inner = keys(kind) if kind.origin is dict else items(kind)
        yield from (found for one in inner for found in named(one))


@cache
def references(model: type[Part]) -> tuple[tuple[KeyPath, Reference], ...]:
    """List each field of a model that refers, as a path with `*` for any item, and what it names.

    A dictionary whose keys refer has the path step `*key`.
    """
    own = ((kind, name) for name, field in fields(model).items() for kind in field.kinds)
    return tuple(found for kind, name in own for found in _referring(kind, (name,)))


def _referring(kind: Kind, path: KeyPath) -> Iterator[tuple[KeyPath, Reference]]:
    if kind.refers is not None:
        yield path, kind.refers
    if kind.part:
        for inner, reference in references(kind.part):
            yield (*path, *inner), reference
    elif kind.origin is tuple:
        for one in items(kind):
            yield from _referring(one, (*path, "*"))
    elif kind.origin is dict:
        for one in keys(kind):
            yield from _referring(one, (*path, "*key"))
