"""A behavioural review whose agenda leaves out a topic that such a review covers.

Why: what the review does not ask about drifts. Cost is looked at since somebody asks for it, and
the runbook that the last incident left open is not, for it stands on nobody's agenda.

Mend: add an item to `agenda` with the `topic` that is named, or give the item that is about it that
`topic`. `behavioural_topics` sets which topics are asked for.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.cadence import Review
from registry.wording import listed


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each behavioural review with an agenda that does not cover the topics."""
    for id_, review in context.each(Review):
        if review.kind != "behavioural" or not review.agenda:
            continue
        covered = {one.topic for one in review.agenda}
        lacks = [one for one in context.settings.behavioural_topics if one not in covered]
        if lacks and not context.failed(Review, id_, "agenda"):
            topics = "topic" if len(lacks) == 1 else "topics"
            message = f"no item of the review `{id_}` has the {topics} {listed(lacks)}"
            help_ = "add an item to `agenda`, or set the `topic` of the item that is about it"
            yield context.finding(Review, id_, "agenda", message, help_, part="key")


RULE = rule(__name__, __doc__, "· I W", check, seeds=(1,), settings=("behavioural_topics",))
