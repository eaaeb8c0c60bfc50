"""A store of debug captures in which nobody records who looked.

Why: raw captures hold what people typed. Whoever reads them reads other people's letters, and
without a record of it nobody can say afterwards who did.

Mend: switch on the store's own access log, and set `audited: true`.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.telemetry import Store


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each debug store that is not audited."""
    help_ = "record who reads it, and set `audited: true`"
    for id_, store in context.each(Store):
        if store.kind != "debug" or store.audited or context.failed(Store, id_, "audited"):
            continue
        message = f"nobody records who reads the debug store `{id_}`"
        if "audited" in (context.workspace.raw("stores", id_) or {}):
            yield context.finding(Store, id_, "audited", message, help_)
        else:
            yield context.missing(Store, id_, "audited", message, help_)


RULE = rule(__name__, __doc__, "I W E", check, seeds=(4,))
