"""What a change does: two registries asked the same questions, at the same instant."""

from collections.abc import Iterator
from typing import NamedTuple

from registry.clock.civil import instant
from registry.clock.tzif import LATEST
from registry.compare.findings import FindingChanges, changes
from registry.compare.ownership import OwnershipChange, OwnershipChanges
from registry.compare.paging import PagingChange, PagingChanges
from registry.compare.renamed import (
    Renames,
    Renaming,
    listed,
    renames,
    with_new_ids,
    without_renames,
)
from registry.compare.side import Side
from registry.compare.since import by_policy
from registry.compare.switches import SwitchChange, switch_changes
from registry.compare.telemetry import TelemetryChange, telemetry_changes
from registry.workspace.not_loaded import lost
from registry.workspace.options import Options

_ASKED = (
    "people", "teams", "roles", "schedules", "escalations", "holidays", "alerts", "metrics",
    "ownership", "kill_switches", "stores", "fields",
)  # fmt: skip
"""Sections of which what did not load may hide a change."""


class RegistryDifference(NamedTuple):
    """Everything that a change does, from `start` up to `end` (instants).

    `renamed` is what is only called otherwise now: nothing else tells of that. Of the new findings
    `by_policy` come of a changed policy. `doubts` say what did not load on
    either side: of that nothing is told.
    """

    before: Side
    after: Side
    start: int
    end: int
    ownership: tuple[OwnershipChange, ...]
    paging: tuple[PagingChange, ...]
    switches: tuple[SwitchChange, ...]
    telemetry: tuple[TelemetryChange, ...]
    findings: FindingChanges
    by_policy: int
    renamed: tuple[Renaming, ...]
    doubts: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes that is asked about."""
        facts = (self.ownership, self.paging, self.switches, self.telemetry)
        return not any((*facts, self.renamed, self.findings.new, self.findings.gone))


def difference(before: Side, after: Side, options: Options) -> RegistryDifference:
    """Tell what changes from one side to the other, as far as the later policy looks ahead."""
    start = instant(options.at)
    ahead = after.opened.policy.settings.horizon.milliseconds * 1000
    end = min(start + ahead, LATEST)
    known = renames(before.opened.workspace, after.opened.workspace)
    earlier = _with_new_ids(before, known) if known else before
    return RegistryDifference(
        before,
        after,
        start,
        end,
        OwnershipChanges(earlier, after, start).all(),
        PagingChanges(earlier, after, start, end).all(),
        switch_changes(earlier, after, start, end),
        telemetry_changes(earlier, after),
        without_renames(changes(before.checked, after.checked), known),
        by_policy(before, after, options),
        listed(known),
        tuple(_doubts(before, after)),
    )


def _with_new_ids(side: Side, known: Renames) -> Side:
    workspace = with_new_ids(side.opened.workspace, known)
    return side._replace(opened=side.opened._replace(workspace=workspace))


def _doubts(before: Side, after: Side) -> Iterator[str]:
    for side in (before, after):
        for said in lost(side.opened.workspace, _ASKED):
            yield f"{side.name}: {said}"
