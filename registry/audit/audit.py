"""Audit what is deployed against a registry: every alert with its owner, its way and its people."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from registry.audit.context import AuditContext
from registry.audit.directory import PeopleDirectory
from registry.audit.falls import Falls
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

UNREAD = "OM917"
"""The rule that says what could not be read, and that there is no alert."""

NOBODY = "nobody"
NOTHING = "nothing"

WEAK = {"codeowners": "code owners", "receiver": "receiver"}
"""What sources are called that name somebody near, and no owner."""


class Figure(NamedTuple):
    """Of how many alerts something holds, and of how many that cannot be told."""

    number: int
    unknown: int
    total: int

    @property
    def percent(self) -> float | None:
        """The share of all alerts; None where it is known of none of them."""
        return 100 * self.number / self.total if self.total > self.unknown else None


class Audit(NamedTuple):
    """What an audit found: the findings, the join, and how many files held something.

    `falls` tells to whom each finding falls.
    """

    result: Result
    joined: Audited
    read: int
    workspace: Workspace
    falls: Falls

    @property
    def coverage(self) -> Mapping[str, Figure]:
        """Each figure of what is covered."""
        counts, unknown = self.joined.counts, self.joined.unknown
        total = counts["alerts"]
        return {name: Figure(counts[name], unknown.get(name, 0), total) for name in SHARES}

    @property
    def is_partial(self) -> bool:
        """Whether no alert was read, or not all, and nobody has accepted that."""
        said = [one for one in self.result.diagnostics if one.code == UNREAD]
        if said and all(one.suppressed or one.severity is Severity.INFO for one in said):
            return False
        return not self.joined.rows or bool(self.joined.deployed.not_read)

    def owner_of(self, row: Row) -> str:
        """Name the owner of an alert, for people; `nobody` where none is known."""
        if row.owner is None or row.owner.owner is None:
            return NOBODY
        weak = f", by its {WEAK[row.owner.source]} alone" if row.owner.is_weak else ""
        return name_of(self.workspace, row.owner.owner.id) + weak

    def below(self, limits: Mapping[str, float]) -> list[str]:
        """Say which shares of all alerts are below a limit, in percent; the unknown is not fine.

        With no alert at all, every one is.
        """
        return list(self._below(limits))

    def _below(self, limits: Mapping[str, float]) -> Iterator[str]:
        for name, limit in limits.items():
            number, unknown, total = self.coverage[name]
            share = 100 * number / total if total else 0.0
            if share < limit or not total:
                untold = f", {unknown} unknown" if unknown else ""
                yield f"{name} {share:.1f}% ({number} of {total}{untold}) is under {limit:g}%"


def audit(
    opened: Opened, ingested: Ingested, options: Options, directory: PeopleDirectory | None = None
) -> Audit:
    """Join what was read to an open registry, as of `options.at`, and run the rules of the audit.

    `directory` says who works here, if that is known. Raises CannotRunError for a code that is no
    rule's.
    """
    at = instant(options.at)
    joined = audited(opened.workspace, opened.policy, ingested.deployed, at)
    context = AuditContext(
        opened.workspace, opened.policy, options.at, joined, directory, options.tz
    )
    result = run_rules(opened, options, context, ingested.texts)
    workspace = opened.workspace
    return Audit(result, joined, ingested.read, workspace, Falls(workspace, joined))


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
    "may be inhibited by", "differs", "assumes",
)  # fmt: skip
_FREE = frozenset(
    {"labels", "because", "runbook", "sources", "owner", "paged now", "differs", "assumes"}
)


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
        _source(row),
        "; ".join(f"{one.source}: {one.written}" for one in row.claims),
        row.runbook.value if row.runbook is not None else "",
        row.registry_alert or "",
        ", ".join(person.name for person in row.paged_now),
        "told" if row.told else "unknown",
        ", ".join(row.silence.names) + (f" and {row.silence.more} more" * bool(row.silence.more)),
        "; ".join(
            f"{one.field}: {one.declared}, deployed {one.deployed or NOTHING}"
            for one in row.differs
        ),
        "no external labels" if row.assumes else "",
    )


def _source(row: Row) -> str:
    if row.owner is None:
        return ""
    return f"{row.owner.source} (weak)" if row.owner.is_weak else row.owner.source


def name_of(workspace: Workspace, id_: str) -> str:
    """Name whoever an id stands for."""
    person = workspace.all(Person).get(id_)
    team = workspace.all(Team).get(id_)
    role = workspace.all(Role).get(id_)
    named = person.name if person else team.name if team else role.title if role else id_
    return named if named == id_ else f"{named} ({id_})"
