"""A row whose accountable is no one person: a team, or a role that a schedule holds.

Why: a team is accountable the way a crowd is. Whoever happens to be on call is there to react,
and is somebody else next week; neither can be asked in a month why nothing changed.

Mend: name one person in `accountable`, often the team's lead, or a role with a `holder`. The team
itself belongs in `team`, and a schedule in the escalations of the layer's alerts.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Label
from registry.model.ownership import Layer
from registry.model.people import Role, Team
from registry.model.reference import names


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each row whose one accountable name stands for a group."""
    for id_, row in context.each(Layer):
        owners = names(row.accountable)
        problem = context.indexes.owner_problem(row.accountable)
        if len(owners) == 1 and problem:
            message = f"the accountable of layer `{id_}` is {problem}: nobody in particular"
            related, help_ = _mend(context, owners[0])
            yield context.finding(Layer, id_, "accountable", message, help_, related=related)


def _mend(context: Context, group: str) -> tuple[tuple[Label, ...], str]:
    """Point at what makes it a group, and say whom to name instead."""
    team = context.workspace.all(Team).get(group)
    if team is None:
        held = context.label(Role, group, "schedule", "whoever is on call here holds it")
        return (held,), "name one person, or a role with a `holder`"
    lead = context.indexes.owner(team.lead)
    if lead is None:
        return (context.label(Team, group, (), "this team"),), "name one person of the team"
    led = context.label(Team, group, "lead", f"`{lead}` leads the team")
    return (led,), f"name one person, such as `{lead}`, who leads the team"


RULE = rule(__name__, __doc__, "W E E", check, seeds=(1,))
