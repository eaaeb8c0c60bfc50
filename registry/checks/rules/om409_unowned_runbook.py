"""A runbook with no owner, or with more than one.

Why: a runbook is right on the day it is written. Somebody has to want it to be right a year later,
and to hear from those who used it what was missing.

Mend: set `owner` to one person, or to a role that one person holds; often whoever owns the alert
that leads to it.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.runbooks import Runbook


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each runbook without one owner."""
    for id_, runbook in context.each(Runbook):
        yield from context.unowned(Runbook, id_, "owner", runbook.owner, f"runbook `{id_}`")


RULE = rule(__name__, __doc__, "I W E", check, seeds=(1,))
