"""A metric that is computed from, or split by, something that telemetry does not capture.

Why: the definition is agreed, the dashboard is planned, and the figure cannot be computed. That
comes out when the first person asks for it by tenant or by prompt version.

Mend: add the field to `fields`, with a `redaction` other than `drop`; or name the field that is
captured; or take it out of the metric.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Label
from registry.model.metrics import Metric
from registry.model.telemetry import TelemetryField
from registry.span import KeyPath
from registry.wording import did_you_mean

_SUGGESTED = 200
"""Different names for which the nearest known one is sought: each takes milliseconds."""


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each field and each slice of a metric that is not captured."""
    fields = context.workspace.all(TelemetryField)
    captured = frozenset(name for name, field in fields.items() if field.captured)
    advice: dict[str, str] = {}
    for id_, place, name, why in _uncaptured(context, captured):
        related: list[Label] = []
        if name in fields:
            related = [context.label(TelemetryField, name, "redaction", "dropped here")]
            advice[name] = "keep it hashed or masked instead, or take it out of the metric"
        elif name not in advice:
            known = captured if len(advice) < _SUGGESTED else frozenset()
            otherwise = f"add `{name}` to `fields`, or take it out of the metric"
            advice[name] = did_you_mean(name, known, otherwise)
        verb = "is computed from" if place[0] == "fields" else "is split by"
        message = f"`{id_}` {verb} `{name}`, and {why}"
        yield context.finding(Metric, id_, place, message, advice[name], related=related)


def _uncaptured(
    context: Context, captured: frozenset[str]
) -> Iterator[tuple[str, KeyPath, str, str]]:
    """Yield metric, place, field and reason for each field that a metric needs and lacks."""
    for id_, metric in context.each(Metric):
        for use, names in (("fields", metric.fields), ("slices", metric.slices)):
            if captured.issuperset(names):
                continue
            for place, name in context.places(Metric, id_, use, names):
                why = context.indexes.uncaptured(name)
                if why is not None:
                    yield id_, place, name, why


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
