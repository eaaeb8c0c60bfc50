"""A telemetry field that answers no question and that nothing else uses.

Why: each field costs money and exposes somebody. One that no metric, slice, version or incident
needs, and that nobody can name a question for, is collected because it could be.

Mend: write the question in `answers`, use the field in a metric, or stop capturing it.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.cadence import Budget
from registry.model.failures import Incident
from registry.model.metrics import Alert, Metric
from registry.model.ownership import Component
from registry.model.runbooks import KillSwitch
from registry.model.telemetry import TelemetryField


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each captured field outside correlation that has no use and no question."""
    used = set(_used(context))
    used |= context.indexes.meant(used, TelemetryField)
    for id_, field in context.each(TelemetryField):
        if not field.captured or field.group == "correlation" or field.answers or id_ in used:
            continue
        if context.may_hide(id_):
            continue
        message = f"`{id_}` is captured, and nothing says what for"
        help_ = "write the question that it `answers`, use it in a metric, or drop it"
        yield context.missing(TelemetryField, id_, "answers", message, help_)


def _used(context: Context) -> Iterator[str]:
    for _, metric in context.each(Metric):
        yield from (*metric.fields, *metric.slices)
    for _, alert in context.each(Alert):
        yield from alert.slice
    for _, component in context.each(Component):
        yield from (component.version_field,) if component.version_field else ()
    for _, incident in context.each(Incident):
        yield from incident.missing_fields
    for _, switch in context.each(KillSwitch):
        yield from switch.scope
    for _, budget in context.each(Budget):
        yield from budget.scope


RULE = rule(__name__, __doc__, "· I W", check, seeds=(4,))
