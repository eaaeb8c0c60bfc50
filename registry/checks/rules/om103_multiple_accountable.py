"""A row of the ownership matrix with more than one accountable name.

Why: each of the people named can take it that another one has the matter in hand, and when they
disagree nobody's word is final. Shared work is fine; the last word cannot be shared.

Mend: keep the one name that decides in `accountable`, and move the others to `responsible` (they
do the work) or `consulted` (they are asked first).
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Fix, FixChange
from registry.model.ownership import Layer
from registry.model.people import Person
from registry.model.reference import names
from registry.model.sections import SECTION_OF
from registry.wording import quoted


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each row that names several different people or roles as accountable."""
    for id_, row in context.each(Layer):
        owners = names(row.accountable)
        if len(owners) > 1:
            shown = quoted(owners)
            count = len(owners)
            message = f"layer `{id_}` names {count} accountable ({shown}): nobody in particular"
            help_ = "keep one, and move the others to `responsible` or `consulted`"
            found = context.finding(Layer, id_, "accountable", message, help_)
            yield found._replace(fix=_one_of_two(context, id_, owners))


def _one_of_two(context: Context, id_: str, owners: tuple[str, ...]) -> Fix | None:
    """Let one of two decide, the first who is one person and has not left; ask the other first."""
    raw = context.workspace.raw(SECTION_OF[Layer], id_)
    told = raw.get("consulted") or []
    if len(owners) > 2 or context.failed(Layer, id_, "consulted") or not isinstance(told, list):
        return None
    kept = next((one for one in owners if _can_decide(context, one)), owners[0])
    other = next(one for one in owners if one != kept)
    changes = [FixChange(context.label(Layer, id_, "accountable").location, kept)]
    if other not in told:
        at = context.label(Layer, id_, "consulted").location
        changes.append(FixChange(at, (*map(str, told), other)))
    message = f"keep `{kept}` accountable, and consult `{other}`"
    return Fix(message, is_safe=False, changes=tuple(changes))


def _can_decide(context: Context, owner: str) -> bool:
    person = context.workspace.all(Person).get(context.indexes.person(owner) or "")
    has_left = person is not None and context.is_over(person.until)
    return context.indexes.owner_problem(owner) is None and not has_left


RULE = rule(__name__, __doc__, "E E E", check, seeds=(1,))
