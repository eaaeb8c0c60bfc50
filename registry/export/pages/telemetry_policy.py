"""The telemetry policy on one page: what is kept, where, how long, who may read it, who approved.

First the stores with their bounds, then what is recorded, a row for the fields of a group that are
handled alike; then what is never captured. A page says where something is not written down.
"""

from collections.abc import Iterator, Mapping
from typing import get_args

from registry.export.edition import NOTHING, Edition
from registry.export.exporter import Publisher
from registry.model.reference import names
from registry.model.telemetry import FieldGroup, Store, Telemetry, TelemetryField
from registry.output.markdown import bullets, document, table
from registry.workspace.names import NOT_READ, declared

MARK = "<!-- opmodel export telemetry-policy: made from the registry; edit that, not this page -->"
_REDACTED = {"none": "as it is", "hash": "hashed", "mask": "masked", "drop": "not captured"}


def build(edition: Edition, form: str) -> Mapping[str, bytes]:  # noqa: ARG001 - one form
    """Write the page."""
    return {"telemetry-policy.md": document(_page(edition))}


def _page(edition: Edition) -> Iterator[str]:
    yield from (MARK, f"# Telemetry policy of {edition.literal(edition.workspace.manifest.name)}")
    yield from edition.warnings()
    yield from bullets(_agreed(edition))
    yield from ("## What is kept, where, how long, and who may read it",)
    stores = dict(declared(edition.workspace, Store))
    kept_in = [_store(edition, id_, one) for id_, one in stores.items()]
    headings: tuple[str, ...] = (
        "store",
        "kind",
        "kept for",
        "who may read it",
        "each look recorded",
        "notes",
    )
    yield from table(headings, kept_in) if kept_in else ("", NOTHING, "")
    yield from ("## What is recorded, and how it is redacted",)
    fields = dict(declared(edition.workspace, TelemetryField))
    kept = {id_: one for id_, one in fields.items() if one is None or one.captured}
    headings = ("group", "fields", "class", "stored", "in")
    rows = list(_fields(edition, kept))
    yield from table(headings, rows) if rows else ("", NOTHING, "")
    dropped = [id_ for id_, one in fields.items() if one is not None and not one.captured]
    if dropped:
        yield from ("## What is never captured", *bullets(map(edition.id, dropped)))


def _agreed(edition: Edition) -> Iterator[str]:
    """Say who approved the policy, and when it was last read."""
    policies = edition.workspace.all(Telemetry)
    approvers = dict.fromkeys(who for one in policies.values() for who in one.approved_by)
    reviewed = [str(one.reviewed) for one in policies.values() if one.reviewed is not None]
    yield f"**Approved by**: {edition.who(tuple(approvers))}"
    yield f"**Last reviewed**: {max(reviewed, default='*never*')}"


def _store(edition: Edition, id_: str, one: Store | None) -> tuple[str, ...]:
    if one is None:
        return (edition.id(id_), "", "", "", "", edition.rich(NOT_READ))
    failed = edition.workspace.failed_fields.get(("stores", id_), frozenset())
    kept = "for ever" if one.retention == "forever" else edition.literal(str(one.retention or ""))
    return (
        edition.id(id_),
        one.kind,
        kept or "*no end is set*",
        "everyone" if "everyone" in one.access else edition.who(one.access),
        "yes" if one.audited else "no",
        "; ".join((*_bounds(edition, one), *(f"`{name}` could not be read" for name in failed))),
    )


def _bounds(edition: Edition, one: Store) -> Iterator[str]:
    """Say what holds for a store beyond its row: approval, cohort, expiry, a hold."""
    if one.approval is not None:
        yield f"raw content after a yes of {edition.who(names(one.approval))}"
    if one.cohort is not None:
        yield f"only of: {edition.rich(one.cohort)}"
    if one.expires_after is not None:
        yield f"switches itself off after {one.expires_after}"
    if one.hold is not None:
        yield f"held until {one.hold.until}: {edition.rich(one.hold.reason)}"


def _fields(
    edition: Edition, kept: Mapping[str, TelemetryField | None]
) -> Iterator[tuple[str, ...]]:
    """Yield a row for the fields of a group that are handled alike; those not read come last."""
    alike: dict[tuple[str, ...], list[str]] = {}
    groups = get_args(FieldGroup)
    order = {id_: groups.index(one.group) if one else len(groups) for id_, one in kept.items()}
    for id_ in sorted(kept, key=order.__getitem__):
        one = kept[id_]
        row = _handled(edition, one) if one else ("", "", edition.rich(NOT_READ), "")
        alike.setdefault(row, []).append(id_)
    for (group, *rest), ids in alike.items():
        yield (group, edition.ids(ids), *rest)


def _handled(edition: Edition, one: TelemetryField) -> tuple[str, ...]:
    stores = edition.ids(one.stores) or "*no store*"
    return (one.group, one.classification or "*none is set*", _REDACTED[one.redaction], stores)


PUBLISHER = Publisher("telemetry-policy", "what telemetry keeps, on one page", build, ("md",))
