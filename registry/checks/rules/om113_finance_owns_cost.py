"""The accountable of the row that covers cost belongs to finance, and to nothing else.

Why: finance can see a bill rise and cannot make it fall. What an answer costs is decided by
prompts, retrieval and model choice, so a rise is news about behaviour, and whoever owns it must be
able to change that.

Mend: make somebody accountable who works on the system, and keep finance in `consulted` or
`informed`: they see the bill first.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Label
from registry.model.ownership import Layer
from registry.model.people import Role, Team


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each row covering cost whose accountable person has no function but finance.

    Says nothing while a team or a role did not load in full: the person may have another hat.
    """
    if any(section in {"teams", "roles"} for section, _ in context.workspace.failed_fields):
        return
    for id_, row in context.each(Layer):
        person = context.indexes.owner(row.accountable)
        if person is None or "cost" not in {id_, *row.covers} or context.may_hide(person):
            continue
        found = _functions(context, person)
        if {function for function, _ in found} == {"finance"}:
            message = f"`{person}`, accountable for layer `{id_}`, is in finance only"
            help_ = "name somebody who can change the system; keep finance in `consulted`"
            related = [label for _, label in found]
            yield context.finding(Layer, id_, "accountable", message, help_, related=related)


def _functions(context: Context, person: str) -> list[tuple[str | None, Label]]:
    """List the function of each of a person's teams and roles, None where it is not given."""
    all_teams = context.workspace.all(Team)
    teams = sorted(context.indexes.own_teams_of.get(person, ()))
    roles = [(id_, role) for id_, role in context.each(Role) if role.holder == person]
    return [
        *((all_teams[id_].function, context.label(Team, id_, "function", "a team of theirs"))
          for id_ in teams),
        *((role.function, context.label(Role, id_, "function", "a role of theirs"))
          for id_, role in roles),
    ]  # fmt: skip


RULE = rule(__name__, __doc__, "W W E", check, seeds=(1,))
