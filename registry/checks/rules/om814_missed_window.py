"""An incident that was noticed, or whose harm was ended, later than its severity allows.

Why: a severity promises a time in which somebody notices and a time in which the harm ends. Where
an incident missed it, the alert or the runbook is slower than what everybody counts on.

Mend: correct the instants if they are wrong. Otherwise find what cost the time and record an action
for it; or set `detect_within` and `mitigate_within` to what can be kept.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.clock.words import delay
from registry.diagnostic import Diagnostic
from registry.model.failures import Incident
from registry.model.metrics import SeverityLevel
from registry.model.moments import beginning, ending
from registry.model.scalars import Duration, Moment


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each window that an incident missed."""
    for id_, incident in context.each(Incident):
        level = context.severity(incident.severity)
        found, ended = incident.detected, incident.mitigated or incident.resolved
        end = "mitigated" if incident.mitigated else "resolved"
        if not context.failed(Incident, id_, "mitigated"):
            took = _took(context, found, ended)
            yield from _missed(context, id_, end, "mitigate_within", took, level.mitigate_within)
        took = _took(context, incident.started, found)
        yield from _missed(context, id_, "detected", "detect_within", took, level.detect_within)


def _took(context: Context, first: Moment | None, last: Moment | None) -> int | None:
    """Return the time between two instants (µs); None where that cannot be told.

    Of dates alone, which tell no time of day, it is the least that it can have been. What is dated
    in the future or backwards OM017 reports.
    """
    if first is None or last is None:
        return None
    if not (context.has_happened(first) and context.has_happened(last)):
        return None
    since = ending if first.is_date else beginning
    return beginning(last, context.zone_of()) - since(first, context.zone_of())


def _missed(  # noqa: PLR0913 - the parts of one window
    context: Context, id_: str, field: str, setting: str, took: int | None, allowed: Duration | None
) -> Iterator[Diagnostic]:
    if took is None or allowed is None or took <= allowed.milliseconds * 1000:
        return
    incident = context.workspace.all(Incident)[id_]
    since = "started" if field == "detected" else "detected"
    dates = [one for one in (since, field) if getattr(incident, one).is_date]
    before = "it started" if field == "detected" else "it was detected"
    message = (
        f"incident `{id_}` was {field} {'at least ' if dates else ''}{delay(took)} after {before};"
        f" a {incident.severity} allows {allowed}"
    )
    help_ = "find what cost the time and record an action, or correct the instants"
    related = [context.label(Incident, id_, since)]
    if incident.severity in context.workspace.all(SeverityLevel):
        own = context.workspace.all(SeverityLevel)[incident.severity]
        if getattr(own, setting) is not None:
            related.append(context.label(SeverityLevel, incident.severity, setting, "allowed"))
    yield context.finding(Incident, id_, field, message, help_, related=related)


RULE = rule(__name__, __doc__, "· I W", check, seeds=(0,), settings=("severities",))
