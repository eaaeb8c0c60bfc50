"""A team that has no members, or no one person who leads it.

Why: a row that names such a team looks staffed. When something breaks there is nobody in it to
ask, or several people and none of them to say who drops what they are doing.

Mend: list the people in `members`, and set `lead` to one person, or to a role that one person
holds. If the team is gone, remove it and let the rows that name it say who took over.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.people import Team


def check(context: Context) -> Iterator[Diagnostic]:
    """Report missing members and a missing lead, each on its own."""
    for id_, team in context.each(Team):
        if not context.indexes.members_of[id_]:
            message = f"team `{id_}` has no members"
            help_ = "list its people in `members`, or remove the team"
            yield context.missing(Team, id_, "members", message, help_)
        problem = context.indexes.owner_problem(team.lead)
        help_ = "set `lead` to one person, or to a role that one person holds"
        if team.lead is None:
            yield context.missing(Team, id_, "lead", f"team `{id_}` has no lead", help_)
        elif problem:
            message = f"team `{id_}` is led by {problem}: nobody in particular"
            yield context.finding(Team, id_, "lead", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(1,))
