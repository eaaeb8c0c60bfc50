"""To whom a deployed alert goes: what is known of its labels, through every router that may get it.

Where a query, a template or another machine's settings decide, that is said and never guessed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from registry.deployed.model import (
    Deployed,
    DeployedAlert,
    Matcher,
    PlacedText,
    Receiver,
    Route,
    Router,
    Sender,
    System,
    Where,
)
from registry.deployed.promql.labels import series_labels
from registry.deployed.promql.parse import without_threshold
from registry.deployed.promql.series import SeriesLabels
from registry.deployed.relabelling import Sent
from registry.deployed.routing.compiled import State
from registry.deployed.routing.labels import ABSENT, ANYTHING, Known, Labels
from registry.deployed.routing.outcome import Outcome
from registry.deployed.routing.symbolic import MAX_TOLD, Judgement, Symbolic, notifies
from registry.deployed.routing.tree import walk
from registry.deployed.sending import sent

Verdict = Literal["always", "depends", "never", "unknown"]

PAGERS = frozenset({"pagerduty", "opsgenie", "victorops", "incidentio", "pushover", "oncall"})
"""Kinds of integrations that page somebody."""
QUIET = frozenset(
    ("slack", "email", "msteams", "msteamsv2", "teams", "discord", "telegram", "webex", "wechat",
     "mattermost", "rocketchat", "googlechat", "jira", "kafka", "line")
)  # fmt: skip
"""Kinds that are read when somebody looks. Of the others, a webhook say, nothing is known."""


_UNTOLD = ("{{", "<%", "${")
"""What in a label's value is replaced by the server, or before it by another program."""

_LARGE = 1_000_000
"""Ways from which on their number is not told."""


class Reached(NamedTuple):
    """A receiver that an alert may reach, and the routes that lead there; none where the rule does.

    `receiver` is None where no file that was read defines it. `certain` ones get every series.
    """

    name: str
    receiver: Receiver | None
    router: Router | None
    certain: bool
    routes: tuple[Route, ...] = ()

    @property
    def notifies(self) -> bool:
        """Whether it has any way out, or may: it is defined elsewhere."""
        return self.receiver is None or bool(self.receiver.integrations)


class Way(NamedTuple):
    """Where an alert goes. `unknown` says that no router was read that may get it.

    `judged` holds each router's own answer; `dropped_at` is the step of relabelling that drops some
    of its series.
    """

    verdict: Verdict
    reached: tuple[Reached, ...] = ()
    judged: tuple[tuple[Router, Judgement], ...] = ()
    dropped_at: Where | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The receivers that it may reach, each once."""
        return tuple(dict.fromkeys(one.name for one in self.reached))

    @property
    def is_covered(self) -> bool:
        """Whether somebody is notified whatever the series are."""
        if self.dropped_at is not None:
            return False
        beside = (one for one in self.reached if one.router is None or one.router.part)
        if not self.judged or any(one.certain and one.notifies for one in beside):
            return any(one.notifies for one in self.reached)
        wholes = [answer.heard for router, answer in self.judged if not router.part]
        return bool(wholes) and all(wholes)

    @property
    def is_rough(self) -> bool:
        """Whether its ways are too many to be weighed: what it may reach may be too much."""
        return any(answer.rough for _, answer in self.judged)

    @property
    def because(self) -> tuple[str, ...]:
        """What decides: a route, or for each of several what must hold for it to be taken.

        Of many ways some are told, the simplest, and that there are more.
        """
        ways = [(router, one) for router, judged in self.judged for one in judged.outcomes]
        told = dict.fromkeys(_told(router, one) for router, one in ways[:MAX_TOLD])
        dropped = f"nobody: {self.dropped_at} drops some series" if self.dropped_at else ""
        return (*told, *_untold([answer for _, answer in self.judged]), *filter(None, [dropped]))


def pages(receiver: Receiver) -> bool | None:
    """Whether a receiver's integrations page somebody; None where that cannot be told."""
    kinds = {one.kind for one in receiver.integrations}
    if kinds & PAGERS:
        return True
    return None if kinds - QUIET else False


