"""A model in recorded spans that no entry of `prices` names, or that has no rate at that time.

Why: what has no price is not free. The sum looks right and lacks the model that was switched on
last week, which is the dear one; and the budget is kept, on paper.

Mend: add the model, by the name that spans carry, to an entry of `prices`, with the day from which
its rate holds. What has no price is in no sum, and is listed by `opmodel traces spend`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic
from registry.model.traces import Price
from registry.traces.context import in_traces, share
from registry.traces.tables import NO_MODEL
from registry.wording import counted

if TYPE_CHECKING:
    from registry.traces.context import TracesContext


def check(context: "TracesContext") -> Iterator[Diagnostic]:
    """Report each model whose tokens, or some, nothing prices."""
    for one in context.spending.unpriced:
        name = _shown(one.model)
        tokens = f"{share(one.tokens.all, one.total)} of the tokens"
        message = (
            f"{tokens}, in {counted(one.calls, 'call')} of {name}, have no price: {one.why}"
            f"{in_traces(one.examples)}"
        )
        help_ = "price it: its input, its output, and the day from which that holds"
        if one.is_odd:
            message = (
                f"{counted(one.calls, 'call')} of {name} cannot be priced: {one.why}"
                f"{in_traces(one.examples)}"
            )
            help_ = "record whole numbers of tokens, 0 or more, and not texts about them"
        known = context.spending.prices.of(one.model)
        if known is None:
            id_ = one.model if _is_name(one.model) else "others"
            yield context.undeclared("prices", id_, message, help_, one.why * one.is_odd)
        else:
            yield context.finding(
                Price, known[0], "rates", message, help_, distinguish=one.model + one.why
            )


def _shown(model: str) -> str:
    """Name a model; a name that may be somebody's text is not told."""
    if model == NO_MODEL:
        return "a model that is not named"
    return f"`{model}`" if _is_name(model) else "a model of an odd name"


def _is_name(model: str) -> bool:
    from registry.traces.content import is_name

    return is_name(model)


RULE = rule(__name__, __doc__, "· W W", check, seeds=(3,))
