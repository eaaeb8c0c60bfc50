"""Severity label and destination disagree: a critical that files a ticket, an info that pages.

Why: whoever wrote `severity: critical` thinks that somebody is woken. The route knows better, and
it is found out on the night that it was written for. The other way about people learn to sleep on.

Mend: route the alert to what its severity says, or give it the severity that it has. A receiver
pages if it is bound to an escalation or schedule, not if to a channel; unbound, as its integrations
do; of a webhook nothing is known. *paging_severities* and *quiet_severities* hold the words.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.diagnostic import Diagnostic, Label
from registry.listed import listed
from registry.rule import Context, rule

if TYPE_CHECKING:
    from registry.destinations import Stop

_LABELS = ("severity", "priority", "level")


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each alert that certainly pages nobody and should, or the other way about."""
    paging = {word.casefold() for word in context.settings.paging_severities}
    quiet = {word.casefold() for word in context.settings.quiet_severities}
    for row in context.audited.rows:
        alert = row.alert
        text = next((alert.labels[one] for one in _LABELS if one in alert.labels), None)
        if text is None or row.way.verdict not in {"always", "depends"}:
            continue
        word = text.value.casefold()
        stops = [one for one in row.stops if one.reached.notifies]
        if word in paging and all(one.pages is False for one in stops):
            wrong, what = stops, "pages nobody: it goes to"
            help_ = "route it to a receiver that pages, or lower its severity"
        elif word in quiet and any(one.pages and one.reached.certain for one in stops):
            wrong = [one for one in stops if one.pages and one.reached.certain]
            what, help_ = "pages, through", "route it to a channel, or raise its severity"
        else:
            continue
        names = tuple(dict.fromkeys(one.reached.name for one in wrong))
        message = f"the deployed alert `{alert.name}` is `{text.value}` and {what} {listed(names)}"
        yield context.found_at(
            text.where, ("deployed", alert.name), message, help_, related=_related(wrong),
            distinguish=f"{alert.where.file} {alert.group}",
        )  # fmt: skip


def _related(stops: "list[Stop]") -> Iterator[Label]:
    """Point at the routes, and at the receivers, that decide."""
    for reached, meaning in stops:
        yield from (route.place.label("this route takes it") for route in reached.routes[:1])
        if reached.receiver is not None:
            kinds = listed(dict.fromkeys(one.kind for one in reached.receiver.integrations))
            says = f"stands for `{meaning.id}`" if meaning is not None else f"notifies by {kinds}"
            yield reached.receiver.where.label(says)


RULE = rule(__name__, __doc__, "W W E", check, settings=("paging_severities", "quiet_severities"))
