"""Data to entities: fast for what is right, thorough for what is not.

A whole section is converted in one call; only where that fails is each of its values looked at, so
that every problem is reported in one run, each at its own place.
"""

import math
import types
from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

import msgspec

from registry.diagnostic import Diagnostic, Label
from registry.model.entity import Entity, Fault, Part
from registry.model.reference import Reference
from registry.model.scalars import Scalar
from registry.source.scalar import is_placeholder
from registry.span import KeyPath, Location
from registry.wording import did_you_mean, nearest

E = TypeVar("E", bound=Entity)

EXTENSION = "x-"
"""Keys that begin so are the user's own."""


class Place(NamedTuple):
    """Where an entity comes from, and how messages call it."""

    file: str
    path: KeyPath
    noun: str
    entity: tuple[str, str] | None
    spelling: Callable[[KeyPath], str | None]


class Decoded(NamedTuple):
    """What could be made of one entity.

    `entity` is None where something required is absent or wrong. `failed` are its top-level fields
    that are wrong, `placeholders` the texts that count as missing, `dropped` the items that a list
    lost, by their indices in the file; each by path within the entity.
    """

    entity: Any
    problems: tuple[Diagnostic, ...]
    failed: frozenset[str]
    placeholders: dict[KeyPath, str]
    extensions: dict[KeyPath, Any]
    dropped: frozenset[KeyPath]


def decode_all(model: type[E], raws: Mapping[str, Any]) -> dict[str, E] | None:
    """Convert a whole section at once; None where anything at all does not fit."""
    wanted: Any = dict[str, model]  # type: ignore[valid-type]  # a type made of a value
    try:
        found: dict[str, E] = msgspec.convert(raws, wanted, dec_hook=_hook)
    except msgspec.ValidationError:
        return None
    return None if any(True for one in found.values() for _ in one.faults()) else found


def decode_one(model: type[Entity], raw: Any, place: Place) -> Decoded:
    """Look at every value of one entity; report all that is wrong with it."""
    return _Decoder(place).decode(model, raw)


@lru_cache(maxsize=1 << 16, typed=True)
def _read(kind: Hashable, value: str | float) -> Any:
    reader: Any = kind
    return reader.read(value)


def _hook(kind: type[Any], value: Any) -> Any:
    """Convert one scalar for msgspec; raises ValueError, which msgspec reports as its own."""
    if isinstance(value, (str, int, float)):
        return _read(kind, value)  # type: ignore[arg-type]  # classes are hashable
    return kind.read(value)


class _Absent:
    """A value that counts as missing or is wrong."""


_ABSENT = _Absent()


