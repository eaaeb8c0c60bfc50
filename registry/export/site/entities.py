"""Every entity and every reference as numbers and texts, for the page to search and to draw."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from registry.clock.civil import instant
from registry.export.edition import Edition
from registry.export.site.plain import PlainText
from registry.model.entity import Part
from registry.model.fields import fields
from registry.model.people import Contact
from registry.model.scalars import Email
from registry.model.sections import SECTIONS
from registry.paging.charge import Charge, Charges
from registry.paging.pager import Pager
from registry.workspace.edges import Edges, Node
from registry.workspace.relation import relation

LOADED, NOT_LOADED, MISSING = range(3)
"""What is known of an entity: all of it, its id alone, or only that something names it."""

_CALLED = ("name", "title")
_PERSONAL = frozenset({Contact, Email})
"""What a field may hold that leaves the registry only when contacts are asked for."""

Row = list[str | int | list[str | int]]
"""A field: the number of its label, and its values, each a text or the number of the entity that
it names. One value stands by itself, several in a list."""


class PageEntities:
    """The entities of one edition, each by its number: its place in `nodes`."""

    def __init__(self, edition: Edition, plain: PlainText) -> None:
        self.edition = edition
        self.workspace = edition.workspace
        self.plain = plain
        self.edges = Edges(self.workspace)
        self.charges = Charges(self.workspace, Pager(self.workspace, instant(edition.at)))
        self.labels: dict[str, int] = {}

    @cached_property
    def nodes(self) -> dict[Node, int]:
        """Every entity's number, in the order of the format and of the files.

        What is named and is nowhere comes last.
        """
        known = [
            (section, id_)
            for section in SECTIONS
            for id_ in self.workspace.origins.get(section, {})
        ]
        named = (edge.named for edge in self.edges.all)
        return {node: number for number, node in enumerate(dict.fromkeys((*known, *named)))}

    def number(self, section: str, id_: str) -> int:
        """Return an entity's number; -1 for what is nowhere."""
        return self.nodes.get((section, id_), -1)

    def called(self, node: Node) -> str:
        """Return an entity's name or title, else its id: on one line."""
        entity = self.workspace.entities.get(node[0], {}).get(node[1])
        named = (getattr(entity, field, None) for field in _CALLED)
        return self.plain.name(next((name for name in named if name), node[1]))

    def rows(self) -> list[list[Any]]:
        """List each entity: section, id, name, file, line, state, owner, who answers, team, lack.

        `owner`, who answers for its row and the team are numbers of entities, -1 for none; the
        lack says why nobody owns it, where somebody should.
        """
        order = {section: number for number, section in enumerate(SECTIONS)}
        return [self._row(node, order[node[0]]) for node in self.nodes]

    def _row(self, node: Node, section: int) -> list[Any]:
        workspace = self.workspace
        called = self.called(node)
        id_ = self.plain.name(node[1])
        name = "" if called == id_ else called
        if node[1] not in workspace.origins.get(node[0], {}):
            return [section, id_, name, "", 0, MISSING, -1, -1, -1, ""]
        at = workspace.locate(*node)
        place = [self.plain.name(at.file), workspace.resolve(at).start.line]
        if node[1] not in workspace.entities.get(node[0], {}):
            return [section, id_, name, *place, NOT_LOADED, -1, -1, -1, ""]
        charge = self.charges.of(*node)
        return [section, id_, name, *place, LOADED, *self._charge(charge)]

    def _charge(self, charge: Charge) -> list[Any]:
        people = (charge.owner, charge.accountable)
        owner, answers = (self.number("people", one.person) if one else -1 for one in people)
        team = self.number("teams", charge.team) if charge.team else -1
        return [owner, answers, team, self.plain.text(charge.missing or "")]

    # -- references ------------------------------------------------------------------------------

    @cached_property
    def relations(self) -> dict[str, int]:
        """What references mean, each with its number."""
        words = dict.fromkeys(relation(edge.meaning) for edge in self.edges.all)
        return {word: number for number, word in enumerate(words)}

    def references(self) -> list[int]:
        """List each reference once as three numbers: who refers, what it means, who is named."""
        lines = dict.fromkeys(
            (
                self.nodes[edge.source],
                self.relations[relation(edge.meaning)],
                self.nodes[edge.named],
            )
            for edge in self.edges.all
        )
        return [number for line in lines for number in line]

    # -- fields ----------------------------------------------------------------------------------

    def fields(self) -> list[list[Row]]:
        """List the fields of each entity as they are written: none of what did not load.

        Their labels are gathered in `labels`, each with its number.
        """
        return [list(self._fields(node)) for node in self.nodes]

    def _fields(self, node: Node) -> Iterator[Row]:
        entity = self.workspace.entities.get(node[0], {}).get(node[1])
        if entity is None:
            return
        targets = {
            (edge.path[0], edge.target): self.nodes[edge.named]
            for edge in self.edges.by_source.get(node, ())
        }
        for place, texts in self._written(entity, ()):
            shown: list[str | int] = []
            for text in texts:
                target = targets.get((place.path[0], text))
                shown.append(self.plain.text(text) if target is None else target)
            label = self.labels.setdefault(place.label, len(self.labels))
            yield [label, shown[0] if len(shown) == 1 else shown]

    def _written(self, part: Part, path: tuple[str, ...]) -> Iterator[tuple["_Place", list[str]]]:
        for name, field in fields(type(part)).items():
            value = getattr(part, field.attribute)
            personal = any(kind.of in _PERSONAL for kind in field.kinds)
            if value is not None and (self.edition.with_contacts or not personal):
                yield from self._values(value, (*path, name))

    def _values(self, value: object, path: tuple[str, ...]) -> Iterator[tuple["_Place", list[str]]]:
        if isinstance(value, Part):
            yield from self._written(value, path)
        elif isinstance(value, dict):
            for key, one in value.items():
                yield from self._values(one, (*path, self.plain.name(str(key))))
        elif isinstance(value, tuple):
            yield from self._items(value, path)
        else:
            yield _Place(path), [_said(value)]

    def _items(
        self, values: Sequence[object], path: tuple[str, ...]
    ) -> Iterator[tuple["_Place", list[str]]]:
        """Put what is one line each into one field, and number what has fields of its own."""
        if any(isinstance(one, (Part, dict, tuple)) for one in values):
            for number, one in enumerate(values, 1):
                yield from self._values(one, (*path, str(number)))
        elif values:
            yield _Place(path), list(map(_said, values))


class _Place(NamedTuple):
    path: tuple[str, ...]

    @property
    def label(self) -> str:
        return " › ".join(self.path).replace("_", " ")


def _said(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
