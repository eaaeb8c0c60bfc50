"""A playbook's lines: what falls to whom, in the words that people use for it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from registry.model.cadence import Dashboard, Review
from registry.model.failures import Action
from registry.model.oncall import Step
from registry.model.reference import Meaning
from registry.paging.duties import KINDS, DutyKind, is_duty
from registry.workspace.edges import Edge, Edges
from registry.workspace.workspace import Workspace


class Line(NamedTuple):
    """One duty: of which kind, in which entity, and in which part (`what`); `text` describes it.

    `to` is the id that the registry names: of a person, a role, a team or a schedule.
    """

    kind: DutyKind
    to: str
    section: str
    id: str
    what: str
    text: str = ""


_WORDS: Mapping[Meaning, str] = {
    "answers for": "accountable", "team of": "team", "owns": "owns it", "leads": "leads it",
    "commands": "commands it", "is escalated to": "escalated to", "operates": "flips it",
    "on call": "takes turns", "stands in": "takes turns", "reads": "reads it",
}  # fmt: skip
"""What a playbook calls a duty, where it is not the meaning's own word."""

_UNTOLD: frozenset[Meaning] = frozenset({"holds"})
"""What a role's page says at its head."""

_BARE: frozenset[Meaning] = frozenset({"approves", "on call", "stands in"})
"""Duties that need no description."""

_DESCRIBING = ("title", "definition", "action", "customer_impact", "decision")
"""The fields that describe an entity, the best first."""


def duties(workspace: Workspace) -> Mapping[str, tuple[Line, ...]]:
    """Return the duties of each id that the registry names, in the files' order."""
    found: dict[str, list[Line]] = {}
    for line in _lines(workspace):
        found.setdefault(line.to, []).append(line)
    return {id_: tuple(dict.fromkeys(own)) for id_, own in found.items()}


def _lines(workspace: Workspace) -> Iterator[Line]:
    edges = Edges(workspace)
    alerts = _alerts(edges)
    for (section, id_), ids in alerts.items():
        if section == "schedules":
            yield Line(DutyKind.PAGED, id_, section, id_, "at once", ids)
    for edge in edges.all:
        if is_duty(edge) and edge.meaning not in _UNTOLD:
            what, text = _said(workspace, edge, alerts)
            yield Line(KINDS[edge.meaning], edge.target, *edge.source, what, text)


def _alerts(edges: Edges) -> Mapping[tuple[str, str], str]:
    """List the alerts that page each escalation, or each schedule itself."""
    found: dict[tuple[str, str], list[str]] = {}
    for edge in edges.all:
        if edge.meaning == "pages":
            found.setdefault(edge.named, []).append(f"`{edge.id}`")
    return {node: ", ".join(ids) for node, ids in found.items()}


def _said(
    workspace: Workspace, edge: Edge, alerts: Mapping[tuple[str, str], str]
) -> tuple[str, str]:
    """Name a duty, and describe it: by the part that names somebody, else by the entity."""
    entity, part = workspace.entities[edge.section][edge.id], edge.within
    what = _WORDS.get(edge.meaning, edge.meaning)
    if isinstance(part, Action):
        return "open action", f"due on {part.due}: {part.title}" if part.due else part.title
    if isinstance(part, Step):
        when = f"after {part.after}" if part.after.milliseconds else "at once"
        return when, alerts.get(edge.source, "")
    if isinstance(part, Dashboard) and part.read_every and edge.meaning == "reads":
        what = f"{what} every {part.read_every}"
    if isinstance(part, Review):
        return what, _often(part)
    if edge.meaning in _BARE:
        return what, ""
    told = (getattr(part, "when", None), *(getattr(entity, name, None) for name in _DESCRIBING))
    return what, next((text for text in told if isinstance(text, str)), "")


def _often(review: Review) -> str:
    every = f"every {review.every}" if review.every else ""
    days = f"on {', '.join(review.days)}" if review.days else ""
    long = f"{review.minutes} minutes" if review.minutes else ""
    return ", ".join(filter(None, (every, days, long)))
