"""The runbook of a P0's alert names none of the switches that contain the P0.

Why: the switch is there, and whoever is paged reads the runbook and not the list of switches. What
the runbook does not name is not thrown in the first ten minutes.

Mend: add `{switch: ID}` to the runbook's `mitigations`, or `contained_by` if another switch is the
right one. In Markdown a mitigation that is one id in backticks is a switch.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Failure
from registry.model.metrics import Alert
from registry.model.runbooks import KillSwitch, Runbook, SwitchUse
from registry.wording import listed


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each runbook that is followed in a P0 and flips none of its switches."""
    alerts, runbooks = context.workspace.all(Alert), context.workspace.all(Runbook)
    switches = context.workspace.all(KillSwitch)
    seen: set[tuple[str, str]] = set()
    for id_, failure in context.each(Failure):
        # One that is not there is misspelt: which switch it means is not known.
        known = all(one in switches for one in failure.contained_by)
        if failure.priority != "P0" or not failure.contained_by or not known:
            continue
        for name in failure.detected_by:
            alert = alerts.get(name)
            followed = alert.runbook if alert is not None else None
            runbook = runbooks.get(followed or "")
            if followed is None or runbook is None or runbook.is_elsewhere:
                continue
            if (id_, followed) in seen:
                continue
            seen.add((id_, followed))
            if not context.failed(Runbook, followed, "mitigations") and _is_apart(runbook, failure):
                yield _finding(context, followed, id_, failure, name)


def _is_apart(runbook: Runbook, failure: Failure) -> bool:
    """Whether a runbook names none of the switches that contain a failure."""
    flipped = {one.switch for one in runbook.mitigations if isinstance(one, SwitchUse)}
    return flipped.isdisjoint(failure.contained_by)


def _finding(context: Context, runbook: str, id_: str, failure: Failure, alert: str) -> Diagnostic:
    switches = listed(failure.contained_by, joint="or")
    message = (
        f"runbook `{runbook}` is followed when `{alert}` detects the P0 `{id_}`,"
        f" and does not name {switches}"
    )
    help_ = f"add {switches} to its `mitigations`"
    related = (
        context.label(Failure, id_, "contained_by", "what contains it"),
        context.label(Alert, alert, "runbook", "followed from here"),
    )
    mitigations = context.workspace.all(Runbook)[runbook].mitigations
    report = context.finding if mitigations else context.missing
    found = report(Runbook, runbook, "mitigations", message, help_, related=related)
    return found._replace(distinguish=id_)


RULE = rule(__name__, __doc__, "I W W", check, seeds=(4,))
