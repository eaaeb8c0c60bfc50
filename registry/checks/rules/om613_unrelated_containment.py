"""A P0 whose switches switch off other things than those that the failure is about.

Why: the list says that the failure is contained, and the switch that it names turns off another
part. Whoever flips it in an incident sees nothing change, and finds that out while harm goes on.

Mend: name in `contained_by` a switch that `disables` one of the failure's `components`, or correct
`components` if the failure is about another part.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Failure
from registry.model.ownership import Component
from registry.model.runbooks import KillSwitch
from registry.wording import listed


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each P0 none of whose switches disables a component of it, though some do disable."""
    switches = context.workspace.all(KillSwitch)
    for id_, failure in context.each(Failure):
        if failure.priority != "P0" or not failure.components or _is_unsure(context, id_, failure):
            continue
        off = {
            name: switches[name].disables
            for name in failure.contained_by
            if name in switches and switches[name].disables
        }
        if not off or any(set(failure.components) & set(disabled) for disabled in off.values()):
            continue
        disabled = dict.fromkeys(one for several in off.values() for one in several)
        verb = "disables" if len(off) == 1 else "disable"
        message = (
            f"the P0 `{id_}` is about {listed(failure.components)}, and {listed(off)} {verb}"
            f" {listed(disabled)}"
        )
        help_ = "name a switch in `contained_by` that disables one of those"
        related = [context.label(KillSwitch, name, "disables", "what it disables") for name in off]
        yield context.finding(Failure, id_, "contained_by", message, help_, related=related)


def _is_unsure(context: Context, id_: str, failure: Failure) -> bool:
    """Whether something that would settle it did not load, or is not there."""
    known = context.workspace.all(Component)
    own = any(context.failed(Failure, id_, field) for field in ("components", "contained_by"))
    switches = context.workspace.all(KillSwitch)
    return (
        own
        or any(one not in known for one in failure.components)
        or any(
            name not in switches or context.failed(KillSwitch, name, "disables")
            for name in failure.contained_by
        )
    )


RULE = rule(__name__, __doc__, "I W W", check, seeds=(4,))
