"""The accountable of a row is neither in the row's team nor its lead.

Why: whoever answers for a layer has to be able to say what its team does next. From outside they
can only ask, and the team hears two voices: its lead's, and that of the matrix.

Mend: name somebody of the team, name the team that the accountable person is in, or add the
person to the team's `members` if they belong there.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.ownership import Layer
from registry.model.people import Team
from registry.model.reference import names


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each row whose one accountable person is surely not in its one team."""
    for id_, row in context.each(Layer):
        person = context.indexes.owner(row.accountable)
        if person is None or not context.indexes.is_outside(person, id_):
            continue
        (name,), (team,) = names(row.accountable), names(row.team)
        who = f"`{person}`" if name == person else f"`{person}`, who holds `{name}`,"
        related = (
            context.label(Layer, id_, "team", "the row's team"),
            context.label(Team, team, "members", f"`{person}` is not among its members"),
        )
        message = f"{who} is accountable for layer `{id_}` and not in its team, `{team}`"
        help_ = f"name somebody of `{team}`, or the team that `{person}` is in"
        yield context.finding(Layer, id_, "accountable", message, help_, related=related)


RULE = rule(__name__, __doc__, "I W W", check, seeds=(1,))
