"""An incident of a P0 failure that is recorded with a low severity.

Why: the organisation said that this must never happen, and when it did, the record calls it minor.
What is counted as minor is not reviewed, not reported, and happens again.

Mend: record the incident as sev1 or sev2, or lower the failure's `priority` if it is none of those.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Failure, Incident

_GRAVE = frozenset({"sev1", "sev2"})


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each incident below sev2 whose failure is a P0."""
    failures = context.workspace.all(Failure)
    for id_, incident in context.each(Incident):
        failure = failures.get(incident.failure or "")
        if failure is None or incident.failure is None or failure.priority != "P0":
            continue
        if incident.severity in _GRAVE:
            continue
        message = (
            f"incident `{id_}` is a {incident.severity}, and its failure"
            f" `{incident.failure}` is a P0"
        )
        help_ = "record it as sev1 or sev2, or lower the failure's `priority`"
        related = (context.label(Failure, incident.failure, "priority", "a P0"),)
        yield context.finding(Incident, id_, "severity", message, help_, related=related)


RULE = rule(__name__, __doc__, "I W W", check, seeds=(3,))
