"""Scenarios played against a registry: what would happen, and where that is not expected."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from registry.chain import Place, duration
from registry.model.failures import Failure
from registry.model.metrics import Alert, Metric
from registry.model.oncall import Escalation
from registry.model.people import Person, Role
from registry.model.runbooks import KillSwitch
from registry.model.scalars import Quantity
from registry.oncall import escalation as engine
from registry.oncall.moments import beginning
from registry.policy import Policy
from registry.scenario import Expect, Given, Page, Read, Scenario
from registry.sources import Sources
from registry.span import KeyPath, Location
from registry.tzif import SECOND
from registry.who import Answer, who
from registry.workspace import Workspace

COMMANDER = "incident-commander"


class Sent(NamedTuple):
    """A page that goes out before anybody acknowledges."""

    after: int
    via: str
    people: tuple[str, ...]
    place: Place


class Miss(NamedTuple):
    """An expectation that is not met: where it stands, what happens, and what decided that."""

    expected: Place
    field: str
    reason: str
    because: Place | None


class Outcome(NamedTuple):
    """One scenario's outcome; it passed where nothing is missed. `at` is an instant."""

    file: str
    id: str
    title: str
    at: int
    misses: tuple[Miss, ...]


class Coverage(NamedTuple):
    """What the scenarios touch of one section, and what none of them does."""

    section: str
    touched: tuple[str, ...]
    untouched: tuple[str, ...]


class Rehearsal(NamedTuple):
    """All outcomes, in the files' order, and what they touch."""

    outcomes: tuple[Outcome, ...]
    coverage: tuple[Coverage, ...]

    @property
    def failed(self) -> int:
        """How many scenarios missed something."""
        return sum(bool(one.misses) for one in self.outcomes)


def rehearse(workspace: Workspace, policy: Policy, read: Read) -> Rehearsal:
    """Play every scenario."""
    stage = _Stage(workspace, policy, Sources({**workspace.sources.files, **read.sources}))
    outcomes = tuple(stage.play(*one) for one in read.scenarios)
    return Rehearsal(outcomes, tuple(stage.coverage()))


class _Stage:
    def __init__(self, workspace: Workspace, policy: Policy, sources: Sources) -> None:
        self.workspace = workspace
        self.policy = policy
        self.sources = sources
        self.known = engine.directory(workspace)
        self.touched: dict[str, set[str]] = {"alerts": set(), "escalations": set()}
        self.touched["kill_switches"] = set()

    def play(self, file: str, id_: str, scenario: Scenario) -> Outcome:
        at = beginning(scenario.at, self.known.zone)
        fired, doubt = self.fired(scenario.given)
        found = (who(self.workspace, self.policy, ("alerts", one), at) for one in fired)
        answers = [answer for one in found for answer in one.answers]
        self.touch(answers)
        limit = scenario.acknowledged_after
        acknowledged = limit.milliseconds * SECOND // 1000 if limit else None
        scene = _Scene(self, file, id_, scenario, at, answers, doubt, acknowledged)
        return Outcome(file, id_, scenario.title, at, tuple(scene.misses()))

    def touch(self, answers: list[Answer]) -> None:
        alerts = self.workspace.all(Alert)
        for one in answers:
            self.touched["alerts"].add(one.alert)
            self.touched["escalations"].add(alerts[one.alert].escalation or "")
            self.touched["kill_switches"].update(switch.id for switch in one.kill_switches)

    def coverage(self) -> Iterator[Coverage]:
        for section, model in (
            ("alerts", Alert),
            ("escalations", Escalation),
            ("kill_switches", KillSwitch),
        ):
            ids = sorted(self.workspace.all(model))
            touched = tuple(id_ for id_ in ids if id_ in self.touched[section])
            yield Coverage(section, touched, tuple(id_ for id_ in ids if id_ not in touched))

    # -- which alerts fire -------------------------------------------------------------------

    def fired(self, given: Given) -> tuple[list[str], str | None]:
        """Return the alerts that fire, and why none does where that is known."""
        alerts = self.workspace.all(Alert)
        if given.alert is not None:
            return ([given.alert] if given.alert in alerts else []), None
        if given.failure is not None:
            failure = self.workspace.all(Failure).get(given.failure)
            found = [one for one in (failure.detected_by if failure else ()) if one in alerts]
            return found, None if found else f"no alert detects `{given.failure}`"
        if given.layer is not None:
            metrics = self.workspace.all(Metric)
            found = [
                id_
                for id_, alert in alerts.items()
                if alert.metric in metrics and metrics[alert.metric].layer == given.layer
            ]
            return found, None if found else f"no alert speaks for the layer `{given.layer}`"
        return self.crossed(given)

    def crossed(self, given: Given) -> tuple[list[str], str | None]:
        own = [
            (id_, one)
            for id_, one in self.workspace.all(Alert).items()
            if one.metric == given.metric
        ]
        found = [id_ for id_, one in own if _fires(one, given)]
        if found:
            return found, None
        if not own:
            return found, f"no alert is on `{given.metric}`"
        named = ", ".join(f"`{id_}`" for id_, _ in own)
        return found, f"{named} on `{given.metric}` does not fire at that"


