"""Somebody who is paged by name, or as a role's holder, is away for long, and has no deputy.

Why: a rota is looked at before a holiday; the second step of an escalation, which pages the head of
the service, is not. For those weeks it ends at a phone that is switched off.

So do a runbook that escalates to them, and a kill switch that they may flip. In a step and among
operators it matters where nobody else in the list is there; in a step that picks one, always.

Mend: name a `deputy` in the absence, name somebody else in the field, or put a schedule there.
`max_absence` sets how long somebody may be away.
"""

from collections.abc import Iterator

from registry.checks.needed import needed
from registry.checks.rule import Context, rule
from registry.clock.words import during
from registry.diagnostic import Diagnostic
from registry.model.oncall import Step
from registry.model.sections import SECTIONS
from registry.workspace.edges import Edge

_BESIDE = {
    "nobody": "",
    "never": ", and nobody else who is there",
    "at times": ", and at times nobody else who is there",
}


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each person and field, with the first absence that is too long; shifts are OM319's."""
    for one in needed(context):
        edge, person, span, beside = one
        when = during(*span, context.tz or context.zone_of(person), context.horizon.end)
        who = f"`{person}`" if edge.target == person else f"`{person}`, who holds `{edge.target}`,"
        message = f"{who} is away {when}, and {_says(edge)}{_BESIDE[beside]}"
        help_ = f"name a `deputy` in the absence of `{person}`, or somebody else in `{edge.name}`"
        yield context.finding(
            SECTIONS[edge.section].model, edge.id, edge.path, message, help_,
            related=one.absences(context), distinguish=person,
        )  # fmt: skip


def _says(edge: Edge) -> str:
    """Say what names somebody, and for what."""
    if isinstance(edge.within, Step):
        return f"the step of `{edge.id}` after {edge.within.after} pages them"
    verb = "escalates to them" if edge.meaning == "is escalated to" else "counts on them"
    return f"the {SECTIONS[edge.section].noun} `{edge.id}` {verb}"


RULE = rule(__name__, __doc__, "I W E", check, settings=("max_absence",))
