"""Spans whose parent is not there, or that have no end, and traces without a required span.

Why: a trace is read from its top. Where a service drops the context, what happened below it hangs
in the air: the answer has no question, the cost no request, and the fault is anywhere. Where spans
are each other's parents, there is no top at all.

Mend: pass the context on wherever a call leaves the process, give each span an id of its own, end
each, and record each kind of span that the policy requires, within what it is to lie in.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic
from registry.model.traces import TraceSpan
from registry.traces.context import in_traces, share
from registry.wording import listed

if TYPE_CHECKING:
    from registry.traces.context import TracesContext


def check(context: "TracesContext") -> Iterator[Diagnostic]:
    """Report what is broken in the traces, each kind of it once."""
    facts, unless = context.facts, context.unless_unread
    for id_, found, what, help_ in (
        ("parents", facts.orphans, "spans have a parent that is not there",
         "pass the context on, and record both sides of each call"),
        ("loops", facts.loops, "spans are on a loop: each is its own ancestor",
         "give each span an id of its own, and as its parent the span that calls it"),
        ("ends", facts.endless, "spans have no end", "end each span, also where a call fails"),
    ):  # fmt: skip
        if found.number:
            many = share(found.number, found.total)
            known = unless if id_ != "loops" else ""  # what is read cannot become none
            message = f"{many} of the {what}{known}{in_traces(found.examples)}"
            yield context.undeclared("traces", id_, message, help_)
    for place, kind in enumerate(facts.recording.wanted.kinds):
        if kind.required:
            without = facts.without(place)
            if without.number:
                message = (
                    f"{share(without.number, without.total)} of the traces have no span "
                    f"`{kind.id}`{unless}{in_traces(without.examples)}"
                )
                help_ = "record it in each trace, or see whether its `match` still fits"
                yield context.finding(TraceSpan, kind.id, "required", message, help_)
        if kind.within:
            outside = facts.outside(place)
            if outside.number:
                outer = listed(
                    [facts.recording.wanted.kinds[one].id for one in kind.within], joint="or"
                )
                message = (
                    f"{share(outside.number, outside.total)} of the spans `{kind.id}` do not lie "
                    f"within {outer}{in_traces(outside.examples)}"
                )
                help_ = "make these spans children of the one that is being worked on"
                yield context.finding(TraceSpan, kind.id, "within", message, help_)


RULE = rule(__name__, __doc__, "I W W", check, seeds=(0, 3))
