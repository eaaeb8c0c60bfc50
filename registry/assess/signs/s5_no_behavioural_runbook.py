"""There are runbooks for servers, and none for what the system says.

True: the registry has runbooks, and none of them is one for behaviour that answers the four
questions: what to check first, whom to call, what to roll back, what counts as resolved. One is for
behaviour if an alert on a quality, safety, cost or adoption metric uses it, or if it covers one of
the three failures with which a set of such runbooks begins (groundedness drop, fallback spike, cost
anomaly).

False: at least one runbook for behaviour answers all four.

Cannot be told: the registry has no runbooks at all, the one for behaviour is kept elsewhere (`url`)
so that what it says cannot be read, or part of `runbooks` or `alerts` is unread.
"""

from collections.abc import Iterator

from registry.assess.sign import Inquiry, SignAnswer, doubted, false, sign, true, unknown
from registry.diagnostic import Label
from registry.model.metrics import Alert, Metric
from registry.model.runbooks import Runbook
from registry.wording import counted, listed

FIRST = frozenset({"groundedness-drop", "fallback-spike", "cost-anomaly"})
"""The failures that ask for a runbook first: every built-in pack's `required_runbooks`."""

_QUESTIONS = {
    "first_checks": "what to check first",
    "escalate_to": "whom to call",
    "rollback": "what to roll back",
    "resolved_when": "what counts as resolved",
}


def ask(inquiry: Inquiry) -> SignAnswer:
    """Sort the runbooks by what uses and what they cover, then ask what they hold."""
    runbooks = inquiry.workspace.all(Runbook)
    used = _used(inquiry)
    why = {id_: _why(id_, one, used) for id_, one in runbooks.items()}
    ours = {id_: one for id_, one in runbooks.items() if why[id_]}
    whole = [id_ for id_, one in ours.items() if not _lacks(one)]
    of = f"of {counted(len(runbooks), 'runbook')}"
    if whole:
        evidence = [inquiry.label(Runbook, id_, (), why[id_]) for id_ in whole[:3]]
        return false(f"{of}, {len(whole)} for behaviour that says what to do", evidence)
    doubt = inquiry.doubt(Runbook, Alert, Metric)
    if doubt:
        return doubted(doubt)
    step = "write the one for a drop of groundedness: first checks, whom to call, what to roll back"
    if not runbooks:
        return unknown("the registry has no runbooks", f"{step}; or write down those you have")
    elsewhere = [id_ for id_, one in ours.items() if one.is_elsewhere]
    if elsewhere:
        places = [inquiry.label(Runbook, id_, "url", "what it says") for id_ in elsewhere[:3]]
        because = f"what {listed(elsewhere)} says for behaviour stands elsewhere"
        return unknown(because, "bring its lists here, at least the first checks", places)
    if ours:
        step = "complete it: whoever is paged opens it at night, and finds nothing to do"
        because = f"{of}, {len(ours)} for behaviour, and none says all that a responder asks"
        return true(because, list(_holes(inquiry, ours)), step)
    return true(f"{of}, none for behaviour", list(_foreign(inquiry)), step)


def _used(inquiry: Inquiry) -> dict[str, str]:
    alerts = inquiry.behavioural_alerts()
    return {alert.runbook: id_ for id_, alert in reversed(alerts.items()) if alert.runbook}


def _lacks(runbook: Runbook) -> list[str]:
    """Name the questions that a runbook leaves open."""
    return [asked for field, asked in _QUESTIONS.items() if not getattr(runbook, field)]


def _holes(inquiry: Inquiry, runbooks: dict[str, Runbook]) -> Iterator[Label]:
    for id_, one in runbooks.items():
        text = f"`{id_}` does not say {', '.join(_lacks(one))}"
        yield inquiry.label(Runbook, id_, (), text)


def _foreign(inquiry: Inquiry) -> Iterator[Label]:
    for id_ in inquiry.workspace.all(Runbook):
        yield inquiry.label(Runbook, id_, (), f"`{id_}` is for no behaviour")
    for id_ in inquiry.behavioural_alerts():
        yield inquiry.label(Alert, id_, (), f"`{id_}` has no runbook")


def _why(id_: str, runbook: Runbook, used: dict[str, str]) -> str:
    """Say what makes a runbook one for behaviour; empty where nothing does."""
    if id_ in used:
        return f"`{used[id_]}` uses `{id_}`"
    covered = sorted(FIRST & {id_, *runbook.covers})
    return f"`{id_}` covers `{covered[0]}`" if covered else ""


SIGN = sign(__name__, __doc__, ask, of_model=True)
