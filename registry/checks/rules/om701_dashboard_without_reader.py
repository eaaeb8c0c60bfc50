"""A dashboard that is for nobody in particular, or that nobody keeps.

Why: a page of figures without a reader is decoration, and one without an owner decays: a query
breaks, a panel goes flat, and nobody notices because nobody was looking.

Mend: set `audience` to the person or role that it is for, and `owner` to the one who keeps it
right.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.cadence import Dashboard


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each dashboard without an audience, and each without one owner."""
    for id_, dashboard in context.each(Dashboard):
        for field, verb in (("audience", "reads"), ("owner", "keeps")):
            named = getattr(dashboard, field)
            problem = context.indexes.owner_problem(named)
            help_ = f"set `{field}` to one person, or to a role that one person holds"
            if named is None or problem == "nobody":
                message = f"nobody {verb} dashboard `{id_}`"
                yield context.missing(Dashboard, id_, field, message, help_)
            elif problem:
                message = f"the `{field}` of dashboard `{id_}` is {problem}"
                yield context.finding(Dashboard, id_, field, message, help_)


RULE = rule(__name__, __doc__, "I W E", check, seeds=(4,))
