"""Whose something is, who is paged for it, and what they do: answered at an instant.

An alert is answered hop by hop; for a metric, a layer or a component the same question is the
question for each of its alerts. Of a person, a role or a team it is all that falls to them.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from registry.clock.civil import utc
from registry.errors import CannotRunError
from registry.model.failures import Failure
from registry.model.metrics import Alert, Metric
from registry.model.ownership import Component, Layer
from registry.model.people import Channel, Person
from registry.model.runbooks import KillSwitch
from registry.model.sections import SECTIONS
from registry.paging.charge import Charge, Charges, Named
from registry.paging.duties import Duties, Duty, Responsibility, named_by
from registry.paging.instructions import Steps, Switch, steps, switches
from registry.paging.pager import Hop, Paged, Pager, Place
from registry.workspace.indexes import Indexes
from registry.workspace.lookup import look_up
from registry.workspace.not_loaded import unread, unread_escalation, unread_fields
from registry.workspace.policy import Policy
from registry.workspace.severity import severity
from registry.workspace.workspace import Workspace

ALERTING = ("alerts", "metrics", "ownership", "components")
"""Sections of which something can alert."""

CHARGED = ("people", "roles", "teams")
"""Sections of those to whom something falls."""


class Owner(NamedTuple):
    """The one person who owns something or answers for it; `place` is where that is written.

    `via` is the id that stands there: theirs, or that of a role that they hold.
    """

    person: Paged
    via: str
    place: Place


class Notified(NamedTuple):
    """A channel, and the person who reads it; None where no one person does.

    `but` says why nobody may see what lands there although somebody is to read it.
    """

    id: str
    reader: Paged | None
    read_every: str | None
    but: str | None


class Answer(NamedTuple):
    """Everything about one alert at one instant; `breaks` is empty where the chain holds.

    `owner` is the alert's own, `answers_for_row` whoever answers for its metric's layer;
    `accountable` is the latter, else the metric's owner, else the alert's. `chain` has every run of
    the escalation. Where there is no `runbook`, `no_runbook` says why.
    """

    alert: str
    metric: str
    severity: str
    response: str
    place: Place
    accountable: Paged | None
    decision: str | None
    chain: tuple[Hop, ...]
    notified: tuple[Notified, ...]
    respond_within: str | None
    runbook: Steps | None
    no_runbook: str | None
    kill_switches: tuple[Switch, ...]
    breaks: tuple[str, ...]
    owner: Owner | None = None
    answers_for_row: Owner | None = None


class Who(NamedTuple):
    """Whose one subject is, and its answers; `at` is an instant.

    `breaks` are those of all answers, and why nobody owns it where somebody should. `duties` are
    those of a person, a role or a team, and `responsibilities` what their roles are for; of
    anything else `duties` are None, and `named` are those whom it names besides its owners.
    """

    at: datetime
    section: str
    id: str
    answers: tuple[Answer, ...]
    breaks: tuple[str, ...]
    owner: Owner | None = None
    accountable: Owner | None = None
    team: str | None = None
    responsible: tuple[str, ...] = ()
    duties: tuple[Duty, ...] | None = None
    responsibilities: tuple[Responsibility, ...] = ()
    named: tuple[Duty, ...] = ()


def find_subject(workspace: Workspace, name: str) -> tuple[str, str]:
    """Find what is asked about: `ID`, or `SECTION/ID` where an id stands in several sections.

    Raises CannotRunError as `look_up` does, and for an id that did not load.
    """
    covering = (row for row, layer in workspace.all(Layer).items() if name in layer.covers)
    row = next(covering, None)
    if row is not None and not any(workspace.has(section, name) for section in SECTIONS):
        raise CannotRunError(f"there is no entity `{name}`", f"the layer `{row}` covers it")
    section, id_ = look_up(workspace, name)
    if id_ not in workspace.entities.get(section, {}):
        what = f"the {SECTIONS[section].noun} `{id_}` did not load"
        raise CannotRunError(what, "`opmodel check` says why")
    return section, id_


def who(
    workspace: Workspace,
    policy: Policy,
    subject: tuple[str, str],
    at: int,
    zone: str | None = None,
) -> Who:
    """Answer for a subject (see `find_subject`) at an instant; times are told as `Pager` does."""
    section, id_ = subject
    asked = _AnswerBuilder(workspace, policy, at, zone)
    alerts = _Alerts(workspace)
    answers = tuple(asked.answer(alert) for alert in alerts.of(section, id_))
    breaks = [f"{one.alert}: {reason}" for one in answers for reason in one.breaks]
    lost = alerts.lost(section, id_)
    breaks += [
        f"{alert}: this alert did not load, and whom it pages is not known" for alert in lost
    ]
    if not answers and not lost:
        breaks += _unwatched(workspace, section, id_)
    charge = asked.charges.of(section, id_)
    breaks += asked.unowned(charge)
    falls = Duties(workspace) if section in CHARGED else None
    duties = falls.of(id_) if falls else None
    responsibilities = falls.responsibilities(id_) if falls else ()
    named = () if falls else named_by(workspace, section, id_)
    owner, accountable = asked.owner(charge.owner), asked.owner(charge.accountable)
    return Who(utc(at), section, id_, answers, tuple(breaks), owner, accountable, charge.team,
               charge.responsible, duties, responsibilities, named)  # fmt: skip


def answers(workspace: Workspace, policy: Policy, at: int) -> Iterator[Answer]:
    """Answer for every alert that loaded, in the files' order, at an instant."""
    asked = _AnswerBuilder(workspace, policy, at)
    yield from map(asked.answer, workspace.all(Alert))


