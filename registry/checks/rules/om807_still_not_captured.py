"""A field that an incident found missing, and that telemetry still does not capture.

Why: the investigation already paid for the lesson: with this field it would have been over sooner.
As long as nobody records it, the next one stalls at the same place.

Mend: add it to `fields` with the components that emit it, and do not drop it on the way. If it
turns out not to be needed, take it off the incident's `missing_fields`.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Label
from registry.model.failures import Incident
from registry.model.telemetry import TelemetryField


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each missing field of an incident that is no field, or is dropped."""
    fields = context.workspace.all(TelemetryField)
    for id_, incident in context.each(Incident):
        names = context.places(Incident, id_, "missing_fields", incident.missing_fields)
        for place, name in names:
            problem = context.indexes.uncaptured(name)
            if problem is None:
                continue
            message = f"incident `{id_}` lacked `{name}`, which is still missing: {problem}"
            help_ = f"capture `{name}` under `fields`"
            related: list[Label] = []
            if name in fields:
                help_ = f"hash or mask `{name}` instead of dropping it"
                related = [context.label(TelemetryField, name, "redaction", "dropped here")]
            yield context.finding(Incident, id_, place, message, help_, related=related)


RULE = rule(__name__, __doc__, "I W E", check, seeds=(2,))
