"""Nights and weekends are shared unevenly among the people of one rotation.

Why: it rarely looks unfair on paper, where everybody has the same number of shifts. But seven
people who take a day each give every Saturday to the same one, and that is the one who leaves.

Mend: choose a period with which the turns move on through the week, or change who has which. A
night is 22:00 to 06:00 and a weekend Saturday and Sunday, on each person's own clock, so that what
is a night here may be a colleague's day. `max_unfairness` sets how much (max - min) / mean may be.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.oncall import Schedule

_HOUR = 3_600_000_000


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each rotation whose whole rounds within the horizon are too uneven.

    A rotation of which the horizon does not hold one whole round is not judged: who seems to be
    spared there may only be waiting for a turn.
    """
    limit = context.settings.max_unfairness
    for id_, schedule in context.each(Schedule):
        for index, hours, unevenness in context.horizon.shares(id_):
            if unevenness <= limit:
                continue
            name = schedule.rotations[index].name
            times = sorted(hours.items(), key=lambda pair: (-pair[1], pair[0]))
            (most, longest), (least, shortest) = times[0], times[-1]
            message = (
                f"`{most}` has {longest // _HOUR} h of nights and weekends on `{name}` of "
                f"`{id_}` and `{least}` {shortest // _HOUR} h: an unevenness of "
                f"{unevenness:.2f}, where {limit:g} is allowed"
            )
            help_ = "choose a period that moves on through the week, as `1w`, or change turns"
            place = (*context.horizon.layer(id_, name), "participants")
            yield context.finding(Schedule, id_, place, message, help_)


RULE = rule(__name__, __doc__, "· I W", check, settings=("max_unfairness",))
