"""`opmodel report`: everything that people ask of a registry, on one page that needs no network."""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote

from registry.assess.assess import assess
from registry.assess.sign import Verdict
from registry.audit.audit import Audit
from registry.checks.engine import check_opened
from registry.checks.result import Result
from registry.clock.civil import instant, local
from registry.clock.words import date_and_time, offset
from registry.clock.zones import tzdata_version
from registry.diagnostic import Severity, sort_key
from registry.export.edition import Edition
from registry.export.export import Exported, notes
from registry.export.site import curve
from registry.export.site.alerts import alerts
from registry.export.site.calendar import LENGTH, Calendar, PageSchedule
from registry.export.site.chains import Chains
from registry.export.site.deployed import Comparison, comparison
from registry.export.site.entities import PageEntities
from registry.export.site.epoch import milliseconds
from registry.export.site.findings import FindingOwners, OwnerGaps, by_owner
from registry.export.site.headline import headline
from registry.export.site.matrix import matrix
from registry.export.site.plain import PlainText, parted
from registry.export.site.quality import page_quality
from registry.export.site.render import render
from registry.model.sections import SECTIONS
from registry.oncall.rota import unread_schedules
from registry.paging.pager import Pager
from registry.paging.who import Answer, answers
from registry.traces.quality_answer import ToldQuality
from registry.version import __version__
from registry.wording import counted
from registry.workspace.open import Opened
from registry.workspace.options import Options, iso

_VERDICTS = {
    Verdict.TRUE: ("true", "bad"),
    Verdict.FALSE: ("not so", "good"),
    Verdict.UNKNOWN: ("cannot be told", "calm"),
    Verdict.FOREIGN: ("does not apply", "calm"),
}
"""What the page says of each verdict, and in which tone."""

MOST = 200
"""Rows of one table that stand in the page as they are; the rest is found by its search."""

FEW = 5
"""Places of one sign that the page names."""

WORST = 8
"""Owners with the worst gaps that the answer names."""


class Beside(NamedTuple):
    """What stands beside the registry: what is deployed, and what recorded traces say."""

    audit: Audit | None = None
    quality: ToldQuality | None = None


ALONE = Beside()
"""Nothing stands beside it."""


class _Told(NamedTuple):
    """What the page tells, worked out: the parts that several of its sections read."""

    entities: PageEntities
    answers: tuple[Answer, ...]
    owned: tuple[OwnerGaps, ...]
    calendar: Calendar
    schedules: tuple[PageSchedule, ...]
    result: Result
    accepted: int

    @property
    def edition(self) -> Edition:
        return self.entities.edition


def report(
    opened: Opened,
    options: Options,
    beside: Beside = ALONE,
    zone: str | None = None,
    *,
    with_contacts: bool = False,
) -> Exported:
    """Make the page of an open registry as of `options.at`: the same bytes for the same input.

    `beside` is put beside it. `zone` is the reader's; without it the page shows times in the one
    that the browser is in. Telephone numbers and addresses are hidden unless `with_contacts`.
    Raises CannotRunError for a zone that does not exist.
    """
    found = notes(opened)
    edition = Edition(
        opened.workspace, opened.policy, options.at, zone, found, with_contacts=with_contacts
    )
    audit, quality = beside
    told = _told(opened, options, edition, audit)
    compared = comparison(told.entities, audit) if audit is not None else None
    shown = _shown(told) | {
        "assessment": assess(opened, options),
        "true_verdict": Verdict.TRUE,
        "foreign_verdict": Verdict.FOREIGN,
        "verdicts": _VERDICTS,
        "comparison": compared,
        "quality": page_quality(told.entities, quality, edition.zone) if quality else None,
        "sizes": curve,
    }
    data = _data(told, is_zone_named=zone is not None) | {"deployed": _deployed(compared)}
    return Exported(render(shown, data), found)


