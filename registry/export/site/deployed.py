"""What is deployed, beside what is declared: an audit as the page shows it."""

from typing import NamedTuple

from registry.audit.audit import NOTHING, WORDS, Audit
from registry.audit.join import Row
from registry.export.site.entities import PageEntities

NOBODY_HEARS, UNTOLD, DEPENDS, UNDECLARED, OTHER, SAME = range(6)
"""How a deployed alert stands, the worst first: see `_standing`."""

_VERDICTS = {
    NOBODY_HEARS: "reaches nobody",
    UNTOLD: "cannot be told",
    DEPENDS: "depends on the series",
    UNDECLARED: "not declared",
    OTHER: "not as declared",
    SAME: "fine",
}


class PageDeployed(NamedTuple):
    """One deployed alert: where, whose, whom it pages now, and the declared one that it is.

    `differs` says field by field what is declared and what is deployed instead.
    """

    name: str
    place: str
    owner: str
    standing: int
    said: str
    way: str
    paged: str
    declared: int
    declared_name: str
    differs: tuple[tuple[str, str, str], ...]


class PageShare(NamedTuple):
    """Of how many of all deployed alerts something holds, and of how many that cannot be told."""

    said: str
    number: int
    unknown: int


class Comparison(NamedTuple):
    """Declared beside deployed: figures, rows with the worst first, and what is on one side alone.

    `unread` says what of the deployed files could not be read.
    """

    total: int
    shares: tuple[PageShare, ...]
    rows: tuple[PageDeployed, ...]
    undeployed: tuple[tuple[str, int], ...]
    undeclared: int
    unread: tuple[str, ...]
    is_partial: bool


def comparison(entities: PageEntities, found: Audit) -> Comparison:
    """Bring an audit into the form of the page."""
    name, text = entities.plain.name, entities.plain.text
    rows = (_row(entities, found, row) for row in found.joined.rows)
    return Comparison(
        found.joined.counts["alerts"],
        tuple(
            PageShare(WORDS[key], share.number, share.unknown)
            for key, share in found.coverage.items()
        ),
        tuple(sorted(rows, key=lambda row: (row.standing, row.name, row.place))),
        tuple((name(one), entities.number("alerts", one)) for one in found.joined.undeployed),
        len(found.joined.undeclared),
        tuple(
            f"{name(one.where.file)}:{one.where.at.start.line}: {text(one.reason)}"
            for one in found.joined.deployed.not_read
        ),
        found.is_partial,
    )


def _row(entities: PageEntities, found: Audit, row: Row) -> PageDeployed:
    name, text = entities.plain.name, entities.plain.text
    where = row.alert.where
    standing = _standing(row)
    declared = row.registry_alert
    return PageDeployed(
        name(row.alert.name),
        f"{name(where.file)}:{where.at.start.line}",
        name(found.owner_of(row)),
        standing,
        _VERDICTS[standing],
        f"{row.way.verdict}: {', '.join(map(name, row.way.names)) or NOTHING}",
        ", ".join(name(one.name) for one in row.paged_now),
        entities.number("alerts", declared) if declared is not None else -1,
        name(declared or ""),
        tuple(
            (text(one.field), text(one.declared), text(one.deployed or NOTHING))
            for one in row.differs
        ),
    )


def _standing(row: Row) -> int:
    """Tell how an alert stands: it is fine only where it certainly reaches somebody."""
    if row.reaches_nobody:
        return NOBODY_HEARS
    if row.way.verdict == "depends":
        return DEPENDS
    if not row.is_routed:
        return UNTOLD
    if row.registry_alert is None:
        return UNDECLARED
    return OTHER if row.differs else SAME
