"""This week's reviews: when they meet, who comes, and what the registry has for each to take up.

A review takes up what its kind is for. Triage: incidents that are open, actions that are overdue or
due. Behavioural: experiments in flight and the gates before them, actions, runbooks due for review,
switches due for a drill. Governance: how fast the quarter's incidents were noticed and mitigated,
waivers and temporary roles that end, actions, runbooks and switches. What falls due counts up to
the review's next session, so that a monthly one looks a month ahead. What no review of the week
takes up is said at the end: nothing is left to a meeting that is not held.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from registry.checks.rule import Context
from registry.clock.civil import local_date
from registry.export.pages._recurrence import Session, recurrence
from registry.export.pages._windows import recent, tagged
from registry.model.cadence import AgendaItem, Review
from registry.model.failures import Incident
from registry.model.people import Role
from registry.model.reference import names
from registry.model.release import Experiment, Gate
from registry.model.runbooks import KillSwitch, Runbook
from registry.model.scalars import Date, Duration

MAX_SESSIONS = 50
"""Sessions of one review that a week's agenda names; more is no meeting."""


class AgendaEntry(NamedTuple):
    """One thing to take up: the entity, what there is to say of it, and who owns it (ids)."""

    section: str
    id: str
    text: str
    owners: tuple[str, ...]


class Topic(NamedTuple):
    """One heading of an agenda; an empty one says that there was a look."""

    title: str
    entries: tuple[AgendaEntry, ...]


class Meeting(NamedTuple):
    """A review that meets this week, and what it takes up.

    `ahead` is the last day that it looks ahead to: the day before its next session after this week.
    """

    id: str
    kind: str
    zone: str
    sessions: tuple[Session, ...]
    minutes: int | None
    chair: str | None
    attendees: tuple[str, ...]
    items: tuple[AgendaItem, ...]
    topics: tuple[Topic, ...]
    ahead: date


class Agenda(NamedTuple):
    """One week, Monday to Sunday, of `zone`.

    `undated` are the reviews that say not from when they meet, `elsewhere` those that do not meet
    this week; `rest` is what none of the week's reviews takes up.
    """

    registry: str
    at: str
    zone: str
    monday: date
    meetings: tuple[Meeting, ...]
    undated: tuple[str, ...]
    elsewhere: tuple[str, ...]
    rest: tuple[Topic, ...]

    @property
    def sunday(self) -> date:
        """The week's last day."""
        return self.monday + timedelta(days=6)


def agenda(context: Context, zone: str, at: str) -> Agenda:
    """Draw up the agenda of the week in which the context's instant lies, on the clocks of `zone`.

    `at` is that instant as it is to be written.
    """
    today = local_date(context.at, zone)
    monday = today - timedelta(days=today.weekday())
    week = _Week(context, today, monday)
    found = {id_: week.meeting(id_, one) for id_, one in context.each(Review)}
    meetings = [one for one in found.values() if one is not None]
    meetings.sort(key=lambda one: (one.sessions[0].start, one.id))
    reviews = context.workspace.all(Review)
    return Agenda(
        context.workspace.manifest.name,
        at,
        zone,
        monday,
        tuple(meetings),
        tuple(id_ for id_, one in reviews.items() if one.starts is None),
        tuple(id_ for id_, one in found.items() if one is None and reviews[id_].starts is not None),
        tuple(week.rest(meetings)),
    )


