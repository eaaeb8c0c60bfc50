"""An incident that was noticed, or whose harm was ended, later than its severity allows.

Why: a severity promises a time in which somebody notices and a time in which the harm ends. Where
an incident missed it, the alert or the runbook is slower than what everybody counts on.

Mend: correct the instants if they are wrong. Otherwise find what cost the time and record an action
for it; or set `detect_within` and `mitigate_within` to what can be kept.
"""

from collections.abc import Iterator

from registry.checks.incident_windows import IncidentWindow, windows
from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Incident
from registry.model.metrics import SeverityLevel


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each window that an incident missed."""
    for id_, incident in context.each(Incident):
        level = context.severity(incident.severity)
        if level.detect_within or level.mitigate_within:
            missed = (one for one in windows(context, id_, incident) if one.is_missed)
            yield from (_finding(context, id_, incident, one) for one in missed)


def _finding(context: Context, id_: str, incident: Incident, window: IncidentWindow) -> Diagnostic:
    before = "it started" if window.began == "started" else "it was detected"
    message = (
        f"incident `{id_}` was {window.ended} {window.words} after {before};"
        f" a {incident.severity} allows {window.allowed}"
    )
    help_ = "find what cost the time and record an action, or correct the instants"
    related = [context.label(Incident, id_, window.began)]
    own = context.workspace.all(SeverityLevel).get(incident.severity)
    if getattr(own, window.setting, None) is not None:
        related.append(context.label(SeverityLevel, incident.severity, window.setting, "allowed"))
    return context.finding(Incident, id_, window.ended, message, help_, related=related)


RULE = rule(__name__, __doc__, "· I W", check, seeds=(0,), settings=("severities",))