def _fires(alert: Alert, given: Given) -> bool:
    """Whether a metric that moves as given meets an alert's condition, on the alert's slice.

    PromQL is not evaluated: an alert with `expr` fires on any move of its metric.
    """
    if any(given.slice.get(key) != value for key, value in alert.slice.items()):
        return False
    when = alert.when
    if when is None or when.expr is not None:
        return when is not None
    above: Callable[[float, float], bool] = lambda moved, limit: moved > limit  # noqa: E731
    below: Callable[[float, float], bool] = lambda moved, limit: moved < limit  # noqa: E731
    at_least: Callable[[float, float], bool] = lambda moved, limit: moved >= limit  # noqa: E731
    pairs = (
        (when.above, given.value, above),
        (when.below, given.value, below),
        (when.drops_by, given.drops_by, at_least),
        (when.rises_by, given.rises_by, at_least),
    )
    return any(_meets(limit, moved, test) for limit, moved, test in pairs)


def _meets(
    limit: Quantity | None, moved: Quantity | None, test: Callable[[float, float], bool]
) -> bool:
    """Compare as fractions, so that `0.1` and `10%` are the same size."""
    if limit is None or moved is None:
        return False
    return test(_size(moved), _size(limit))


def _size(one: Quantity) -> float:
    return one.value / 100 if one.is_percent else one.value


