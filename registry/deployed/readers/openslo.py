"""Service level objectives: OpenSLO, Sloth and Pyrra, as far as they say who owns what.

An objective's alerts are read where they are deployed, from the rules that were generated of it.
The owner is a label or annotation `owner`, else `team`, also with a prefix (`pyrra.dev/team`).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from registry.deployed.model import (
    Deployed,
    NotRead,
    Owned,
    PlacedText,
    ServiceLevel,
    Skipped,
    Where,
)
from registry.deployed.reader import Reader
from registry.source.foreign import Value

_OPENSLO = re.compile(r"openslo(?:\.com)?/(.*)")
_VERSIONS = frozenset({"v1alpha", "v1beta1", "v1", "v2alpha"})
_SLOTH = ("sloth.slok.dev/", "PrometheusServiceLevel")
_PYRRA = ("pyrra.dev/", "ServiceLevelObjective")
_OWNERS = ("owner", "team")
_TEMPLATE = re.compile(r"\{\{|\$\{|<%")


def recognizes(document: Value) -> bool:
    """Whether a document holds objectives, or a list of them."""
    return next(_objects(document), None) is not None


def read(name: str, found: Sequence[Value]) -> Deployed:
    """Read the objectives of every document of a file."""
    reader = _File(name)
    for document in found:
        for one in _objects(document):
            reader.take(one)
    return Deployed(
        owned=tuple(reader.owned),
        levels=tuple(reader.levels),
        not_read=tuple(reader.not_read),
        skipped=tuple(
            Skipped(name, f"OpenSLO objects of the kind `{kind}`", number)
            for kind, number in sorted(reader.aside.items())
        ),
    )


def _objects(document: Value) -> Iterator[Value]:
    for one in (document, *(document.items or ()), *document.each("items")):
        is_openslo = _OPENSLO.fullmatch(one.string("apiVersion") or "") is not None
        if is_openslo or _is_sloth(one) or _is(one, *_SLOTH) or _is(one, *_PYRRA):
            yield one


def _is(value: Value, version: str, kind: str) -> bool:
    return (value.string("apiVersion") or "").startswith(version) and value.string("kind") == kind


def _is_sloth(value: Value) -> bool:
    """Whether it is Sloth's own file, which has no kind."""
    is_versioned = (value.string("version") or "").startswith("prometheus/")
    slos = value.get("slos")
    return is_versioned and slos is not None and slos.items is not None


class _Promise(NamedTuple):
    """A level in percent, and over how long; None where it is not told."""

    target: str | None
    window: str | None


def _openslo(value: Value) -> list[_Promise]:
    """Read the levels of an OpenSLO objective, over its one window."""
    windows = [one.string("duration") for one in value.each("spec", "timeWindow")]
    window = windows[0] if len(windows) == 1 else None
    return [
        _Promise(_share(one.string("target")) or _percent(one.string("targetPercent")), window)
        for one in value.each("spec", "objectives")
    ]


def _pyrra(value: Value) -> list[_Promise]:
    target, window = value.string("spec", "target"), value.string("spec", "window")
    return [_Promise(_percent(target), window)]


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text and re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", text) else None


def _percent(text: str | None) -> str | None:
    """Write a number of percent; None where it is none."""
    found = _number(text)
    return None if found is None else f"{found.normalize():f}"


def _share(text: str | None) -> str | None:
    """Write a share of 1 in percent; None where it is none."""
    found = _number(text)
    return None if found is None else f"{(found * 100).normalize():f}"


class _File:
    """Gathers what the objects of a file say."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.owned: list[Owned] = []
        self.levels: list[ServiceLevel] = []
        self.not_read: list[NotRead] = []
        self.aside: Counter[str] = Counter()

    def take(self, value: Value) -> None:
        """Read one object."""
        version = _OPENSLO.fullmatch(value.string("apiVersion") or "")
        if version is None:
            spec = value.get("spec") if _is(value, *_SLOTH) else value
            if _is(value, *_PYRRA):
                self._named(value, "slo", _pyrra)
            elif spec is not None:
                self._sloth(spec)
            else:
                self._say(value, "a `PrometheusServiceLevel` without `spec`")
            return
        kind = value.string("kind") or ""
        if version[1] not in _VERSIONS:
            self._say(value, "a version of OpenSLO that is not known")
        elif kind in {"SLO", "Service"}:
            self._named(value, kind.lower(), _openslo if kind == "SLO" else None)
        else:
            self.aside[kind] += 1

    def _say(self, value: Value, reason: str) -> None:
        self.not_read.append(NotRead(Where(self.name, value.at), reason))

    def _named(
        self, value: Value, kind: str, promised: Callable[[Value], list[_Promise]] | None
    ) -> None:
        """Read an object that has its name, labels and annotations in `metadata`."""
        texts = (value.get("metadata", "labels"), value.get("metadata", "annotations"))
        title = value.string("metadata", "displayName") or ""
        found = self._add(kind, value.get("metadata", "name"), (title,), texts, value)
        if found is not None and promised is not None:
            about = title or (value.string("spec", "description") or "").strip()
            self._promise(found, value.string("spec", "service") or "", about, promised(value))

    def _promise(self, owned: Owned, service: str, title: str, promises: list[_Promise]) -> None:
        """Note what is promised, each level of an objective by itself."""
        for number, one in enumerate(promises, 1):
            name = owned.name if len(promises) == 1 else f"{owned.name}-{number}"
            level = ServiceLevel(
                name, owned.where, service, title, one.target, one.window, owned.owner
            )
            self.levels.append(level)

    def _sloth(self, spec: Value) -> None:
        """Read Sloth's objectives: each has its own labels beside those of the service."""
        service = spec.get("service")
        self._add("service", service, (), (spec.get("labels"),), spec)
        for one in spec.each("slos"):
            name = one.string("name")
            id_ = f"{service.text}-{name}" if service is not None and name else ""
            texts = (one.get("labels"), spec.get("labels"))
            found = self._add("slo", one.get("name"), (id_,), texts, one)
            if found is not None:
                title = (one.string("description") or "").strip()
                promise = _Promise(_percent(one.string("objective")), None)
                self._promise(found, (service.text if service else None) or "", title, [promise])

    def _add(
        self,
        kind: str,
        name: Value | None,
        others: tuple[str, ...],
        texts: Sequence[Value | None],
        whole: Value,
    ) -> Owned | None:
        if name is None or not name.text or _TEMPLATE.search(name.text):
            what = "an SLO" if kind == "slo" else "a service"
            self._say(whole, f"{what} without a name, or one that is a template")
            return None
        names = tuple(dict.fromkeys((name.text, *filter(None, others))))
        owner = self._owner(texts, name.text)
        found = Owned(kind, name.text, names, owner, Where(self.name, name.at))
        self.owned.append(found)
        return found

    def _owner(self, texts: Sequence[Value | None], name: str) -> PlacedText | None:
        """Return the first label or annotation that names an owner; one of several is none."""
        for wanted in _OWNERS:
            for value in (value for value in texts if value is not None):
                for key, one in value.pairs():
                    if key.rpartition("/")[2].lower() == wanted and not one.is_null:
                        return self._text(one, name)
        return None

    def _text(self, value: Value, name: str) -> PlacedText | None:
        given = value.items if value.items is not None else (value,)
        text = given[0].text if len(given) == 1 else None
        if not text or _TEMPLATE.search(text):
            self._say(value, f"`{name}`: its owner is no single name")
            return None
        return PlacedText(text, Where(self.name, given[0].at))


READER = Reader("openslo", "openslo", "objectives of OpenSLO, Sloth and Pyrra", recognizes, read)
