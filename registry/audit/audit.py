"""Audit what is deployed against a registry: every alert with its owner, its way and its people."""

from collections.abc import Mapping
from typing import NamedTuple

from registry.audit.context import AuditContext
from registry.audit.join import Audited, Row, audited
from registry.checks.engine import run_rules
from registry.checks.result import Result
from registry.clock.civil import instant
from registry.deployed.model import Ingested
from registry.diagnostic import Severity
from registry.errors import CannotRunError
from registry.model.people import Person, Role, Team
from registry.output.table import Column, Table
from registry.wording import did_you_mean
from registry.workspace.open import Opened
from registry.workspace.options import Options
from registry.workspace.workspace import Workspace

WORDS = {
    "owned": "have an owner",
    "runbook": "name a runbook",
    "routed": "reach somebody whatever the series are",
    "paging": "page a person now",
    "declared": "stand in the registry",
}
"""What each figure of the coverage says of so many alerts."""

SHARES = tuple(WORDS)
"""Figures of the coverage: shares of all deployed alerts."""

NOBODY = "nobody"

UNREAD = "OM917"
"""The rule that says what was not read."""


class Audit(NamedTuple):
    """What an audit found: the findings, the join, and how many files held something."""

    result: Result
    joined: Audited
    read: int
    workspace: Workspace

    @property
    def coverage(self) -> Mapping[str, tuple[int, float]]:
        """Each figure's count and its share of all alerts in percent; 0 where there is no alert."""
        counts = self.joined.counts
        total = counts["alerts"]
        return {
            name: (counts[name], 100 * counts[name] / total if total else 0.0) for name in SHARES
        }

    @property
    def is_partial(self) -> bool:
        """Whether no alert was read, or not all, and nobody has accepted that."""
        said = [one for one in self.result.diagnostics if one.code == UNREAD]
        if said and all(one.suppressed is not None for one in said):
            return False
        return not self.joined.rows or bool(self.joined.deployed.not_read)

    def owner_of(self, row: Row) -> str:
        """Name the owner of an alert, for people; `nobody` where none is known."""
        if row.owner is None or row.owner.owner is None:
            return NOBODY
        return name_of(self.workspace, row.owner.owner.id)

    def owners(self) -> Mapping[tuple[str, str], str]:
        """Name the owner of each alert that findings speak about, by the finding's entity."""
        return {("deployed", row.alert.name): self.owner_of(row) for row in self.joined.rows}

    def below(self, limits: Mapping[str, float]) -> list[str]:
        """Say which shares are below a limit, in percent; with no alert at all, every one is."""
        found = ((name, limit, *self.coverage[name]) for name, limit in limits.items())
        total = self.joined.counts["alerts"]
        return [
            f"{name} {share:.1f}% ({number} of {total}) is under {limit:g}%"
            for name, limit, number, share in found
            if share < limit or not total
        ]


def audit(
    opened: Opened, ingested: Ingested, options: Options, *, allow_unread: bool = False
) -> Audit:
    """Join what was read to an open registry, as of `options.at`, and run the rules of the audit.

    With `allow_unread`, what could not be read is no more than told. Raises CannotRunError for a
    code that is no rule's.
    """
    at = instant(options.at)
    joined = audited(opened.workspace, opened.policy, ingested.deployed, at)
    context = AuditContext(opened.workspace, opened.policy, options.at, joined)
    result = run_rules(opened, options, context, ingested.texts)
    if allow_unread:
        found = (
            one._replace(severity=Severity.INFO) if one.code == UNREAD else one
            for one in result.diagnostics
        )
        result = result._replace(diagnostics=tuple(found))
    return Audit(result, joined, ingested.read, opened.workspace)


def limits(text: str) -> dict[str, float]:
    """Read `owned=90,routed=100`: a share in percent for each figure that is named.

    Raises CannotRunError for a figure that is none, and for what is no share.
    """
    found: dict[str, float] = {}
    for part in text.split(","):
        name, _, value = (one.strip() for one in part.partition("="))
        if name not in SHARES:
            help_ = did_you_mean(name, SHARES, f"it is one of {', '.join(SHARES)}")
            raise CannotRunError(f"--fail-under: there is no figure `{name}`", help_)
        try:
            found[name] = float(value)
        except ValueError:
            found[name] = -1.0
        if not 0 <= found[name] <= 100:
            raise CannotRunError(f"--fail-under: `{part.strip()}` is no share", "write owned=90")
    return found


def table(found: Audit) -> Table:
    """Make a table of the deployed alerts, one a row, in the order of the files."""
    rows = tuple(_cells(found, row) for row in found.joined.rows)
    columns = tuple(Column(name, verbatim=name not in _FREE) for name in _COLUMNS)
    title = f"Deployed alerts of {found.result.registry}"
    return Table("audit", title, columns, rows)


_COLUMNS = (
    "alert", "group", "file", "line", "labels", "verdict", "receivers", "because", "owner",
    "owner source", "sources", "runbook", "registry alert", "paged now", "query",
)  # fmt: skip
_FREE = frozenset({"labels", "because", "runbook", "sources", "owner", "paged now"})


def _cells(found: Audit, row: Row) -> tuple[str, ...]:
    alert = row.alert
    return (
        alert.name,
        alert.group,
        alert.where.file,
        str(alert.where.at.start.line),
        ", ".join(f"{key}={text.value}" for key, text in sorted(alert.labels.items())),
        row.way.verdict,
        ", ".join(row.way.names),
        "; ".join(row.way.because) if row.way.verdict == "depends" else "",
        "" if row.owner is None else found.owner_of(row),
        row.owner.source if row.owner is not None else "",
        "; ".join(f"{one.source}: {one.written}" for one in row.claims),
        row.runbook.value if row.runbook is not None else "",
        row.registry_alert or "",
        ", ".join(person.name for person in row.paged_now),
        "told" if row.told else "unknown",
    )


def name_of(workspace: Workspace, id_: str) -> str:
    """Name whoever an id stands for."""
    person = workspace.all(Person).get(id_)
    team = workspace.all(Team).get(id_)
    role = workspace.all(Role).get(id_)
    named = person.name if person else team.name if team else role.title if role else id_
    return named if named == id_ else f"{named} ({id_})"
