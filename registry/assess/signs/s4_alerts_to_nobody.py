"""Alerts land in an inbox or a channel, and at no particular person.

True: an alert has no way out that ends at a person: no escalation that can reach anybody, and in
`notify` nothing, or only channels that no one person owns.

False: every alert in the registry ends at a person, by page or in a channel that somebody owns.

Cannot be told: the registry has no alerts, or part of what they name is unread.
"""

from registry.assess.sign import Inquiry, SignAnswer, doubted, false, sign, true, unknown
from registry.diagnostic import Label
from registry.model.metrics import Alert
from registry.model.oncall import Escalation, Schedule
from registry.model.people import Channel, Person, Role
from registry.wording import counted, quoted


def ask(inquiry: Inquiry) -> SignAnswer:
    """Follow each alert's ways out."""
    alerts = inquiry.workspace.all(Alert)
    lost = [id_ for id_, alert in alerts.items() if _is_lost(inquiry, id_, alert)]
    if lost:
        because = f"of {counted(len(alerts), 'alert')}, {len(lost)} for nobody in particular"
        labels = [label for id_ in lost for label in _labels(inquiry, id_)]
        step = (
            "give the channel one `owner` who reads it; where it cannot wait, set an `escalation`"
        )
        return true(because, labels, step)
    doubt = inquiry.doubt(Alert, Channel, Escalation, Schedule, Role, Person)
    if doubt:
        return doubted(doubt)
    if not alerts:
        return unknown(
            "the registry has no alerts", "write down those that fire today, as they are"
        )
    because = f"{counted(len(alerts), 'alert')}, and each ends at a person"
    first = next(iter(alerts))
    return false(because, [inquiry.label(Alert, first, (), f"as `{first}` does")])


def _is_lost(inquiry: Inquiry, id_: str, alert: Alert) -> bool:
    unread = any(inquiry.context.failed(Alert, id_, one) for one in ("escalation", "notify"))
    paged = alert.escalation is not None and inquiry.graph.may_reach(alert.escalation)
    return not unread and not paged and all(_unread(inquiry, one) for one in alert.notify)


def _unread(inquiry: Inquiry, channel: str) -> bool:
    """Whether surely no one person reads a channel."""
    found = inquiry.workspace.all(Channel).get(channel)
    if found is None or inquiry.context.failed(Channel, channel, "owner"):
        return False
    return inquiry.graph.owner_problem(found.owner) is not None


def _labels(inquiry: Inquiry, id_: str) -> list[Label]:
    notify = inquiry.workspace.all(Alert)[id_].notify
    if not notify:
        return [inquiry.label(Alert, id_, (), f"`{id_}` goes nowhere")]
    names = quoted(notify)
    return [
        inquiry.label(Alert, id_, "notify", f"`{id_}` lands only in {names}"),
        *(inquiry.label(Channel, one, (), f"no one person owns `{one}`") for one in notify),
    ]


SIGN = sign(__name__, __doc__, ask)
