"""A debug store that nobody approves, that never expires, or that is not limited to a cohort.

Why: debug capture is the one door through which raw content may pass. It stays safe only while it
is opened by somebody, for some users, for a time; a door without these is simply open.

Mend: set `approval` to the person or role that says yes, `expires_after` to when a capture ends
by itself, and `cohort` to whom it may record.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.telemetry import Store


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each of the three limits that a debug store lacks."""
    for id_, store in context.each(Store):
        if store.kind != "debug":
            continue
        problem = context.graph.owner_problem(store.approval)
        if store.approval is None or problem == "nobody":
            message = f"nobody approves a capture into debug store `{id_}`"
            help_ = "set `approval` to a person, or a role that one person holds"
            yield context.missing(Store, id_, "approval", message, help_)
        elif problem:
            message = f"captures into debug store `{id_}` are approved by {problem}"
            help_ = "set `approval` to a person, or a role that one person holds"
            yield context.finding(Store, id_, "approval", message, help_)
        if store.expires_after is None:
            message = f"a capture into debug store `{id_}` never ends by itself"
            help_ = "set `expires_after`, as `24h`"
            yield context.missing(Store, id_, "expires_after", message, help_)
        if store.cohort is None:
            message = f"debug store `{id_}` may record anybody"
            yield context.missing(Store, id_, "cohort", message, "set `cohort` to whom it records")


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
