"""Severity label and destination disagree: a critical that files a ticket, an info that pages.

Why: whoever wrote `severity: critical` thinks that somebody is woken. The route knows better, and
it is found out on the night that it was written for. So it is where the registry says that an alert
pages, and it goes to a channel. The other way about people learn to sleep on.

Mend: route the alert to what its severity says, or give it the severity that it has; or correct the
registry's `response`. A receiver pages if it is bound to an escalation, schedule, role or person,
not if to a channel; unbound, as its integrations do; of a webhook nothing is known.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.audit.told import called, pagers_of, ways
from registry.checks.rule import rule
from registry.diagnostic import Diagnostic, Label
from registry.model.metrics import Alert
from registry.wording import listed

if TYPE_CHECKING:
    from registry.audit.context import AuditContext
    from registry.audit.join import Row
    from registry.audit.receivers import Stop


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each alert that certainly pages nobody and should, or the other way about."""
    known: dict[int, tuple[list[Stop], bool]] = {}
    for row in context.audited.rows:
        alert, said = row.alert, row.severity
        if row.way.verdict not in {"always", "depends"} or row.only_taps or row.silence.always:
            continue
        if id(row.stops) not in known:  # alike alerts share theirs
            known[id(row.stops)] = pagers_of(row.stops)
        pagers, is_weak = known[id(row.stops)]
        where, related, help_ = alert.where, [], "route it to a receiver that pages, or "
        says, what, wrong = "", "", list(row.stops)
        if said is not None and said.pages and is_weak:
            where, says, help_ = said.text.where, called(said), help_ + "lower its severity"
        elif said is not None and said.is_quiet and pagers:
            where, says, wrong = said.text.where, called(said), pagers
            what = f"pages, through {listed(dict.fromkeys(one.reached.name for one in pagers))}"
            help_ = "route it to a channel, or raise its severity"
        elif is_weak and (declared := _declared(context, row)) is not None:
            says = f"is to page, by the registry's `{declared}`,"
            help_ += "correct its `response`"
            related = [context.label(Alert, declared, "response", "this alert pages")]
        else:
            continue
        what = what or f"pages nobody: {ways(row)}"
        yield context.found_at(
            where, ("deployed", alert.name), f"the deployed alert `{alert.name}` {says} and {what}",
            help_, related=(*related, *_related(wrong)),
            distinguish=f"{alert.where.file} {alert.group}",
        )  # fmt: skip


def _declared(context: "AuditContext", row: "Row") -> str | None:
    """Name the registry's alert that this one is, if that pages."""
    id_ = row.registry_alert
    if id_ is None or context.failed(Alert, id_, "response"):
        return None
    alert = context.workspace.all(Alert).get(id_)
    return id_ if alert is not None and alert.response == "page" else None


def _related(stops: "list[Stop]") -> Iterator[Label]:
    """Point at the routes, and at the receivers, that decide."""
    for reached, meaning, _ in stops:
        yield from (route.place.label("this route takes it") for route in reached.routes[:1])
        if reached.receiver is not None:
            kinds = listed(dict.fromkeys(one.kind for one in reached.receiver.integrations))
            says = f"stands for `{meaning.id}`" if meaning is not None else f"notifies by {kinds}"
            says = says if kinds else "notifies nobody"
            yield reached.receiver.where.label(says)


RULE = rule(__name__, __doc__, "W W E", check, settings=("paging_severities", "quiet_severities"))
