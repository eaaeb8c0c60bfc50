"""Who is paged, and what they do: an alert at an instant, answered hop by hop.

The same question for a metric, a layer or a component is the question for each of its alerts.
"""

from collections.abc import Iterator
from typing import NamedTuple

from registry.civil import local, local_date, utc
from registry.errors import CannotRunError
from registry.graph import Graph
from registry.model.failures import Failure
from registry.model.metrics import Alert, Metric
from registry.model.ownership import Component, Layer
from registry.model.people import Channel, Person
from registry.model.runbooks import KillSwitch, Runbook, SwitchUse
from registry.model.sections import SECTIONS
from registry.nearest import did_you_mean
from registry.oncall import escalation as engine
from registry.oncall.interval import ENDLESS
from registry.oncall.moments import beginning, ending
from registry.policy import Policy
from registry.severity import respond_within
from registry.span import KeyPath
from registry.tzif import HOUR, MINUTE, SECOND
from registry.workspace import Workspace

SUBJECTS = ("alerts", "metrics", "ownership", "components")
"""Sections that can be asked about."""


class Place(NamedTuple):
    """A file and a line of it, counted from 1."""

    path: str
    line: int


class Paged(NamedTuple):
    """Someone whom a page reaches.

    `until` is the instant up to which that holds, None where nothing ever changes; `zone` is the
    one to show it in. `but` says what a page may fail on: an absence, a departure, no contact.
    """

    id: str
    name: str
    contact: tuple[tuple[str, str], ...]
    until: int | None
    zone: str
    but: str | None


class Hop(NamedTuple):
    """One page: after how long (µs), through what, to whom, and the line that decided it.

    `run` is 0 for the escalation's first run and counts its repeats. `breaks` says why nobody is
    reached, where that is so.
    """

    run: int
    after: int
    via: str
    people: tuple[Paged, ...]
    place: Place
    breaks: str | None


class Switch(NamedTuple):
    """A kill switch, and who of those who may flip it is there."""

    id: str
    action: str | None
    operators: tuple[str, ...]
    takes_effect_within: str | None
    place: Place


class Notified(NamedTuple):
    """A channel, and the person who reads it; None where no person does."""

    id: str
    reader: str | None
    read_every: str | None


class Steps(NamedTuple):
    """What the runbook tells the person who is paged."""

    id: str
    title: str | None
    first_checks: tuple[str, ...]
    mitigations: tuple[str, ...]
    escalate_to: str | None
    rollback: tuple[str, ...]
    resolved_when: tuple[str, ...]
    place: Place


class Answer(NamedTuple):
    """Everything about one alert at one instant; `breaks` is empty where the chain holds."""

    alert: str
    metric: str
    severity: str
    response: str
    place: Place
    accountable: tuple[str, str] | None
    decision: str | None
    chain: tuple[Hop, ...]
    notified: tuple[Notified, ...]
    respond_within: str | None
    runbook: Steps | None
    kill_switches: tuple[Switch, ...]
    breaks: tuple[str, ...]


class Who(NamedTuple):
    """The answers for one subject; `at` is an instant. `breaks` are those of all answers."""

    at: int
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
            did_you_mean(section, SUBJECTS, "name one of these sections"),
        )
    wanted = [section] if slash else list(SUBJECTS)
    found = [one for one in wanted if workspace.has(one, id_)]
    if len(found) > 1:
        ways = " or ".join(f"`{one}/{id_}`" for one in found)
        raise CannotRunError(f"`{id_}` stands in several sections", f"ask for {ways}")
    if not found:
        known = [other for one in wanted for other in workspace.entities.get(one, {})]
        raise CannotRunError(
            f"there is no alert, metric, layer or component `{id_}`",
            did_you_mean(id_, known, "`opmodel export alert-coverage` lists the alerts"),
        )
    if id_ not in workspace.entities.get(found[0], {}):
        noun = SECTIONS[found[0]].noun
        raise CannotRunError(f"the {noun} `{id_}` did not load", "`opmodel check` says why")
    return found[0], id_


