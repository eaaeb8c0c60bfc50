"""The steps of an escalation are not in rising order, or the first one waits.

Why: whoever reads the list takes its order for the order of the pages. A later step that comes
earlier, or two at once, is mostly a slip of the keyboard; and if nobody is paged at once, minutes
pass in which the alert has fired and nobody knows.

Mend: write the steps in the order in which they page, each `after` longer than the one before, and
the first `0m`. Two steps that come at the same time are one step with two names.
"""

from collections.abc import Iterator
from itertools import pairwise

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.oncall import Escalation


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each step that does not come after the one before it, and a first one not at once."""
    for id_, escalation in context.each(Escalation):
        steps = list(context.places(Escalation, id_, "steps", escalation.steps))
        if steps and all(step.after.milliseconds for _, step in steps):
            place, step = min(steps, key=lambda pair: pair[1].after.milliseconds)
            message = f"`{id_}` pages nobody in the first {step.after}"
            help_ = "let the first step come `after: 0m`"
            yield context.finding(
                Escalation, id_, (*place, "after"), message, help_, distinguish="first"
            )
        for number, ((early, before), (place, step)) in enumerate(pairwise(steps), 2):
            if step.after.milliseconds > before.after.milliseconds:
                continue
            same = step.after.milliseconds == before.after.milliseconds
            what = "at the same time as" if same else "before"
            message = f"step {number} of `{id_}` comes at {step.after}, {what} the one above it"
            help_ = "make one step of the two" if same else "put the steps in the order of `after`"
            related = (context.label(Escalation, id_, (*early, "after"), "the step above it"),)
            yield context.finding(
                Escalation, id_, (*place, "after"), message, help_, related=related
            )


RULE = rule(__name__, __doc__, "E E E", check)
