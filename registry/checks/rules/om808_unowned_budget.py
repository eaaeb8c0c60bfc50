"""A budget with no owner, limit or alert, or whose scope is no field that telemetry captures.

Why: spending creeps. A budget without a limit cannot be overspent, one without an alert is read
when the bill is there, and one without an owner is everybody's surprise.

Mend: set `owner`, `limit` and `alert`. Split `scope` by fields that stand in `fields`, so that the
spending can be counted at all.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Label
from registry.model.cadence import Budget
from registry.model.telemetry import TelemetryField

_WANTED = {
    "limit": ("has no limit", "set `limit` and `per`: how much, and in which period"),
    "alert": ("has no alert", "name the alert that tells its owner in time"),
}


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each part that a budget lacks, and each scope that cannot be counted."""
    for id_, budget in context.each(Budget):
        yield from context.unowned(Budget, id_, "owner", budget.owner, f"budget `{id_}`")
        for field, (lacks, help_) in _WANTED.items():
            if getattr(budget, field) is None:
                yield context.missing(Budget, id_, field, f"budget `{id_}` {lacks}", help_)
        for key in budget.scope:
            yield from _uncounted(context, id_, key)


def _uncounted(context: Context, id_: str, key: str) -> Iterator[Diagnostic]:
    """Report a key of a budget's scope that telemetry does not capture."""
    problem = context.indexes.uncaptured(key)
    if problem is None:
        return
    related: list[Label] = []
    if key in context.workspace.all(TelemetryField):
        related = [context.label(TelemetryField, key, "redaction", "dropped here")]
    message = f"budget `{id_}` is for one `{key}`, and {problem}"
    help_ = f"capture `{key}` under `fields`, or split by a field that is there"
    yield context.finding(Budget, id_, ("scope", key), message, help_, related=related, part="key")


RULE = rule(__name__, __doc__, "I W E", check, seeds=(1, 4))
