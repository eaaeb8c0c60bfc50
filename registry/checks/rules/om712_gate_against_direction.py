"""A gate, or an objective, asks a metric for the opposite of what is better.

Why: a release that has to be at least eight seconds slow lets through what it should stop. Two
words were swapped, and every quick answer fails.

Mend: swap `at_least` and `at_most` (`above` and `below`), or correct the metric's `better`.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.cadence import Objective, Target
from registry.model.entity import Entity
from registry.model.metrics import Metric
from registry.model.release import COMPARISONS, Gate, Requirement
from registry.span import KeyPath

_ASKS = {"above": "higher", "at_least": "higher", "below": "lower", "at_most": "lower"}
_OPPOSITE = {"above": "below", "below": "above", "at_least": "at_most", "at_most": "at_least"}


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each comparison that asks for the worse side of a metric."""
    for id_, gate in context.each(Gate):
        for place, one in context.places(Gate, id_, "requires", gate.requires):
            yield from _wrong(context, Gate, id_, place, one.metric, one)
    for id_, objective in context.each(Objective):
        if objective.target is not None:
            at, target = ("target",), objective.target
            yield from _wrong(context, Objective, id_, at, objective.metric, target)


def _wrong(  # noqa: PLR0913 - whose, where, and what is asked
    context: Context,
    model: type[Entity],
    id_: str,
    place: KeyPath,
    name: str | None,
    asked: Requirement | Target,
) -> Iterator[Diagnostic]:
    metric = context.workspace.all(Metric).get(name or "")
    if metric is None or name is None or metric.better is None:
        return
    for word in COMPARISONS:
        level = getattr(asked, word)
        if level is None or _ASKS.get(word, metric.better) == metric.better:
            continue
        what = "gate" if model is Gate else "objective"
        said = word.replace("_", " ")
        message = (
            f"{what} `{id_}` asks `{name}` to be {said} {level}, and {metric.better} is better"
        )
        help_ = f"write `{_OPPOSITE[word]}: {level}`, or correct the `better` of `{name}`"
        related = (context.label(Metric, name, "better", "the better side"),)
        yield context.finding(
            model, id_, (*place, word), message, help_, related=related, distinguish=name
        )


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
