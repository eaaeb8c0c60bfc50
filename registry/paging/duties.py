"""What falls to whom: each reference by which a registry asks something of somebody.

Which references those are is told by what they mean, never by section or field.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import NamedTuple

from registry.model.people import Role
from registry.model.reference import Meaning
from registry.workspace.edges import Edge, Edges
from registry.workspace.workspace import Workspace


class DutyKind(Enum):
    """What is asked of somebody, in the order in which a playbook tells it."""

    OWN = "own"
    ASKED = "are asked"
    TOLD = "are told"
    REVIEW = "review"
    PAGED = "are paged for"
    SWITCH = "may switch off or roll back"


KINDS: Mapping[Meaning, DutyKind] = {
    "answers for": DutyKind.OWN, "owns": DutyKind.OWN, "leads": DutyKind.OWN, "holds": DutyKind.OWN,
    "team of": DutyKind.OWN, "responsible": DutyKind.OWN, "commands": DutyKind.OWN,
    "approves": DutyKind.ASKED, "consulted": DutyKind.ASKED, "is escalated to": DutyKind.ASKED,
    "judges": DutyKind.ASKED,
    "informed": DutyKind.TOLD, "is told": DutyKind.TOLD,
    "chairs": DutyKind.REVIEW, "attends": DutyKind.REVIEW, "reads": DutyKind.REVIEW,
    "is paged": DutyKind.PAGED, "on call": DutyKind.PAGED, "stands in": DutyKind.PAGED,
    "deputy for": DutyKind.PAGED,
    "operates": DutyKind.SWITCH, "rolls back": DutyKind.SWITCH,
}  # fmt: skip
"""The meanings by which something is asked of the one that is named."""

NO_DUTY: frozenset[Meaning] = frozenset({"member of", "may read", "part of", "replaces"})
"""What a person may be named for, and that asks nothing of them."""

_PAST = ("done", "resolved")
"""Fields that say of what they stand in that it is over."""


class Duty(NamedTuple):
    """One duty: `to` whom, in which field of which entity, what it means, and where it stands.

    `field` is a JSON Pointer within the entity without its first slash. `through` is the role that
    somebody holds, or the team that they lead, to whom it falls; None where they are named.
    """

    to: str
    section: str
    id: str
    field: str
    meaning: Meaning
    through: str | None
    path: str
    line: int


class Responsibility(NamedTuple):
    """What a role is for, in its own words: it falls `to` whoever holds it, `through` the role.

    `through` is None for the role itself.
    """

    to: str
    role: str
    field: str
    text: str
    through: str | None
    path: str
    line: int


def is_duty(edge: Edge) -> bool:
    """Whether a reference asks something of the one that it names, and still does."""
    return edge.meaning in KINDS and not is_past(edge)


def is_past(edge: Edge) -> bool:
    """Whether what names somebody is over: an action that is done, a resolved incident."""
    return any(getattr(edge.within, field, None) is not None for field in _PAST)


_SAID_APART: frozenset[Meaning] = frozenset(
    {"owns", "answers for", "leads", "holds", "commands", "team of", "responsible"}
)
"""By these somebody owns a thing: `who` says that apart."""


def named_by(workspace: Workspace, section: str, id_: str) -> tuple[Duty, ...]:
    """Return whom an entity names besides those who own it, as what it asks of each of them."""
    edges = Edges(workspace)
    return tuple(
        Duty(edge.target, section, id_, edge.field, edge.meaning, None, *edges.place(edge))
        for edge in edges.of(section, id_)
        if edge.meaning not in _SAID_APART and is_duty(edge)
    )


class Duties:
    """The duties of one workspace, for several questions."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.edges = Edges(workspace)

    def of(self, id_: str) -> tuple[Duty, ...]:
        """Return what falls to whatever can be addressed: by its own id, then through others.

        A person's include those of each role that they hold and each team that they lead, a role's
        those of the teams that it leads. In the order of the format; empty for an unknown id.
        """
        return tuple(
            Duty(
                id_, edge.section, edge.id, edge.field, edge.meaning, through,
                *self.edges.place(edge),
            )
            for name, through in self._names(id_)
            for edge in self._to(name)
            if is_duty(edge)
        )  # fmt: skip

    def responsibilities(self, id_: str) -> tuple[Responsibility, ...]:
        """Return what the role `id_` is for, or the roles that the person or team `id_` has."""
        roles, workspace = self.workspace.all(Role), self.workspace
        found: list[Responsibility] = []
        for name, through in self._names(id_):
            own = roles[name].responsibilities if name in roles else ()
            for place, text in workspace.places("roles", name, ("responsibilities",), own):
                at = workspace.locate("roles", name, place)
                line, field = workspace.resolve(at).start.line, "/".join(map(str, place))
                found.append(Responsibility(id_, name, field, text, through, at.file, line))
        return tuple(found)

    def _names(self, id_: str) -> Iterator[tuple[str, str | None]]:
        """Yield each id under which the registry means one, and through what."""
        yield id_, None
        roles = [edge.id for edge in self._to(id_) if edge.meaning == "holds"]
        leads = [edge for name in (id_, *roles) for edge in self._to(name)]
        teams = [edge.id for edge in leads if edge.meaning == "leads"]
        yield from ((one, one) for one in dict.fromkeys((*roles, *teams)))

    def _to(self, id_: str) -> tuple[Edge, ...]:
        section = self.workspace.kind_of(id_)
        return self.edges.by_target.get((section, id_), ()) if section else ()
