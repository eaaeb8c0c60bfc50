"""Where the registry names somebody who has left, or is about to: by what the reference means."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from registry.checks.rule import Context
from registry.model.entity import Part
from registry.model.people import Away, Person
from registry.model.release import Experiment
from registry.model.scalars import Moment
from registry.model.sections import SECTIONS
from registry.workspace.edges import Edge, Edges

_ENDS: dict[type[Part], str] = {Experiment: "ends", Away: "to"}
"""What is over by itself, and the field that says when."""


class Leaver(NamedTuple):
    """A reference, and the last day of the person whom it names."""

    edge: Edge
    last_day: date

    @property
    def place(self) -> str:
        """Say where the name stands: `operators` of kill switch `x`."""
        row, field = SECTIONS[self.edge.section], self.edge.name
        what = f"the {row.noun}" if row.single else f"{row.noun} `{self.edge.id}`"
        inside = "" if self.edge.path[0] == field else f" in `{self.edge.path[0]}`"
        return f"`{field}`{inside} of {what}"


def leavers(context: Context, notice: timedelta) -> Iterator[Leaver]:
    """Yield each reference to a person whose last day has passed, or passes within `notice`.

    The day is the person's own. What is over is left out: it needs nobody any more.
    """
    leaving = {
        id_: person.until.date
        for id_, person in context.each(Person)
        if person.until is not None and person.until.date - context.today(id_) <= notice
    }
    for edge in Edges(context.workspace).naming("people") if leaving else ():
        if edge.target in leaving and not _is_over(context, edge):
            yield Leaver(edge, leaving[edge.target])


def _is_over(context: Context, edge: Edge) -> bool:
    """Whether what names somebody is over: a resolved incident, an old absence or trial, say."""
    within = edge.within
    if type(within) in _ENDS:
        return context.is_over(getattr(within, _ENDS[type(within)]))
    ends = (getattr(within, field, None) for field in ("resolved", "done"))
    return any(isinstance(end, Moment) and end.date <= context.today() for end in ends)
