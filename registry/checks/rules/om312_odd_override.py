"""An override names someone who takes no turns on the schedule.

Why: overrides are mostly swaps within a rotation. A name from outside is a slip, or somebody who
has since left the rotation, and may have neither the access nor the habit of it.

Mend: name somebody of the schedule's rotations, or add the person to one. If they really stand in
from outside, silence the finding at its line and say why.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.oncall import Schedule
from registry.model.people import Person


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each override, unless it is over, of a person who is in no rotation.

    A schedule without people in its rotations is OM302's; where one of them is unknown, the name
    may stand for anybody.
    """
    people, has = context.workspace.all(Person), context.workspace.has
    for id_, schedule in context.each(Schedule):
        groups = [group for rotation in schedule.rotations for group in rotation.groups]
        turns = {person for group in groups for person in group}
        if not turns or not all(has("people", person) for person in turns):
            continue
        for override in context.horizon.overrides(id_):
            if override.person in turns or override.person not in people:
                continue
            place = (*context.horizon.layer(id_, override.number), "person")
            message = f"`{override.person}` stands in on `{id_}`, and is in none of its rotations"
            help_ = "name somebody who takes turns on it, or add the person to a rotation"
            yield context.finding(Schedule, id_, place, message, help_)


RULE = rule(__name__, __doc__, "W W W", check)
