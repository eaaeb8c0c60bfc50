"""A runbook that is only an address: what it says cannot be checked here.

Why: whether a page in a wiki says what to check first, whom to call and what to roll back shows
only to whoever opens it, and that is somebody at night. Nobody is told when the page moves.

Mend: open the address and see that it says all that. To have it checked, bring the lists here, at
least `first_checks`, and keep the `url` beside them.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.runbooks import Runbook

_LISTS = frozenset(
    {"first_checks", "hypotheses", "mitigations", "rollback", "communicate", "resolved_when",
     "steps"}
)  # fmt: skip


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each runbook that has a `url` and none of the lists."""
    for id_, runbook in context.each(Runbook):
        unread = any(context.failed(Runbook, id_, field) for field in _LISTS)
        if runbook.is_elsewhere and not unread:
            message = f"what the runbook `{id_}` says stands at its `url` alone, and is not checked"
            help_ = "see that it says what to check first, or bring its lists here"
            yield context.finding(Runbook, id_, "url", message, help_)


RULE = rule(__name__, __doc__, "· I I", check, seeds=(2,))
