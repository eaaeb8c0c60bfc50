"""`diff` for scripts: the format `opmodel.diff.v1`."""

from collections.abc import Iterable
from typing import Any

from registry.clock.civil import utc
from registry.clock.words import exact_length
from registry.compare.difference import RegistryDifference
from registry.compare.names import Names
from registry.compare.ownership import OwnershipChange
from registry.compare.paging import PagingChange, Steps
from registry.compare.renamed import Renaming
from registry.compare.switches import SwitchChange
from registry.compare.telemetry import TelemetryChange
from registry.oncall.interval import Interval
from registry.output.finding import finding
from registry.output.json import dump, rows
from registry.paging.pager import Place
from registry.workspace.options import iso

FORMAT = "opmodel.diff.v1"


def render(found: RegistryDifference) -> str:
    """Write what changes, a change on a line; each list is empty where nothing of it does."""
    before, after = (side.opened.workspace for side in (found.before, found.after))
    told = _Rows(Names(before, after))
    head = dump(
        {
            "format": FORMAT,
            "registry": found.after.result.registry,
            "before": found.before.name,
            "after": found.after.name,
            "from": iso(utc(found.start)),
            "to": iso(utc(found.end)),
            "doubts": list(found.doubts),
        }
    )
    lists = {
        "ownership": map(told.ownership, found.ownership),
        "paging": map(told.paging, found.paging),
        "switches": map(told.switch, found.switches),
        "telemetry": map(_telemetry, found.telemetry),
        "renamed": map(_renaming, found.renamed),
    }
    written = "".join(f' "{name}": {rows(values)},\n' for name, values in lists.items())
    new, gone = (rows(map(finding, one)) for one in (found.findings.new, found.findings.gone))
    policy = f'"by_policy": {found.by_policy}'
    return f'{head[:-1]},\n{written} "findings": {{{policy}, "new": {new}, "gone": {gone}}}}}\n'


class _Rows:
    """Rows in which each person has a name."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def person(self, id_: str) -> dict[str, str]:
        return {"id": id_, "name": self.names.of(id_)}

    def people(self, found: Iterable[str]) -> list[dict[str, str]]:
        return [self.person(one) for one in found]

    def ownership(self, one: OwnershipChange) -> dict[str, Any]:
        return {
            "change": one.kind,
            "entity": {"section": one.section, "id": one.id},
            "before": self.person(one.before) if one.before else None,
            "after": self.person(one.after) if one.after else None,
            "why": one.why,
            **_place(one.place),
        }

    def paging(self, one: PagingChange) -> dict[str, Any]:
        return {
            "change": one.kind,
            "entity": {"section": one.section, "id": one.id},
            "before": self.steps(one.before),
            "after": self.steps(one.after),
            "through": {"before": one.through[0], "after": one.through[1]},
            "spans": _spans(one.spans),
            **_place(one.place),
        }

    def steps(self, steps: Steps | None) -> list[dict[str, Any]] | None:
        if steps is None:
            return None
        return [
            {
                "after": None if step.held else exact_length(step.after),
                "pick_one": len(step.choices) > 1,
                "people": self.people(step.people),
            }
            for step in steps
        ]

    def switch(self, one: SwitchChange) -> dict[str, Any]:
        return {
            "change": "gone" if one.is_gone else "new" if one.is_new else "operators",
            "entity": {"section": "kill_switches", "id": one.id},
            "lost": self.people(one.lost),
            "won": self.people(one.won),
            "left": self.people(one.left),
            "nobody": _spans(one.nobody),
            **_place(one.place),
        }


def _renaming(one: Renaming) -> dict[str, Any]:
    return {"section": one.section, "before": one.old, "after": one.new}


def _telemetry(one: TelemetryChange) -> dict[str, Any]:
    sides = [list(side) if isinstance(side, tuple) else side for side in (one.before, one.after)]
    return {
        "change": one.way,
        "entity": {"section": one.section, "id": one.id},
        "field": one.field,
        "before": sides[0],
        "after": sides[1],
        **_place(one.place),
    }


def _spans(found: Iterable[Interval]) -> list[dict[str, str]]:
    return [{"start": iso(utc(start)), "end": iso(utc(end))} for start, end in found]


def _place(place: Place) -> dict[str, Any]:
    return {"path": place.path, "line": place.line}