def is_template(text: PlacedText, system: str) -> bool:
    """Whether a label's value is worked out for each series; Grafana also fills in `$NAME`."""
    marks = ("{{", "$") if system == "grafana" else _UNTOLD
    return any(one in text.value for one in marks)


class RoutingKind(NamedTuple):
    """What routers can tell of an alert: whose they are, and for each the choices of its labels."""

    system: System
    choices: tuple[State, ...]


class Deliveries:
    """The ways of the alerts of one set of files; alike ones are worked out once."""

    def __init__(self, deployed: Deployed) -> None:
        self.senders = deployed.senders
        self._routers = [(one, Symbolic(alone(one))) for one in deployed.routers]
        self._symbolics: dict[str, list[Symbolic]] = {"prometheus": [], "grafana": []}
        for router, symbolic in self._routers:
            self._symbolics[router.system].append(symbolic)
        self._last: tuple[Labels, RoutingKind] | None = None
        self._asked = tuple(dict.fromkeys(
            matcher.label
            for one in deployed.routers
            if one.system == "prometheus"
            for route in walk(one.root)
            for matcher in route.matchers
        ))  # fmt: skip
        self._queries: dict[str, str] = {}
        self._series: dict[str, SeriesLabels | None] = {}
        self._known: dict[str | None, Labels] = {}
        self._values: dict[tuple[str, str], Known] = {}
        self._reached: dict[int, tuple[Reached, ...]] = {}
        self._same: dict[tuple[int, ...], tuple[Reached, ...]] = {}
        self._alike: dict[tuple[object, ...], Reached] = {}
        self._ways: dict[tuple[object, ...], Way] = {}
        self._ways_of: dict[RoutingKind, Way] = {}
        self._assuming: dict[RoutingKind, bool] = {}

    def query(self, alert: DeployedAlert) -> str | None:
        """Return an alert's query without its threshold, of which its series' labels do not hang.

        None where no query is told.
        """
        if alert.expr is None:
            return None
        written = alert.expr.value
        query = self._queries.get(written)
        if query is None:
            query = self._queries[written] = without_threshold(written)
        return query

    def series(self, alert: DeployedAlert) -> SeriesLabels | None:
        """Tell what labels an alert's series carry; None where its query cannot be told."""
        query = self.query(alert)
        if query is None:
            return None
        if query not in self._series:
            self._series[query] = series_labels(query)
        return self._series[query]

    def labels(self, alert: DeployedAlert) -> Labels:
        """Say what is known of an alert's labels as its router gets it."""
        return self.sent(alert).labels

    def sent(self, alert: DeployedAlert) -> Sent:
        """Say what the servers that may send an alert make of it."""
        found = self._from_series(alert)
        own = {label: self._of(text, alert.system) for label, text in alert.labels.items()}
        for label in alert.emptied:
            own[label] = ABSENT
        own["alertname"] = Known(alert.name)
        if alert.system == "grafana":
            own.setdefault("grafana_folder", ANYTHING)
            own.setdefault(GROUP, ANYTHING)
            return Sent(Labels({**found.known, **own}, found.others))
        mine = self.senders
        if alert.sent_by is not None:
            mine = tuple([mine[number] for number in alert.sent_by])
        own |= _group(alert, mine, own)
        labels = Labels({**found.known, **own}, found.others)
        return sent(labels, mine, self._asked, frozenset(alert.labels)) if mine else Sent(labels)

    def _of(self, text: PlacedText, system: str) -> Known:
        """Say what is known of a label that its rule sets."""
        found = self._values.get((text.value, system))
        if found is None:
            found = ANYTHING if is_template(text, system) else Known(text.value)
            self._values[text.value, system] = found
        return found

    def _from_series(self, alert: DeployedAlert) -> Labels:
        """Say what is known of the labels that an alert has from its series."""
        query = self.query(alert)
        found = self._known.get(query)
        if found is None:
            found = self._known[query] = _from_series(alert, self.series(alert))
        return found

    def kind(self, alert: DeployedAlert, labels: Labels) -> RoutingKind:
        """Tell alerts apart as far as their routers can: those of one kind go the same way."""
        last = self._last  # one alert is asked about several times in a row
        if last is None or labels is not last[0] or alert.system != last[1].system:
            choices = [one.choices(labels) for one in self._symbolics[alert.system]]
            last = self._last = (labels, RoutingKind(alert.system, tuple(choices)))
        return last[1]

    def assumes(self, alert: DeployedAlert, labels: Labels, way: Way) -> bool:
        """Whether labels that an unknown server adds could change an alert's way."""
        if self.senders or alert.system != "prometheus" or not way.judged:
            return False
        kind = self.kind(alert, labels)
        found = self._assuming.get(kind)
        if found is None:
            found = self._assuming[kind] = any(
                symbolic.is_changed(choices, symbolic.added(choices))
                for symbolic, choices in self._of_kind(kind)
            )
        return found

    def _of_kind(self, kind: RoutingKind) -> Iterator[tuple[Symbolic, State]]:
        return zip(self._symbolics[kind.system], kind.choices, strict=True)

    def way(self, alert: DeployedAlert, labels: Labels | None = None) -> Way:
        """Tell where an alert goes; `labels` are those that its router gets, if they are known."""
        if alert.receiver is not None:
            return self._direct(alert.receiver.value)
        kind = self.kind(alert, self.labels(alert) if labels is None else labels)
        way = self._ways_of.get(kind)
        if way is None:
            judged = self.judged(kind)
            # Alike alerts have one and the same answer, which its router keeps.
            same = (kind.system, *[id(answer) for _, answer in judged])
            way = self._ways.get(same)
            if way is None:
                way = self._ways[same] = self._together(judged)
            self._ways_of[kind] = way
        return way

    def _together(self, judged: "tuple[tuple[Router, Judgement], ...]") -> Way:
        each = [self._reached_of(router, answer) for router, answer in judged]
        reached = each[0] if len(each) == 1 else tuple([one for some in each for one in some])
        if sum(not router.part for router, _ in judged) > 1:
            # The files do not say which of several gets it: no receiver is certain.
            reached = tuple(self._unsure(one) for one in reached)
        return Way(_together(judged), reached, judged)

    def judged(
        self, kind: RoutingKind, free: Collection[str] = (), *, told: bool = True
    ) -> tuple[tuple[Router, Judgement], ...]:
        """Return what each router that may get alerts of a kind says of them.

        Those that are `free` may be anything. Without `told` the answers name no ways.
        """
        routers = (router for router, _ in self._routers if router.system == kind.system)
        return tuple([
            (router, symbolic.judge_alike(symbolic.freed(choices, free), told=told))
            for router, (symbolic, choices) in zip(routers, self._of_kind(kind), strict=True)
        ])  # fmt: skip

    def reaches_more(self, kind: RoutingKind, free: Collection[str]) -> bool:
        """Whether some router may lead alerts of a kind to more if the `free` were anything."""
        return any(
            symbolic.reached(symbolic.freed(choices, free)) & ~symbolic.reached(choices)
            for symbolic, choices in self._of_kind(kind)
        )

    def _unsure(self, one: Reached) -> Reached:
        if not one.certain or one.router is None or one.router.part:
            return one
        unsure = one._replace(certain=False)
        return self._alike.setdefault(_identity(unsure), unsure)

    def _reached_of(self, router: Router, answer: Judgement) -> tuple[Reached, ...]:
        # Alike alerts have one and the same answer, which its router keeps.
        if id(answer) not in self._reached:
            found = tuple(self._reach(router, answer))
            # Answers that differ in what decides may lead to the same: these share it.
            self._reached[id(answer)] = self._same.setdefault(tuple(map(id, found)), found)
        return self._reached[id(answer)]

    def _reach(self, router: Router, answer: Judgement) -> Iterator[Reached]:
        leading: dict[str, dict[int, Route]] = {name: {} for name in answer.possible}
        for route in answer.taken:
            routes = leading.get(route.receiver)
            if routes is not None:
                routes[id(route)] = route
        certain = set(answer.certain)
        for name, routes in leading.items():
            identity = (name, name in certain, id(router), *routes)
            one = self._alike.get(identity)
            if one is None:
                receiver, taken = router.receivers.get(name), tuple(routes.values())
                one = Reached(name, receiver, router, name in certain, taken)
                self._alike[identity] = one
            yield one

    def _direct(self, name: str) -> Way:
        """Tell where an alert goes whose rule names the receiver itself."""
        routers = [router for router, _ in self._routers if router.system == "grafana"]
        router = next((one for one in routers if name in one.receivers), None)
        receiver = router.receivers[name] if router is not None else None
        reached = Reached(name, receiver, router, certain=True)
        return Way("always" if reached.notifies else "never", (reached,))


