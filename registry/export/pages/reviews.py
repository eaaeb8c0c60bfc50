"""Reviews: as calendar entries that recur, and as this week's agenda filled from the registry.

The calendar holds every review that says from when it meets, in its own zone. The agenda is that of
the week in which the edition's instant lies. E-mail addresses, and with them invitations, stand in
the calendar only where contacts were asked for.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from registry.checks.rule import Context
from registry.clock.civil import zone
from registry.export.edition import Edition
from registry.export.exporter import Publisher
from registry.export.pages._agenda import Agenda, AgendaEntry, Meeting, Topic, agenda
from registry.export.pages._calendar import Event, Invited, calendar
from registry.export.pages._recurrence import Recurrence, recurrence
from registry.model.cadence import Review
from registry.model.metrics import Metric
from registry.model.people import Person, Team
from registry.output.markdown import bullets, document, visible
from registry.workspace.options import iso

MARK = "<!-- opmodel export reviews: made from the registry; edit that, not this page -->"


def build(edition: Edition, form: str) -> Mapping[str, bytes]:
    """Write the calendar (`ics`) or this week's agenda (`md`)."""
    if form == "ics":
        return {"reviews.ics": _calendar(edition)}
    context = Context(edition.workspace, edition.policy, edition.at)
    week = agenda(context, edition.zone, iso(edition.at))
    return {"reviews.md": document(_page(edition, week))}


# -- the calendar --------------------------------------------------------------------------------


def _calendar(edition: Edition) -> bytes:
    name = edition.workspace.manifest.name
    usual = edition.workspace.manifest.timezone or "UTC"
    events = [
        _event(edition, id_, one, recurs)
        for id_, one in edition.workspace.all(Review).items()
        if (recurs := recurrence(one, usual)) is not None
    ]
    return calendar(_plain(edition, f"Reviews of {name}"), events, edition.at)


def _event(edition: Edition, id_: str, review: Review, recurs: Recurrence) -> Event:
    name = edition.workspace.manifest.name
    first = next(recurs.sessions(recurs.start)).start
    start = first.astimezone(zone(recurs.zone))
    people = dict.fromkeys(one for party in review.attendees for one in _people(edition, party))
    chair = list(_people(edition, review.chair)) if review.chair else []
    invited = [found for one in people if (found := _invited(edition, one)) and one not in chair]
    return Event(
        f"{name}/reviews/{id_}",
        first.date() if recurs.is_day else start,
        review.minutes,
        recurs.rule,
        _plain(edition, f"{id_} ({name})"),
        "\n".join(_plain(edition, line) for line in _description(edition, review)),
        review.kind,
        recurs.zone,
        _invited(edition, chair[0]) if chair else None,
        tuple(invited),
    )


def _description(edition: Edition, review: Review) -> Iterator[str]:
    roster = edition.roster
    yield f"Chair: {roster.holder(review.chair) if review.chair else 'nobody'}"
    yield f"Attendees: {', '.join(map(roster.holder, review.attendees)) or 'nobody'}"
    yield "Agenda:" if review.agenda else "No agenda is written down."
    for item in review.agenda:
        yield f"- {item.item}" + (f" ({', '.join(item.metrics)})" if item.metrics else "")


def _plain(edition: Edition, text: str) -> str:
    """Return a text that a calendar may show: what cannot be seen in it is named."""
    shown = visible(" ".join(text.split()))
    return edition.text(shown).encode("utf-8", "backslashreplace").decode("utf-8")


def _people(edition: Edition, party: str) -> tuple[str, ...]:
    if party in edition.workspace.all(Team):
        return edition.roster.members(party)
    person = edition.roster.graph.person(party)
    return (person,) if person else ()


def _invited(edition: Edition, person: str) -> Invited | None:
    found = edition.workspace.all(Person).get(person)
    if found is None or not edition.with_contacts:
        return None
    email = (found.contact.email if found.contact else None) or found.email
    return Invited(_plain(edition, found.name), email) if email else None


# -- the agenda ----------------------------------------------------------------------------------


def _page(edition: Edition, week: Agenda) -> Iterator[str]:
    name = edition.literal(week.registry)
    yield from (MARK, f"# Reviews of {name}: {week.monday} to {week.sunday}", "")
    yield f"As of {week.at}. Times are those of {edition.literal(week.zone)} unless they say more."
    yield from edition.warnings()
    for meeting in week.meetings:
        yield from _meeting(edition, week, meeting)
    if not week.meetings:
        yield from ("", "No review meets this week.")
    if week.elsewhere:
        yield from ("", f"Not this week: {edition.ids(week.elsewhere)}.")
    if week.undated:
        undated = edition.ids(week.undated)
        yield from ("", f"**Nothing says from when these meet (`starts`)**: {undated}.")
    if week.rest:
        yield from ("", "## In no review of this week", "")
        yield "Due by Sunday, or in flight, and on nobody's agenda this week."
    for topic in week.rest:
        yield from _topic(edition, topic)


def _meeting(edition: Edition, week: Agenda, meeting: Meeting) -> Iterator[str]:
    yield from ("", f"## {edition.id(meeting.id)}")
    each = " each" if len(meeting.sessions) > 1 else ""
    long = f", {meeting.minutes} minutes{each}" if meeting.minutes else ""
    yield from bullets(
        [
            f"**When**: {'; '.join(_times(week, meeting))}{long}",
            f"**Chair**: {edition.who(meeting.chair)}",
            f"**Attendees**: {edition.who(meeting.attendees)}",
            f"**Looks ahead to**: {meeting.ahead}",
        ]
    )
    yield from ("### Agenda", "")
    for number, item in enumerate(meeting.items, 1):
        yield f"{number}. {edition.rich(item.item)}"
        yield from (f"   - {_metric(edition, metric)}" for metric in item.metrics)
    if not meeting.items:
        yield "*No agenda is written down.*"
    for topic in meeting.topics:
        yield from _topic(edition, topic)


def _times(week: Agenda, meeting: Meeting) -> Iterator[str]:
    """Yield each session's day and time; on the reader's clock, and the review's if it differs."""
    for session in meeting.sessions:
        there = session.start
        if session.is_day:
            yield f"{there:%a} {there.date()}, no time given"
            continue
        here = there.astimezone(zone(week.zone))
        same = here.utcoffset() == there.utcoffset()
        yield _time(here) + ("" if same else f" ({_time(there)} {meeting.zone})")


def _time(at: datetime) -> str:
    return f"{at:%a} {at.date()} {at:%H:%M}"


def _metric(edition: Edition, id_: str) -> str:
    metric = edition.workspace.all(Metric).get(id_)
    if metric is None:
        return edition.id(id_)
    meaning = f": {edition.rich(metric.definition)}" if metric.definition else ""
    return f"{edition.id(id_)}{meaning} ({edition.owner(metric.owner)})"


def _topic(edition: Edition, topic: Topic) -> Iterator[str]:
    yield from ("", f"### {topic.title}")
    shown = [_entry(edition, entry) for entry in topic.entries]
    yield from bullets(shown) if shown else ("", "None.")


def _entry(edition: Edition, entry: AgendaEntry) -> str:
    return f"{edition.id(entry.id)}, {edition.rich(entry.text)} ({edition.owner(entry.owners)})"


PUBLISHER = Publisher("reviews", "the reviews as a calendar, or as this week's agenda", build,
                      ("md", "ics"))  # fmt: skip
