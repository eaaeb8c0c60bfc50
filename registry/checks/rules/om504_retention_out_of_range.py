"""A store that keeps its records for a shorter or longer time than its kind should.

Why: traces that vanish after a week are gone when a slow regression is noticed; traces kept for a
year are a year of exposure. Aggregates are harmless and useful for longer, debug captures are
neither.

Mend: set `retention` within the bounds for its kind, or set other bounds in the policy's
`retention` and say there why. Records that are evidence are kept by a `hold`, for its time.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.telemetry import Store


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each retention outside the policy's bounds for the store's kind."""
    for id_, store in context.each(Store):
        bounds = context.settings.retention.get(store.kind)
        if store.retention is None or bounds is None or _is_held(context, store):
            continue
        kept = store.retention.milliseconds
        if bounds.min.milliseconds <= kept <= bounds.max.milliseconds:
            continue
        what = "longer" if kept > bounds.max.milliseconds else "shorter"
        limit = bounds.max if what == "longer" else bounds.min
        kept_for = store.retention if store.retention == "forever" else f"for {store.retention}"
        message = f"store `{id_}` keeps {store.kind} {kept_for}, {what} than {limit}"
        help_ = f"choose between {bounds.min} and {bounds.max}, or change the policy's `retention`"
        yield context.finding(Store, id_, "retention", message, help_)


def _is_held(context: Context, store: Store) -> bool:
    """Whether a hold keeps the records whatever the bounds say."""
    return store.hold is not None and not context.is_over(store.hold.until)


RULE = rule(__name__, __doc__, "I W E", check, seeds=(4,), settings=("retention",))
