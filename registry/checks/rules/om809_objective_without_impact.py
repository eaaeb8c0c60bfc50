"""An objective with no customer impact, owner or approval.

Why: a target that nobody can tie to what users feel is traded away at the first deadline. One that
nobody owns or agreed to was never a promise.

Mend: write in `customer_impact` what users notice when it is missed, set `owner` to one person, or
to a role that one person holds, and `approved_by` to whoever answers for the promise. Several who
approved may be listed.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.cadence import Objective
from registry.model.reference import names


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each part that an objective lacks, each on its own."""
    for id_, objective in context.each(Objective):
        if objective.customer_impact is None:
            message = f"objective `{id_}` does not say what customers notice when it is missed"
            help_ = "write it in `customer_impact`"
            yield context.missing(Objective, id_, "customer_impact", message, help_)
        yield from context.unowned(Objective, id_, "owner", objective.owner, f"objective `{id_}`")
        approved = [context.indexes.owner_problem(one) for one in names(objective.approved_by)]
        help_ = "set `approved_by` to who answers for it"
        if not approved:
            message = f"nobody has approved objective `{id_}`"
            yield context.missing(Objective, id_, "approved_by", message, help_)
        elif all(approved):
            message = f"objective `{id_}` is approved by {approved[0]}: nobody in particular"
            yield context.finding(Objective, id_, "approved_by", message, help_)


RULE = rule(__name__, __doc__, "· W W", check, seeds=(0,))