def unread_by(pager: Pager, channel: str, reader: Paged | None) -> str | None:
    """Say why nobody may read a channel; that its reader is away for a while is no reason."""
    lost = unread_fields(pager.workspace, "channels", channel, ("owner",))
    left = reader is not None and pager.has_left(reader.id)
    return f"its {lost} did not load" if lost else reader.but if reader and left else None


def _unwatched(workspace: Workspace, section: str, id_: str) -> Iterator[str]:
    """Say that a metric which should page or file a ticket has no alert to do so."""
    metric = workspace.all(Metric).get(id_) if section == "metrics" else None
    if metric is not None and metric.response != "analytics":
        hidden = "; one may stand in what did not load" if workspace.may_hide(id_) else ""
        yield f"no alert speaks for the metric `{id_}`{hidden}"


class _Alerts:
    """Which alerts speak for what; those that did not load are known by what they mention."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def of(self, section: str, id_: str) -> list[str]:
        if section == "alerts" or section not in ALERTING:
            return [id_] if section == "alerts" else []
        metrics = self._metrics(section, id_)
        alerts = self.workspace.all(Alert)
        found = [name for name, alert in alerts.items() if alert.metric in metrics]
        if section == "components":
            found += [name for name in self._detecting(id_) if name in alerts]
        return list(dict.fromkeys(found))

    def lost(self, section: str, id_: str) -> list[str]:
        if section not in ALERTING:
            return []
        failed = self.workspace.failed.get("alerts", {})
        metrics = self._metrics(section, id_)
        found = [name for name, raw in failed.items() if _named(raw, "metric") in metrics]
        if section == "components":
            found += [name for name in self._detecting(id_) if name in failed]
        return list(dict.fromkeys(found))

    def _metrics(self, section: str, id_: str) -> set[str]:
        """Name the metrics of a metric, a layer, or a component's layer."""
        if section == "metrics":
            return {id_}
        layer = self.workspace.all(Component)[id_].layer if section == "components" else id_
        if section == "alerts" or layer is None:
            return set()
        found = {name for name, one in self.workspace.all(Metric).items() if one.layer == layer}
        failed = self.workspace.failed.get("metrics", {})
        return found | {name for name, raw in failed.items() if _named(raw, "layer") == layer}

    def _detecting(self, component: str) -> Iterator[str]:
        """Yield what detects the failures that switching the component off contains."""
        known = self.workspace.all(KillSwitch)
        for failure in self.workspace.all(Failure).values():
            used = (known[one] for one in failure.contained_by if one in known)
            if any(component in switch.disables for switch in used):
                yield from failure.detected_by


