"""A runbook that does not say what to check first.

Why: the first minutes decide how long the rest takes. Somebody who was asleep needs the first
three things to look at, in order; without them they open every dashboard there is.

Mend: list under `first_checks` (in Markdown under the heading *First checks*) what tells the
likely causes apart: which slice, since when, what changed. `steps` say who does what by when, and
do not count as checks.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.runbooks import Runbook


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each runbook without first checks."""
    for id_, runbook in context.each(Runbook):
        if not runbook.first_checks and not runbook.is_elsewhere:
            message = f"runbook `{id_}` does not say what to check first"
            help_ = "list it under `first_checks`, or the heading *First checks* in Markdown"
            yield context.missing(Runbook, id_, "first_checks", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(1,))
