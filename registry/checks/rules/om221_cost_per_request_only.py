"""Cost is measured, and never for each outcome.

Why: spend per day or per request falls when answers get worse and people give up. Only what a
solved question costs tells waste from growth.

Mend: define a cost metric that divides by what was achieved, such as spend for each resolved
question, and say so in its `unit`. A metric counts as one where its id, definition or unit has one
of `outcome_words` as a whole word, in any case.
"""

import re
from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Metric

_WORD = re.compile(r"[^\W_]+")


def check(context: Context) -> Iterator[Diagnostic]:
    """Report, at the first cost metric by id, that no cost metric is per outcome.

    Says nothing while some metric did not load: it may be the one.
    """
    costs = {id_: metric for id_, metric in context.each(Metric) if metric.bucket == "cost"}
    words = [_words(word) for word in context.settings.outcome_words]
    uncertain = context.workspace.failed.get("metrics") or context.may_hide("cost")
    if not costs or not words or uncertain:
        return
    for id_, metric in costs.items():
        said = " ".join(map(_words, (id_, metric.definition or "", metric.unit or "")))
        unknown = context.failed(Metric, id_, "definition") or context.failed(Metric, id_, "unit")
        if unknown or any(f" {word} " in f" {said} " for word in words):
            return
    first, *others = sorted(costs)
    message = f"cost is measured by `{first}`"
    if others:
        message += f" and {len(others)} more"
    message += ", and never for each outcome"
    help_ = "add a cost metric for each resolved, successful or completed outcome"
    related = [
        context.label(Metric, id_, "bucket", "nor for each outcome here") for id_ in others[:3]
    ]
    yield context.finding(Metric, first, "bucket", message, help_, related=related)


def _words(text: str) -> str:
    """Reduce a text to its words in lower case, a blank between two."""
    return " ".join(_WORD.findall(text.casefold()))


RULE = rule(__name__, __doc__, "· W W", check, seeds=(1, 4), settings=("outcome_words",))
