"""How long it took until an incident was noticed and its harm ended, against what is allowed."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from registry.checks.rule import Context
from registry.clock.words import delay
from registry.model.failures import Incident
from registry.model.moments import beginning, ending
from registry.model.scalars import Duration, Moment

Began = Literal["started", "detected"]
Ended = Literal["detected", "mitigated", "resolved"]
Setting = Literal["detect_within", "mitigate_within"]


class IncidentWindow(NamedTuple):
    """One stretch of an incident, from `began` to `ended` (fields of it): it took `took` µs.

    `allowed` is what the incident's severity sets by `setting`; None where it sets nothing. Of
    dates alone, which tell no time of day, `took` is the least that it can have been.
    """

    began: Began
    ended: Ended
    took: int
    is_least: bool
    setting: Setting
    allowed: Duration | None

    @property
    def is_missed(self) -> bool:
        """Whether it surely took longer than is allowed."""
        return self.allowed is not None and self.took > self.allowed.milliseconds * 1000

    @property
    def words(self) -> str:
        """Say how long it took: `32m`, `at least 24h`."""
        return f"at least {delay(self.took)}" if self.is_least else delay(self.took)


def windows(context: Context, id_: str, incident: Incident) -> Iterator[IncidentWindow]:
    """Yield the time to mitigate, then the time to detect, where the record has both ends.

    Of a harm of which only the end of the incident is recorded, that is the end. What is dated in
    the future or backwards is left out, and so is what did not load.
    """
    level = context.severity(incident.severity)
    ended: Ended = "mitigated" if incident.mitigated else "resolved"
    if not context.failed(Incident, id_, "mitigated"):
        yield from _window(context, incident, "detected", ended, level.mitigate_within)
    yield from _window(context, incident, "started", "detected", level.detect_within)


def _window(
    context: Context, incident: Incident, began: Began, ended: Ended, allowed: Duration | None
) -> Iterator[IncidentWindow]:
    first: Moment | None = getattr(incident, began)
    last: Moment | None = getattr(incident, ended)
    if first is None or last is None or context.is_before(last, first):
        return
    if not (context.has_happened(first) and context.has_happened(last)):
        return
    since = ending if first.is_date else beginning
    took = beginning(last, context.zone_of()) - since(first, context.zone_of())
    setting: Setting = "detect_within" if began == "started" else "mitigate_within"
    yield IncidentWindow(
        began, ended, max(took, 0), first.is_date or last.is_date, setting, allowed
    )
