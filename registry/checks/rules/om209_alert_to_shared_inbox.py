"""An alert that lands where no person looks: it has no way out, or only channels nobody owns.

Why: a message to a shared inbox is addressed to everybody, and so to nobody. It was delivered, it
is in the log, and a week later somebody finds it unread.

Mend: give the channel one `owner`, the person who reads it, or send the alert to a channel that
has one; where it cannot wait, set an `escalation`. An escalation that can never reach a person is
no way out. A paging alert with nothing at all is OM208's alone; one with only such channels is
reported by both: it wakes nobody, and nobody reads what it sends.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Label
from registry.model.metrics import Alert
from registry.model.people import Channel
from registry.wording import quoted


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each alert that no person is sure to see, by page or in a channel of theirs."""
    for id_, alert in context.each(Alert):
        target = alert.escalation
        uncertain = any(context.failed(Alert, id_, one) for one in ("escalation", "notify"))
        if uncertain or (target is not None and context.indexes.may_reach(target)):
            continue
        unread = [_unread(context, channel) for channel in alert.notify]
        related = [label for label in unread if label is not None]
        if alert.notify and len(related) == len(unread):
            names = quoted(alert.notify)
            message = f"alert `{id_}` lands only in {names}, which no person owns"
            help_ = "give the channel an `owner` who reads it, or name one that has an owner"
            yield context.finding(Alert, id_, "notify", message, help_, related=related)
        elif not alert.notify and alert.response != "page":
            yield _no_way_out(context, id_, target)


def _unread(context: Context, channel: str) -> Label | None:
    """Point at why no one person reads a channel; None where one does, or may."""
    found = context.workspace.all(Channel).get(channel)
    if found is None or context.failed(Channel, channel, "owner"):
        return None
    problem = context.indexes.owner_problem(found.owner)
    if problem is None:
        return None
    field = () if problem == "nobody" else "owner"
    return context.label(Channel, channel, field, f"`{channel}` is owned by {problem}")


def _no_way_out(context: Context, id_: str, target: str | None) -> Diagnostic:
    help_ = "name a channel that somebody owns in `notify`, or set `escalation`"
    if target is None:
        message = f"alert `{id_}` goes nowhere: it names no channel and no escalation"
        return context.missing(Alert, id_, "notify", message, help_)
    message = f"alert `{id_}` goes nowhere: `{target}` can never reach a person"
    return context.finding(Alert, id_, "escalation", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(1,))
