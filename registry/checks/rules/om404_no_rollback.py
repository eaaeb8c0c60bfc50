"""A runbook that does not say what to roll back.

Why: most faults in behaviour arrive with a change, to a prompt, a model, an index. Going back is
then the fastest cure, and the one thing that is hard to work out under pressure.

Mend: list under `rollback` (in Markdown under the heading *Rollback*) each thing that can be set
back and how. If nothing can, write that down, with what to do instead.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.runbooks import Runbook


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each runbook without a rollback."""
    for id_, runbook in context.each(Runbook):
        if not runbook.rollback and not runbook.is_elsewhere:
            message = f"runbook `{id_}` does not say what to roll back"
            help_ = "list it under `rollback`, or the heading *Rollback* in Markdown"
            yield context.missing(Runbook, id_, "rollback", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(1, 4))
