"""Spans that lack a field which the policy requires of them.

Why: the policy says that every call of a model carries the prompt's version, and a third of them do
not. The question that the field is there for has no answer on the night when it is asked.

Mend: set the attribute where the span is made. A field that is `required` and that no entry of
`spans` asks for must be on some span of each trace; name it under `spans` where it is for one kind
of span alone.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic
from registry.model.telemetry import TelemetryField
from registry.model.traces import TraceSpan
from registry.traces.context import in_traces, share

if TYPE_CHECKING:
    from registry.traces.context import TracesContext


def check(context: "TracesContext") -> Iterator[Diagnostic]:
    """Report each field of each kind of span, and each required field, that is lacking."""
    wanted = context.facts.recording.wanted
    for place, kind in enumerate(wanted.kinds):
        for path, field in context.places(TraceSpan, kind.id, "fields", _fields(context, kind.id)):
            attribute = dict(kind.carries).get(field)
            if attribute is None:
                continue
            lacking = context.facts.lacking(place, attribute)
            if lacking.number:
                message = (
                    f"{share(lacking.number, lacking.total)} of the spans `{kind.id}` lack "
                    f"`{field}` (`{attribute}`){in_traces(lacking.examples)}"
                )
                help_ = f"set the attribute `{attribute}` on these spans"
                yield context.finding(TraceSpan, kind.id, path, message, help_)
    for field, attribute in wanted.everywhere:
        lacking = context.facts.nowhere(attribute)
        if lacking.number:
            message = (
                f"{share(lacking.number, lacking.total)} of the traces have no span with "
                f"`{field}` (`{attribute}`){in_traces(lacking.examples)}"
            )
            help_ = f"set `{attribute}` on a span of each request, or ask for it under `spans`"
            yield context.finding(TelemetryField, field, "required", message, help_)


def _fields(context: "TracesContext", kind: str) -> tuple[str, ...]:
    return context.workspace.all(TraceSpan)[kind].fields


RULE = rule(__name__, __doc__, "I W E", check, seeds=(2, 3, 4))
