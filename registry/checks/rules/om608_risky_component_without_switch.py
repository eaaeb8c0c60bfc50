"""A component of high risk, or a tool that writes, that no kill switch disables.

Why: these are the parts that can do harm which is not undone by a better answer later. When one of
them misbehaves, the choice should not be between the whole system and the harm.

Mend: name it in the `disables` of a kill switch that turns it off or makes it read-only while the
rest goes on. Where its `risk` is put too high, or it does not write after all, correct that.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.ownership import Component
from registry.model.runbooks import KillSwitch


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each risky component that no switch disables; what failed to load may disable it."""
    disabled = {one for _, switch in context.each(KillSwitch) for one in switch.disables}
    disabled |= context.indexes.meant(disabled, Component)
    for id_, component in context.each(Component):
        is_high = component.risk == "high"
        writes = component.kind == "tool" and component.writes
        if not (is_high or writes) or id_ in disabled or context.may_hide(id_):
            continue
        reason = " and ".join(["is of high risk"] * is_high + ["writes"] * writes)
        message = f"{component.kind} `{id_}` {reason}, and no kill switch disables it"
        help_ = f"name `{id_}` in the `disables` of a kill switch"
        field = "risk" if is_high else "writes"
        yield context.finding(Component, id_, field, message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
