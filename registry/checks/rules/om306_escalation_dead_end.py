"""An escalation, or a step of one, that reaches no person at some instant.

Why: a page at three in the morning goes to a schedule that is only meant for working hours, and
nothing says so until then. If another step follows, minutes are lost; if none does, the page is.

Mend: add to the step a schedule that is covered at all hours, or a person; or let what it names
cover these hours: all of it, where it picks one. Steps that their hours skip are no dead end unless
all are; gaps in a coverage are OM301's, schedules without people OM302's, vacant roles OM109's.
"""

from collections.abc import Iterator, Sequence

from registry.checks.rule import Context, rule
from registry.checks.silent_hours import reaches, silent
from registry.diagnostic import Diagnostic
from registry.model.entity import Entity
from registry.model.metrics import Alert
from registry.model.oncall import Escalation, Schedule
from registry.span import KeyPath


def check(context: Context) -> Iterator[Diagnostic]:
    """Report escalations, steps, and schedules that an alert itself pages, while they are empty.

    A step is not told again at times at which no step of its escalation reaches anybody.
    """
    for id_, escalation in context.each(Escalation):
        if not escalation.steps:
            message = f"the escalation `{id_}` has no steps: it reaches nobody"
            help_ = "add a step that pages a schedule, a role or a person"
            yield context.missing(Escalation, id_, "steps", message, help_)
        elif not context.failed(Escalation, id_, "steps"):
            yield from _of_steps(context, id_, escalation)
    paged = {one.escalation: id_ for id_, one in context.each(Alert) if one.response == "page"}
    for schedule in context.workspace.all(Schedule):
        if schedule in paged:
            what = f"`{schedule}`, which `{paged[schedule]}` pages, reaches nobody"
            yield from _empty(context, (Schedule, schedule, ()), what, [(schedule,)])


def _of_steps(context: Context, id_: str, escalation: Escalation) -> Iterator[Diagnostic]:
    if (silence := context.horizon.silence(id_)) is not None:
        return (yield from silent(context, id_, escalation, silence))
    steps = list(context.places(Escalation, id_, "steps", escalation.steps))
    ways, zone = [way for _, step in steps for way in step.ways], None
    ids = [one for way in ways for one in way]
    told = set()
    if len(steps) > 1:
        zone = context.horizon.own_zone(*ids)
        what = f"no step of `{id_}` {'surely ' * (len(ways) < len(ids))}reaches anybody"
        for finding in _empty(context, (Escalation, id_, ()), what, ways):
            told.add(finding.distinguish)
            yield finding
    for number, (place, step) in enumerate(steps, 1):
        at, what = (Escalation, id_, (*place, "notify")), f"step {number} of `{id_}`"
        if not step.notify:
            help_ = "name a schedule, a role or a person, or remove the step"
            yield context.missing(*at, f"{what} notifies nobody", help_)
        found = _empty(context, at, f"{what} {reaches(step)}", step.ways, zone)
        yield from (finding for finding in found if finding.distinguish not in told)


def _empty(
    context: Context,
    at: tuple[type[Entity], str, KeyPath],
    what: str,
    ways: Sequence[tuple[str, ...]],
    zone: str | None = None,
) -> Iterator[Diagnostic]:
    """Report each pattern of times at which no way surely reaches a person."""
    ids = [one for way in ways for one in way]
    for gap, when in context.horizon.deserted(ways, zone):
        where = "as well" if all(len(way) == 1 for way in ways) else "in its place"
        help_ = f"page a schedule that is covered then, or a person, {where}"
        labels = [context.label(Schedule, *one) for one in context.horizon.reasons(ids)]
        yield context.finding(*at, f"{what} {when}", help_, related=labels, distinguish=gap.name)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(0,))
