"""A kill switch that takes too long to act, or does not say how long it takes.

Why: whoever throws it has to know whether to wait or to reach for something else. A switch that
acts after an hour is a deployment under another name.

Mend: measure in a drill the time from the decision to the last answer that still got through, and
write it in `takes_effect_within`. If it is longer than `max_switch_time`, make the switch act at
run time: a flag that every request reads, not a build.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.runbooks import KillSwitch


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each kill switch that is slower than the policy allows, or gives no time."""
    limit = context.settings.max_switch_time
    for id_, switch in context.each(KillSwitch):
        time = switch.takes_effect_within
        if time is None:
            message = f"kill switch `{id_}` does not say how soon it takes effect"
            help_ = "measure it in a drill, and write it in `takes_effect_within`"
            yield context.missing(KillSwitch, id_, "takes_effect_within", message, help_)
        elif time.milliseconds > limit.milliseconds:
            message = f"kill switch `{id_}` takes effect within {time}; the policy allows {limit}"
            help_ = "make it act at run time, or name a faster way to contain"
            yield context.finding(KillSwitch, id_, "takes_effect_within", message, help_)


RULE = rule(__name__, __doc__, "· W W", check, seeds=(4,), settings=("max_switch_time",))
