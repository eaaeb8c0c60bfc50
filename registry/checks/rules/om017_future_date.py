"""Something is said to be done on a day that is still to come, or an incident runs backwards.

Why: a drill in next August has not been held, and a fault that was mended before anybody found it
was not. Every figure that is made of such a date is wrong, and looks right.

Mend: correct the year, or remove the date until the thing is done. Of an incident, put `started`,
`detected`, `mitigated` and `resolved` in the order in which they happened.
"""

from collections.abc import Iterator
from itertools import pairwise

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.entity import Entity
from registry.model.failures import Incident
from registry.model.runbooks import KillSwitch, Runbook
from registry.model.scalars import Moment
from registry.model.sections import SECTION_OF, SECTIONS
from registry.model.telemetry import Telemetry
from registry.span import KeyPath

_DONE: tuple[tuple[type[Entity], str], ...] = (
    (KillSwitch, "drilled"), (Runbook, "reviewed"), (Telemetry, "reviewed"),
    (Incident, "started"), (Incident, "detected"), (Incident, "mitigated"), (Incident, "resolved"),
)  # fmt: skip
"""Fields that say when something was done."""

_ORDER = ("started", "detected", "mitigated", "resolved")


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each done thing that lies ahead, and each incident whose instants are out of order."""
    for model, field in _DONE:
        for id_, entity in context.each(model):
            done: Moment | None = getattr(entity, field, None)
            if done is not None and not context.has_happened(done):
                yield _ahead(context, model, id_, (field,), done)
    for id_, incident in context.each(Incident):
        for place, action in context.places(Incident, id_, "actions", incident.actions):
            if action.done is not None and not context.has_happened(action.done):
                yield _ahead(context, Incident, id_, (*place, "done"), action.done)
        yield from _out_of_order(context, id_, incident)


def _ahead(
    context: Context, model: type[Entity], id_: str, place: KeyPath, done: Moment
) -> Diagnostic:
    row = SECTIONS[SECTION_OF[model]]
    called = f"the {row.noun}" if row.single else f"{row.noun} `{id_}`"
    message = f"`{place[-1]}` of {called} is {done}, a day that is still to come"
    help_ = "correct the date, or remove it until the thing is done"
    return context.finding(model, id_, place, message, help_)


def _out_of_order(context: Context, id_: str, incident: Incident) -> Iterator[Diagnostic]:
    given = [(field, getattr(incident, field, None)) for field in _ORDER]
    known = [(field, at) for field, at in given if at is not None]
    for (before, first), (after, second) in pairwise(known):
        if context.is_before(second, first):
            message = f"incident `{id_}` was {after} at {second}, before it was {before} at {first}"
            related = (context.label(Incident, id_, before, f"{before} here"),)
            help_ = "correct the one that is wrong"
            yield context.finding(Incident, id_, after, message, help_, related=related)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(2,))
