"""How each team stands: what is said of its alerts, the team that is worst off first."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from registry.audit.audit import Audit
from registry.audit.falls import owner_of
from registry.audit.join import Row
from registry.diagnostic import Severity
from registry.model.people import Team
from registry.workspace.indexes import Indexes


class Standing(NamedTuple):
    """What is known of one team's alerts; `team` is an id, empty where nobody owns them.

    `nobody` reach nobody, `critical` of them are called so; `perhaps` may reach nobody, of `untold`
    it cannot be told. `errors` and `warnings` count the findings that fall to the team.
    """

    team: str
    alerts: int
    nobody: int
    critical: int
    perhaps: int
    untold: int
    errors: int
    warnings: int


def standings(found: Audit) -> list[Standing]:
    """Return how each team stands, worst first: alerts that reach nobody, critical ones first."""
    teams = _Teams(found)
    falls = found.falls
    counts: dict[str, list[int]] = {}
    for row in found.joined.rows:
        mine = counts.setdefault(teams.of(owner_of(row)), [0] * 7)
        for place, number in enumerate(_numbers(row)):
            mine[place] += number
    for one in found.result.shown:
        if one.severity is Severity.INFO:
            continue
        mine = counts.setdefault(teams.of(falls.owner(one)), [0] * 7)
        mine[5 if one.severity is Severity.ERROR else 6] += 1
    made = [Standing(team, *numbers) for team, numbers in counts.items()]
    return sorted(made, key=_worst_first)


def _worst_first(one: Standing) -> tuple[object, ...]:
    return (-one.critical, -one.nobody, -one.perhaps, -one.errors, -one.untold, -one.warnings,
            -one.alerts, one.team)  # fmt: skip


def _numbers(row: Row) -> Iterable[int]:
    is_critical = row.severity is not None and row.severity.pages
    nobody = row.reaches_nobody
    untold = row.way.verdict == "unknown" and not nobody
    perhaps = not nobody and not untold and not row.is_routed
    return (1, nobody, nobody and is_critical, perhaps, untold)


class _Teams:
    """The team of each owner: itself, or the one team of a person or of who holds a role."""

    def __init__(self, found: Audit) -> None:
        self.teams: Mapping[str, Team] = found.workspace.all(Team)
        self.graph = Indexes(found.workspace)
        self._known: dict[str, str] = {}

    def of(self, owner: str | None) -> str:
        if owner is None or owner in self.teams:
            return owner or ""
        if owner not in self._known:
            person = self.graph.owner(owner) or owner
            teams = self.graph.teams_of.get(person, frozenset())
            self._known[owner] = next(iter(teams)) if len(teams) == 1 else owner
        return self._known[owner]
