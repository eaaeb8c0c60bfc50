"""Which kill switches lose or win those who may flip them."""

from collections.abc import Mapping
from typing import NamedTuple

from registry.compare.side import Side
from registry.compare.unchanged import ROTAS, are_same
from registry.model.runbooks import KillSwitch
from registry.oncall.interval import Interval, difference, union
from registry.paging.pager import Place
from registry.paging.reached import Reach
from registry.workspace.not_loaded import is_certain


class SwitchChange(NamedTuple):
    """Who may flip a switch no more (`lost`), or may now (`won`): people, at some time at least.

    Within `nobody` (instants, to be shown in `zone`) nobody can, where somebody could before.
    `is_gone` and `is_new` of a switch that stands on one side alone.
    """

    id: str
    lost: tuple[str, ...]
    won: tuple[str, ...]
    left: tuple[str, ...]
    nobody: tuple[Interval, ...]
    zone: str
    place: Place
    is_gone: bool = False
    is_new: bool = False


def switch_changes(before: Side, after: Side, start: int, end: int) -> tuple[SwitchChange, ...]:
    """Return the switches whose operators change from `start` up to `end` (instants), by id."""
    old, new = (_Operators(side, start, end) for side in (before, after))
    same = are_same(old.workspace, new.workspace, ROTAS)
    ids = [
        id_
        for id_ in sorted({**old.all, **new.all})
        if not (same and old.all.get(id_) == new.all.get(id_))
    ]
    found = [_change(old, new, id_) for id_ in ids if old.is_sure(id_) and new.is_sure(id_)]
    return tuple(one for one in found if one.lost or one.won or one.nobody or _is_alone(one))


def _is_alone(one: SwitchChange) -> bool:
    return one.is_gone or one.is_new


def _change(old: "_Operators", new: "_Operators", id_: str) -> SwitchChange:
    was, now = old.people(id_), new.people(id_)
    is_new, is_gone = id_ not in old.all, id_ not in new.all
    lost = tuple(one for one in was if one not in now)
    won = tuple(one for one in now if one not in was)
    free = () if is_gone else tuple(difference(new.nobody(id_), () if is_new else old.nobody(id_)))
    side = old if is_gone else new
    return SwitchChange(
        id_, lost, won, now, free, side.reach.known.zone, side.place(id_), is_gone, is_new
    )


class _Operators:
    """Who may flip the switches of one side, from `start` up to `end` (instants)."""

    def __init__(self, side: Side, start: int, end: int) -> None:
        self.workspace = side.opened.workspace
        self.reach = Reach(self.workspace, start, end)
        self.all: Mapping[str, KillSwitch] = self.workspace.all(KillSwitch)

    def is_sure(self, id_: str) -> bool:
        named = self.all[id_].operators if id_ in self.all else ()
        own = is_certain(self.workspace, "kill_switches", id_, ("operators",))
        return own and all(map(self.reach.is_certain, named))

    def people(self, id_: str) -> tuple[str, ...]:
        """List everyone who may flip a switch at some time, each once."""
        named = self.all[id_].operators if id_ in self.all else ()
        found = (
            one for operator in named for span in self.reach.of(operator) for one in span.people
        )
        return tuple(dict.fromkeys(found))

    def nobody(self, id_: str) -> tuple[Interval, ...]:
        """Return when none of those who may flip a switch is there."""
        spans = [
            Interval(span.start, span.end)
            for operator in self.all[id_].operators
            for span in self.reach.of(operator)
            if span.people
        ]
        whole = [Interval(self.reach.start, self.reach.end)]
        return tuple(difference(whole, union(sorted(spans))))

    def place(self, id_: str) -> Place:
        at = self.workspace.locate("kill_switches", id_)
        return Place(at.file, self.workspace.resolve(at).start.line)