class _Week:
    """A week of one registry; `today` and `monday` are dates of the reader's zone."""

    def __init__(self, context: Context, today: date, monday: date) -> None:
        self.context = context
        self.today = today
        self.monday = monday
        self.sunday = monday + timedelta(days=6)
        self._topics: dict[tuple[str, date], Topic] = {}

    def meeting(self, id_: str, review: Review) -> Meeting | None:
        """Return what a review has to do this week; None where it does not meet."""
        recurs = recurrence(review, self.context.zone_of())
        if recurs is None:
            return None
        this_week: list[Session] = []
        for session in recurs.sessions(self.monday):
            if session.start.date() > self.sunday or len(this_week) == MAX_SESSIONS:
                break
            this_week.append(session)
        later = next(islice(recurs.sessions(self.sunday + timedelta(days=1)), 1), None)
        if not this_week:
            return None
        ahead = later.start.date() - timedelta(days=1) if later and recurs.unit else self.sunday
        return Meeting(
            id_,
            review.kind,
            recurs.zone,
            tuple(this_week),
            review.minutes,
            review.chair,
            review.attendees,
            review.agenda,
            tuple(self.topics(_BY_KIND[review.kind], max(ahead, self.sunday))),
            max(ahead, self.sunday),
        )

    def topics(self, kinds: tuple["_Kind", ...], ahead: date) -> Iterator[Topic]:
        """Yield the topics of some kinds; each is looked for once, however many reviews ask."""
        for kind in kinds:
            key = (kind.title, ahead)
            if key not in self._topics:
                self._topics[key] = Topic(kind.title, tuple(kind.find(self, ahead)))
            yield self._topics[key]

    def rest(self, meetings: list[Meeting]) -> Iterator[Topic]:
        """Yield what is due by Sunday and in no meeting of the week, by topic."""
        taken = {
            (topic.title, entry.section, entry.id, entry.text)
            for meeting in meetings
            for topic in meeting.topics
            for entry in topic.entries
        }
        for topic in self.topics(_ALL, self.sunday):
            left = [
                entry for entry in topic.entries
                if (topic.title, entry.section, entry.id, entry.text) not in taken
            ]  # fmt: skip
            if left:
                yield Topic(topic.title, tuple(left))

    # -- topics --------------------------------------------------------------------------------

    def open_incidents(self, ahead: date) -> Iterator[AgendaEntry]:  # noqa: ARG002 - as every topic
        for id_, one in self.context.each(Incident):
            ended = one.resolved is not None and self.context.has_happened(one.resolved)
            if not ended and not self.context.failed(Incident, id_, "resolved"):
                since = f" since {one.started}" if one.started else ""
                text = "; ".join((f"{one.severity}, open{since}: {one.title}", *tagged(one)))
                yield AgendaEntry("incidents", id_, text, names(one.commander))

    def windows(self, ahead: date) -> Iterator[AgendaEntry]:  # noqa: ARG002
        for id_, one, text in recent(self.context):
            yield AgendaEntry("incidents", id_, text, names(one.commander))

    def overdue(self, ahead: date) -> Iterator[AgendaEntry]:  # noqa: ARG002
        return self._actions(date.min, self.today - timedelta(days=1))

    def due(self, ahead: date) -> Iterator[AgendaEntry]:
        return self._actions(self.today, ahead)

    def _actions(self, since: date, until: date) -> Iterator[AgendaEntry]:
        for id_, incident in self.context.each(Incident):
            for action in incident.actions:
                done = action.done is not None and action.done.date <= self.today
                if not done and action.due is not None and since <= action.due.date <= until:
                    text = f"due on {action.due}: {action.title}"
                    yield AgendaEntry("incidents", id_, text, names(action.owner))

    def experiments(self, ahead: date) -> Iterator[AgendaEntry]:
        for id_, one in self.context.each(Experiment):
            if self._in_flight(one, ahead):
                ends = f"ends on {one.ends}" if one.ends else "has no end"
                late = ", which is over" if one.ends and one.ends.date < self.today else ""
                back = (
                    "; ".join(text.rstrip(".") for text in one.rollback_when) or "nothing says when"
                )
                on = f"on {one.component}, " if one.component else ""
                text = f"{on}{ends}{late}; rolled back when: {back}"
                yield AgendaEntry("experiments", id_, text, names(one.owner))

    def _in_flight(self, experiment: Experiment, ahead: date) -> bool:
        """Whether it has begun by then; one past its end counts until it is removed."""
        return experiment.starts is None or experiment.starts.date <= ahead

    def gates(self, ahead: date) -> Iterator[AgendaEntry]:
        on_trial: dict[str, list[str]] = {}
        for id_, one in self.context.each(Experiment):
            if one.component and self._in_flight(one, ahead):
                on_trial.setdefault(one.component, []).append(id_)
        for id_, gate in self.context.each(Gate):
            concerned = [trial for one in gate.applies_to for trial in on_trial.get(one, ())]
            if concerned:
                text = f"stands before {', '.join(dict.fromkeys(concerned))}"
                yield AgendaEntry("gates", id_, text, names(gate.owner))

    def runbooks(self, ahead: date) -> Iterator[AgendaEntry]:
        limit = self.context.settings.runbook_max_age
        for id_, one in self.context.each(Runbook):
            text = self._age("reviewed", one.reviewed, limit, ahead)
            if text and not self.context.failed(Runbook, id_, "reviewed"):
                yield AgendaEntry("runbooks", id_, text, names(one.owner))

    def switches(self, ahead: date) -> Iterator[AgendaEntry]:
        limit = self.context.settings.drill_max_age
        for id_, one in self.context.each(KillSwitch):
            text = self._age("drilled", one.drilled, limit, ahead)
            if text and not self.context.failed(KillSwitch, id_, "drilled"):
                yield AgendaEntry("kill_switches", id_, text, names(one.owner))

    def _age(self, what: str, last: Date | None, limit: Duration, ahead: date) -> str:
        """Say since when something is due, or will be; empty where it is not due by `ahead`."""
        if last is None:
            return f"never {what}"
        fresh = timedelta(milliseconds=limit.milliseconds)
        if ahead - last.date < fresh:
            return ""
        return f"last {what} on {last}, due by {last.date + fresh}"

    def waivers(self, ahead: date) -> Iterator[AgendaEntry]:
        for placed in self.context.policy.waivers:
            waiver = placed.waiver
            if waiver.until.date <= ahead:
                ended = "ended" if waiver.until.date < self.today else "ends"
                section, _, id_ = waiver.entity.partition("/")
                text = f"{waiver.rule}, {ended} on {waiver.until}: {waiver.reason}"
                yield AgendaEntry(section, id_, text, names(waiver.approved_by))

    def roles(self, ahead: date) -> Iterator[AgendaEntry]:
        for id_, role in self.context.each(Role):
            until = role.temporary_until
            if until is not None and until.date <= ahead:
                ended = "ended" if until.date < self.today else "ends"
                text = f"{role.title}, held for a time, {ended} on {until}"
                yield AgendaEntry("roles", id_, text, names(role.holder))


