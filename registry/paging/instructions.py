"""What the person who is paged does: what the runbook says, and the switches that they may flip."""

from collections.abc import Iterable
from typing import NamedTuple

from registry.model.failures import Failure
from registry.model.metrics import Alert
from registry.model.runbooks import KillSwitch, Runbook, SwitchUse
from registry.paging.pager import Hop, Paged, Pager, Place
from registry.workspace.not_loaded import unread


class Steps(NamedTuple):
    """What the runbook tells the person who is paged; `url` is where it is kept, or more of it.

    `url` is where an external one stands. `escalate_to` is whom it says to call in, `called_in` the
    people whom that reaches first.
    """

    id: str
    title: str | None
    url: str | None
    first_checks: tuple[str, ...]
    mitigations: tuple[str, ...]
    escalate_to: str | None
    called_in: tuple[Paged, ...]
    rollback: tuple[str, ...]
    resolved_when: tuple[str, ...]
    place: Place


class Switch(NamedTuple):
    """A kill switch, and those of its operators who are there.

    `but` says why nothing is known of it, where that is so.
    """

    id: str
    action: str | None
    operators: tuple[Paged, ...]
    takes_effect_within: str | None
    place: Place
    but: str | None


def steps(pager: Pager, alert: str) -> tuple[Steps | None, str | None]:
    """Return what an alert's runbook says; else why there is nothing to read."""
    workspace = pager.workspace
    id_ = workspace.all(Alert)[alert].runbook
    if id_ is None:
        return None, unread(workspace, "alerts", alert, ("runbook",)) or "it has no runbook"
    found = workspace.all(Runbook).get(id_)
    if found is None:
        lost = workspace.has("runbooks", id_) or workspace.may_hide(id_)
        return None, f"`{id_}` did not load" if lost else f"there is no runbook `{id_}`"

    def texts(values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(pager.text(one, "runbooks", id_) for one in values)

    mitigations = (
        f"Flip `{one.switch}`." if isinstance(one, SwitchUse) else one for one in found.mitigations
    )
    place = pager.place("runbooks", id_)
    return Steps(
        id_,
        pager.text(found.title, "runbooks", id_) if found.title else None,
        pager.text(found.url, "runbooks", id_) if found.url else None,
        texts(found.first_checks),
        texts(tuple(mitigations)),
        found.escalate_to,
        _called_in(pager, found.escalate_to, place),
        texts(found.rollback),
        texts(found.resolved_when),
        place,
    ), None


def switches(pager: Pager, alert: str) -> tuple[Switch, ...]:
    """Return the switches of an alert's runbook, then those of the failures that it detects."""
    workspace = pager.workspace
    id_ = workspace.all(Alert)[alert].runbook or ""
    runbook = workspace.all(Runbook).get(id_)
    used: dict[str, Place] = {}
    for one in runbook.mitigations if runbook else ():
        if isinstance(one, SwitchUse):
            used.setdefault(one.switch, pager.place("runbooks", id_))
    for id_, failure in workspace.all(Failure).items():
        for contained in failure.contained_by if alert in failure.detected_by else ():
            used.setdefault(contained, pager.place("failures", id_))
    return tuple(switch(pager, id_, place) for id_, place in used.items())


def _called_in(pager: Pager, escalate_to: str | None, place: Place) -> tuple[Paged, ...]:
    """Return whom the first page to `escalate_to` reaches."""
    hops = pager.chain(escalate_to, place) if escalate_to is not None else ()
    return _reached(hop for hop in hops if hop.after == hops[0].after)


def _reached(hops: Iterable[Hop]) -> tuple[Paged, ...]:
    """Return whom hops reach, each once: as a deputy only who is not reached themselves."""
    found: dict[str, Paged] = {}
    for person in (person for hop in hops for person in hop.people):
        if person.id not in found or person.deputy_for is None:
            found[person.id] = person
    return tuple(found.values())


def switch(pager: Pager, id_: str, used: Place | None = None) -> Switch:
    """Read one switch at the pager's instant; `used` is where one is named that is not there."""
    used = used or pager.place("kill_switches", id_)
    workspace = pager.workspace
    found = workspace.all(KillSwitch).get(id_)
    if found is None:
        lost = workspace.has("kill_switches", id_) or workspace.may_hide(id_)
        but = "it did not load" if lost else "there is no such switch"
        return Switch(id_, None, (), None, used, but)
    hops = [hop for one in found.operators for hop in pager.chain(one, used)]
    effect = found.takes_effect_within
    return Switch(
        id_,
        pager.text(found.action, "kill_switches", id_) if found.action else None,
        _reached(hops),
        str(effect) if effect else None,
        pager.place("kill_switches", id_),
        unread(workspace, "kill_switches", id_, ("operators",)),
    )
