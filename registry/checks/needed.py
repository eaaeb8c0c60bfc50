"""Where the registry needs somebody, by name or as a role's holder, who is away for long."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from registry.checks.rule import Context
from registry.diagnostic import Label
from registry.model.moments import beginning, ending
from registry.model.oncall import Step
from registry.model.people import Person
from registry.model.reference import Meaning, names
from registry.model.sections import SECTIONS
from registry.oncall.interval import Interval
from registry.oncall.standby import Standby
from registry.workspace.edges import Edge, Edges

_NEEDS: frozenset[Meaning] = frozenset({"is paged", "is escalated to", "operates"})


class Needed(NamedTuple):
    """A reference to somebody who is away during `span`, and for whom nobody stands in.

    `beside` says whether the field names others, and none of them is there: at times, or always.
    """

    edge: Edge
    person: str
    span: Interval
    beside: Literal["nobody", "at times", "never"]

    def absences(self, context: Context) -> Iterator[Label]:
        """Point at the absences that the time is made of."""
        zone = context.zone_of(self.person)
        away = context.workspace.all(Person)[self.person].away
        for place, one in context.places(Person, self.person, "away", away):
            if beginning(one.start, zone) < self.span.end > self.span.start < ending(one.to, zone):
                yield context.label(Person, self.person, place, "away")


def needed(context: Context) -> Iterator[Needed]:
    """Yield each field that needs somebody who is away for longer than `max_absence`, once.

    Nothing where an absence, the field or a role in it did not load.
    """
    standby = Standby(context.horizon.ledger)
    absent = dict(_absent(context, standby))
    edges, roles = Edges(context.workspace), context.horizon.known.roles
    named = (edge for one in ("people", "roles") for edge in edges.naming(one, _NEEDS))
    for edge in named if absent else ():
        role = roles.get(edge.target)
        person = (role.holder or "") if role is not None else edge.target
        failed = context.failed(SECTIONS[edge.section].model, edge.id, str(edge.path[0]))
        if person in absent and not failed:
            found = (_missed(context, standby, edge, person, span) for span in absent[person])
            yield from list(filter(None, found))[:1]


def _absent(context: Context, standby: Standby) -> Iterator[tuple[str, tuple[Interval, ...]]]:
    """Yield whoever is away for long without a deputy, and whose absences are known; and when."""
    limit = _limit(context)
    for id_, person in context.each(Person):
        failed = context.failed(Person, id_, "away") or context.failed(Person, id_, "timezone")
        if person.away and not failed:
            spans = tuple(one for one in standby.unheld(id_) if one.end - one.start > limit)
            if spans:
                yield id_, spans


def _missed(
    context: Context, standby: Standby, edge: Edge, person: str, span: Interval
) -> Needed | None:
    """Return what one absence leaves to nobody, if that is long.

    Where a step picks one, it is no help that others are there.
    """
    listed = names(getattr(edge.within, edge.name))
    in_turn = isinstance(edge.within, Step) and edge.within.is_in_turn
    others = [] if in_turn else [one for one in listed if one != edge.target]
    alone = standby.alone([span], others)
    if sum(end - start for start, end in alone) <= _limit(context):
        return None
    return Needed(
        edge, person, span, "nobody" if not others else "never" if alone == [span] else "at times"
    )


def _limit(context: Context) -> int:
    return context.settings.max_absence.milliseconds * 1000
