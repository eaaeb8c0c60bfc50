"""No telemetry field that ties the records of one request together is required.

Why: a slow model call, a refused document and an angry rating are one story only if they carry
one id. Without it, diagnosis is guessing by time of day.

Mend: add a field with `group: correlation` and `required: true`: a trace id, a request id, a
session id.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.telemetry import TelemetryField


def check(context: Context) -> Iterator[Diagnostic]:
    """Report a registry without a required correlation field, where its policy asks for one."""
    group = "correlation"
    if group not in context.settings.required_field_groups or context.may_hide(group):
        return
    if context.may_be_any(TelemetryField, "group"):
        return
    for id_, field in context.each(TelemetryField):
        required = field.required or context.failed(TelemetryField, id_, "required")
        if field.group == group and required and field.captured:
            return
    message = "no telemetry field of group `correlation` is required"
    help_ = "add one, as `trace_id`, with `group: correlation` and `required: true`"
    yield context.absent("field_groups", group, "required_field_groups", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,), settings=("required_field_groups",))
