"""The list of alerts: the ones that nobody can act on first."""

from collections.abc import Iterable
from typing import NamedTuple

from registry.clock.civil import instant
from registry.clock.words import date_and_time
from registry.export.site.entities import PageEntities
from registry.export.site.headline import state
from registry.paging.pager import Hop, Paged
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
    """One alert in the list; a pair is what is named, and its number.

    `now` are those whom its first page reaches: each name, number, and for whom they stand in. It
    is `held` until a time, in words; empty where it goes out at once.
    """

    alert: tuple[str, int]
    severity: str
    standing: int
    said: str
    metric: tuple[str, int]
    now: tuple[tuple[str, int, str], ...]
    held: str
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
    first = _first(one, instant(entities.edition.at))
    people = {who.id: who for hop in first for who in hop.people}
    held = next((hop.held for hop in first if hop.held is not None), None)
    zone, book = entities.edition.zone, one.runbook
    return PageAlert(
        (name(one.alert), number("alerts", one.alert)),
        name(one.severity),
        standing,
        _WORDS[standing],
        (name(one.metric), number("metrics", one.metric)),
        tuple(
            (name(who.name), number("people", id_), name(_absent(who)))
            for id_, who in people.items()
        ),
        date_and_time(instant(held), zone) if held is not None else "",
        (name(book.title or book.id), number("runbooks", book.id)) if book else None,
        tuple((name(two.id), number("kill_switches", two.id)) for two in one.kill_switches),
        tuple(map(entities.plain.text, one.breaks)),
    )


def _absent(who: Paged) -> str:
    return who.deputy_for[1] if who.deputy_for is not None else ""


def _first(one: Answer, at: int) -> list[Hop]:
    """List the pages that go out first, be it after a wait; none of those that are left out."""
    due = [
        (instant(hop.held) if hop.held is not None else at + hop.after, hop)
        for hop in one.chain
        if not (hop.run or hop.skipped or hop.never)
    ]
    soonest = min((when for when, _ in due), default=at)
    return [hop for when, hop in due if when == soonest]


def _standing(workspace: Workspace, one: Answer) -> int:
    if one.response != "page":
        return TICKET_BREAKS if one.breaks else TICKET
    if one.breaks:
        return BREAKS
    return FINE if state(workspace, one).is_told else UNTOLD
