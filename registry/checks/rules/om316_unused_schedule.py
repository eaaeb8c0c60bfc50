"""A schedule or an escalation that nothing refers to.

Why: people take turns on it and carry a phone for it, and no page can come. Or it was meant to be
paged, and the alert that should name it names something else.

Mend: name an escalation in an alert, and a schedule in an escalation's step, in an alert, as a
role's `schedule` or among a switch's `operators`. Remove what is no longer needed.
"""

from collections.abc import Iterator
from typing import Any

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.fields import references
from registry.model.oncall import Escalation, Schedule
from registry.model.sections import SECTIONS
from registry.span import KeyPath
from registry.wording import nearest

_TARGETS = frozenset({"schedules", "escalations"})
_SUGGESTED = 200
"""Unknown names for which the nearest known one is sought: each takes milliseconds."""


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each schedule and escalation that no entity names.

    What failed to load may name it, and so may a name that is misspelt, which OM007 reports.
    """
    schedules, escalations = context.workspace.all(Schedule), context.workspace.all(Escalation)
    used = set(_used(context)) if schedules or escalations else set()
    unknown = sorted(name for name in used if context.workspace.kind_of(name) is None)
    known = [*schedules, *escalations] if unknown else []
    used.update(filter(None, (nearest(name, known) for name in unknown[:_SUGGESTED])))
    for id_ in schedules:
        if id_ not in used and not context.may_hide(id_):
            message = f"nothing refers to the schedule `{id_}`: no page can come to it"
            help_ = "page it from an alert or an escalation, let it hold a role, or remove it"
            yield context.finding(Schedule, id_, (), message, help_)
    for id_ in escalations:
        if id_ not in used and not context.may_hide(id_):
            message = f"no alert uses the escalation `{id_}`, and no runbook escalates to it"
            help_ = "name it as the `escalation` of an alert, or remove it"
            yield context.finding(Escalation, id_, (), message, help_)


def _used(context: Context) -> Iterator[str]:
    """Yield every id that stands where a schedule or an escalation may."""
    for _, model, *_ in SECTIONS.values():
        fields = [at for at, to in references(model) if not _TARGETS.isdisjoint(to.accepts)]
        for _, entity in context.each(model) if fields else ():
            for steps in fields:
                yield from _named(entity, steps)


def _named(value: Any, steps: KeyPath) -> Iterator[str]:
    if not steps:
        yield value
    elif steps[0] == "*":
        for item in value:
            yield from _named(item, steps[1:])
    elif (below := getattr(value, str(steps[0]), None)) is not None:
        yield from _named(below, steps[1:])


RULE = rule(__name__, __doc__, "I W W", check)
