"""Someone in an owning field who has left, or leaves within the notice that the policy sets.

Why: a name stays in the files after its person is gone: the entry looks owned, and whoever
follows it reaches a closed account. The last weeks are the time to hand over; what the person
knew leaves with them.

Mend: name the successor in the field that is shown, or make somebody else the role's `holder`. If
the person stays, correct their `until`. `departure_notice` sets how early this is said.
"""

from collections.abc import Iterator, Mapping
from itertools import count

from registry.civil import zone
from registry.decode import references
from registry.diagnostic import Diagnostic
from registry.model.cadence import Experiment
from registry.model.entity import Entity
from registry.model.failures import Action, Incident
from registry.model.people import Person
from registry.model.scalars import Date
from registry.model.sections import SECTIONS, Section
from registry.rule import Context, rule
from registry.span import KeyPath


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each owning field, and each role's `holder`, that names a person who is leaving."""
    leaving = dict(_leaving(context))
    for section in SECTIONS.values() if leaving else ():
        for id_, entity in context.each(section.model):
            dropped = context.workspace.placeholders.get((section.name, id_), {})
            for steps in _owning(context, section.model, entity):
                for place, name in _named(entity, steps, (), dropped):
                    if name in leaving:
                        yield _finding(context, section, id_, place, name, leaving[name])


def _leaving(context: Context) -> Iterator[tuple[str, Date]]:
    notice = context.settings.departure_notice.seconds
    for id_, person in context.each(Person):
        if person.until and (person.until.date - context.today(id_)).total_seconds() <= notice:
            yield id_, person.until


def _owning(context: Context, model: type[Entity], entity: Entity) -> Iterator[KeyPath]:
    """Yield the fields of an entity whose owner still has something to do."""
    if isinstance(entity, Experiment) and _has_ended(context, entity):
        return
    is_resolved = isinstance(entity, Incident) and entity.resolved is not None
    for steps, refers in references(model):
        is_owning = refers.accepts == ("people", "roles") or steps == ("holder",)
        if is_owning and not (is_resolved and steps == ("commander",)):
            yield steps


def _has_ended(context: Context, experiment: Experiment) -> bool:
    ends = experiment.ends
    if ends is None or ends.is_date:
        return ends is not None and ends.date < context.today()
    local = zone(context.zone_of())
    return context.at >= (ends.civil if ends.civil.tzinfo else ends.civil.replace(tzinfo=local))


def _named(
    value: object, steps: KeyPath, at: KeyPath, dropped: Mapping[KeyPath, str]
) -> Iterator[tuple[KeyPath, str]]:
    """Yield each name below `steps` with its place; lists were loaded without placeholders."""
    if isinstance(value, Action) and value.done is not None:
        return
    if not steps:
        if isinstance(value, str):
            yield at, value
    elif steps[0] != "*":
        yield from _named(getattr(value, str(steps[0]), None), steps[1:], (*at, steps[0]), dropped)
    elif isinstance(value, tuple):
        places = ((*at, index) for index in count() if (*at, index) not in dropped)
        for place, item in zip(places, value, strict=False):
            yield from _named(item, steps[1:], place, dropped)


def _finding(  # noqa: PLR0913 - what one finding is made of
    context: Context, section: Section, id_: str, place: KeyPath, person: str, until: Date
) -> Diagnostic:
    field = next(str(key) for key in reversed(place) if isinstance(key, str))
    owned = f"the {section.noun}" if section.single else f"{section.noun} `{id_}`"
    was = "was" if until.date < context.today(person) else "is"
    message = f"the last day of `{person}`, `{field}` of {owned}, {was} {until}"
    help_ = f"name somebody else, or correct the `until` of `{person}`"
    related = (context.label(Person, person, "until", "the last day"),)
    return context.finding(section.model, id_, place, message, help_, related=related)


RULE = rule(__name__, __doc__, "E E E", check, settings=("departure_notice",))
