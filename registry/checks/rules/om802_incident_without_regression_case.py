"""A severe incident was resolved some time ago, and no regression case came of it.

Why: the fix is in, and nothing keeps it there. The questions that failed are known this week, with
the traces still at hand; next month they would have to be guessed.

Mend: turn what failed into labelled cases, let a gate run them, and list them under
`regression_cases`. `regression_within` sets how soon; it counts from `resolved`.
"""

from collections.abc import Iterator
from datetime import timedelta

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Failure, Incident


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each sev1, sev2 or P0 incident without a case, once the time for it is over."""
    limit = context.settings.regression_within
    within = timedelta(milliseconds=limit.milliseconds)
    failures = context.workspace.all(Failure)
    for id_, incident in context.each(Incident):
        failure = failures.get(incident.failure or "")
        is_p0 = failure is not None and failure.priority == "P0"
        is_severe = is_p0 or incident.severity in {"sev1", "sev2"}
        is_due = is_severe and context.is_over(incident.resolved, within)
        if incident.regression_cases or not is_due:
            continue
        level = "P0" if is_p0 else incident.severity
        message = f"no regression case came of the {level} incident `{id_}`"
        help_ = "turn what failed into cases, and list them under `regression_cases`"
        related = [context.label(Incident, id_, "resolved", f"more than {limit} ago")]
        if is_p0:
            related.append(context.label(Failure, str(incident.failure), "priority", "the failure"))
        yield context.missing(Incident, id_, "regression_cases", message, help_, related=related)


RULE = rule(__name__, __doc__, "I W E", check, seeds=(2, 4), settings=("regression_within",))