def _told(opened: Opened, options: Options, edition: Edition, audit: Audit | None) -> _Told:
    at = instant(options.at)
    entities = PageEntities(edition, PlainText(edition))
    answered = tuple(answers(opened.workspace, opened.policy, at))
    result = check_opened(opened, options)
    owners = FindingOwners(entities, Pager(opened.workspace, at))
    falls = [(owners.of(one.entity), one) for one in result.shown]
    if audit is not None:
        known = set(map(sort_key, result.shown))
        own = (one for one in audit.result.shown if sort_key(one) not in known)
        falls += [(owners.named(audit.falls.owner(one)), one) for one in own]
    broken = [(("alerts", one.alert), one.breaks) for one in answered if one.breaks]
    owned = by_owner(owners, falls, broken)
    calendar = Calendar(entities, at, edition.zone)
    accepted = len(result.silenced) + (len(audit.result.silenced) if audit is not None else 0)
    return _Told(entities, answered, owned, calendar, calendar.schedules(), result, accepted)


def _shown(told: _Told) -> dict[str, Any]:
    """Return what stands in the page itself, for readers without scripts and for print."""
    edition, entities = told.edition, told.entities
    workspace, at = edition.workspace, instant(edition.at)
    nodes = list(entities.nodes)
    shifted = f"UTC{offset(local(at, edition.zone))}"
    return {
        "registry": entities.plain.name(workspace.manifest.name),
        "stage": workspace.manifest.stage,
        "policy_name": entities.plain.name(told.result.policy),
        "at": f"{date_and_time(at, edition.zone)} ({edition.zone}, {shifted})",
        "instant": iso(edition.at),
        "day": local(at, edition.zone).date().isoformat(),
        "zone": edition.zone,
        "notes": list(map(entities.plain.text, edition.notes)),
        "headline": headline(entities, told.answers),
        "owned": told.owned,
        "worst": [one for one in told.owned if one.broken or one.count("error")][:WORST],
        "alerts": alerts(entities, told.answers),
        "matrix": matrix(entities),
        "schedules": told.schedules,
        "unread_schedules": list(map(entities.plain.name, unread_schedules(workspace, None))),
        "totals": _totals(told.owned),
        "accepted": told.accepted,
        "size": counted(workspace.count(), "entity"),
        "files": counted(len(workspace.files), "file"),
        "most": MOST,
        "few": FEW,
        "link": _linker(entities),
        "called": lambda number: entities.called(nodes[number]),
        "text": entities.plain.text,
        "parted": parted,
        "version": __version__,
        "tzdata": tzdata_version(),
        "with_contacts": edition.with_contacts,
    }


def _totals(owned: tuple[OwnerGaps, ...]) -> list[tuple[str, int]]:
    """Count all findings, of the registry and of what is deployed, by severity."""
    return [(one.value, sum(group.count(one.value) for group in owned)) for one in Severity]


def _linker(entities: PageEntities) -> Callable[[int], str]:
    """Return what gives an entity's address within the page."""
    nodes = list(entities.nodes)

    def link(number: int) -> str:
        section, id_ = nodes[number]
        return f"#/{section}/{quote(entities.plain.name(id_), safe='')}"

    return link


def _data(told: _Told, *, is_zone_named: bool) -> dict[str, Any]:
    """Return what the page's scripts search, draw and show."""
    edition, entities = told.edition, told.entities
    chains = Chains(entities)
    at = instant(edition.at)
    return {
        "at": milliseconds(at),
        "end": milliseconds(at + LENGTH),
        "zone": edition.zone,
        "zone_named": is_zone_named,
        "sections": [[one.name, one.noun] for one in SECTIONS.values()],
        "entities": entities.rows(),
        "fields": entities.fields(),
        "labels": list(entities.labels),
        "relations": list(entities.relations),
        "references": entities.references(),
        "chains": list(map(chains.shape, told.answers)),
        "schedules": [one.shape for one in told.schedules],
        "zones": told.calendar.clocks(),
        "owners": [[one.name, one.who] for one in told.owned],
        "findings": [
            [owner, *one] for owner, group in enumerate(told.owned) for one in group.findings
        ],
    }


def _deployed(compared: Comparison | None) -> list[list[Any]] | None:
    """List each deployed alert; None where nothing deployed was asked for.

    Its name, place, how it stands, owner, way, whom it pages now, the number of the declared one,
    and how it differs from that.
    """
    if compared is None:
        return None
    return [
        [one.name, one.place, one.said, one.owner, one.way, one.paged, one.declared,
         [f"{field}: {declared}, deployed {deployed}" for field, declared, deployed in one.differs]]
        for one in compared.rows
    ]  # fmt: skip
