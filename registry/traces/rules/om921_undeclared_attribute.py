"""An attribute that is recorded and that no field of the policy declares.

Why: the policy that security and product have signed lists what is kept. What a library adds by
itself, or somebody in a hurry, nobody has agreed to, and nobody knows who reads it for how long.

Mend: declare it under `fields`, with its classification; or take it out where spans are made, or in
the collector. What `match` names is declared; of a resource nothing is asked; a deprecated name
counts as today's.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic
from registry.traces.context import in_traces, shown_id
from registry.wording import counted

if TYPE_CHECKING:
    from registry.traces.context import TracesContext

_MOST = 20
"""Attributes that are told one by one; where there are more, something makes names of values."""


def check(context: "TracesContext") -> Iterator[Diagnostic]:
    """Report each attribute that nobody declared; what is content is another rule's."""
    from registry.traces.content import is_name

    recording = context.facts.recording
    known = sorted(recording.undeclared.items(), key=lambda one: (-one[1].number, one[0]))
    told = [(name, seen) for name, seen in known if recording.wanted.judged(name) != "raw"]
    named = [one for one in told if is_name(one[0])]
    for name, seen in named[:_MOST]:
        where = in_traces([shown_id(seen.trace)])
        message = (
            f"`{name}` is recorded on {counted(seen.number, 'span')}, and no field declares "
            f"it{where}"
        )
        help_ = f"declare a field with `attribute: {name}`, or stop recording it"
        yield context.undeclared("fields", name, message, help_)
    others = len(told) - len(named[:_MOST])
    if others:
        spans = sum(seen.number for _, seen in told) - sum(seen.number for _, seen in named[:_MOST])
        message = (
            f"{counted(others, 'more attribute')} that no field declares, {spans} times: names "
            "like these are made of values"
        )
        help_ = "put what differs into the attribute's value, under one name"
        yield context.undeclared("fields", "others", message, help_)


RULE = rule(__name__, __doc__, "· I W", check, seeds=(4,))
