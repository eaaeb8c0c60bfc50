"""The list of alerts: the ones that nobody can act on first."""

from collections.abc import Iterable
from typing import NamedTuple

from registry.export.site.entities import PageEntities
from registry.export.site.headline import state
from registry.paging.who import Answer
from registry.workspace.workspace import Workspace

BREAKS, UNTOLD, TICKET_BREAKS, FINE, TICKET = range(5)
"""How an alert stands, in the order of the list."""

_WORDS = {
    BREAKS: "the page breaks",
    UNTOLD: "no instructions",
    TICKET_BREAKS: "the ticket is lost",
    FINE: "answered",
    TICKET: "ticket",
}


class PageAlert(NamedTuple):
    """One alert in the list; a pair is what is named, and its number."""

    alert: tuple[str, int]
    severity: str
    standing: int
    said: str
    metric: tuple[str, int]
    now: tuple[tuple[str, int], ...]
    runbook: tuple[str, int] | None
    switches: tuple[tuple[str, int], ...]
    breaks: tuple[str, ...]


def alerts(entities: PageEntities, answers: Iterable[Answer]) -> tuple[PageAlert, ...]:
    """List alerts, the worst first, else in the order of the files."""
    rows = (_row(entities, one) for one in answers)
    return tuple(sorted(rows, key=lambda row: (row.standing, row.severity)))


def _row(entities: PageEntities, one: Answer) -> PageAlert:
    name, number = entities.plain.name, entities.number
    standing = _standing(entities.workspace, one)
    first = [hop for hop in one.chain if not hop.run and hop.after == one.chain[0].after]
    people = {who.id: who.name for hop in first for who in hop.people}
    book = one.runbook
    return PageAlert(
        (name(one.alert), number("alerts", one.alert)),
        name(one.severity),
        standing,
        _WORDS[standing],
        (name(one.metric), number("metrics", one.metric)),
        tuple((name(said), number("people", id_)) for id_, said in people.items()),
        (name(book.title or book.id), number("runbooks", book.id)) if book else None,
        tuple((name(two.id), number("kill_switches", two.id)) for two in one.kill_switches),
        tuple(map(entities.plain.text, one.breaks)),
    )


def _standing(workspace: Workspace, one: Answer) -> int:
    if one.response != "page":
        return TICKET_BREAKS if one.breaks else TICKET
    if one.breaks:
        return BREAKS
    return FINE if state(workspace, one).is_told else UNTOLD