GROUP = "alertgroup"
"""A label that vmalert sets to the name of a rule's group, and Prometheus does not."""


def _group(
    alert: DeployedAlert, senders: Sequence[Sender], own: Mapping[str, Known]
) -> dict[str, Known]:
    """Say what is known of the label that names the group, where it is not as for any other."""
    told = {one.tells_group for one in senders}
    if told == {True} and alert.group:
        return {GROUP: Known(alert.group)}
    return {} if told == {False} or GROUP in own else {GROUP: ANYTHING}


def alone(router: Router) -> Router:
    """Make of a part a router that takes only what the part's own conditions let in."""
    if not router.part:
        return router
    return router._replace(root=Route("", router.root.where, routes=(router.root,)))


def _from_series(alert: DeployedAlert, series: SeriesLabels | None) -> Labels:
    if series is None:
        return Labels()
    named = {*series.mentioned(), *(series.only or ())}
    known = {label: _of_series(series, label, alert) for label in named}
    return Labels(known, ANYTHING if series.only is None else ABSENT)


def _of_series(series: SeriesLabels, label: str, alert: DeployedAlert) -> Known:
    value = series.must_be(label)
    if value is not None:
        return Known(value)
    asked = (one for one in series.constraints if one.label == label)
    return Known(None, tuple(Matcher(label, one.operator, one.value, alert.where) for one in asked))


