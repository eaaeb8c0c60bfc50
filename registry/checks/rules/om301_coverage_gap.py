"""A time at which somebody should be on call on a schedule, and nobody is.

Why: pages that fall into the hole wake nobody, and no list of names shows it: each of the rotations
looks complete. It opens between two zones when one of them changes its clocks, at the end of a
rotation, or in the hours that everybody took to be somebody else's.

Mend: extend a rotation's `hours`, its `end` or its `participants`, or add an override for a hole
that comes once. If nobody is meant to be there, say so in `coverage`. What comes before the first
rotation's start is not looked at, for a rota may be written before it begins; `oncall gaps` does
list it. `horizon` says how far this looks ahead.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Label
from registry.model.oncall import Rotation, Schedule
from registry.span import KeyPath
from registry.wording import quoted


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each pattern of gaps in a schedule's intended coverage within the horizon.

    A rotation without participants, and what it leaves open, is OM302's.
    """
    for id_, schedule in context.each(Schedule):
        for pattern, when in context.horizon.uncovered(id_):
            message = f"nobody is on call on `{id_}` {when}"
            help_ = "extend a rotation to these hours, or narrow `coverage` to what is meant"
            related = list(_neighbours(context, id_, *pattern.first))
            if schedule.coverage != "always":
                related.insert(0, context.label(Schedule, id_, "coverage", "what is intended"))
            yield context.finding(
                Schedule, id_, (), message, help_, related=related, distinguish=pattern.name
            )


def _neighbours(context: Context, id_: str, start: int, end: int) -> Iterator[Label]:
    """Point at who is on call until the first gap and from its end on, where anybody is."""
    listed = context.workspace.all(Schedule)[id_].rotations
    rotations: dict[str | int, Rotation] = {one.name: one for one in listed}
    found: dict[KeyPath, list[str]] = {}
    for at, says in ((start - 1, "until the first gap"), (end, "after the first gap")):
        shift = context.horizon.on_call(id_, at)
        if shift.because is None:
            continue
        rotation = rotations.get(shift.because)
        field = "person" if rotation is None else "hours" if rotation.hours else "name"
        names = quoted(shift.people, " and ")
        place = (*context.horizon.layer(id_, shift.because), field)
        found.setdefault(place, []).append(f"{names} {says}")
    for place, who in found.items():
        yield context.label(Schedule, id_, place, f"on call: {', '.join(who)}")


RULE = rule(__name__, __doc__, "W E E", check, seeds=(1,), settings=("horizon",))
