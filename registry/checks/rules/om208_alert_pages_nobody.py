"""A paging alert that no person is paged for: it has no escalation, or one that ends at nobody.

Why: everything looks decided. The metric pages, the alert fires, and at the end of the chain there
is an empty rotation, one that ended last spring, or a role that nobody holds.

Mend: set `escalation` to an escalation or a schedule that ends at a person; fill what is empty on
the way. If the matter can wait, make the alert a ticket.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Label
from registry.model.metrics import Alert
from registry.model.oncall import Escalation, Schedule
from registry.model.people import Role


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each paging alert that can reach no person, now or later.

    An escalation that does not exist, or did not load, is not this rule's.
    """
    for id_, alert in context.each(Alert):
        if alert.response != "page":
            continue
        target = alert.escalation
        if target is None:
            message = f"alert `{id_}` pages nobody: it has no escalation"
            help_ = "set `escalation` to an escalation or a schedule, or make it a ticket"
            yield context.missing(Alert, id_, "escalation", message, help_)
        elif not context.indexes.may_reach(target):
            message = f"alert `{id_}` pages nobody: `{target}` can never reach a person"
            help_ = f"let `{target}` reach a person, or name another escalation"
            ends = dict.fromkeys(_dead_ends(context, target))
            yield context.finding(Alert, id_, "escalation", message, help_, related=ends)


def _dead_ends(context: Context, id_: str) -> Iterator[Label]:
    """Point at each place where the way from `id_` stops before it reaches a person."""
    schedule = context.workspace.all(Schedule).get(id_)
    escalation = context.workspace.all(Escalation).get(id_)
    role = context.workspace.all(Role).get(id_)
    if schedule is not None:
        what = "all its shifts are over" if schedule.people else "it names no participant"
        yield context.label(Schedule, id_, message=f"`{id_}`: {what}")
    elif escalation is not None:
        told = [one for step in escalation.steps for one in step.notify]
        for one in told:
            yield from _dead_ends(context, one)
        if not told:
            what = "no step of it tells anybody" if escalation.steps else "it has no steps"
            yield context.label(Escalation, id_, message=f"`{id_}`: {what}")
    elif role is not None and role.schedule is not None:
        yield from _dead_ends(context, role.schedule)
    else:
        yield context.label(Role, id_, message=f"nobody holds `{id_}`")


RULE = rule(__name__, __doc__, "W E E", check, seeds=(1,))