class _Decoder:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.problems: list[Diagnostic] = []
        self.failed: set[str] = set()
        self.placeholders: dict[KeyPath, str] = {}
        self.extensions: dict[KeyPath, Any] = {}
        self.dropped: set[KeyPath] = set()

    def decode(self, model: type[Entity], raw: Any) -> Decoded:
        clean = self.value(model, raw, (), None)
        entity = None
        if not isinstance(clean, _Absent):
            entity = msgspec.convert(clean, model, dec_hook=_hook)
            wrong = frozenset(self.failed)
            for fault in entity.faults():
                if wrong.isdisjoint(fault.lacks):
                    self.fault(fault)
        return Decoded(
            entity,
            tuple(self.problems),
            frozenset(self.failed),
            self.placeholders,
            self.extensions,
            frozenset(self.dropped),
        )

    def value(self, kind: Any, raw: Any, path: KeyPath, refers: Reference | None) -> Any:
        """Check `raw` against the annotation `kind`; return it in a form that msgspec takes."""
        if get_origin(kind) is Annotated:
            kind, *metas = get_args(kind)
            refers = next((meta for meta in metas if isinstance(meta, Reference)), refers)
            bounds = next((meta for meta in metas if isinstance(meta, msgspec.Meta)), None)
            return self.bounded(self.value(kind, raw, path, refers), bounds, path)
        if kind is Any:
            return raw
        if path and self.is_placeholder(raw, path):
            self.placeholders[path] = raw or ""
            return _ABSENT
        if get_origin(kind) in {Union, types.UnionType}:
            kind, refers = _member(kind, raw, refers)
        if raw is None and path and refers is None:
            self.placeholders[path] = self.place.spelling(path) or ""
            return _ABSENT
        if isinstance(kind, type) and issubclass(kind, Part):
            return self.part(kind, raw, path)
        if get_origin(kind) is tuple:
            return self.items(get_args(kind)[0], raw, path)
        if get_origin(kind) is dict:
            keys, values = get_args(kind)
            return self.mapping(keys, values, raw, path)
        return self.leaf(kind, raw, path, refers)

    def is_placeholder(self, raw: Any, path: KeyPath) -> bool:
        """Tell whether a value counts as missing, nothing at all after the colon included."""
        if isinstance(raw, str):
            return is_placeholder(raw)
        return raw is None and self.place.spelling(path) == ""

    def part(self, kind: type[Part], raw: Any, path: KeyPath) -> Any:
        if not isinstance(raw, dict):
            message = f"{self.called(path)} must be a mapping, not {_shape(raw)}"
            help_ = f"indent its fields below it: {_some(_fields(kind))}"
            if kind.reads and self.place.file.endswith(".md"):
                message = f"{self.called(path)} does not read `{kind.reads}`"
                help_ = "write it so; the comparison may be left out"
            self.problem("OM006", message, path, help_)
            return _ABSENT
        clean: dict[str, Any] = {}
        known = _fields(kind)
        meant: set[str | None] = set()
        for name, value in raw.items():
            field = known.get(name)
            if field is not None:
                got = self.value(field.type, value, (*path, name), None)
                if not isinstance(got, _Absent):
                    clean[name] = got
            elif name.startswith(EXTENSION):
                self.extensions[(*path, name)] = value
            else:
                meant.add(self.unknown(name, known, path))
        for name, field in known.items():
            if field.required and name not in clean and name not in meant:
                self.missing(name, path, given=name in raw)
        return clean if all(not f.required or n in clean for n, f in known.items()) else _ABSENT

    def items(self, kind: Any, raw: Any, path: KeyPath) -> Any:
        if not isinstance(raw, list):
            shown = f"`[{raw}]`" if isinstance(raw, (str, int)) else "`[a, b]`"
            self.problem(
                "OM006",
                f"{self.called(path)} must be a list, not {_shape(raw)}",
                path,
                f"write a list: {shown}",
            )
            return _ABSENT
        found = [self.value(kind, item, (*path, index), None) for index, item in enumerate(raw)]
        absent = (index for index, item in enumerate(found) if isinstance(item, _Absent))
        self.dropped.update((*path, index) for index in absent)
        return [item for item in found if not isinstance(item, _Absent)]

    def mapping(self, keys: Any, kind: Any, raw: Any, path: KeyPath) -> Any:
        if not isinstance(raw, dict):
            self.problem(
                "OM006",
                f"{self.called(path)} must be a mapping, not {_shape(raw)}",
                path,
                "write `name: value` below it",
            )
            return _ABSENT
        known = dict.fromkeys(get_args(keys)) if get_origin(keys) is Literal else raw
        for key in raw:
            if key not in known:
                self.unknown(key, known, path)
        given = {key: value for key, value in raw.items() if key in known}
        found = {key: self.value(kind, value, (*path, key), None) for key, value in given.items()}
        return {key: value for key, value in found.items() if not isinstance(value, _Absent)}

    def leaf(self, kind: Any, raw: Any, path: KeyPath, refers: Reference | None) -> Any:
        if isinstance(raw, (dict, list)):
            message = f"{self.called(path)} must be {_wanted(kind, refers)}, not {_shape(raw)}"
            self.problem("OM006", message, path, "write one value")
            return _ABSENT
        if refers is not None and not isinstance(raw, str):
            shown = self.place.spelling(path)
            what = {bool: "a boolean", type(None): "null"}.get(type(raw), "a number")
            message = f"`{shown}` is {what}; {self.called(path)} names an id"
            help_ = f'quote it if that is the id: "{shown}"' if raw is not None else (
                "leave the field out, or name an id"
            )  # fmt: skip
            self.problem("OM006", message, path, help_)
            return _ABSENT
        if isinstance(kind, type) and issubclass(kind, (str, Scalar)) and not isinstance(raw, str):
            raw = self.place.spelling(path) or str(raw)
        try:
            msgspec.convert(raw, kind, dec_hook=_hook)
        except msgspec.ValidationError as error:
            self.invalid(kind, raw, path, str(error))
            return _ABSENT
        if isinstance(raw, float) and not math.isfinite(raw):
            self.invalid(kind, raw, path, "not a number in range")
            return _ABSENT
        return raw

    def bounded(self, value: Any, bounds: msgspec.Meta | None, path: KeyPath) -> Any:
        if bounds is None or isinstance(value, _Absent):
            return value
        low, high = bounds.ge, bounds.le
        if (low is not None and value < low) or (high is not None and value > high):
            message = f"{self.called(path)} is {value}; it must be between {low} and {high}"
            self.problem("OM006", message, path, "correct the number")
            return _ABSENT
        return value

    def invalid(self, kind: Any, raw: Any, path: KeyPath, reason: str) -> None:
        shown = self.place.spelling(path) or str(raw)
        if get_origin(kind) is Literal:
            allowed = [str(choice) for choice in get_args(kind)]
            message = f"`{shown}` is no {self.called(path)}; it is one of {_some(allowed)}"
            self.problem("OM006", message, path, did_you_mean(shown, allowed, "pick one of these"))
            return
        reason = reason.split(" - at ", 1)[0]
        expects = kind.expects if hasattr(kind, "expects") else _wanted(kind, None)
        if reason.startswith(("Expected `", "expected")):
            reason = f"expected {expects}"
        help_ = f"write {expects}"
        if kind.__name__ == "Zone":
            help_ = _zone_help(shown)
        self.problem("OM006", f"{self.called(path)} is `{shown}`: {reason}", path, help_)

    def unknown(self, name: str, known: Mapping[str, Any], path: KeyPath) -> str | None:
        """Report an unknown field; return the known one that it probably means."""
        found = nearest(name, known)
        noun = _with_article(self.place.noun)
        owner = noun if not path else f"`{dotted(path)}` of {noun}"
        help_ = (
            f"did you mean `{found}`?"
            if found
            else f"it has {_some(known)}; a field of your own begins with `x-`"
        )
        self.problem("OM004", f"{owner} has no field `{name}`", (*path, name), help_, part="key")
        if found and not path:
            self.failed.add(found)
        return found

    def missing(self, name: str, path: KeyPath, *, given: bool) -> None:
        full = (*path, name)
        quoted = self.placeholders.pop(full, None)
        if given and quoted is None:
            return
        where = f"{self.called(path)} " if path else f"{self.subject()} "
        message = f"{where}has no `{name}`, which is required"
        if quoted is not None:
            message += _counts_as_missing(quoted)
        self.problem("OM005", message, full, f"add `{name}`", at=full if given else path)

    def fault(self, fault: Fault) -> None:
        """Report values that do not fit together, with the placeholder where one is in the way."""
        quoted = next((path for path in self.placeholders if path[0] in fault.lacks), None)
        counts = "" if quoted is None else _counts_as_missing(self.placeholders.pop(quoted))
        self.problem("OM006", fault.message + counts, quoted or fault.path, fault.help)

    def problem(  # noqa: PLR0913 - one finding has that many parts
        self,
        code: str,
        message: str,
        path: KeyPath,
        help: str,  # noqa: A002
        *,
        part: Literal["key", "value"] = "value",
        at: KeyPath | None = None,
    ) -> None:
        where = path if at is None else at
        if at is not None and at != path:
            part = "key"
        location = Location(self.place.file, self.place.path + where, part)
        self.problems.append(
            Diagnostic(code, message, Label(location), help, (), self.place.entity, path)
        )
        if path:
            self.failed.add(str(path[0]))

    def called(self, path: KeyPath) -> str:
        return f"`{dotted(path)}`" if path else f"{self.subject()}"

    def subject(self) -> str:
        name = self.place.entity[1] if self.place.entity else ""
        return f"{self.place.noun} `{name}`" if name else f"the {self.place.noun}"


