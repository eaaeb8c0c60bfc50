"""How long incidents took to be noticed and mitigated, against what their severity allows."""

from collections.abc import Iterator
from datetime import timedelta
from typing import get_args

from registry.checks.incident_windows import IncidentWindow, windows
from registry.checks.rule import Context
from registry.export.edition import Edition
from registry.model.failures import Incident
from registry.model.metrics import SeverityName
from registry.output.markdown import bullets, table

QUARTER = timedelta(days=92)
"""How far back incidents are looked at: a quarter, whichever it is."""


def recent(context: Context) -> Iterator[tuple[str, Incident, str]]:
    """Yield each incident of the last quarter of which a window is known, and what it says."""
    for id_, incident in context.each(Incident):
        noticed = incident.detected or incident.started
        if noticed is None or context.is_over(noticed, QUARTER):
            continue
        known = sorted(windows(context, id_, incident), key=lambda one: one.began, reverse=True)
        if known:
            told = [*map(_told, known), *tagged(incident)]
            yield id_, incident, f"{incident.severity}: {'; '.join(told)}"


def tagged(incident: Incident) -> tuple[str, ...]:
    """Name an incident's tags, where it has any: `tags: retrieval, access`."""
    return (f"tags: {', '.join(incident.tags)}",) if incident.tags else ()


def section(edition: Edition) -> Iterator[str]:
    """Write what each severity allows, and how the incidents of the last quarter did."""
    context = Context(edition.workspace, edition.policy, edition.at)
    yield from ("", "## Incident windows", "")
    names: tuple[SeverityName, ...] = get_args(SeverityName)
    rows = [
        (name, str(level.detect_within or "*not set*"), str(level.mitigate_within or "*not set*"))
        for name in names
        if (level := context.severity(name)).detect_within or level.mitigate_within
    ]
    if rows:
        yield from table(("severity", "noticed within", "mitigated within"), rows)
    else:
        yield "No severity says within what time an incident is to be noticed and mitigated."
    told = [
        f"{edition.id(id_)}, {edition.rich(text)} ({edition.owner(incident.commander)})"
        for id_, incident, text in recent(context)
    ]
    yield from bullets(told) if told else ("", "No incident of the last quarter has such times.")


def _told(window: IncidentWindow) -> str:
    since = "after it started" if window.began == "started" else "after that"
    allowed = f" ({window.allowed} allowed)" if window.allowed else ""
    late = ", too late" if window.is_missed else ""
    return f"{window.ended} {window.words} {since}{allowed}{late}"
