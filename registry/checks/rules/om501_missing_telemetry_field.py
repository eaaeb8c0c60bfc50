"""A group of telemetry fields that the stage asks for has no required field, or one is missing.

Why: an incident is diagnosed from what every request recorded. A group with nothing required in
it is a question that cannot be asked afterwards: which prompt was live, which source was refused,
what the answer cost.

Mend: add a field with this `group` and `required: true`, or mark one that is there as required.
Policy: `required_field_groups` lists the groups, `required_fields` single fields that must be
captured. The group correlation is OM510's.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.telemetry import TelemetryField

CORRELATION = "correlation"


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each group without a required field, and each required field not captured."""
    fields = dict(context.each(TelemetryField))
    required = {
        field.group
        for id_, field in fields.items()
        if (field.required and field.captured) or context.failed(TelemetryField, id_, "required")
    }
    unknown = context.may_be_any(TelemetryField, "group")
    for group in context.settings.required_field_groups:
        if group == CORRELATION or group in required or context.may_hide(group) or unknown:
            continue
        message = f"no telemetry field of group `{group}` is required"
        help_ = f"add a field with `group: {group}` and `required: true`"
        yield context.absent("field_groups", group, "required_field_groups", message, help_)
    for name in context.settings.required_fields:
        field = fields.get(name)
        if field is not None and not field.captured:
            message = f"the policy asks for `{name}`, and `redaction: drop` keeps nothing of it"
            help_ = "choose `hash` or `mask`, or take it out of `required_fields`"
            yield context.finding(TelemetryField, name, "redaction", message, help_)
        elif field is None and not context.may_hide(name):
            message = f"the policy asks for the telemetry field `{name}`, and there is none"
            help_ = f"add `{name}` to `fields`, or take it out of `required_fields`"
            yield context.absent("fields", name, "required_fields", message, help_)


RULE = rule(
    __name__,
    __doc__,
    "W E E",
    check,
    seeds=(2, 4),
    settings=("required_field_groups", "required_fields"),
)
