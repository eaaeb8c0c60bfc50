"""A runbook of a sev1 or sev2 alert that offers nothing to limit the harm.

Why: finding the cause takes longer than users can wait. A severe incident is first made smaller,
by a switch, a fallback or a tighter guardrail, and understood afterwards.

Mend: list under `mitigations` (in Markdown under the heading *Mitigation*) what can be done at
once: a kill switch by its id, or a sentence.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Alert
from registry.model.runbooks import Runbook


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each runbook without a mitigation that a severe alert uses."""
    alerts = context.workspace.all(Alert)
    for id_, runbook in context.each(Runbook):
        used = context.indexes.alerts_by_runbook.get(id_, ())
        severe = [one for one in used if alerts[one].severity in {"sev1", "sev2"}]
        if runbook.mitigations or runbook.is_elsewhere or not severe:
            continue
        worst = min(severe, key=lambda one: alerts[one].severity)
        message = f"runbook `{id_}` has no mitigation, and `{worst}` is {alerts[worst].severity}"
        help_ = "list under `mitigations` what limits the harm: a kill switch, or a sentence"
        related = [context.label(Alert, one, "severity", "leads here") for one in severe]
        yield context.missing(Runbook, id_, "mitigations", message, help_, related=related)


RULE = rule(__name__, __doc__, "· W E", check, seeds=(4,))
