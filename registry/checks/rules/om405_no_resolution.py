"""A runbook that does not say what counts as resolved.

Why: an alert that has gone quiet is not the same as users being served well. Without an agreed
end, one responder stops too early and the next one stays up for nothing.

Mend: list under `resolved_when` (in Markdown under the heading *Resolved when*) what has to hold,
and for how long, before the incident is closed.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.runbooks import Runbook


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each runbook that has no end."""
    for id_, runbook in context.each(Runbook):
        if not runbook.resolved_when and not runbook.is_elsewhere:
            message = f"runbook `{id_}` does not say what counts as resolved"
            help_ = "list it under `resolved_when`, or the heading *Resolved when* in Markdown"
            yield context.missing(Runbook, id_, "resolved_when", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(1,))
