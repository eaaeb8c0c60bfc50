"""In the last quarter, somebody outside noticed a change for the worse before any signal of ours.

True: an incident of behaviour, detected (else started) within the last 92 days, the longest that
three months last, has `detected_by` customer or support.

False: there are such incidents, and every one was found inside: by an alert or an employee.

Cannot be told: no incident of behaviour is dated within that time; or one of that time, or without
a date, does not say what it was about or who noticed it; or part of `incidents` is unread.
"""

from datetime import timedelta

from registry.assess.sign import (
    Inquiry,
    SignAnswer,
    Verdict,
    doubted,
    false,
    sign,
    true,
    unknown,
)
from registry.diagnostic import Label
from registry.model.failures import Incident
from registry.wording import counted

QUARTER = timedelta(days=92)
_OUTSIDE = {"customer": "a customer", "support": "support"}


def ask(inquiry: Inquiry) -> SignAnswer:
    """Look at who noticed each recent incident first."""
    told = {id_: _told(inquiry, one) for id_, one in inquiry.workspace.all(Incident).items()}
    outside = [id_ for id_, verdict in told.items() if verdict is Verdict.TRUE]
    open_ = [id_ for id_, verdict in told.items() if verdict is Verdict.UNKNOWN]
    inside = [id_ for id_, verdict in told.items() if verdict is Verdict.FALSE]
    if outside:
        because = f"{counted(len(outside), 'incident')} of behaviour in 92 days came from outside"
        step = "add the alert that would have seen it, and name it in the failure's `detected_by`"
        return true(because, [_label(inquiry, id_) for id_ in outside], step)
    if open_:
        because = f"{counted(len(open_), 'incident')} may be one of behaviour found outside, or not"
        step = "give it a date, a `cause` and `detected_by`"
        return unknown(because, step, [inquiry.label(Incident, id_) for id_ in open_])
    doubt = inquiry.doubt(Incident)
    if doubt:
        return doubted(doubt)
    if not inside:
        because = "no incident of behaviour is on record for the last 92 days: that proves nothing"
        step = "write down the last complaint about an answer as an incident, with `detected_by`"
        return unknown(because, step)
    recent = counted(len(inside), "incident")
    because = f"{recent} of behaviour in 92 days, and none was noticed outside first"
    return false(because, [_label(inquiry, id_) for id_ in inside])


def _told(inquiry: Inquiry, incident: Incident) -> Verdict | None:
    """Decide one incident; None for one that is too old, or of another kind."""
    when = incident.detected or incident.started
    age = inquiry.days_since(when)
    behavioural = inquiry.is_behavioural(incident)
    if behavioural is False or (when is not None and (age is None or age > QUARTER)):
        return None
    by = incident.detected_by
    if by is not None and by not in _OUTSIDE:
        return Verdict.FALSE if behavioural and age is not None else None
    return Verdict.TRUE if by and behavioural and age is not None else Verdict.UNKNOWN


def _label(inquiry: Inquiry, id_: str) -> Label:
    by = inquiry.workspace.all(Incident)[id_].detected_by or ""
    message = f"`{id_}` was first noticed by {_OUTSIDE.get(by, f'`{by}`')}"
    return inquiry.label(Incident, id_, "detected_by", message)


SIGN = sign(__name__, __doc__, ask)
