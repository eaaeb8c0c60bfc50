"""Someone in an owning field who has left, or leaves within the notice that the policy sets.

Why: a name stays in the files after its person is gone: the entry looks owned, and whoever
follows it reaches a closed account. The last weeks are the time to hand over.

Mend: name the successor in the field that is shown, or make somebody else the role's `holder`. If
the person stays, correct their `until`. `departure_notice` sets how early this is said.
"""

from collections.abc import Iterator, Mapping
from itertools import count

from registry.decode import references
from registry.diagnostic import Diagnostic
from registry.model.cadence import Experiment
from registry.model.entity import Entity
from registry.model.failures import Action, Incident
from registry.model.people import Person
from registry.model.sections import SECTIONS
from registry.rule import Context, rule
from registry.span import KeyPath


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each owning field, and each role's `holder`, that names a person who is leaving."""
    leaving = {id_ for id_, person in context.each(Person) if _is_leaving(context, id_, person)}
    for section, (_, model, *_) in SECTIONS.items() if leaving else ():
        for id_, entity in context.each(model):
            dropped = context.workspace.placeholders.get((section, id_), {})
            for steps in _owning(context, entity):
                for place, name in _named(entity, steps, (), dropped):
                    if name in leaving:
                        yield _finding(context, section, id_, place, name)


def _is_leaving(context: Context, id_: str, person: Person) -> bool:
    notice = context.settings.departure_notice.seconds
    until = person.until
    return until is not None and (until.date - context.today(id_)).total_seconds() <= notice


def _owning(context: Context, entity: Entity) -> Iterator[KeyPath]:
    """Yield the fields of an entity whose owner still has something to do."""
    over = isinstance(entity, Experiment) and context.is_over(entity.ends)
    resolved = isinstance(entity, Incident) and entity.resolved is not None
    for steps, refers in references(type(entity)):
        is_owning = refers.accepts == ("people", "roles") or steps == ("holder",)
        if is_owning and not over and not (resolved and steps == ("commander",)):
            yield steps


def _named(
    value: object, steps: KeyPath, at: KeyPath, dropped: Mapping[KeyPath, str]
) -> Iterator[tuple[KeyPath, str]]:
    """Yield each name below `steps` with its place; lists were loaded without placeholders."""
    if isinstance(value, str) and not steps:
        yield at, value
    elif isinstance(value, tuple) and steps[:1] == ("*",):
        places = ((*at, index) for index in count() if (*at, index) not in dropped)
        for place, item in zip(places, value, strict=False):
            yield from _named(item, steps[1:], place, dropped)
    elif steps and not (isinstance(value, Action) and value.done):
        yield from _named(getattr(value, str(steps[0]), None), steps[1:], (*at, steps[0]), dropped)


def _finding(context: Context, section: str, id_: str, place: KeyPath, name: str) -> Diagnostic:
    _, model, noun, single, _ = SECTIONS[section]
    field = next(key for key in reversed(place) if isinstance(key, str))
    until = context.workspace.all(Person)[name].until
    was = "was" if until and until.date < context.today(name) else "is"
    owned = f"the {noun}" if single else f"{noun} `{id_}`"
    message = f"the last day of `{name}`, `{field}` of {owned}, {was} {until}"
    help_ = f"name somebody else, or correct the `until` of `{name}`"
    related = (context.label(Person, name, "until", "the last day"),)
    return context.finding(model, id_, place, message, help_, related=related)


RULE = rule(__name__, __doc__, "E E E", check, settings=("departure_notice",))
