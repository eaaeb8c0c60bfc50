"""A behavioural alert that pages only schedules of teams whose function is operations.

Why: whoever keeps services alive asks whether it is up. A model that answers fast and wrong is up,
so the page is closed as healthy; what fell is read by those who write prompts, evals and retrieval.

Mend: let the alert page a schedule of the team that owns the behaviour, and call operations in at a
later step. Somebody who is paged by name along with the first schedule, or before it, counts too.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import BEHAVIOURAL_BUCKETS, Alert, Metric
from registry.model.oncall import Schedule
from registry.model.people import Role, Team
from registry.wording import quoted

OPERATIONS = "operations"


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each behavioural page that reaches schedules of operations alone.

    Says nothing where a schedule's team or its function is not known, or a name on the way is not.
    """
    metrics = context.workspace.all(Metric)
    teams: dict[str, dict[str, str]] = {}
    for id_, alert in context.each(Alert):
        metric, target = metrics.get(alert.metric), alert.escalation
        if alert.response != "page" or metric is None or target is None:
            continue
        if target not in teams:
            teams[target] = _teams_of_operations(context, target)
        if not teams[target] or metric.bucket not in BEHAVIOURAL_BUCKETS:
            continue
        names = quoted(teams[target])
        message = (
            f"`{id_}` is about {metric.bucket}, and all schedules that it pages are of operations: "
            f"{names}"
        )
        help_ = "page a schedule of the team that owns the behaviour first"
        related = [
            context.label(Schedule, one, "team", f"the function of `{team}` is operations")
            for one, team in teams[target].items()
        ]
        yield context.finding(Alert, id_, "escalation", message, help_, related=related)


def _teams_of_operations(context: Context, target: str) -> dict[str, str]:
    """Return the schedules that `target` pages, with their teams, if all are of operations."""
    schedules, failed = context.workspace.all(Schedule), context.workspace.failed_fields
    roles = {id_ for id_, _ in context.each(Role) if ("roles", id_) not in failed}
    pages = context.indexes.pages(target)
    unknown = any(page.behind is None and page.named not in roles for page in pages)
    found = {
        page.behind: schedules[page.behind].team or ""
        for page in pages
        if page.behind is not None and page.behind in schedules
    }
    first = min((page.after for page in pages if page.behind in found), default=0)
    by_name = any(page.after <= first for page in pages if page.behind not in {None, *found})
    functions = {_function(context, team) for team in found.values()}
    if unknown or by_name or ("escalations", target) in failed or functions != {OPERATIONS}:
        return {}
    return found


def _function(context: Context, team: str) -> str | None:
    found = context.workspace.all(Team).get(team)
    return found.function if found is not None else None


RULE = rule(__name__, __doc__, "· I W", check, seeds=(1,))
