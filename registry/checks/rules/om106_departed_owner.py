"""Someone in an owning field who has left, or leaves within the notice that the policy sets.

Why: a name stays in the files after its person is gone: the entry looks owned, and whoever
follows it reaches a closed account. The last weeks are the time to hand over.

Mend: name the successor in the field that is shown, or make somebody else the role's `holder`. If
the person stays, correct their `until`. `departure_notice` sets how early this is said.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.fields import references
from registry.model.people import Person
from registry.model.release import Experiment
from registry.model.sections import SECTIONS
from registry.span import KeyPath

_OWNERS = ("people", "roles")
_Places = Callable[[KeyPath, Iterable[object]], Iterator[tuple[KeyPath, object]]]


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each owning field, and each role's `holder`, that names a person who is leaving."""
    leaving = {id_ for id_, person in context.each(Person) if _is_leaving(context, id_, person)}
    for section, (_, model, *_) in SECTIONS.items() if leaving else ():
        fields = [at for at, to in references(model) if to.accepts == _OWNERS or at == ("holder",)]
        for id_, entity in context.each(model):
            places = partial(context.places, model, id_)
            for steps in fields:
                for place, name in _named(context, entity, steps, (), places):
                    if name in leaving:
                        yield _finding(context, section, id_, place, name)


def _is_leaving(context: Context, id_: str, person: Person) -> bool:
    left = (person.until.date - context.today(id_)).total_seconds() if person.until else None
    return left is not None and left <= context.settings.departure_notice.seconds


def _named(
    context: Context, value: object, steps: KeyPath, at: KeyPath, places: _Places
) -> Iterator[tuple[KeyPath, str]]:
    """Yield each name below `steps` with its place; `places` tells those of a list's items."""
    if isinstance(value, str) and not steps:
        yield at, value
    elif isinstance(value, tuple) and steps[:1] == ("*",):
        for place, item in places(at, value):
            yield from _named(context, item, steps[1:], place, places)
    elif steps and not _is_done(context, value, steps[0]):
        below = getattr(value, str(steps[0]), None)
        yield from _named(context, below, steps[1:], (*at, steps[0]), places)


def _is_done(context: Context, part: object, field: str | int) -> bool:
    """Whether the owner whom a field names has nothing left to do."""
    if isinstance(part, Experiment):
        return context.is_over(part.ends)
    done = getattr(part, "resolved" if field == "commander" else "done", None)
    return bool(done and done.date <= context.today())


def _finding(context: Context, section: str, id_: str, place: KeyPath, name: str) -> Diagnostic:
    _, model, noun, single, _ = SECTIONS[section]
    field = next(key for key in reversed(place) if isinstance(key, str))
    until = context.workspace.all(Person)[name].until
    was = "was" if until and until.date < context.today(name) else "is"
    owned = f"the {noun}" if single else f"{noun} `{id_}`"
    inside = "" if place[0] == field else f"in `{place[0]}` "
    message = f"the last day of `{name}`, `{field}` {inside}of {owned}, {was} {until}"
    help_ = f"name somebody else, or correct the `until` of `{name}`"
    last_day = context.label(Person, name, "until", "the last day")
    return context.finding(model, id_, place, message, help_, related=(last_day,))


RULE = rule(__name__, __doc__, "E E E", check, settings=("departure_notice",))
