"""An override names someone who takes no turns on the schedule, or replaces one without a shift.

Why: overrides are mostly swaps within a rotation. A name from outside is a slip, or somebody who
has since left the rotation, and may have neither the access nor the habit of it. To cover for
somebody who has no shift then changes nothing: the shift that was meant stays where it was.

Mend: name somebody of the schedule's rotations, or add the person to one; correct the interval or
the name in `replaces`. If somebody really stands in from outside, silence the finding at its line
and say why.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.oncall import Schedule
from registry.model.people import Person
from registry.model.reference import names
from registry.oncall.override import StandIn


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each override, unless it is over, of a person who is in no rotation.

    Those count who take turns within the horizon. A schedule without people in its rotations is
    OM302's; where one of them is unknown, the name may stand for anybody.
    """
    people, has = context.workspace.all(Person), context.workspace.has
    for id_, schedule in context.each(Schedule):
        named, turns = schedule.participants, context.horizon.serving(id_).people
        if not named or not all(has("people", person) for person in named):
            continue
        for override in context.horizon.overrides(id_):
            for person in override.people:
                if person not in turns and person in people:
                    place = context.horizon.substitute(id_, override.number, person)
                    is_written = person in named
                    what = "takes no turn on" if is_written else "is in none of"
                    message = f"`{person}` stands in on `{id_}`, and {what} its rotations"
                    help_ = "name somebody who takes turns on it, or add the person to a rotation"
                    yield context.finding(Schedule, id_, place, message, help_)
            yield from _replaced(context, id_, override)


def _replaced(context: Context, id_: str, override: StandIn) -> Iterator[Diagnostic]:
    """Report each person in `replaces` who has no shift in the override's interval."""
    at = (*context.horizon.layer(id_, override.number), "replaces")
    written = context.workspace.all(Schedule)[id_].overrides[override.number].replaces
    listed = context.workspace.places("schedules", id_, at, names(written))
    places = {name: place for place, name in listed}
    for person in context.horizon.idle(id_, override):
        if context.workspace.has("people", person):
            place = at if isinstance(written, str) else places[person]
            message = f"`{person}` is replaced on `{id_}`, and has no shift there in the interval"
            help_ = "name whoever has the shift, or correct `from` and `to`"
            yield context.finding(Schedule, id_, place, message, help_)


RULE = rule(__name__, __doc__, "W W W", check)
