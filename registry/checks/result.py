"""What a check ends with: findings and the counts that say what was looked at."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from registry.diagnostic import (
    BY_BASELINE,
    Diagnostic,
    Label,
    Severity,
)
from registry.model.format import STAGES
from registry.workspace.options import in_zone

UNKNOWN = "unknown"
"""The stage of a registry that declares none that there is."""


class Since(NamedTuple):
    """What a check is held against: the same registry at a git `revision`.

    Only what is new since then is among the findings; `known` were there as well, `gone` are no
    more. Of the new ones `by_policy` come of a changed policy. `nothing` says why there was nothing
    to compare with; empty where there was.
    """

    revision: str
    known: int
    gone: int
    by_policy: int
    nothing: str = ""


class OwnRule(NamedTuple):
    """A rule of the policy's own, described for reports: opmodel's catalogue does not know it."""

    code: str
    name: str
    summary: str
    why: str
    mend: str


class Result(NamedTuple):
    """One check. `at` is ISO 8601 in UTC; `diagnostics` are sorted, suppressed ones included.

    The counts keep a check from passing vacuously: what was read, what was left out, and which
    rules spoke. `horizon` is how far it looked ahead; `is_short` that it is less than a week.
    `tzdata` and `holidays` are the versions of what dates rest on. `tz` is the zone that times are
    told in; empty where each is told in its own. `since` is None where every finding counts.
    `own_rules` are those of the policy's own rules that found something.
    `left_out` are the files that were skipped, each with the reason.
    """

    registry: str
    stage: str
    policy: str
    at: str
    entities: int
    files: int
    skipped: int
    rules_run: int
    rules_off: int
    tzdata: str
    diagnostics: tuple[Diagnostic, ...]
    horizon: str = ""
    is_short: bool = False
    holidays: str = ""
    tz: str = ""
    since: Since | None = None
    own_rules: tuple[OwnRule, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def has_stage(self) -> bool:
        """Whether the stage is known; where it is not, what depends on it is off."""
        return self.stage != UNKNOWN

    @property
    def judged_as(self) -> str:
        """The stage that machine formats name: production, which asks for most, for an unknown."""
        return self.stage if self.has_stage else STAGES[-1]

    @property
    def shown_at(self) -> str:
        """The instant for people: in the zone that was asked for, else in UTC."""
        return in_zone(self.at, self.tz)

    @property
    def instant(self) -> datetime:
        """The instant of `at`, an aware date-time."""
        return datetime.fromisoformat(self.at)

    @property
    def shown(self) -> tuple[Diagnostic, ...]:
        """Findings that nothing silences."""
        return tuple(found for found in self.diagnostics if found.suppressed is None)

    @property
    def silenced(self) -> tuple[Diagnostic, ...]:
        """Findings that a comment, a waiver or the baseline silences."""
        return tuple(found for found in self.diagnostics if found.suppressed is not None)

    @property
    def suppressed(self) -> tuple[Diagnostic, ...]:
        """Findings that a comment or a waiver silences."""
        return tuple(found for found in self.silenced if not _is_baselined(found))

    @property
    def baselined(self) -> tuple[Diagnostic, ...]:
        """Findings that the baseline silences."""
        return tuple(filter(_is_baselined, self.diagnostics))

    def below(self, prefix: str) -> "Result":
        """Return the same check with `prefix` before the path of every place that is told."""
        return self.led(lambda file: f"{prefix}{file}")

    def led(self, way: Callable[[str], str]) -> "Result":
        """Return the same check with the paths of all places as `way` makes them."""

        def led(label: Label) -> Label:
            file = way(label.location.file)
            return label._replace(location=label.location._replace(file=file))

        return self._replace(
            diagnostics=tuple(
                one._replace(
                    primary=led(one.primary),
                    related=tuple(map(led, one.related)),
                    suppressed=one.suppressed
                    and one.suppressed._replace(file=way(one.suppressed.file)),
                )
                for one in self.diagnostics
            )
        )

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity that are not silenced."""
        return sum(found.severity is severity for found in self.shown)


def _is_baselined(found: Diagnostic) -> bool:
    return found.suppressed is not None and found.suppressed.kind == BY_BASELINE
