"""A component that changes behaviour when it changes, and that no gate holds back.

Why: a prompt edit is a release. Where nothing has to be passed, the first to test it are the
customers, on the evening that somebody thought it was a small thing.

Mend: name it in `applies_to` of a gate that asks for evals and for no P0.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.ownership import Component


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each changing component that no gate applies to."""
    for id_, component in context.indexes.ungated.items():
        message = f"{component.kind} `{id_}` changes without passing a gate"
        help_ = f"name `{id_}` in `applies_to` of a gate"
        yield context.finding(Component, id_, "kind", message, help_)


RULE = rule(__name__, __doc__, "· W E", check, seeds=(4,))
