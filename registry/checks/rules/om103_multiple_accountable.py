"""A row of the ownership matrix with more than one accountable name.

Why: each of the people named can take it that another one has the matter in hand, and when they
disagree nobody's word is final. Shared work is fine; the last word cannot be shared.

Mend: keep the one name that decides in `accountable`, and move the others to `responsible` (they
do the work) or `consulted` (they are asked first).
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.ownership import Layer
from registry.model.reference import names
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
            yield context.finding(Layer, id_, "accountable", message, help_)


RULE = rule(__name__, __doc__, "E E E", check, seeds=(1,))