def _member(kind: Any, raw: Any, refers: Reference | None) -> tuple[Any, Reference | None]:
    """Pick the member of a union that has the shape of `raw`, and what it refers to."""
    members = [member for member in get_args(kind) if member is not type(None)]
    shapes = [(_shape_of(member), member) for member in members]
    wanted = "mapping" if isinstance(raw, dict) else "list" if isinstance(raw, list) else "scalar"
    chosen = next((member for shape, member in shapes if shape == wanted), members[0])
    if get_origin(chosen) is Annotated:
        kind, *metas = get_args(chosen)
        return kind, next((meta for meta in metas if isinstance(meta, Reference)), refers)
    return chosen, refers


def _shape_of(kind: Any) -> str:
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) is tuple:
        return "list"
    if get_origin(kind) is dict or (isinstance(kind, type) and issubclass(kind, Part)):
        return "mapping"
    return "scalar"


@cache
def _fields(kind: type[Part]) -> dict[str, Any]:
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}


def _shape(raw: Any) -> str:
    if isinstance(raw, dict):
        return "a mapping"
    if isinstance(raw, list):
        return "a list"
    return "one value"


def _counts_as_missing(quoted: str) -> str:
    return f" (`{quoted}` counts as missing)" if quoted else " (its value is empty)"


