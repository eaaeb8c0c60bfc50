"""There are runbooks for servers, and none for what the system says.

True: the registry has runbooks, and none of them is one for behaviour: used by an alert on a
quality, safety, cost or adoption metric, or covering one of the three failures with which a set of
such runbooks begins (groundedness drop, fallback spike, cost anomaly).

False: at least one runbook is.

Cannot be told: the registry has no runbooks at all, or part of `runbooks` or `alerts` is unread.
"""

from registry.assess.sign import Inquiry, SignAnswer, doubted, false, sign, true, unknown
from registry.model.metrics import Alert, Metric
from registry.model.runbooks import Runbook
from registry.wording import counted

FIRST = frozenset({"groundedness-drop", "fallback-spike", "cost-anomaly"})
"""The failures that ask for a runbook first: every built-in pack's `required_runbooks`."""


def ask(inquiry: Inquiry) -> SignAnswer:
    """Sort the runbooks by what uses and what they cover."""
    runbooks = inquiry.workspace.all(Runbook)
    alerts = inquiry.behavioural_alerts()
    used = {alert.runbook: id_ for id_, alert in reversed(alerts.items()) if alert.runbook}
    good = {id_: _why(id_, one, used) for id_, one in runbooks.items()}
    good = {id_: why for id_, why in good.items() if why}
    if good:
        evidence = [inquiry.label(Runbook, id_, (), why) for id_, why in list(good.items())[:3]]
        because = f"of {counted(len(runbooks), 'runbook')}, {len(good)} for behaviour"
        return false(because, evidence)
    doubt = inquiry.doubt(Runbook, Alert, Metric)
    if doubt:
        return doubted(doubt)
    step = "write the one for a drop of groundedness: first checks, whom to call, what to roll back"
    if not runbooks:
        return unknown("the registry has no runbooks", f"{step}; or write down those you have")
    evidence = [
        *(inquiry.label(Runbook, id_, (), f"`{id_}` is for no behaviour") for id_ in runbooks),
        *(inquiry.label(Alert, id_, (), f"`{id_}` has no runbook") for id_ in alerts),
    ]
    because = f"of {counted(len(runbooks), 'runbook')}, none for behaviour"
    return true(because, evidence, step)


def _why(id_: str, runbook: Runbook, used: dict[str, str]) -> str:
    """Say what makes a runbook one for behaviour; empty where nothing does."""
    if id_ in used:
        return f"`{used[id_]}` uses `{id_}`"
    covered = sorted(FIRST & {id_, *runbook.covers})
    return f"`{id_}` covers `{covered[0]}`" if covered else ""


SIGN = sign(__name__, __doc__, ask)