class _Kind(NamedTuple):
    title: str
    find: Callable[[_Week, date], Iterator[AgendaEntry]]


_INCIDENTS = _Kind("Open incidents", _Week.open_incidents)
_WINDOWS = _Kind("How fast incidents were noticed and mitigated", _Week.windows)
_OVERDUE = _Kind("Actions that are overdue", _Week.overdue)
_DUE = _Kind("Actions that fall due", _Week.due)
_EXPERIMENTS = _Kind("Experiments in flight", _Week.experiments)
_GATES = _Kind("Gates before them", _Week.gates)
_RUNBOOKS = _Kind("Runbooks due for review", _Week.runbooks)
_SWITCHES = _Kind("Kill switches due for a drill", _Week.switches)
_WAIVERS = _Kind("Waivers that end", _Week.waivers)
_ROLES = _Kind("Temporary roles that end", _Week.roles)

_BY_KIND: dict[str, tuple[_Kind, ...]] = {
    "triage": (_INCIDENTS, _OVERDUE, _DUE),
    "behavioural": (_EXPERIMENTS, _GATES, _OVERDUE, _DUE, _RUNBOOKS, _SWITCHES),
    "governance": (_WINDOWS, _WAIVERS, _ROLES, _OVERDUE, _DUE, _RUNBOOKS, _SWITCHES),
    "other": (),
}
_ALL = (_INCIDENTS, _OVERDUE, _DUE, _EXPERIMENTS, _GATES, _WAIVERS, _ROLES, _RUNBOOKS, _SWITCHES)
