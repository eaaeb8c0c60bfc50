"""A kind of review that this stage asks for is held by nobody, or too seldom.

Why: daily triage, a weekly look at behaviour and a monthly look at governance are what joins the
pieces that different people hold. Without the meeting, each piece stays where it is.

Mend: add a review of that `kind`, at least that often. `every: 1w` with the five working days in
`days` counts as daily. The policy's `required_reviews` lists kinds and periods.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.cadence import Review
from registry.model.scalars import Period


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each required kind of review that no review holds often enough."""
    for kind, period in sorted(context.settings.required_reviews.items()):
        held = [(id_, one) for id_, one in context.each(Review) if one.kind == kind]
        uncertain = context.may_hide(kind) or context.may_be_any(Review, "kind")
        uncertain |= any(
            context.failed(Review, id_, field) for id_, _ in held for field in ("every", "days")
        )
        if uncertain or any(_often_enough(one, period) for _, one in held):
            continue
        seldom = ", ".join(f"`{id_}`" for id_, _ in held)
        what = f"only {seldom}, and less often than that" if held else "there is none"
        message = f"no {kind} review is held every {period}: {what}"
        help_ = f"add a review with `kind: {kind}` and `every: {period}`, or hold it more often"
        yield context.absent("reviews", kind, "required_reviews", message, help_)


def _often_enough(review: Review, period: Period) -> bool:
    """Whether a review's own period is no longer than the one asked for."""
    length = review.length
    return length is not None and length <= period.milliseconds


RULE = rule(__name__, __doc__, "· W E", check, seeds=(1, 4), settings=("required_reviews",))
