"""A kill switch with no owner, or with more than one.

Why: a switch is code that runs on the worst day only. Somebody has to keep it working in between,
drill it, and know what stops with it; whoever may throw it seldom does all that.

Mend: set `owner` to one person, or to a role that one person holds. Those who may throw it belong
in `operators`.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.runbooks import KillSwitch


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each kill switch without one owner."""
    for id_, switch in context.each(KillSwitch):
        yield from context.unowned(KillSwitch, id_, "owner", switch.owner, f"kill switch `{id_}`")


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
