"""What falls to whom: every place where a registry names somebody, and what it asks of them."""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import NamedTuple

from registry.model.cadence import Budget, Dashboard, Objective, Review
from registry.model.entity import Entity
from registry.model.failures import Failure, Incident
from registry.model.metrics import Alert, Metric
from registry.model.oncall import Escalation, Schedule
from registry.model.ownership import Layer
from registry.model.people import Channel
from registry.model.reference import names
from registry.model.release import Experiment, Gate
from registry.model.runbooks import KillSwitch, Runbook
from registry.model.sections import SECTION_OF
from registry.model.telemetry import Store, Telemetry
from registry.workspace.workspace import Workspace


class Kind(Enum):
    """What is asked of somebody, in the order in which a playbook tells it."""

    OWN = "own"
    ASKED = "are asked"
    TOLD = "are told"
    REVIEW = "review"
    PAGED = "are paged for"
    SWITCH = "may switch off or roll back"


class Duty(NamedTuple):
    """One duty: of which kind, in which entity, and in which part (`what`); `text` describes it.

    `to` is the id that the registry names: of a person, a role, a team or a schedule.
    """

    kind: Kind
    to: str
    section: str
    id: str
    what: str
    text: str = ""


_OWNED: tuple[tuple[type[Entity], str], ...] = (
    (Metric, "definition"), (Alert, ""), (Runbook, "title"), (KillSwitch, "action"),
    (Failure, "definition"), (Dashboard, "decision"), (Gate, ""), (Experiment, ""),
    (Budget, ""), (Objective, "customer_impact"), (Channel, ""),
)  # fmt: skip
"""What has an `owner`, and the field that describes it."""

_APPROVED: tuple[tuple[type[Entity], str], ...] = (
    (Escalation, "approved_by"), (Objective, "approved_by"), (Telemetry, "approved_by"),
    (Store, "approval"),
)  # fmt: skip


def duties(workspace: Workspace) -> Mapping[str, tuple[Duty, ...]]:
    """Return the duties of each id that the registry names, in the files' order."""
    found: dict[str, list[Duty]] = {}
    for part in (_layers, _owned, _approved, _actions, _reviews, _paged, _switches):
        for duty in part(workspace):
            found.setdefault(duty.to, []).append(duty)
    return {id_: tuple(dict.fromkeys(own)) for id_, own in found.items()}


def _layers(workspace: Workspace) -> Iterator[Duty]:
    for id_, row in workspace.all(Layer).items():
        text = row.title or ""
        lists = (
            (Kind.OWN, "accountable", names(row.accountable)),
            (Kind.OWN, "responsible", row.responsible),
            (Kind.ASKED, "consulted", row.consulted),
            (Kind.TOLD, "informed", row.informed),
        )
        for kind, what, ids in lists:
            yield from (Duty(kind, one, "ownership", id_, what, text) for one in ids)
        yield from (Duty(Kind.OWN, one, "ownership", id_, "team", text) for one in names(row.team))


def _owned(workspace: Workspace) -> Iterator[Duty]:
    for model, field in _OWNED:
        for id_, one in workspace.all(model).items():
            text = getattr(one, field) if field else ""
            for owner in names(getattr(one, "owner", None)):
                yield Duty(Kind.OWN, owner, SECTION_OF[model], id_, "owns it", text or "")


def _approved(workspace: Workspace) -> Iterator[Duty]:
    for model, field in _APPROVED:
        for id_, one in workspace.all(model).items():
            for owner in names(getattr(one, field)):
                yield Duty(Kind.ASKED, owner, SECTION_OF[model], id_, "approves")
    for id_, runbook in workspace.all(Runbook).items():
        if runbook.escalate_to is not None:
            text = runbook.title or ""
            yield Duty(Kind.ASKED, runbook.escalate_to, "runbooks", id_, "escalated to", text)


def _actions(workspace: Workspace) -> Iterator[Duty]:
    """Yield what is still to be done after incidents."""
    for id_, incident in workspace.all(Incident).items():
        for action in incident.actions:
            due = f"due on {action.due}: " if action.due else ""
            for owner in names(action.owner) if action.done is None else ():
                text = f"{due}{action.title}"
                yield Duty(Kind.OWN, owner, "incidents", id_, "open action", text)


def _reviews(workspace: Workspace) -> Iterator[Duty]:
    for id_, review in workspace.all(Review).items():
        every = f"every {review.every}" if review.every else ""
        days = f"on {', '.join(review.days)}" if review.days else ""
        long = f"{review.minutes} minutes" if review.minutes else ""
        often = ", ".join(filter(None, (every, days, long)))
        if review.chair is not None:
            yield Duty(Kind.REVIEW, review.chair, "reviews", id_, "chairs", often)
        for one in review.attendees:
            yield Duty(Kind.REVIEW, one, "reviews", id_, "attends", often)
    for id_, board in workspace.all(Dashboard).items():
        if board.audience is not None:
            often = f"reads it every {board.read_every}" if board.read_every else "reads it"
            text = board.decision or ""
            yield Duty(Kind.REVIEW, board.audience, "dashboards", id_, often, text)


def _paged(workspace: Workspace) -> Iterator[Duty]:
    """Yield the steps that page somebody, each with its alerts, and who takes turns where."""
    alerts: dict[str, list[str]] = {}
    for id_, alert in workspace.all(Alert).items():
        if alert.escalation is not None:
            alerts.setdefault(alert.escalation, []).append(f"`{id_}`")
    for id_, escalation in workspace.all(Escalation).items():
        for step in escalation.steps:
            when = f"after {step.after}" if step.after.milliseconds else "at once"
            for one in step.notify:
                yield Duty(
                    Kind.PAGED, one, "escalations", id_, when, ", ".join(alerts.get(id_, ()))
                )
    for id_, schedule in workspace.all(Schedule).items():
        if id_ in alerts:
            yield Duty(Kind.PAGED, id_, "schedules", id_, "at once", ", ".join(alerts[id_]))
        for person in schedule.people:
            yield Duty(Kind.PAGED, person, "schedules", id_, "takes turns")


def _switches(workspace: Workspace) -> Iterator[Duty]:
    for id_, switch in workspace.all(KillSwitch).items():
        for one in switch.operators:
            yield Duty(Kind.SWITCH, one, "kill_switches", id_, "flips it", switch.action or "")
    for id_, gate in workspace.all(Gate).items():
        plan = gate.rollback
        if plan is not None and plan.by is not None:
            yield Duty(Kind.SWITCH, plan.by, "gates", id_, "rolls back", plan.when or "")
