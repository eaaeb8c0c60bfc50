"""A runbook that no alert uses.

Why: a page leads to its runbook only if the alert names it. One that nothing leads to is found by
whoever happens to remember it, and is the first to fall behind.

Mend: name it as the `runbook` of the alert that it answers. If there is no such alert, add one,
or remove the runbook.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Label
from registry.model.metrics import Alert
from registry.model.runbooks import Runbook


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each runbook that no alert names; what failed to load may name it."""
    used = context.indexes.alerts_by_runbook
    meant = context.indexes.meant(used, Runbook)
    for id_, runbook in context.each(Runbook):
        if id_ in used or id_ in meant or context.may_hide(id_):
            continue
        message = f"no alert uses the runbook `{id_}`"
        help_ = "name it as the `runbook` of the alert that it answers, or remove it"
        related = _meant(context, (id_, *runbook.covers))
        yield context.finding(Runbook, id_, (), message, help_, related=related)


def _meant(context: Context, names: tuple[str, ...]) -> Iterator[Label]:
    """Point at alerts of the same name that have no runbook."""
    alerts = context.workspace.all(Alert)
    for name in dict.fromkeys(names):
        if name in alerts and alerts[name].runbook is None:
            yield context.label(Alert, name, (), "this alert has no runbook")


RULE = rule(__name__, __doc__, "I W W", check)
