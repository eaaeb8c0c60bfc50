"""A canary that is for everyone, that ends at once, or at which nobody looks.

Why: a canary is there so that few are hurt while somebody watches. Without a cohort, a time and
something to look at, it is a release with a bird's name.

Mend: name a part of the users in `cohort`, how long it lasts in `for`, and what is looked at in
`checks`. `everyone_words` are the cohorts that are none.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.release import Canary, Gate


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each canary with all that it lacks, once a gate."""
    for id_, gate in context.each(Gate):
        if gate.canary is None or context.failed(Gate, id_, "canary"):
            continue
        lacks = list(_lacks(context, gate.canary))
        if lacks:
            message = f"the canary of gate `{id_}` {'; '.join(lacks)}"
            help_ = "name a part of the users, how long it lasts, and what is looked at"
            yield context.finding(Gate, id_, "canary", message, help_)


def _lacks(context: Context, canary: Canary) -> Iterator[str]:
    everyone = {word.casefold() for word in context.settings.everyone_words}
    if canary.cohort is not None and canary.cohort.strip().casefold() in everyone:
        yield f"goes to `{canary.cohort}`"
    if canary.lasts is None or not canary.lasts.milliseconds:
        yield "has no duration"
    if not canary.checks:
        yield "has nothing to check"


RULE = rule(__name__, __doc__, "· W E", check, seeds=(4,), settings=("everyone_words",))
