"""An alert goes where somebody looks less often than its severity has to be answered.

Why: four hours to answer, and an inbox that is opened every other Monday: the promise is broken
before the alert is written. Nobody is to blame on the day, and nobody could have been in time.

Mend: let somebody read the channel more often (`read_every`), send the alert to a quicker one as
well, or give it the severity that it has.
"""

from collections.abc import Iterator
from typing import NamedTuple

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Alert
from registry.model.people import Channel
from registry.wording import listed

_DECIDING = ("escalation", "notify", "response")
"""What says whom an alert reaches."""


class _Late(NamedTuple):
    """An alert, and how soon its severity has to be answered."""

    alert: str
    severity: str
    within: str


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each channel that is the quickest of some alert, and too slow for it."""
    late: dict[str, list[_Late]] = {}
    for id_, alert in context.each(Alert):
        quickest = _quickest(context, alert)
        within = context.severity(alert.severity).respond_within
        if quickest is None or within is None or quickest[1] <= within.milliseconds:
            continue
        if not any(context.failed(Alert, id_, field) for field in _DECIDING):
            late.setdefault(quickest[0], []).append(_Late(id_, alert.severity, str(within)))
    for name, alerts in late.items():
        channel = context.workspace.all(Channel)[name]
        promises = sorted({f"{one.severity} within {one.within}" for one in alerts})
        message = (
            f"`{name}` is read every {channel.read_every}, and {listed([a.alert for a in alerts])}"
            f" {'has' if len(alerts) == 1 else 'have'} to be answered sooner"
            f" ({', '.join(promises)})"
        )
        help_ = "read it more often, or send these alerts to a quicker channel as well"
        related = [context.label(Alert, one.alert, "notify", "goes nowhere else") for one in alerts]
        yield context.finding(Channel, name, "read_every", message, help_, related=related[:4])


def _quickest(context: Context, alert: Alert) -> tuple[str, int] | None:
    """Return an alert's channel that is read most often, and how often (ms).

    None where it pages somebody, has no channel, or one of them does not say or did not load.
    """
    if alert.response == "page" or alert.escalation is not None:
        return None
    every: dict[str, int] = {}
    for name in alert.notify:
        channel = context.workspace.all(Channel).get(name)
        if channel is None or channel.read_every is None:
            return None
        every[name] = channel.read_every.milliseconds
    name = min(every, key=lambda channel: every[channel], default="")
    return (name, every[name]) if name else None


RULE = rule(__name__, __doc__, "I W W", check, seeds=(1,), settings=("severities",))
