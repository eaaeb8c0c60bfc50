"""A gate that asks for nothing that can be measured, or that nobody owns.

Why: a gate that says "quality is good" opens for whoever is in a hurry. A number closes it, and an
owner decides what happens when the number is missed.

Mend: add to `requires` a metric or an eval set with a comparison, as
`{eval: regression-set, at_least: 0.95}`, and set `owner`.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.release import Gate


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each gate without a measurable requirement, and each without one owner."""
    for id_, gate in context.each(Gate):
        if not any((one.metric or one.eval) and one.comparisons for one in gate.requires):
            message = f"gate `{id_}` requires nothing that can be measured"
            help_ = "add a metric or an eval with a comparison to `requires`"
            if gate.requires:
                yield context.finding(Gate, id_, "requires", message, help_)
            else:
                yield context.missing(Gate, id_, "requires", message, help_)
        problem = context.indexes.owner_problem(gate.owner)
        help_ = "set `owner` to one person, or to a role that one person holds"
        if gate.owner is None or problem == "nobody":
            yield context.missing(Gate, id_, "owner", f"gate `{id_}` has no owner", help_)
        elif problem:
            message = f"gate `{id_}` is owned by {problem}: nobody in particular"
            yield context.finding(Gate, id_, "owner", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(4,))
