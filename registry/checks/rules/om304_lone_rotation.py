"""A schedule that fewer people serve than the policy asks for.

Why: with one person there is no rotation, and with two every other week is gone. They swap nothing,
sleep badly, and the day that one of them leaves the schedule is empty.

Mend: bring in more people; other teams whose systems the schedule looks after are the first to ask.
Whoever only stands in a rotation that is over, or that never has the turn, does not count, nor do
overrides: they are for a day. `min_participants` in a policy of your own sets what is
enough for you.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.oncall import Schedule
from registry.wording import quoted


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each schedule with too few different people; one with nobody is OM302's."""
    least = context.settings.min_participants
    for id_, schedule in context.each(Schedule):
        if context.failed(Schedule, id_, "rotations"):
            continue
        served = context.horizon.serving(id_)
        people = [person for person in schedule.participants if person in served.people]
        if not 0 < len(people) < least:
            continue
        names = quoted(people)
        what = "only one person takes turns" if len(people) == 1 else f"only {len(people)} people"
        verb = "" if len(people) == 1 else " take turns"
        message = f"{what}{verb} on `{id_}` ({names}); the policy asks for {least}"
        help_ = "add people to its rotations, or lower `min_participants` in a policy of your own"
        related = [
            context.label(Schedule, id_, (*place, "participants"), f"rotation `{rotation.name}`")
            for number, (place, rotation) in enumerate(
                context.places(Schedule, id_, "rotations", schedule.rotations)
            )
            if number in served.rotations
        ]
        yield context.finding(Schedule, id_, (), message, help_, related=related)


RULE = rule(__name__, __doc__, "· W W", check, settings=("min_participants",))
