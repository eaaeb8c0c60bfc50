"""Who is paged, and what they do: an alert at an instant, answered hop by hop.

The same question for a metric, a layer or a component is the question for each of its alerts.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from registry.clock.civil import utc
from registry.errors import CannotRunError
from registry.model.failures import Failure
from registry.model.metrics import Alert, Metric
from registry.model.ownership import Component, Layer
from registry.model.people import Channel
from registry.model.runbooks import KillSwitch
from registry.model.sections import SECTIONS
from registry.paging.instructions import Steps, Switch, steps, switches
from registry.paging.pager import Hop, Paged, Pager, Place
from registry.wording import did_you_mean
from registry.workspace.doubt import unread, unread_fields
from registry.workspace.indexes import Graph
from registry.workspace.policy import Policy
from registry.workspace.severity import severity
from registry.workspace.workspace import Workspace

SUBJECTS = ("alerts", "metrics", "ownership", "components")
"""Sections that can be asked about."""


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

    `chain` has every run of the escalation. Where there is no `runbook`, `no_runbook` says why.
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


class Who(NamedTuple):
    """The answers for one subject; `at` is an instant in UTC. `breaks` are those of all answers."""

    at: datetime
    section: str
    id: str
    answers: tuple[Answer, ...]
    breaks: tuple[str, ...]


def find_subject(workspace: Workspace, name: str) -> tuple[str, str]:
    """Find what is asked about: `ID`, or `SECTION/ID` where an id stands in several sections.

    Raises CannotRunError for an unknown id, one that did not load, and one that is ambiguous.
    """
    section, slash, id_ = name.rpartition("/")
    if slash and section not in SUBJECTS:
        raise CannotRunError(
            f"`who` answers for {', '.join(SUBJECTS)}; not for `{section}`",
            did_you_mean(section, SUBJECTS, f"write `{SUBJECTS[0]}/{id_}`, say"),
        )
    wanted = (section,) if slash else SUBJECTS
    found = [one for one in wanted if workspace.has(one, id_)]
    if len(found) > 1:
        ways = " or ".join(f"`{one}/{id_}`" for one in found)
        raise CannotRunError(f"`{id_}` stands in several sections", f"ask for {ways}")
    if not found:
        raise _unknown(workspace, wanted, id_)
    if id_ not in workspace.entities.get(found[0], {}):
        what = f"the {SECTIONS[found[0]].noun} `{id_}` did not load"
        raise CannotRunError(what, "`opmodel check` says why")
    return found[0], id_


def who(workspace: Workspace, policy: Policy, subject: tuple[str, str], at: int) -> Who:
    """Answer for a subject (see `find_subject`) at an instant."""
    section, id_ = subject
    asked = _Asked(workspace, policy, at)
    alerts = _Alerts(workspace)
    answers = tuple(asked.answer(alert) for alert in alerts.of(section, id_))
    breaks = [f"{one.alert}: {reason}" for one in answers for reason in one.breaks]
    lost = alerts.lost(section, id_)
    breaks += [
        f"{alert}: this alert did not load, and whom it pages is not known" for alert in lost
    ]
    if not answers and not lost:
        breaks.append(_nothing(workspace, section, id_))
    return Who(utc(at), section, id_, answers, tuple(breaks))


def unread_by(pager: Pager, channel: str, reader: Paged | None) -> str | None:
    """Say why nobody may read a channel; that its reader is away for a while is no reason."""
    lost = unread_fields(pager.workspace, "channels", channel, ("owner",))
    left = reader is not None and pager.has_left(reader.id)
    return f"its {lost} did not load" if lost else reader.but if reader and left else None


def _unknown(workspace: Workspace, sections: tuple[str, ...], id_: str) -> CannotRunError:
    """Say what an id is that nothing can be asked about, or that it is nothing."""
    kinds = [SECTIONS[one].noun for one in sections]
    asked = f"{', '.join(kinds[:-1])} or {kinds[-1]}" if len(kinds) > 1 else kinds[0]
    if workspace.may_hide(id_):
        return CannotRunError(
            f"there is no {asked} `{id_}` in what loaded", "`opmodel check` says what did not load"
        )
    known = {other for one in sections for other in workspace.origins.get(one, {})}
    other = next((SECTIONS[one] for one in SECTIONS if workspace.has(one, id_)), None)
    otherwise = f"it is {other.a_noun}" if other else "`opmodel export alert-coverage` lists alerts"
    covering = [row for row, layer in workspace.all(Layer).items() if id_ in layer.covers]
    if covering and "ownership" in sections:
        otherwise = f"the layer `{covering[0]}` covers it"
    help_ = otherwise if covering or other else did_you_mean(id_, known, otherwise)
    return CannotRunError(f"there is no {asked} `{id_}`", help_)


def _nothing(workspace: Workspace, section: str, id_: str) -> str:
    """Say that nobody is paged, and whether that is meant so."""
    metric = workspace.all(Metric).get(id_) if section == "metrics" else None
    meant = ", which is for analytics" if metric and metric.response == "analytics" else ""
    hidden = "; one may stand in what did not load" if workspace.may_hide(id_) else ""
    return f"no alert speaks for the {SECTIONS[section].noun} `{id_}`{meant}{hidden}"


class _Alerts:
    """Which alerts speak for what; those that did not load are known by what they mention."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def of(self, section: str, id_: str) -> list[str]:
        if section == "alerts":
            return [id_]
        metrics = self._metrics(section, id_)
        alerts = self.workspace.all(Alert)
        found = [name for name, alert in alerts.items() if alert.metric in metrics]
        if section == "components":
            found += [name for name in self._detecting(id_) if name in alerts]
        return list(dict.fromkeys(found))

    def lost(self, section: str, id_: str) -> list[str]:
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


class _Asked:
    def __init__(self, workspace: Workspace, policy: Policy, at: int) -> None:
        self.workspace = workspace
        self.policy = policy
        self.graph = Graph(workspace, utc(at))
        self.pager = Pager(workspace, at)

    def answer(self, id_: str) -> Answer:
        alert = self.workspace.all(Alert)[id_]
        metric = self.workspace.all(Metric).get(alert.metric)
        place = self.pager.place("alerts", id_)
        chain = self.chain(id_, alert)
        notified = tuple(self.notified(alert))
        limit = severity(self.workspace, self.policy.settings, alert.severity).respond_within
        decision = metric.decision if metric else None
        runbook, no_runbook = steps(self.pager, id_)
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
            unread(
                self.workspace, "escalations", escalation or "", ("repeat", "repeat_after", "steps")
            ),
        )
        yield from filter(None, doubts)
        yield from (hop.breaks for hop in chain if hop.breaks)
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
