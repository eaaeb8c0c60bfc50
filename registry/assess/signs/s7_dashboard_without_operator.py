"""There is a dashboard to point at, and nobody to call about what it shows.

True: the registry has dashboards and metrics on behaviour (quality, safety, cost, adoption), and no
alert on any of these metrics pages somebody.

False: an alert on one of them pages an escalation or a schedule that can reach a person.

Cannot be told: the registry has no dashboard, or no metric on behaviour, or part of what would be
asked is unread.
"""

from registry.assess.sign import Inquiry, SignAnswer, doubted, false, sign, true, unknown
from registry.model.cadence import Dashboard
from registry.model.metrics import Alert, Metric
from registry.model.oncall import Escalation, Schedule
from registry.model.people import Person, Role
from registry.wording import counted


def ask(inquiry: Inquiry) -> SignAnswer:
    """Look for one alert on behaviour that pages a person."""
    paging = [
        id_
        for id_, alert in inquiry.behavioural_alerts().items()
        if alert.response == "page" and alert.escalation and _reaches(inquiry, alert.escalation)
    ]
    if paging and not inquiry.doubt(Escalation, Schedule, Role, Person):
        evidence = [
            inquiry.label(Alert, id_, "escalation", f"`{id_}` pages somebody") for id_ in paging[:3]
        ]
        because = f"{counted(len(paging), 'alert')} on behaviour paging a person"
        return false(because, evidence)
    doubt = inquiry.doubt(Dashboard, Alert, Metric, Escalation, Schedule, Role, Person)
    if doubt:
        return doubted(doubt)
    boards = list(inquiry.workspace.all(Dashboard))
    metrics = inquiry.behavioural_metrics()
    if not boards or not metrics:
        missing = "dashboard" if not boards else "metric on behaviour"
        step = "write down the dashboards that people look at, and the metrics on behaviour"
        return unknown(f"the registry has no {missing}", step)
    evidence = [
        *(inquiry.label(Dashboard, id_, (), f"dashboard `{id_}`") for id_ in boards[:3]),
        *(inquiry.label(Metric, id_, (), f"`{id_}` pages nobody") for id_ in metrics[:5]),
    ]
    shown = f"{counted(len(boards), 'dashboard')}, {counted(len(metrics), 'metric')} on behaviour"
    because = f"{shown}, and none of these pages anybody"
    step = "choose the one metric worth waking somebody for, and let an alert on it page a schedule"
    return true(because, evidence, step)


def _reaches(inquiry: Inquiry, target: str) -> bool:
    known = any(inquiry.workspace.has(one, target) for one in ("escalations", "schedules"))
    return known and inquiry.graph.may_reach(target)


SIGN = sign(__name__, __doc__, ask)
