"""An alert's escalation may reach its second person too late for the alert's severity.

Why: the time that a severity allows is for the bad case, in which the first person does not answer.
An escalation that keeps it only when they do has promised something that nobody can rely on.

Mend: page two people at once, let the second step come earlier, or have it page somebody who is
never the first one, too. What a severity allows is its `respond_within`, in the section
`severities` or else in the policy. Where nobody is on call, nobody is reached: that counts as late.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.clock.words import exact_length, with_offset
from registry.diagnostic import Diagnostic, Label
from registry.model.metrics import Alert, SeverityLevel
from registry.model.oncall import Escalation


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each paging alert whose escalation is too slow at the worst instant of the horizon.

    One that can never reach anybody is OM208's. Says nothing where a name on the way is unknown
    or did not load.
    """
    for id_, alert in context.each(Alert):
        limit, target = context.severity(alert.severity).respond_within, alert.escalation
        if alert.response != "page" or limit is None or target is None:
            continue
        second = (
            context.horizon.slowest(target, limit) if context.indexes.may_reach(target) else None
        )
        if second is None:
            continue
        zone = context.horizon.zone(*(page.named for page in context.indexes.pages(target)))
        when = f"as on {with_offset(second.at, zone)} ({zone})"
        late = "may never reach a second person"
        if second.after is not None:
            late = f"may reach a second person only after {exact_length(second.after)}"
        message = (
            f"`{id_}` is {alert.severity}, which allows {limit}, and `{target}` {late}, {when}"
        )
        help_ = "page two people at once, or somebody else sooner"
        related = list(_related(context, alert, second.after))
        yield context.finding(Alert, id_, "escalation", message, help_, related=related)


def _related(context: Context, alert: Alert, after: int | None) -> Iterator[Label]:
    """Point at the registry's own response time, and at the step that comes too late."""
    own = context.workspace.all(SeverityLevel).get(alert.severity)
    if own is not None and own.respond_within is not None:
        says = f"what {alert.severity} allows"
        yield context.label(SeverityLevel, alert.severity, "respond_within", says)
    escalation = context.workspace.all(Escalation).get(alert.escalation or "")
    if escalation is not None and escalation.hours is not None:
        says = "what comes outside of these hours waits, or is skipped"
        yield context.label(Escalation, alert.escalation or "", "hours", says)
    for page in context.indexes.pages(alert.escalation or ""):
        if page.after * 1000 == after:
            yield context.label(Escalation, alert.escalation or "", page.field, "the second person")


RULE = rule(__name__, __doc__, "· W E", check, seeds=(3,), settings=("severities",))
