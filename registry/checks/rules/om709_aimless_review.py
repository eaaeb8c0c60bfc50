"""A review without a chair, without attendees, or without an agenda.

Why: a meeting that nobody leads, that nobody must attend, or that is about nothing in particular
is the first to be cancelled in a busy week, and busy weeks are when it is needed.

Mend: set `chair`, `attendees` and `agenda`, an item for each question that it answers.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.cadence import Review


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each of the three things that a review lacks."""
    for id_, review in context.each(Review):
        problem = context.indexes.owner_problem(review.chair)
        help_ = "set `chair` to one person, or to a role that one person holds"
        if review.chair is None or problem == "nobody":
            yield context.missing(Review, id_, "chair", f"nobody chairs review `{id_}`", help_)
        elif problem:
            message = f"review `{id_}` is chaired by {problem}: nobody in particular"
            yield context.finding(Review, id_, "chair", message, help_)
        if not review.attendees:
            message = f"nobody attends review `{id_}`"
            help_ = "set `attendees` to people, teams or roles"
            yield context.missing(Review, id_, "attendees", message, help_)
        if not review.agenda:
            message = f"review `{id_}` has no agenda"
            help_ = "add an item for each question that it answers"
            yield context.missing(Review, id_, "agenda", message, help_)


RULE = rule(__name__, __doc__, "I W E", check, seeds=(1,))