def unsure(way: Way, at: Where) -> Way:
    """Say of a way that some series are dropped before it: nobody gets all of them."""
    reached = tuple(one._replace(certain=False) for one in way.reached)
    verdict = "depends" if way.verdict == "always" else way.verdict
    return way._replace(verdict=verdict, reached=reached, dropped_at=at)


def _together(judged: Sequence[tuple[Router, Judgement]]) -> Verdict:
    """Put routers together: which of several whole ones gets it is not known, nor so its way.

    A part is notified beside them.
    """
    parts = {answer.verdict for router, answer in judged if router.part}
    wholes = {answer.verdict for router, answer in judged if not router.part}
    if not wholes:
        # The configuration that the parts are merged into was not read.
        return "always" if parts == {"always"} else "unknown"
    several = sum(not router.part for router, _ in judged) > 1
    if len(wholes) > 1 or "depends" in wholes | parts or (several and wholes != {"never"}):
        return "depends"
    return "always" if "always" in wholes | parts else "never"


def _identity(one: Reached) -> tuple[object, ...]:
    """Return what tells one from others of the same files."""
    return (one.name, one.certain, id(one.router), *map(id, one.routes))


def _untold(answers: Sequence[Judgement]) -> Iterator[str]:
    """Say how many ways are not told, and where they could not be weighed."""
    told = sum(len(one.outcomes) for one in answers)
    more = sum(one.ways for one in answers) - min(told, MAX_TOLD)
    most = "up to " if any(one.is_cut for one in answers) else ""
    if more >= _LARGE:
        yield "and more than a million more ways"
    elif more > 0:
        yield f"and {most}{more} more ways"
    if any(one.rough for one in answers):
        yield "these are too many to weigh: each route is told alone, as if no other one were taken"


def _told(router: Router, outcome: Outcome) -> str:
    names = [name if notifies(name, router.receivers) else f"{name} (notifies nobody)"
             for name in outcome.receivers]  # fmt: skip
    shown = " and ".join(names) or "nobody"
    last = outcome.routes[-1].where if outcome.routes else router.where
    if not outcome.because:
        return f"{shown}: {last}"
    held = " and ".join(one.text for one in outcome.because)
    more = f" and {outcome.more} more" if outcome.more else ""
    return f"{shown}: {last}, where {held}{more}"