class _Scene:
    """One scenario: what goes out, against what is expected."""

    def __init__(  # noqa: PLR0913 - the parts of a scene
        self,
        stage: _Stage,
        file: str,
        id_: str,
        scenario: Scenario,
        at: int,
        answers: list[Answer],
        doubt: str | None,
        acknowledged: int | None,
    ) -> None:
        self.stage = stage
        self.file = file
        self.id = id_
        self.expect: Expect = scenario.expect
        self.given = scenario.given
        self.at = at
        self.answers = answers
        self.doubt = doubt
        pages = [
            Sent(hop.after, hop.via, tuple(person.id for person in hop.people), hop.place)
            for one in answers
            for hop in one.chain
            if acknowledged is None or not hop.after or hop.after < acknowledged
        ]
        self.sent = sorted(pages, key=lambda page: page.after)
        self.place = answers[0].place if answers else None

    def misses(self) -> Iterator[Miss]:
        for check in (
            self.fires, self.pages, self.paged, self.not_paged, self.second, self.skills,
            self.told, self.read_by, self.reaches, self.runbook, self.switches,
            self.accountable, self.commander,
        ):  # fmt: skip
            yield from check()

    def miss(self, field: KeyPath, reason: str, because: Place | None = None) -> Miss:
        at = Location(self.file, (self.id, "expect", *field))
        line = self.stage.sources.span(at).start.line
        return Miss(Place(self.file, line), str(field[0]), reason, because)

    @property
    def people(self) -> list[str]:
        """Everyone who is paged, once each, in order."""
        return list(dict.fromkeys(person for page in self.sent for person in page.people))

    def nothing(self) -> str:
        """Say why nobody hears of it."""
        breaks = [reason for one in self.answers for reason in one.breaks]
        return self.doubt or "; ".join(breaks) or "it only files a ticket"

    def fires(self) -> Iterator[Miss]:
        wanted = self.expect.fires
        actual = [one.alert for one in self.answers]
        if wanted is not None and set(wanted) != set(actual):
            told = ", ".join(f"`{one}`" for one in actual) or self.nothing()
            yield self.miss(("fires",), f"fires {told}, not {_listed(wanted)}", self.place)

    def pages(self) -> Iterator[Miss]:
        if self.expect.pages == "somebody" and not self.people:
            yield self.miss(("pages",), f"nobody is paged: {self.nothing()}", self.place)
        if self.expect.pages == "nobody" and self.people:
            first = self.sent[0]
            who_ = _listed(first.people)
            yield self.miss(("pages",), f"{who_} is paged, through `{first.via}`", first.place)

    def paged(self) -> Iterator[Miss]:
        for index, page in enumerate(self.expect.paged):
            wanted = [one for one in self.sent if _is_it(one, page)]
            if wanted:
                continue
            yield self.miss(("paged", index), self.instead(page), self.closest(page))

    def closest(self, page: Page) -> Place | None:
        same = [one for one in self.sent if page.after is None or one.after == _length(page)]
        return (same or self.sent)[0].place if self.sent else self.place

    def instead(self, page: Page) -> str:
        wanted = f"`{page.person or page.via or 'somebody'}`"
        when = f" after {page.after}" if page.after is not None else ""
        if not self.sent:
            return f"{wanted} is not paged{when}: {self.nothing()}"
        found = "; ".join(
            f"{duration(one.after)} {_listed(one.people) or 'nobody'} through `{one.via}`"
            for one in self.sent[:4]
        )
        return f"{wanted} is not paged{when}; pages go to: {found}"

    def not_paged(self) -> Iterator[Miss]:
        for index, name in enumerate(self.expect.not_paged):
            for one in self.sent:
                if name in one.people or name == one.via:
                    reason = f"`{name}` is paged after {duration(one.after)}"
                    yield self.miss(("not_paged", index), reason, one.place)
                    break

    def second(self) -> Iterator[Miss]:
        limit = self.expect.second_person_within
        if limit is None:
            return
        seen: set[str] = set()
        for page in self.sent:
            seen.update(page.people)
            if len(seen) > 1:
                if page.after > limit.milliseconds * SECOND // 1000:
                    reason = f"a second person is reached only after {duration(page.after)}"
                    yield self.miss(("second_person_within",), reason, page.place)
                return
        only = f"only {_listed(tuple(seen))} is reached" if seen else "nobody is paged"
        reason = only if seen else f"{only}: {self.nothing()}"
        yield self.miss(("second_person_within",), reason, self.place)

    def skills(self) -> Iterator[Miss]:
        wanted = self.expect.responder_skills
        if not wanted:
            return
        people = self.stage.workspace.all(Person)
        first = self.sent[0] if self.sent else None
        found = {
            skill.casefold()
            for id_ in (first.people if first else ())
            if id_ in people
            for skill in people[id_].skills
        }
        if found.isdisjoint(skill.casefold() for skill in wanted):
            who_ = _listed(first.people) if first else ""
            reason = f"{who_} is paged first, and has none of the skills {_listed(wanted)}"
            told = reason if who_ else f"nobody is paged: {self.nothing()}"
            yield self.miss(("responder_skills",), told, first.place if first else self.place)

    def told(self) -> Iterator[Miss]:
        actual = [channel.id for one in self.answers for channel in one.notified]
        for index, name in enumerate(self.expect.told):
            if name not in actual:
                others = f"told are {_listed(tuple(actual))}" if actual else self.nothing()
                yield self.miss(("told", index), f"`{name}` is not told: {others}", self.place)

    def read_by(self) -> Iterator[Miss]:
        notified = [channel for one in self.answers for channel in one.notified]
        readers = [channel.reader.id for channel in notified if channel.reader]
        for index, name in enumerate(self.expect.read_by):
            if name not in readers:
                reason = f"`{name}` reads none of it: {self.nothing()}"
                yield self.miss(("read_by", index), reason, self.place)

    def reaches(self) -> Iterator[Miss]:
        notified = [channel for one in self.answers for channel in one.notified]
        readers = [channel.reader.id for channel in notified if channel.reader]
        reached = [*self.people, *readers]
        if self.expect.reaches == "somebody" and not reached:
            yield self.miss(("reaches",), f"it reaches no person: {self.nothing()}", self.place)
        if self.expect.reaches == "nobody" and reached:
            reason = f"it reaches {_listed(tuple(reached))}"
            yield self.miss(("reaches",), reason, self.place)

    def runbook(self) -> Iterator[Miss]:
        wanted = self.expect.runbook
        actual = [one.runbook.id for one in self.answers if one.runbook]
        if wanted is not None and wanted not in actual:
            has = f"the runbook is {_listed(tuple(actual))}" if actual else "no runbook applies"
            reason = f"{has}, not `{wanted}`" if self.answers else f"{has}: {self.nothing()}"
            yield self.miss(("runbook",), reason, self.place)

    def switches(self) -> Iterator[Miss]:
        actual = [switch.id for one in self.answers for switch in one.kill_switches]
        for index, name in enumerate(self.expect.switches):
            if name not in actual:
                has = f"there are {_listed(tuple(actual))}" if actual else "there is none"
                reason = f"the switch `{name}` does not apply: {has}"
                yield self.miss(("switches", index), reason, self.place)

    def accountable(self) -> Iterator[Miss]:
        wanted = self.expect.accountable
        if wanted is None:
            return
        actual = [one.accountable.id for one in self.answers if one.accountable]
        if wanted not in actual:
            has = f"{_listed(tuple(actual))} answers for it" if actual else "nobody answers for it"
            yield self.miss(("accountable",), f"{has}, not `{wanted}`", self.place)

    def commander(self) -> Iterator[Miss]:
        if self.expect.commander is None:
            return
        roles = self.stage.workspace.all(Role)
        held = [id_ for id_, role in roles.items() if COMMANDER in {id_, *role.covers}]
        hops = [hop for id_ in held for hop in engine.hops(id_, self.stage.known, self.at)]
        people = tuple(person for hop in hops for person in hop.people)
        if self.expect.commander == "somebody" and not people:
            what = "nobody is on call for it" if held else f"no role covers {COMMANDER}"
            yield self.miss(("commander",), f"nobody commands: {what}")
        if self.expect.commander == "nobody" and people:
            yield self.miss(("commander",), f"{_listed(people)} commands")


def _is_it(sent: Sent, page: Page) -> bool:
    return (
        (page.after is None or sent.after == _length(page))
        and (page.person is None or page.person in sent.people)
        and (page.via is None or page.via == sent.via)
        and bool(sent.people)
    )


def _length(page: Page) -> int:
    return page.after.milliseconds * SECOND // 1000 if page.after is not None else 0


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(f"`{name}`" for name in dict.fromkeys(names))
