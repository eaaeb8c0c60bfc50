"""Backstage's software catalogue: what there is, who owns it, which groups and users there are.

Reads descriptor files and JSON exports of entities. References are written out in full as Backstage
does, `kind:namespace/name` in lower case: an owner is a group of the entity's own namespace unless
it says otherwise. Templates of the scaffolder are left aside.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from registry.deployed.model import (
    CatalogueUser,
    Deployed,
    Group,
    NotRead,
    Owned,
    PlacedText,
    Skipped,
    Where,
)
from registry.deployed.reader import Reader
from registry.source.foreign import Value

_ENTITY = re.compile(r"(?:[^/]+\.)?backstage\.io/.+")
_REFERENCE = re.compile(r"(?:([^:/]+):)?(?:([^:/]+)/)?([^:/]+)")
_TEMPLATE = re.compile(r"\{\{|\$\{|<%")
_ASIDE = {"location": "locations that lead to other files", "template": "scaffolder templates"}
_ALERT = "prometheus.io/alert"
_RULE = "prometheus.io/rule"
_SLUG = "github.com/project-slug"
_NAMES = (
    "pagerduty.com/service-id",
    "backstage.io/kubernetes-id",
    "argocd/app-name",
)
"""Annotations whose whole value is what other systems call a thing; a key is none of them."""


class _Entity(NamedTuple):
    """An entity's kind in lower case, its namespace, its name and its place."""

    kind: str
    namespace: str
    name: str
    where: Where

    @property
    def reference(self) -> str:
        return _full(self.kind, self.namespace, self.name)


def recognizes(document: Value) -> bool:
    """Whether a document is an entity of a catalogue, or a list of them."""
    return next(_entities(document), None) is not None


def read(name: str, found: Sequence[Value]) -> Deployed:
    """Read the entities of every document of a file."""
    reader = _File(name)
    for document in found:
        for entity in _entities(document):
            reader.take(entity)
    return reader.deployed()


def _entities(document: Value) -> Iterator[Value]:
    for one in (document, *(document.items or ()), *document.each("items")):
        version = one.string("apiVersion") or ""
        if _ENTITY.fullmatch(version) and one.string("kind") is not None:
            yield one


def _full(kind: str, namespace: str, name: str) -> str:
    return f"{kind}:{namespace}/{name}".lower()


class _File:
    """Gathers what the entities of a file say."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.owned: list[Owned] = []
        self.groups: list[Group] = []
        self.users: list[CatalogueUser] = []
        self.not_read: list[NotRead] = []
        self.aside: Counter[str] = Counter()

    def deployed(self) -> Deployed:
        return Deployed(
            owned=tuple(self.owned),
            groups=tuple(self.groups),
            catalogue_users=tuple(self.users),
            not_read=tuple(self.not_read),
            skipped=tuple(Skipped(self.name, *one) for one in sorted(self.aside.items())),
        )

    def take(self, value: Value) -> None:
        """Read one entity."""
        written = value.string("kind") or ""
        kind = written.lower()
        if kind in _ASIDE:
            self.aside[_ASIDE[kind]] += 1
            return
        name = value.get("metadata", "name")
        if name is None or not name.text:
            self._say(value, f"an entity of the kind `{written}` without a name")
            return
        if _TEMPLATE.search(name.text):
            self._say(name, "a name that is a template: it was not rendered")
            return
        space = value.string("metadata", "namespace") or "default"
        entity = _Entity(kind, space, name.text, Where(self.name, name.at))
        if kind == "group":
            self.groups.append(self._group(entity, value))
        elif kind == "user":
            self.users.append(self._user(entity, value))
        else:
            self._thing(entity, value)

    def _say(self, value: Value, reason: str) -> None:
        self.not_read.append(NotRead(Where(self.name, value.at), reason))

    def _thing(self, entity: _Entity, value: Value) -> None:
        owner = value.get("spec", "owner")
        if owner is None and entity.kind not in {
            "component",
            "api",
            "system",
            "domain",
            "resource",
        }:
            self.aside["entities of kinds that nobody owns"] += 1
            return
        annotations = dict(value.pairs("metadata", "annotations"))
        names = (entity.name, _title(value), *_others(annotations))
        known = tuple(dict.fromkeys(one for one in names if one and not _TEMPLATE.search(one)))
        said = self._reference(owner, "group", entity) if owner is not None else None
        text = PlacedText(said, Where(self.name, owner.at)) if owner is not None and said else None
        alerts = tuple(dict.fromkeys(_alerts(annotations)))
        self.owned.append(Owned(entity.kind, entity.name, known, text, entity.where, alerts))

    def _group(self, entity: _Entity, value: Value) -> Group:
        members = self._references(value.each("spec", "members"), "user", entity)
        return Group(entity.reference, entity.where, _title(value), members)

    def _user(self, entity: _Entity, value: Value) -> CatalogueUser:
        groups = self._references(value.each("spec", "memberOf"), "group", entity)
        email = value.string("spec", "profile", "email")
        return CatalogueUser(entity.reference, entity.where, _title(value), email, groups)

    def _references(self, values: Sequence[Value], kind: str, of: _Entity) -> tuple[str, ...]:
        found = (self._reference(one, kind, of) for one in values)
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def _reference(self, value: Value, kind: str, of: _Entity) -> str | None:
        """Write a reference out in full; None, and it is said, where it is none."""
        text = value.text or ""
        parts = _REFERENCE.fullmatch(text)
        if _TEMPLATE.search(text):
            self._say(value, f"`{of.name}`: a reference that is a template: it was not rendered")
        elif parts is None:
            self._say(value, f"`{of.name}`: a {kind} that is no reference to an entity")
        else:
            return _full(parts[1] or kind, parts[2] or of.namespace, parts[3])
        return None


def _title(value: Value) -> str:
    """Return what people call an entity; empty where that is not said."""
    display = value.string("spec", "profile", "displayName")
    return display or value.string("metadata", "title") or ""


def _others(annotations: Mapping[str, Value]) -> Iterator[str]:
    """Yield what other systems call an entity, by its annotations."""
    texts = {key: one.text for key, one in annotations.items() if one.text}
    yield from (texts[key] for key in _NAMES if key in texts)
    if _SLUG in texts:
        yield texts[_SLUG].rpartition("/")[2]
    for one in texts.get(_RULE, "").split(","):
        yield one.partition("|")[0].strip()
    yield from _alerts(annotations)


def _alerts(annotations: Mapping[str, Value]) -> Iterator[str]:
    """Yield the alerts that an entity calls its own, by name; `all` are nobody's in particular."""
    found = annotations.get(_ALERT)
    for one in ((found.text if found is not None else None) or "").split(","):
        if one.strip() not in {"", "all"} and not _TEMPLATE.search(one):
            yield one.strip()


READER = Reader("backstage", "backstage", "Backstage's catalogue", recognizes, read)