def _wanted(kind: Any, refers: Reference | None) -> str:
    if refers is not None:
        return "an id"
    if kind is bool:
        return "true or false"
    if kind is int:
        return "a whole number"
    if kind is float:
        return "a number"
    return str(getattr(kind, "expects", "text"))


def _zone_help(shown: str) -> str:
    from registry.clock.zones import suggested_zone

    found = suggested_zone(shown)
    return f"did you mean `{found}`?" if found else "write an IANA name, as `Europe/Berlin`"


def _some(names: Mapping[str, Any] | list[str]) -> str:
    shown = [f"`{name}`" for name in names]
    return ", ".join(shown[:12]) + (" …" if len(shown) > 12 else "")


def _with_article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def dotted(path: KeyPath) -> str:
    """Show a path as people write it: `steps[1].notify`."""
    parts = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return "".join(parts).removeprefix(".")


def references(model: type[Entity]) -> Iterator[tuple[KeyPath, Reference]]:
    """Yield each field of a model that refers, as a path with `*` for any item, and what it names.

    A dictionary whose keys refer has the path step `*key`.
    """
    yield from _references(model, ())


def _references(kind: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Reference]]:
    if get_origin(kind) is Annotated:
        base, *metas = get_args(kind)
        for meta in metas:
            if isinstance(meta, Reference):
                yield path, meta
        yield from _references(base, path)
    elif get_origin(kind) in {Union, types.UnionType}:
        for member in get_args(kind):
            yield from _references(member, path)
    elif get_origin(kind) is tuple:
        yield from _references(get_args(kind)[0], (*path, "*"))
    elif get_origin(kind) is dict:
        yield from _references(get_args(kind)[0], (*path, "*key"))
    elif isinstance(kind, type) and issubclass(kind, Part):
        for field in msgspec.structs.fields(kind):
            yield from _references(field.type, (*path, field.encode_name))
