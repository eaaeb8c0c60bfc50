"""Text, personal data or a secret that is kept as it came, in a store that is no debug store.

Why: what people typed and what documents said ends up in traces that many can read for weeks. A
leak through telemetry is a leak all the same, and the records are what an attacker wants most.

Mend: set `redaction` to `hash`, `mask` or `drop`; or keep the field only in a store of kind
`debug`, which is opened for a cohort, by approval, and expires. What the semantic conventions call
content or personal is so under any `classification`.
"""

from collections.abc import Iterator

from registry.checks.opentelemetry import sensitive
from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.telemetry import Store, TelemetryField

RAW = frozenset({"content", "personal", "secret"})


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each place where unredacted data goes into a store that is not for debugging."""
    stores = dict(context.each(Store))
    for id_, field in context.each(TelemetryField):
        if field.redaction != "none" or _kind(field) is None:
            continue
        for index, name in enumerate(field.stores):
            store = stores.get(name)
            if store is None or store.kind == "debug":
                continue
            message = f"`{id_}` holds {_called(field)} and goes unredacted into `{name}`"
            help_ = "set `redaction` to hash, mask or drop, or keep it in a debug store only"
            related = [context.label(Store, name, "kind", "no debug store")]
            if field.classification not in RAW:
                related.append(context.label(TelemetryField, id_, "attribute", "what it carries"))
            yield context.finding(
                TelemetryField, id_, ("stores", index), message, help_,
                related=related, distinguish=name,
            )  # fmt: skip


def _kind(field: TelemetryField) -> str | None:
    """Tell what is raw about a field: by its classification, else by what its attribute carries."""
    own = field.classification if field.classification in RAW else None
    return own or (sensitive(field.attribute) if field.attribute else None)


def _called(field: TelemetryField) -> str:
    names = {"content": "raw content", "personal": "personal data", "secret": "a secret"}
    called = names[str(_kind(field))]
    by = f", by its attribute `{field.attribute}`," if field.classification not in RAW else ""
    return called + by


RULE = rule(__name__, __doc__, "E E E", check, seeds=(4,))
