"""A kill switch that nobody has thrown for longer than the policy allows, or ever.

Why: a flag gets renamed, a permission lapses, a cache goes on answering. Nobody notices, because
nobody throws the switch; a drill finds out on a calm afternoon what an incident would at night.

Mend: throw it in a drill, by somebody who is on call and not by its author, watch that it acts and
that `restore` brings everything back, and set `drilled` to that day. `drill_max_age` sets how old a
drill may be.
"""

from collections.abc import Iterator
from datetime import timedelta

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.runbooks import KillSwitch


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each kill switch whose last drill is too old, or that never had one."""
    limit = context.settings.drill_max_age
    help_ = "throw it in a drill, and set `drilled` to that day"
    for id_, switch in context.each(KillSwitch):
        drilled = switch.drilled
        if drilled is None:
            message = f"kill switch `{id_}` was never drilled"
            yield context.missing(KillSwitch, id_, "drilled", message, help_)
        elif context.today() - drilled.date > timedelta(milliseconds=limit.milliseconds):
            message = f"kill switch `{id_}` was last drilled on {drilled}, more than {limit} ago"
            yield context.finding(KillSwitch, id_, "drilled", message, help_)


RULE = rule(__name__, __doc__, "· W E", check, seeds=(4,), settings=("drill_max_age",))
