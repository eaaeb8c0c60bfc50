"""A row of the ownership matrix with no team, or with several.

Why: the accountable person is away one day, and somebody has to know the layer all the same. That
is a team's work: its backlog, its rota, its room. With two teams, each plans the other's share.

Mend: set `team` to the one team that works on the layer every day. Teams that lend a hand belong
in `responsible` or `consulted`; a layer that two teams really divide is two rows.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.ownership import Layer
from registry.model.reference import names
from registry.wording import quoted


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each row without exactly one team that is not unowned on purpose."""
    for id_, row in context.each(Layer):
        teams = names(row.team)
        if len(teams) == 1 or context.indexes.is_unowned(id_):
            continue
        if not teams:
            help_ = "set `team` to the one team that works on it" + _hint(context, row)
            yield context.missing(Layer, id_, "team", f"layer `{id_}` has no team", help_)
        else:
            shown = quoted(teams)
            message = f"layer `{id_}` is shared by {len(teams)} teams ({shown})"
            help_ = "keep one, and move the others to `responsible` or `consulted`"
            yield context.finding(Layer, id_, "team", message, help_)


def _hint(context: Context, row: Layer) -> str:
    """Name the team of the accountable person, where they are in one only."""
    person = context.indexes.owner(row.accountable)
    teams = context.indexes.teams_of.get(person, frozenset()) if person else frozenset()
    return f"; `{person}` is in `{min(teams)}`" if len(teams) == 1 else ""


RULE = rule(__name__, __doc__, "W E E", check, seeds=(1,))
