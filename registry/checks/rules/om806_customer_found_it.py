"""An incident that a customer reported first, and that no alert would find today either.

Why: users wait long before they complain, and most never do. If they were the alarm once and
nothing has changed since, they are the alarm for the next time too.

Mend: add an alert that would have seen it, name it in the `detected_by` of the incident's failure,
and record it as an action of kind `add-alert` with the day on which it was `done`. Reports through
`customer` and `support` come from outside; an `employee` who speaks up counts as found inside.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Action, Failure, Incident

_OUTSIDE = {"customer": "by a customer", "support": "through support"}


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each incident found outside, with no alert added and none on its failure.

    Says nothing where the failure, or something of either, did not load.
    """
    failures = context.workspace.all(Failure)
    for id_, incident in context.each(Incident):
        name, by = incident.failure, _OUTSIDE.get(incident.detected_by or "")
        failure = failures.get(name or "")
        if by is None or _is_uncertain(context, id_, name):
            continue
        added = [action for action in incident.actions if action.kind == "add-alert"]
        is_added = any(_is_done(context, action) for action in added)
        if is_added or (failure and failure.detected_by):
            continue
        message = f"incident `{id_}` was first reported {by}, and no alert would find it today"
        help_ = "add an alert that would have seen it" if not added else "add the alert as planned"
        related = [context.label(Failure, str(name), (), "no alert detects it")] if failure else []
        yield context.finding(Incident, id_, "detected_by", message, help_, related=related)


def _is_uncertain(context: Context, id_: str, failure: str | None) -> bool:
    if any(context.failed(Incident, id_, field) for field in ("actions", "failure")):
        return True
    if failure is None:
        return False
    is_loaded = failure in context.workspace.all(Failure)
    return not is_loaded or context.failed(Failure, failure, "detected_by")


def _is_done(context: Context, action: Action) -> bool:
    today = context.today(context.indexes.owner(action.owner))
    return action.done is not None and action.done.date <= today


RULE = rule(__name__, __doc__, "I W W", check, seeds=(1,))
