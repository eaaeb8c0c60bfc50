"""Records that are older than the retention of their store.

Why: the policy promises that traces are gone after a month, and here are some of last winter. What
nobody deletes is found: in a breach, by a court, or by the customer who asked for it to be erased.

Mend: delete them, and see why the store did not; or set the `retention` that is really meant. Spans
are held against the longest retention of the stores of kind `traces`; a `hold` silences this.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic
from registry.model.telemetry import Store
from registry.traces.context import in_traces, share

if TYPE_CHECKING:
    from registry.traces.context import TracesContext


def check(context: "TracesContext") -> Iterator[Diagnostic]:
    """Report the store that keeps traces for the longest time, where spans are older than that."""
    stores = [(id_, one) for id_, one in context.each(Store) if one.kind == "traces"]
    kept = [(one.retention.milliseconds, id_) for id_, one in stores if one.retention is not None]
    if len(kept) < len(stores) or not kept or any(_is_held(context, one) for _, one in stores):
        return
    longest, id_ = max(kept)
    store = dict(stores)[id_]
    if store.retention == "forever":
        return
    older = context.facts.older(round(context.at.timestamp() * 1_000_000) - longest * 1000)
    if older.number:
        message = (
            f"{share(older.number, older.total)} of the spans are older than the {store.retention} "
            f"that `{id_}` keeps them{in_traces(older.examples)}"
        )
        help_ = "delete what is older, and see why the store did not"
        yield context.finding(Store, id_, "retention", message, help_)


def _is_held(context: "TracesContext", store: Store) -> bool:
    """Whether a hold keeps the records whatever their retention is."""
    return store.hold is not None and not context.is_over(store.hold.until)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
