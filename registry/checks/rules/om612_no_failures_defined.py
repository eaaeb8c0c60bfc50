"""Not one failure of priority P0 is defined.

Why: what must never happen has to be agreed before it does. If it is not, each incident begins with
an argument about how bad this is, and no gate has anything to hold a release against.

Mend: let product, security and engineering agree on the few failures that stop a release and wake
somebody, and write them under `failures` with `priority: P0`.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Failure


def check(context: Context) -> Iterator[Diagnostic]:
    """Report that there is no P0; a failure that did not load may be one."""
    failures = context.workspace.all(Failure)
    is_uncertain = bool(context.workspace.failed.get("failures")) or context.may_hide("P0")
    if is_uncertain or any(one.priority == "P0" for one in failures.values()):
        return
    found = f", only {len(failures)} of lower priority" if failures else ""
    message = f"not one P0 failure is defined{found}"
    help_ = "agree on what must never happen, and write it under `failures` with `priority: P0`"
    yield context.absent("failures", "P0", "", message, help_)


RULE = rule(__name__, __doc__, "· W E", check, seeds=(4,))
