"""A rotation in which somebody is on call for longer at a stretch than the policy allows.

Why: being ready to be woken tires, also in a quiet week. After the first, people answer more slowly
and decide worse, and they begin to mute what they should read.

Mend: hand over more often, as `every: 1w`, and let nobody have two turns in a row. `max_shift` in a
policy of your own says what is the most; a calendar month counts as four weeks. Hours between which
the rotation rests are no stretch.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.clock.tzif import DAY, HOUR
from registry.clock.words import during, rounded_length
from registry.diagnostic import Diagnostic
from registry.model.oncall import Schedule


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each rotation of more than one person that gives one of them too long a stretch.

    All the rotations of a schedule count together, and no override; an hour more is a change of
    clocks.
    """
    limit = context.settings.max_shift
    for id_, schedule in context.each(Schedule):
        served = context.horizon.serving(id_)
        for number, (place, rotation) in enumerate(
            context.places(Schedule, id_, "rotations", schedule.rotations)
        ):
            people = {person for group in rotation.groups for person in group}
            if len(people) < 2 or number not in served.longest:
                continue
            person, (start, end) = served.longest[number]
            months = rotation.every.months * 31 * DAY
            allowed = months if rotation.every.milliseconds <= limit.milliseconds else 0
            if end - start <= max(allowed, limit.milliseconds * 1000) + 3 * HOUR:
                continue
            when = during(start, end, context.horizon.zone(id_))
            lasts = f"lasts {rounded_length(end - start)} for `{person}`, {when}"
            message = f"a shift of `{rotation.name}` on `{id_}` {lasts}; the policy allows {limit}"
            help_ = f"hand over at least every {limit}"
            yield context.finding(Schedule, id_, (*place, "every"), message, help_)


RULE = rule(__name__, __doc__, "· W W", check, settings=("max_shift",))
