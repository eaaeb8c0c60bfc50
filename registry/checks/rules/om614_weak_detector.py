"""A P0 failure that only alerts of low severity detect.

Why: a P0 is what the organisation has sworn never to let pass. If whatever finds it has until
tomorrow to be answered, it is not found; it is read about.

Mend: raise the severity of an alert that detects it to sev1 or sev2, or add one that has it.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Failure
from registry.model.metrics import Alert
from registry.wording import listed

GRAVE = frozenset({"sev1", "sev2"})


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each P0 whose every detector is below sev2; one that did not load may not be."""
    alerts = context.workspace.all(Alert)
    for id_, failure in context.each(Failure):
        names = failure.detected_by
        known = all(one in alerts for one in names)
        unread = not known or context.failed(Failure, id_, "detected_by")
        if failure.priority != "P0" or not names or unread:
            continue
        if any(alerts[one].severity in GRAVE for one in names):
            continue
        shown = [f"`{one}` ({alerts[one].severity})" for one in names[:4]]
        more = f" and {len(names) - 4} more" if len(names) > 4 else ""
        message = f"the P0 `{id_}` is detected only by {', '.join(shown)}{more}: below sev2"
        help_ = f"raise the severity of {listed(names, joint='or')}, or add an alert that has it"
        related = [context.label(Alert, one, "severity") for one in names[:4]]
        yield context.finding(Failure, id_, "detected_by", message, help_, related=related)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
