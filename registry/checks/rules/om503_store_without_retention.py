"""A telemetry store that does not say how long it keeps what it holds.

Why: without a limit, records are kept until a disk is full or a court asks. How long is a choice
between diagnosis and exposure, and somebody has to make it.

Mend: set `retention`, for instance 30d for traces, 365d for aggregated metrics, 72h for debug
captures.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.telemetry import Store


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each store without a retention."""
    for id_, store in context.each(Store):
        if store.retention is None:
            message = f"store `{id_}` says nothing of how long it keeps its records"
            help_ = "set `retention`" + _usual(context, store)
            yield context.missing(Store, id_, "retention", message, help_)


def _usual(context: Context, store: Store) -> str:
    usual = context.settings.retention.get(store.kind)
    return f"; for {store.kind} this stage asks for {usual.min} to {usual.max}" if usual else ""


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
