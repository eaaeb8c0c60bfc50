"""A component that changes behaviour when it changes, with no way back.

Why: the fastest repair of a behavioural incident is the version of yesterday. Where nobody has
written how to return to it, the night is spent on finding out.

Mend: write how in the component's `rollback`, or give the gate that it passes a `rollback`.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.ownership import Component
from registry.model.release import Gate


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each changing component without a rollback of its own or of a gate."""
    covered = {
        name
        for id_, gate in context.each(Gate)
        if (gate.rollback and not gate.rollback.is_empty) or context.failed(Gate, id_, "rollback")
        for name in gate.applies_to
    }
    covered |= context.indexes.meant(covered, Component)
    for id_, component in context.each(Component):
        if not component.changes or component.rollback or id_ in covered:
            continue
        if context.may_hide(id_):
            continue
        message = f"nothing says how {component.kind} `{id_}` is rolled back"
        help_ = "write how in `rollback`, or give the gate that it passes one"
        yield context.missing(Component, id_, "rollback", message, help_)


RULE = rule(__name__, __doc__, "· W E", check, seeds=(4,))
