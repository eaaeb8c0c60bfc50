"""What the model costs is looked at when the bill comes, and in no week by engineering.

True: somebody reads a metric of bucket cost, in a review whose agenda has it or on a dashboard made
for them, and no such reading is both at least weekly and engineering's.

False: at least one is: a review that engineering chairs or attends, or a dashboard made for
engineering, with `every` (or `read_every`) of a week or less.

Cannot be told: there is no cost metric, nothing says who reads one, a reading that could be the one
does not say how often it is held or whose function it is, or part of it is unread.
"""

from collections.abc import Iterator
from typing import NamedTuple

from registry.assess.sign import Inquiry, SignAnswer, doubted, false, sign, true, unknown
from registry.diagnostic import Label
from registry.model.cadence import Dashboard, Review
from registry.model.metrics import Metric
from registry.model.people import Person, Role, Team
from registry.wording import quoted

WEEK = 7 * 86_400_000
_STEP = "put one cost metric on the agenda of a weekly review that engineering attends"


class _Reading(NamedTuple):
    """One way in which cost is read; None for what the registry does not say."""

    weekly: bool | None
    engineering: bool | None
    label: Label


def ask(inquiry: Inquiry) -> SignAnswer:
    """Collect the readings of every cost metric."""
    metrics = inquiry.workspace.all(Metric).items()
    cost = frozenset(id_ for id_, metric in metrics if metric.bucket == "cost")
    readings = [*_reviews(inquiry, cost), *_dashboards(inquiry, cost)]
    good = [one.label for one in readings if one.weekly and one.engineering]
    if good:
        return false("engineering reads it every week or more often", good)
    doubt = inquiry.doubt(Metric, Review, Dashboard, Team, Role, Person)
    if doubt:
        return doubted(doubt)
    labels = [one.label for one in readings]
    if not readings:
        nothing = "nothing says who reads a cost metric" if cost else "there is no cost metric"
        return unknown(nothing, _STEP)
    if any(one.weekly is not False and one.engineering is not False for one in readings):
        because = "nothing says how often, or by which function, it is read"
        return unknown(because, "set `every`, and the `function` of the teams that attend", labels)
    because = "cost is read, and never both weekly and by engineering"
    return true(because, labels, _STEP)


def _reviews(inquiry: Inquiry, cost: frozenset[str]) -> Iterator[_Reading]:
    for id_, review in inquiry.workspace.all(Review).items():
        if cost.isdisjoint(metric for item in review.agenda for metric in item.metrics):
            continue
        who = (*((review.chair,) if review.chair else ()), *review.attendees)
        weekly = None if review.length is None else review.length <= WEEK
        label = _label(inquiry, Review, id_, "every", who, review.every)
        yield _Reading(weekly, _has_engineering(inquiry, who), label)


def _dashboards(inquiry: Inquiry, cost: frozenset[str]) -> Iterator[_Reading]:
    for id_, board in inquiry.workspace.all(Dashboard).items():
        if cost.isdisjoint(board.metrics):
            continue
        who = (board.audience,) if board.audience else ()
        period = board.read_every
        weekly = None if period is None else period.milliseconds <= WEEK
        label = _label(inquiry, Dashboard, id_, "read_every", who, period)
        yield _Reading(weekly, _has_engineering(inquiry, who), label)


def _has_engineering(inquiry: Inquiry, who: tuple[str, ...]) -> bool | None:
    """Whether one of these is engineering's; None where one has no function, or there is nobody."""
    functions = [inquiry.graph.functions(one) for one in who]
    if any("engineering" in own for own in functions):
        return True
    return False if functions and all(functions) else None


def _label(  # noqa: PLR0913 - what a reading says of itself
    inquiry: Inquiry,
    model: type[Review] | type[Dashboard],
    id_: str,
    field: str,
    who: tuple[str, ...],
    period: str | None,
) -> Label:
    readers = quoted(who) or "nobody in particular"
    often = f"every {period}" if period else "at no stated times"
    return inquiry.label(model, id_, field if period else (), f"`{id_}`: {readers}, {often}")


SIGN = sign(__name__, __doc__, ask, of_model=True)
