"""An alert that nobody owns: no owner is named, or more than one.

Why: the owner is who tunes the threshold, keeps the runbook true and is asked when the alert cries
wolf. Without one it is muted sooner or later, and stays muted.

Mend: set `owner` to one person, or to a role that one person holds.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Alert


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each alert without one owner."""
    for id_, alert in context.each(Alert):
        yield from context.unowned(Alert, id_, "owner", alert.owner, f"alert `{id_}`")


RULE = rule(__name__, __doc__, "W E E", check, seeds=(1,))