class _AnswerBuilder:
    def __init__(
        self, workspace: Workspace, policy: Policy, at: int, zone: str | None = None
    ) -> None:
        self.workspace = workspace
        self.policy = policy
        self.graph = Indexes(workspace, utc(at))
        self.pager = Pager(workspace, at, zone)
        self.charges = Charges(workspace, self.pager)

    def owner(self, named: Named | None) -> Owner | None:
        """Return whoever is named as they can be reached."""
        if named is None:
            return None
        return Owner(self.pager.person(named.person), named.via, named.place)

    def unowned(self, charge: Charge) -> Iterator[str]:
        """Say why nobody owns something who is still there, where somebody should."""
        if charge.missing is not None:
            yield charge.missing
        elif (named := charge.owner or charge.accountable) is not None:
            person = self.pager.person(named.person)
            does = "owns it" if charge.owner else "answers for it"
            if self.pager.has_left(named.person) or not self._is_read(named.person):
                yield f"`{named.person}`, who {does}, {person.but}"

    def _is_read(self, person: str) -> bool:
        return person in self.workspace.all(Person)

    def answer(self, id_: str) -> Answer:
        alert = self.workspace.all(Alert)[id_]
        metric = self.workspace.all(Metric).get(alert.metric)
        place = self.pager.place("alerts", id_)
        chain = self.chain(id_, alert)
        notified = tuple(self.notified(alert))
        limit = severity(self.workspace, self.policy.settings, alert.severity).respond_within
        decision = metric.decision if metric else None
        runbook, no_runbook = steps(self.pager, id_)
        charge = self.charges.of("alerts", id_)
        return Answer(
            id_,
            alert.metric,
            alert.severity,
            alert.response,
            place,
            self.accountable(alert, metric),
            self.pager.text(decision, "metrics", alert.metric) if decision else None,
            chain,
            notified,
            str(limit) if limit else None,
            runbook,
            no_runbook,
            switches(self.pager, id_),
            tuple(dict.fromkeys(self.breaks(id_, alert, chain, notified))),
            self.owner(charge.owner),
            self.owner(charge.accountable),
        )

    def accountable(self, alert: Alert, metric: Metric | None) -> Paged | None:
        """Name who answers for it: for the metric's layer, else for the metric, else the alert."""
        layer = self.workspace.all(Layer).get(metric.layer) if metric and metric.layer else None
        candidates = (
            layer.accountable if layer else None,
            metric.owner if metric else None,
            alert.owner,
        )
        for value in candidates:
            person = self.graph.owner(value)
            if person is not None:
                return self.pager.person(person)
        return None

    def chain(self, id_: str, alert: Alert) -> tuple[Hop, ...]:
        if alert.escalation is None:
            return ()
        written = self.pager.place("alerts", id_, ("escalation",))
        return self.pager.chain(alert.escalation, written)

    def notified(self, alert: Alert) -> Iterator[Notified]:
        channels = self.workspace.all(Channel)
        for id_ in alert.notify:
            channel = channels.get(id_)
            if channel is None:
                known = self.workspace.has("channels", id_) or self.workspace.may_hide(id_)
                but = "did not load" if known else "is no channel"
                yield Notified(id_, None, None, but)
                continue
            person = self.graph.owner(channel.owner)
            reader = self.pager.person(person) if person is not None else None
            every = str(channel.read_every) if channel.read_every else None
            yield Notified(id_, reader, every, unread_by(self.pager, id_, reader))

    def breaks(
        self, id_: str, alert: Alert, chain: tuple[Hop, ...], notified: tuple[Notified, ...]
    ) -> Iterator[str]:
        """Say where the chain breaks; a ticket needs one way out, a page somebody at each step."""
        escalation = alert.escalation
        fields = ("escalation",) if alert.response == "page" else ("escalation", "notify")
        doubts = (
            unread(self.workspace, "alerts", id_, fields),
            unread_escalation(self.workspace, escalation or ""),
        )
        yield from filter(None, doubts)
        yield from (hop.breaks for hop in chain if hop.breaks)
        if chain and all(hop.skipped for hop in chain):
            yield f"every step of `{escalation}` is skipped at this hour: nobody is paged"
        yield from (f"`{one.id}` {one.but}" for hop in chain for one in hop.people if one.but)
        if chain or any(doubts):
            return
        if escalation is not None:
            yield f"the escalation `{escalation}` has no steps: nobody is paged"
        elif alert.response == "page":
            yield "it should page, and has no escalation: nobody is paged"
        elif not any(one.reader and not one.but for one in notified):
            where = ", ".join(f"`{one.id}`" for one in notified)
            yield f"it lands only in {where}, which no person reads" if where else "it goes nowhere"


def _named(raw: object, field: str) -> str | None:
    """Read a field of what did not load: the id that it names, if it is one."""
    value = raw.get(field) if isinstance(raw, dict) else None
    return value if isinstance(value, str) else None
