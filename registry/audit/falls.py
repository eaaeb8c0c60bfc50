"""To whom each finding of an audit falls: whoever owns what it is about."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from registry.audit.join import Audited, Row
from registry.diagnostic import Diagnostic
from registry.model.metrics import Alert, Metric
from registry.model.oncall import Schedule
from registry.model.people import Team
from registry.model.reference import names
from registry.workspace.bindings import Bindings, Meaning
from registry.workspace.workspace import Workspace


class Falls:
    """Answers for the findings of one audit; what it asks is looked up when it is first asked."""

    def __init__(self, workspace: Workspace, joined: Audited) -> None:
        self.workspace = workspace
        self.joined = joined
        self._found: dict[int, tuple[Diagnostic, Row | None]] = {}

    @cached_property
    def bound(self) -> Bindings:
        """The registry's bindings."""
        return Bindings(self.workspace)

    @cached_property
    def _rows(self) -> Mapping[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.joined.rows:
            found.setdefault(row.alert.name, []).append(row)
        return found

    @cached_property
    def _placed(self) -> Mapping[tuple[str, int], list[Row]]:
        found: dict[tuple[str, int], list[Row]] = {}
        for row in self.joined.rows:
            place = row.alert.where.file, row.alert.where.at.start.line
            found.setdefault(place, []).append(row)
        return found

    @cached_property
    def _meanings(self) -> Mapping[str, Meaning]:
        return _meanings(self.joined)

    def owner(self, found: Diagnostic) -> str | None:
        """Return the id of whoever a finding falls to; None where nobody is known."""
        if found.entity is None:
            return None
        section, id_ = found.entity
        if section == "deployed":
            row = self.row(found)
            return owner_of(row) if row is not None else None
        if section == "receivers":
            meaning = self._meanings.get(id_)
            owner = next(self.bound.owners(meaning), None) if meaning is not None else None
            return owner.id if owner is not None else None
        if section == "labels":
            return self._common(found)
        return self._declared(section, id_)

    def row(self, found: Diagnostic) -> Row | None:
        """Find the alert that a finding is about: of several of a name, that where it stands."""
        if id(found) not in self._found:  # it is kept, so its identity stays its own
            self._found[id(found)] = found, self._row(found)
        return self._found[id(found)][1]

    def _row(self, found: Diagnostic) -> Row | None:
        rows = self._rows.get(found.entity[1], []) if found.entity is not None else []
        place = found.primary.location.file, found.primary.at.start.line
        there = [row for row in rows if row.alert.where.file == place[0]]
        above = [row for row in there if row.alert.where.at.start.line <= place[1]]
        if above:
            return max(above, key=lambda row: row.alert.where.at.start.line)
        named = [
            row for row in rows
            if found.distinguish.startswith(f"{row.alert.where.file} {row.alert.group}")
        ]  # fmt: skip
        return next(iter((*there, *named, *rows)), None)

    def _common(self, found: Diagnostic) -> str | None:
        """Return the one owner of all alerts that a finding points at."""
        places = ((one.location.file, one.at.start.line) for one in found.related)
        owners = {owner_of(row) for place in places for row in self._placed.get(place, ())}
        return owners.pop() if len(owners) == 1 else None

    def _declared(self, section: str, id_: str) -> str | None:
        """Return the owner of what stands in the registry."""
        if section == "alerts":
            alert = self.workspace.all(Alert).get(id_)
            metric = self.workspace.all(Metric).get(alert.metric) if alert is not None else None
            own = names(alert.owner) if alert is not None else ()
            return next(iter((*own, *names(metric.owner if metric is not None else None))), None)
        if section == "schedules":
            schedule = self.workspace.all(Schedule).get(id_)
            return next(iter(names(schedule.team)), None) if schedule is not None else None
        if section == "people":
            teams = self.workspace.all(Team).items()
            return next((one for one, team in teams if id_ in team.members), None)
        return None


def owner_of(row: Row) -> str | None:
    """Return the owner of an alert, by its id; None where only a weak source names one."""
    if row.owner is None or row.owner.owner is None or row.owner.is_weak:
        return None
    return row.owner.owner.id


def _meanings(joined: Audited) -> Mapping[str, Meaning]:
    found: Iterable[tuple[str, Meaning | None]] = (
        (one.receiver.name, one.meaning) for one in joined.destinations
    )
    return {name: meaning for name, meaning in found if meaning is not None}
