"""A kill switch that nobody may flip, or that at some instant nobody is there to flip.

Why: a switch contains a failure within minutes if somebody may throw it and is awake. If the only
ones who may are at work from nine to five, what goes wrong at night goes on until the morning.

Mend: name in `operators` a schedule that is covered at all hours, or a person besides. Gaps in what
a schedule is meant to cover are OM301's, and a schedule without people is OM302's.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.oncall import Schedule
from registry.model.runbooks import KillSwitch


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each switch without operators, and each pattern of times when none is reachable."""
    for id_, switch in context.each(KillSwitch):
        operators = switch.operators
        if not operators:
            message = f"nobody may flip the kill switch `{id_}`: it has no operators"
            help_ = "name in `operators` a schedule, a role or people who may flip it"
            yield context.missing(KillSwitch, id_, "operators", message, help_)
            continue
        for pattern, when in context.horizon.deserted([(one,) for one in operators]):
            message = f"nobody who may flip `{id_}` is on call {when}"
            help_ = "add a schedule that is covered then, or a person"
            related = [context.label(Schedule, *one) for one in context.horizon.reasons(operators)]
            yield context.finding(
                KillSwitch, id_, "operators", message, help_,
                related=related, distinguish=pattern.name,
            )  # fmt: skip


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
