"""The release checklist: for each gate what must hold, the canary's checks, and the way back.

Boxes are to be ticked by whoever releases. Components that change and pass no gate are named at
the end, as OM703 names them.
"""

from collections.abc import Iterator, Mapping

from registry.export.edition import NOTHING, Edition
from registry.export.exporter import Publisher
from registry.model.release import Canary, Gate, Requirement, RollbackPlan
from registry.output.markdown import bullets, document
from registry.workspace.names import NOT_READ, declared

MARK = "<!-- opmodel export release-checklist: made from the registry; edit that, not this page -->"
_SAID = {
    "above": "above",
    "below": "below",
    "at_least": "at least",
    "at_most": "at most",
    "equals": "exactly",
}


def build(edition: Edition, form: str) -> Mapping[str, bytes]:  # noqa: ARG001 - one form
    """Write the page."""
    return {"release-checklist.md": document(_page(edition))}


def _page(edition: Edition) -> Iterator[str]:
    yield from (MARK, f"# Release checklist of {edition.literal(edition.workspace.manifest.name)}")
    yield from edition.warnings()
    gates = dict(declared(edition.workspace, Gate))
    if not gates:
        yield from ("", NOTHING)
    for id_, gate in gates.items():
        yield from ("", f"## {edition.id(id_)}")
        yield from _gate(edition, id_, gate) if gate else ("", edition.rich(NOT_READ))
    free = edition.roster.graph.ungated
    if free:
        yield from ("", "## Changes that pass no gate", *bullets(map(edition.id, free)))


def _gate(edition: Edition, id_: str, gate: Gate) -> Iterator[str]:
    yield from bullets(
        [
            f"**Go or no-go**: {edition.owner(gate.owner)}",
            f"**For changes of**: {edition.ids(gate.applies_to) or '*nothing*'}",
        ]
    )
    yield from edition.unread(Gate, id_)
    yield from ("### Before the release", *_boxes([_asked(edition, one) for one in gate.requires]))
    yield from _canary(edition, gate.canary)
    yield from _way_back(edition, gate.rollback)


def _asked(edition: Edition, one: Requirement) -> str:
    """Write what a gate asks: `p0-failures` is exactly 0."""
    what = edition.id(one.metric or one.eval or "")
    bounds = " and ".join(f"{_SAID[name]} {getattr(one, name)}" for name in one.comparisons)
    return f"{what} is {bounds}" if bounds else f"{what}: **no threshold is set**"


def _canary(edition: Edition, canary: Canary | None) -> Iterator[str]:
    yield "### Canary"
    if canary is None:
        yield from ("", "**No canary is written down.**", "")
        return
    cohort = edition.rich(canary.cohort) if canary.cohort else "*no cohort is named*"
    yield from ("", f"{cohort}, for {canary.lasts or '*no time that is set*'}:")
    yield from _boxes([edition.rich(one) for one in canary.checks])


def _way_back(edition: Edition, plan: RollbackPlan | None) -> Iterator[str]:
    yield "### Rollback"
    if plan is None:
        yield from ("", "**No way back is written down.**", "")
        return
    by = edition.literal(edition.reached.text(plan.by)) if plan.by else "*nobody*"
    yield from bullets(
        [
            f"**When**: {edition.rich(plan.when) if plan.when else NOTHING}",
            f"**To**: {edition.rich(plan.to) if plan.to else NOTHING}",
            f"**By**: {by}",
        ]
    )


def _boxes(items: list[str]) -> list[str]:
    return bullets(f"[ ] {one}" for one in items) if items else ["", NOTHING, ""]


PUBLISHER = Publisher(
    "release-checklist", "what a release must pass, and the way back", build, ("md",)
)
