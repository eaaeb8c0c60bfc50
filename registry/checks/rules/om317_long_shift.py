"""A rotation in which somebody is on call for longer at a stretch than the policy allows.

Why: being ready to be woken tires, also in a quiet week. After the first, people answer more slowly
and decide worse, and they begin to mute what they should read.

Mend: hand over more often, as `every: 1w`. `max_shift` in a policy of your own says what is the
most; a calendar month counts as four weeks.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.oncall import Schedule


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each rotation of more than one person whose `every` is longer than the limit."""
    limit = context.settings.max_shift
    for id_, schedule in context.each(Schedule):
        for place, rotation in context.places(Schedule, id_, "rotations", schedule.rotations):
            people = {person for group in rotation.groups for person in group}
            if len(people) > 1 and rotation.every.milliseconds > limit.milliseconds:
                message = f"a shift of `{rotation.name}` on `{id_}` lasts {rotation.every}"
                message += f"; the policy allows {limit}"
                help_ = f"hand over at least every {limit}"
                yield context.finding(Schedule, id_, (*place, "every"), message, help_)


RULE = rule(__name__, __doc__, "· W W", check, settings=("max_shift",))
