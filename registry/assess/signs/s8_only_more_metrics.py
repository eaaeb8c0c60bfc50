"""What came of an incident was one more metric, and the same people asked in the same way.

True: an incident of behaviour has actions, and every one of them is of kind add-metric.

False: incidents of behaviour have actions, and each has one of another kind.

Cannot be told: no incident of behaviour has actions; or one whose actions are all add-metric, or
have no kind, does not say what it was about; or part of `incidents` is unread.
"""

from registry.assess.sign import Inquiry, SignAnswer, doubted, false, sign, true, unknown
from registry.diagnostic import Label
from registry.model.failures import Incident
from registry.wording import counted

METRIC = "add-metric"


def ask(inquiry: Inquiry) -> SignAnswer:
    """Look at what came of each incident of behaviour."""
    reviewed = {id_: one for id_, one in inquiry.workspace.all(Incident).items() if one.actions}
    kinds = {id_: {action.kind for action in one.actions} for id_, one in reviewed.items()}
    about = {id_: inquiry.is_behavioural(one) for id_, one in reviewed.items()}
    bare = [id_ for id_, behavioural in about.items() if behavioural and kinds[id_] == {METRIC}]
    if bare:
        because = f"of {counted(len(reviewed), 'incident')} with actions, {len(bare)} of behaviour"
        because += " ended in metrics alone"
        step = "add one action that changes who responds and how, with an owner and a date"
        return true(because, [_label(inquiry, id_, "only metrics") for id_ in bare], step)
    doubt = inquiry.doubt(Incident)
    if doubt:
        return doubted(doubt)
    vague = [
        id_
        for id_, behavioural in about.items()
        if behavioural is not False and kinds[id_] <= {METRIC, None}
    ]
    if vague:
        because = f"of {counted(len(reviewed), 'incident')}, {len(vague)} without what was changed"
        step = "give each action its `kind`, and the incident its `cause`"
        return unknown(because, step, [_label(inquiry, id_, "not told") for id_ in vague])
    other = [id_ for id_, behavioural in about.items() if behavioural]
    if not other:
        step = "write down the last incident of behaviour, with what was decided afterwards"
        return unknown("no incident of behaviour has actions on record", step)
    because = (
        f"{counted(len(other), 'incident')} of behaviour, each with more than a metric after it"
    )
    return false(because, [_label(inquiry, id_, "more than metrics") for id_ in other])


def _label(inquiry: Inquiry, id_: str, what: str) -> Label:
    return inquiry.label(Incident, id_, "actions", f"what came of `{id_}`: {what}")


SIGN = sign(__name__, __doc__, ask)
