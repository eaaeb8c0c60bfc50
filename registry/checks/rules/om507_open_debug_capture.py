"""A debug store that nobody approves, that expires never or too late, or that has no cohort.

Why: debug capture is the one door through which raw content may pass. It stays safe only while it
is opened by somebody, for some users, for a time; a door without these is simply open.

Mend: set `approval` to the person or role that says yes, `expires_after` to when a capture ends
by itself, no later than `retention`, and `cohort` to whom it may record.
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
        problem = context.indexes.owner_problem(store.approval)
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
        elif _outlives(store):
            message = (
                f"a capture into debug store `{id_}` ends after {store.expires_after}, "
                f"when its first records are gone after {store.retention}"
            )
            help_ = "end it before: `expires_after` is to be no longer than `retention`"
            related = (context.label(Store, id_, "retention", "gone by then"),)
            yield context.finding(Store, id_, "expires_after", message, help_, related=related)
        if store.cohort is None:
            message = f"debug store `{id_}` may record anybody"
            yield context.missing(Store, id_, "cohort", message, "set `cohort` to whom it records")


def _outlives(store: Store) -> bool:
    """Whether a capture still runs when the first of what it caught has been deleted."""
    kept, runs = store.retention, store.expires_after
    return kept is not None and runs is not None and runs.milliseconds > kept.milliseconds


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
