"""What breaks without a person or a team: owners, shifts, escalations, switches, with dates."""

from typing import NamedTuple

from registry.errors import CannotRunError
from registry.model.people import Person, Role, Team
from registry.oncall import escalation as engine
from registry.paging.loss import KINDS, Loss
from registry.paging.lost_pages import LostPages
from registry.paging.lost_references import LostReferences
from registry.wording import did_you_mean
from registry.workspace.edges import Edges
from registry.workspace.indexes import Indexes
from registry.workspace.lookup import meant_by_name
from registry.workspace.not_loaded import lost
from registry.workspace.workspace import Workspace

_ENGINE = ("people", "teams", "roles", "schedules", "escalations")
"""Sections of which any fault may hide a loss; of all others, one in what refers to these may."""


class Impact(NamedTuple):
    """Everything that is lost between two instants when `gone` are not there.

    `doubts` say what did not load, and may hide more.
    """

    without: str
    gone: tuple[str, ...]
    start: int
    end: int
    losses: tuple[Loss, ...]
    doubts: tuple[str, ...]


def absentees(workspace: Workspace, name: str) -> tuple[str, ...]:
    """Return the people behind a person's or a team's id, sorted: members, and who leads them.

    Raises CannotRunError for an id that is neither, and for a team of nobody: nothing can be lost
    with it, so that an answer would only seem to be one.
    """
    if name in workspace.all(Person):
        return (name,)
    team = workspace.all(Team).get(name)
    if team is None:
        raise _unknown(workspace, name)
    graph = Indexes(workspace)
    lead = graph.person(team.lead) if team.lead else None
    gone = {*graph.members_of[name], *((lead,) if lead else ())}
    if not gone:
        raise CannotRunError(f"the team `{name}` has no members", "name a person, or another team")
    return tuple(sorted(gone))


def impact(workspace: Workspace, without: str, start: int, end: int) -> Impact:
    """Work out what is lost from `start` to `end` (instants) without a person or a team.

    Nobody takes over anything: a shift of theirs goes empty, a role that they hold is vacant. What
    nobody could do before they left is not counted. Raises CannotRunError as `absentees` does.
    """
    gone = absentees(workspace, without)
    edges, absent = Edges(workspace), frozenset(gone)
    zone = engine.directory(workspace).zone
    losses = [
        *LostReferences(workspace, edges, absent, start, end, zone).all(),
        *LostPages(workspace, edges, absent, start, end).all(),
    ]
    ranks = {kind: rank for rank, kind in enumerate(KINDS)}
    losses.sort(key=lambda loss: ranks.get(loss.kind, len(ranks)))
    doubts = (*lost(workspace, _ENGINE), *edges.doubts(_ENGINE, besides=_ENGINE))
    return Impact(without, gone, start, end, tuple(losses), tuple(dict.fromkeys(doubts)))


def _unknown(workspace: Workspace, name: str) -> CannotRunError:
    for section, noun in (("people", "person"), ("teams", "team")):
        if workspace.has(section, name):
            return CannotRunError(f"the {noun} `{name}` did not load", "`opmodel check` says why")
    role = workspace.all(Role).get(name)
    known = [*workspace.all(Person), *workspace.all(Team)]
    help_ = meant_by_name(workspace, ("people", "teams"), name) or did_you_mean(
        name, known, "name a person or a team of the registry"
    )
    if role is not None and role.holder is not None:
        help_ = f"it is a role, which `{role.holder}` holds"
    return CannotRunError(f"there is no person or team `{name}`", help_)
