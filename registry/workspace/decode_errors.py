"""What does not decode, told at its place in words for whoever wrote it."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal, NamedTuple

from registry.diagnostic import Diagnostic, Fix, FixChange, Label
from registry.model.entity import Fault, Part
from registry.model.fields import Kind, choices, fields
from registry.model.scalars import Duration
from registry.span import KeyPath, Location
from registry.wording import listed, nearest, same_but_for_spelling


class EntityPlace(NamedTuple):
    """Where an entity comes from, and how messages call it."""

    file: str
    path: KeyPath
    noun: str
    entity: tuple[str, str] | None
    spelling: Callable[[KeyPath], str | None]


class Teller:
    """Tells what is wrong with one entity, and keeps which of its fields are."""

    def __init__(self, place: EntityPlace) -> None:
        self.place = place
        self.problems: list[Diagnostic] = []
        self.failed: set[str] = set()

    # -- values ------------------------------------------------------------------------------

    def shape(self, kind: Kind, raw: Any, path: KeyPath) -> None:
        """Tell that a value should be a mapping, a list, or one value."""
        if kind.part:
            self._no_mapping(kind.part, raw, path)
        elif kind.origin is tuple:
            shown = f"`[{raw}]`" if isinstance(raw, (str, int)) else "`[a, b]`"
            message = f"{self.called(path)} must be a list, not {_shape(raw)}"
            self.problem("OM006", message, path, f"write a list: {shown}")
        elif kind.origin is dict:
            message = f"{self.called(path)} must be a mapping, not {_shape(raw)}"
            self.problem("OM006", message, path, "write `name: value` below it")
        else:
            message = f"{self.called(path)} must be {_wanted(kind)}, not {_shape(raw)}"
            self.problem("OM006", message, path, "write one value")

    def _no_mapping(self, part: type[Part], raw: Any, path: KeyPath) -> None:
        message = f"{self.called(path)} must be a mapping, not {_shape(raw)}"
        help_ = f"indent its fields below it: {_some(fields(part))}"
        if part.reads and self.place.file.endswith(".md"):
            message = f"{self.called(path)} does not read `{part.reads}`"
            help_ = "write it so; what follows the check may be left out"
        self.problem("OM006", message, path, help_)

    def no_id(self, raw: Any, path: KeyPath) -> None:
        """Tell that YAML reads a name as a number, a boolean or null."""
        shown = self.place.spelling(path)
        what = {bool: "a boolean", type(None): "null"}.get(type(raw), "a number")
        message = f"`{shown}` is {what}; {self.called(path)} names an id"
        quote = f'quote it if that is the id: "{shown}"'
        help_ = "leave the field out, or name an id" if raw is None else quote
        self.problem("OM006", message, path, help_)

    def out_of_bounds(self, kind: Kind, raw: Any, path: KeyPath) -> None:
        """Tell the bounds of a number."""
        message = f"{self.called(path)} is {raw}; it must be between {kind.low} and {kind.high}"
        self.problem("OM006", message, path, "correct the number")

    def invalid(self, kind: Kind, raw: Any, path: KeyPath, reason: str) -> None:
        """Tell what a value should be: one of a few words, or of a form; empty: what is usual."""
        shown = self.place.spelling(path) or str(raw)
        words = choices(kind)
        if words is not None:
            allowed = [str(word) for word in words]
            if isinstance(raw, str) and raw in allowed and raw not in words:
                message = f"{self.called(path)} is the text `{raw}`; it is a number"
                self.problem("OM006", message, path, f"write {raw} without quotes")
                return
            message = f"`{shown}` is no {self.called(path)}; it is one of {_some(allowed)}"
            sure = same_but_for_spelling(shown, allowed)
            near = sure or nearest(shown, allowed)
            help_ = f"did you mean `{near}`?" if near else "pick one of these"
            meant = near if near in words else None
            self.problem("OM006", message, path, help_, meant=meant, is_sure=sure is not None)
            return
        expects = getattr(kind.of, "expects", None) or _wanted(kind)
        message = f"{self.called(path)} is `{shown}`: {reason or f'expected {expects}'}"
        otherwise = f"write {expects}" if reason else "correct it"
        help_ = _zone_help(shown) if kind.of.__name__ == "Zone" else otherwise
        respelt = kind.of.respelt(shown) if issubclass(kind.of, Duration) else None
        help_ = f"write `{respelt}`" if respelt else help_
        self.problem("OM006", message, path, help_, meant=respelt, is_sure=True)

    # -- fields ------------------------------------------------------------------------------

    def unknown(
        self, name: str, known: Collection[str], path: KeyPath, also: Mapping[str, str]
    ) -> tuple[str, ...]:
        """Tell of an unknown field; return the known ones that it probably means.

        `also` are other words for some of them; `R/A` may mean two.
        """
        words = [also.get(word.strip().casefold()) for word in name.split("/")]
        meant = tuple(word for word in words if word is not None)
        near = nearest(name, known)
        found = meant if len(meant) == len(words) else (near,) if near else ()
        noun = _with_article(self.place.noun)
        owner = noun if not path else f"`{dotted(path)}` of {noun}"
        help_ = (
            f"did you mean {listed(found)}?"
            if found
            else f"it has {_some(known)}; a field of your own begins with `x-`"
        )
        self.problem("OM004", f"{owner} has no field `{name}`", (*path, name), help_, part="key")
        if not path:
            self.failed.update(found)
        return found

    def missing(self, path: KeyPath, quoted: str | None, *, given: bool) -> None:
        """Tell that a required field is not there, or holds a placeholder (`quoted`)."""
        above, name = path[:-1], path[-1]
        where = self.called(above) if above else self.subject()
        message = f"{where} has no `{name}`, which is required"
        if quoted is not None:
            message += _counts_as_missing(quoted)
        at = path if given else above
        self.problem("OM005", message, path, f"add `{name}`", at=at)

    def fault(self, fault: Fault, at: KeyPath | None, quoted: str) -> None:
        """Tell values that do not fit together; `at` is the placeholder that is in the way."""
        counts = "" if at is None else _counts_as_missing(quoted)
        self.problem("OM006", fault.message + counts, at or fault.path, fault.help)

    # -- how it is said ----------------------------------------------------------------------

    def problem(  # noqa: PLR0913 - one finding has that many parts
        self,
        code: str,
        message: str,
        path: KeyPath,
        help: str,  # noqa: A002
        *,
        part: Literal["key", "value"] = "value",
        at: KeyPath | None = None,
        meant: str | None = None,
        is_sure: bool = False,
    ) -> None:
        """Keep a finding about the value at `path`, shown there or `at` the key of another.

        `meant` is what should stand there, if that can be told, and `is_sure` that nothing else
        can be meant.
        """
        where = path if at is None else at
        if at is not None and at != path:
            part = "key"
        location = Location(self.place.file, self.place.path + where, part)
        found = Diagnostic(code, message, Label(location), help, (), self.place.entity, path)
        if meant is not None:
            fix = Fix(f"write `{meant}`", is_sure, (FixChange(location, meant),))
            found = found._replace(fix=fix)
        self.problems.append(found)
        if path:
            self.failed.add(str(path[0]))

    def called(self, path: KeyPath) -> str:
        """Call a place by its path, or the entity by its noun and id."""
        return f"`{dotted(path)}`" if path else self.subject()

    def subject(self) -> str:
        """Call the entity by its noun and id."""
        name = self.place.entity[1] if self.place.entity else ""
        return f"{self.place.noun} `{name}`" if name else f"the {self.place.noun}"


def dotted(path: KeyPath) -> str:
    """Show a path as people write it: `steps[1].notify`."""
    parts = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return "".join(parts).removeprefix(".")


def _shape(raw: Any) -> str:
    if isinstance(raw, dict):
        return "a mapping"
    return "a list" if isinstance(raw, list) else "one value"


def _counts_as_missing(quoted: str) -> str:
    return f" (`{quoted}` counts as missing)" if quoted else " (its value is empty)"


def _wanted(kind: Kind) -> str:
    if kind.refers is not None:
        return "an id"
    usual = {bool: "true or false", int: "a whole number", float: "a number"}
    known = usual.get(kind.of) if isinstance(kind.of, type) else None
    return known or str(getattr(kind.of, "expects", "text"))


def _zone_help(shown: str) -> str:
    from registry.clock.zones import suggested_zone

    found = suggested_zone(shown)
    return f"did you mean `{found}`?" if found else "write an IANA name, as `Europe/Berlin`"


def _some(names: Collection[str]) -> str:
    shown = [f"`{name}`" for name in names]
    return ", ".join(shown[:12]) + (" …" if len(shown) > 12 else "")


def _with_article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
