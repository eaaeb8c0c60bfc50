"""A review that only its own chair attends.

Why: a meeting is held so that people who know different halves hear of each other. One person with
a calendar entry reads their own half again.

Mend: name in `attendees` those who own what is on the agenda, or take the review off the calendar.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.cadence import Review
from registry.model.people import Person, Team


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each review with a chair and attendees, all of whom are the chair."""
    for id_, review in context.each(Review):
        chair = context.indexes.person(review.chair) if review.chair is not None else None
        if chair is None or not review.attendees or context.failed(Review, id_, "attendees"):
            continue
        people = [_people(context, one) for one in review.attendees]
        if None not in people and set().union(*filter(None, people)) == {chair}:
            message = f"only `{chair}`, who chairs it, attends the review `{id_}`"
            help_ = "invite those who own what is on its agenda"
            related = (context.label(Review, id_, "chair", "the chair"),)
            yield context.finding(Review, id_, "attendees", message, help_, related=related)


def _people(context: Context, name: str) -> set[str] | None:
    """List the people behind a name, which may be an empty team; None where they are not known."""
    team = context.workspace.all(Team).get(name)
    if team is None:
        person = context.indexes.person(name)
        return {person} if person and person in context.workspace.all(Person) else None
    lead = context.indexes.person(team.lead) if team.lead else None
    unread = context.failed(Team, name, "members") or context.failed(Team, name, "lead")
    return None if unread else {*context.indexes.members_of[name], *((lead,) if lead else ())}


RULE = rule(__name__, __doc__, "· I W", check, seeds=(1,))
