"""A gate on a high-risk component that lets a change reach everyone at once.

Why: evals are built from what was seen before. A few days with a small group show what was not,
while the harm is still small and the way back short.

Mend: add a `canary` with the cohort that goes first and for how long.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.ownership import Component
from registry.model.release import Gate


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each gate without a canary that a high-risk component passes."""
    components = dict(context.each(Component))
    for id_, gate in context.each(Gate):
        risky = [
            name
            for name in gate.applies_to
            if name in components and components[name].risk == "high"
        ]
        if (gate.canary and not gate.canary.is_empty) or not risky:
            continue
        message = f"`{risky[0]}` is of high risk, and gate `{id_}` lets a change of it out at once"
        help_ = "add a `canary` with a cohort and a time, as `{cohort: internal IT, for: 2d}`"
        related = (context.label(Component, risky[0], "risk", "of high risk"),)
        yield context.missing(Gate, id_, "canary", message, help_, related=related)


RULE = rule(__name__, __doc__, "· I W", check, seeds=(4,))