def who(workspace: Workspace, policy: Policy, subject: tuple[str, str], at: int) -> Who:
    """Answer for a subject (see `find_subject`) at an instant."""
    asked = _Asked(workspace, policy, at)
    section, id_ = subject
    answers = tuple(asked.answer(alert) for alert in asked.alerts(section, id_))
    breaks = [f"{one.alert}: {reason}" for one in answers for reason in one.breaks]
    if not answers:
        breaks.append(f"no alert speaks for {SECTIONS[section].noun} `{id_}`")
    return Who(at, section, id_, answers, tuple(breaks))


class _Asked:
    def __init__(self, workspace: Workspace, policy: Policy, at: int) -> None:
        self.workspace = workspace
        self.policy = policy
        self.at = at
        self.graph = Graph(workspace, utc(at))
        self.known = engine.directory(workspace)

    # -- which alerts ------------------------------------------------------------------------

    def alerts(self, section: str, id_: str) -> list[str]:
        if section == "alerts":
            return [id_]
        if section == "metrics":
            return list(self.graph.alerts_of.get(id_, ()))
        if section == "ownership":
            return self.of_layer(id_)
        return self.of_component(id_)

    def of_layer(self, layer: str) -> list[str]:
        metrics = self.workspace.all(Metric)
        return [
            id_
            for id_, alert in self.workspace.all(Alert).items()
            if alert.metric in metrics and metrics[alert.metric].layer == layer
        ]

    def of_component(self, component: str) -> list[str]:
        """Alerts of the component's layer, then those of failures that a switch of it contains."""
        layer = self.workspace.all(Component)[component].layer
        found = self.of_layer(layer) if layer else []
        switches = self.workspace.all(KillSwitch)
        for failure in self.workspace.all(Failure).values():
            used = (switches[one] for one in failure.contained_by if one in switches)
            if any(component in switch.disables for switch in used):
                found += failure.detected_by
        return [one for one in dict.fromkeys(found) if one in self.workspace.all(Alert)]

    # -- one alert ---------------------------------------------------------------------------

    def answer(self, id_: str) -> Answer:
        alert = self.workspace.all(Alert)[id_]
        metric = self.workspace.all(Metric).get(alert.metric)
        chain = tuple(self.chain(alert))
        notified = tuple(self.notified(alert))
        limit = respond_within(self.workspace, self.policy.settings, alert.severity)
        return Answer(
            id_,
            alert.metric,
            alert.severity,
            alert.response,
            self.place("alerts", id_),
            self.accountable(alert, metric),
            metric.decision if metric else None,
            chain,
            notified,
            str(limit) if limit else None,
            self.runbook(alert.runbook),
            tuple(self.switches(id_, alert)),
            tuple(self.breaks(alert, chain, notified)),
        )

    def accountable(self, alert: Alert, metric: Metric | None) -> tuple[str, str] | None:
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
                return person, self.workspace.all(Person)[person].name
        return None

    def chain(self, alert: Alert) -> Iterator[Hop]:
        if alert.escalation is None:
            return
        for hop in engine.hops(alert.escalation, self.known, self.at):
            place = hop.decided or engine.Decided("escalations", alert.escalation, ())
            until = None if hop.until >= ENDLESS else hop.until
            when = self.at + hop.after
            people = tuple(self.paged(one, hop.via, until, when) for one in hop.people)
            yield Hop(
                hop.run,
                hop.after,
                hop.via,
                people,
                self.place(place.section, place.id, place.field),
                None if people else self.why_nobody(hop, until),
            )

    def why_nobody(self, hop: engine.Hop, until: int | None) -> str:
        if hop.decided is None:
            return f"`{hop.via}` stands for nobody"
        if hop.decided.section == "schedules":
            again = "ever again" if until is None else f"until {self.shown(until, hop.via)}"
            return f"nobody is on call on `{hop.decided.id}` {again}"
        return f"nobody holds `{hop.via}`"

    def shown(self, at: int, via: str) -> str:
        zone = self.zone_of_schedule(via)
        return f"{local(at, zone):%a %d %b %H:%M} {zone}"

    def zone_of_schedule(self, via: str) -> str:
        role = self.known.roles.get(via)
        schedule = self.known.schedules.get((role.schedule if role else None) or via)
        return (schedule.timezone if schedule else None) or self.known.zone

    def paged(self, id_: str, via: str, until: int | None, when: int) -> Paged:
        person = self.known.people.get(id_)
        if person is None:
            return Paged(id_, id_, (), until, self.zone_of_schedule(via), "did not load")
        given = [
            (kind, value)
            for kind in ("phone", "pager", "slack", "teams", "email")
            if (value := getattr(person.contact, kind, None))
        ]
        if person.email and all(kind != "email" for kind, _ in given):
            given.append(("email", person.email))
        but = None if given else "has no contact: the page goes nowhere"
        return Paged(
            id_,
            person.name,
            tuple(given),
            until,
            self.zone_of_schedule(via),
            self.absence(person, when) or but,
        )

    def absence(self, person: Person, when: int) -> str | None:
        zone = person.timezone or self.known.zone
        if person.until is not None and local_date(utc(when), zone) > person.until.date:
            return f"left on {person.until}"
        for away in person.away:
            if beginning(away.start, zone) <= when < ending(away.to, zone):
                return f"is away until {away.to}"
        return None

    def notified(self, alert: Alert) -> Iterator[Notified]:
        channels = self.workspace.all(Channel)
        for id_ in alert.notify:
            channel = channels.get(id_)
            reader = self.graph.owner(channel.owner) if channel else None
            every = channel.read_every if channel else None
            yield Notified(id_, reader, str(every) if every else None)

    def breaks(
        self, alert: Alert, chain: tuple[Hop, ...], notified: tuple[Notified, ...]
    ) -> Iterator[str]:
        """Say where the chain breaks; a ticket needs one way out, a page somebody at each step."""
        yield from dict.fromkeys(hop.breaks for hop in chain if hop.breaks)
        yield from (
            f"`{one.id}` {one.but}"
            for one in dict.fromkeys(one for hop in chain for one in hop.people)
            if one.but and ("no contact" in one.but or "left" in one.but)
        )
        if chain:
            return
        if alert.response == "page" and alert.escalation is None:
            yield "it should page, and has no escalation: nobody is paged"
        elif alert.escalation is not None:
            yield f"the escalation `{alert.escalation}` reaches nobody"
        elif not any(one.reader for one in notified):
            where = ", ".join(f"`{one.id}`" for one in notified)
            inbox = f"it lands only in {where}, which no person reads"
            yield inbox if notified else "it goes nowhere"

    # -- what they do ------------------------------------------------------------------------

    def runbook(self, id_: str | None) -> Steps | None:
        found = self.workspace.all(Runbook).get(id_) if id_ else None
        if id_ is None or found is None:
            return None
        mitigations = tuple(
            f"flip `{one.switch}`" if isinstance(one, SwitchUse) else one
            for one in found.mitigations
        )
        return Steps(
            id_,
            found.title,
            found.first_checks,
            mitigations,
            found.escalate_to,
            found.rollback,
            found.resolved_when,
            self.place("runbooks", id_),
        )

    def switches(self, alert_id: str, alert: Alert) -> Iterator[Switch]:
        """Yield the runbook's switches, then those of failures that the alert detects."""
        runbook = self.workspace.all(Runbook).get(alert.runbook) if alert.runbook else None
        uses = runbook.mitigations if runbook else ()
        found = [one.switch for one in uses if isinstance(one, SwitchUse)]
        for failure in self.workspace.all(Failure).values():
            if alert_id in failure.detected_by:
                found += failure.contained_by
        known = self.workspace.all(KillSwitch)
        for id_ in dict.fromkeys(found):
            if id_ not in known:
                continue
            switch = known[id_]
            there = [
                person
                for operator in switch.operators
                for hop in engine.hops(operator, self.known, self.at)
                for person in hop.people
            ]
            effect = switch.takes_effect_within
            yield Switch(
                id_,
                switch.action,
                tuple(dict.fromkeys(there)),
                str(effect) if effect else None,
                self.place("kill_switches", id_),
            )

    def place(self, section: str, id_: str, field: KeyPath = ()) -> Place:
        at = self.workspace.locate(section, id_, field)
        return Place(at.file, self.workspace.resolve(at).start.line)


def duration(after: int) -> str:
    """Write a delay in µs as the format does: `0m`, `15m`, `1h30m`, `90s` as `1m30s`."""
    hours, rest = divmod(after, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    parts = [(hours, "h"), (minutes, "m"), (rest // SECOND, "s")]
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0m"
