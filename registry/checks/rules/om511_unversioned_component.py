"""A component that changes behaviour when it changes, and whose version no telemetry field carries.

Why: the first question in a behavioural incident is what changed. If requests do not carry the
version of the prompt or the retrieval configuration, the answer comes from memory and chat logs.

Mend: set `version_field` to the telemetry field that carries its version on every request.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.ownership import Component


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each changing component without a version field."""
    is_asked = context.workspace.manifest.has_model
    for id_, component in context.each(Component):
        if component.is_of_model and not is_asked:
            continue
        if component.changes and component.version_field is None:
            message = f"no telemetry field carries the version of {component.kind} `{id_}`"
            help_ = "set `version_field` to the field that does"
            yield context.missing(Component, id_, "version_field", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
