"""An OpenTelemetry attribute that the semantic conventions do not define, or have deprecated.

Why: dashboards and tools that know the conventions find nothing under a name of one's own making
in their namespace, and a later release may give that name another meaning.

Mend: use the conventions' name, or put the attribute in a namespace of your own, as
`acme.prompt.version`. Names that moved to the GenAI conventions are not deprecated.
"""

from collections.abc import Iterator

from registry.checks.opentelemetry import conventions
from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.telemetry import TelemetryField
from registry.wording import did_you_mean, quoted


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each attribute in a namespace of the conventions that they do not define."""
    for id_, field in context.each(TelemetryField):
        name = field.attribute
        if name is None:
            continue
        known = conventions()
        if known.defines(name) or name.split(".", 1)[0] not in known.namespaces:
            continue
        if name in known.deprecated:
            successors = quoted(known.deprecated[name], " or ")
            message = f"`{name}` is deprecated in the semantic conventions {known.version}"
            help_ = f"use {successors}" if successors else "use an attribute of your own namespace"
        else:
            message = f"the semantic conventions {known.version} define no attribute `{name}`"
            otherwise = "use an attribute of your own namespace, as `acme.prompt.version`"
            help_ = did_you_mean(name, known.defined, otherwise)
        yield context.finding(TelemetryField, id_, "attribute", message, help_)


RULE = rule(__name__, __doc__, "I I W", check, seeds=(3,))
