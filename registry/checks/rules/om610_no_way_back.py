"""A kill switch that does not say how to get back to normal.

Why: a switch is thrown in haste and then stays thrown, because nobody knows what has to hold before
it may be set back. Or it is set back at once, and the harm goes on.

Mend: write in `restore` what has to be verified first, and in which order things come back.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.runbooks import KillSwitch


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each kill switch without `restore`."""
    for id_, switch in context.each(KillSwitch):
        if switch.restore is None:
            message = f"kill switch `{id_}` does not say how to get back to normal"
            help_ = "write in `restore` what has to hold before it is set back"
            yield context.missing(KillSwitch, id_, "restore", message, help_)


RULE = rule(__name__, __doc__, "· W W", check, seeds=(4,))
