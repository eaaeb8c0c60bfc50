"""A row with somebody accountable, and nobody who does the work.

Why: the accountable person decides; somebody else usually finds out, tries and ships. Where no one
is named for that, each task is handed out anew, or stays with the one who should be deciding.

Mend: list in `responsible` the people, teams or roles that do the work. If the accountable person
does it alone, name them there too, so that it is said.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.ownership import Layer
from registry.model.reference import names


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each row that has an accountable name and no one responsible."""
    for id_, row in context.each(Layer):
        if names(row.accountable) and not row.responsible:
            message = f"nobody is responsible for layer `{id_}`: no one is named to do the work"
            help_ = "list the people, teams or roles that do it in `responsible`"
            yield context.missing(Layer, id_, "responsible", message, help_)


RULE = rule(__name__, __doc__, "· I W", check, seeds=(0,))
