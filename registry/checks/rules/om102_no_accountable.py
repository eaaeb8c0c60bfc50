"""A row of the ownership matrix that names nobody accountable.

Why: a team does the work, but a decision waits for a person. With no name in this cell, the
question whether to roll back, pay more or live with it goes round until somebody outside asks.

Mend: set `accountable` to one person, or to a role that one person holds. If the layer is left
without an owner on purpose, write `unowned` with the reason and the date until which that holds.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.ownership import Layer
from registry.model.reference import names


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each row without an accountable name that is not unowned on purpose."""
    for id_, row in context.each(Layer):
        if not names(row.accountable) and not context.indexes.is_unowned(id_):
            message = f"nobody is accountable for layer `{id_}`"
            help_ = "set `accountable` to one person or role, or give `unowned` a reason and a date"
            yield context.missing(Layer, id_, "accountable", message, help_)


RULE = rule(__name__, __doc__, "E E E", check, seeds=(1,))
