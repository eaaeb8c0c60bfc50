"""The reviews: a calendar that programs read as we mean it, and this week's agenda."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest

from registry.checks.rule import Context
from registry.clock.civil import wall_clock
from registry.clock.tzif import DAY, SECOND
from registry.export.pages._agenda import MAX_SESSIONS, Agenda, Topic, agenda
from registry.export.pages._calendar import uid
from registry.export.pages._recurrence import recurrence
from registry.export.publish import publish
from registry.model.cadence import Review
from registry.workspace.open import Opened
from registry.workspace.options import Options, iso
from tests.conftest import AT
from tests.export.conftest import Open
from tests.export.rendered import Rendered


def read(opened: Opened, at: datetime = AT, **options: bool) -> icalendar.Calendar:
    made = publish(opened, "reviews", "ics", Options(at), **options)
    return icalendar.Calendar.from_ical(made.files["reviews.ics"])


def page(opened: Opened, at: datetime = AT, zone: str | None = None) -> str:
    made = publish(opened, "reviews", "md", Options(at), zone)
    return Rendered(made.files["reviews.md"].decode("utf-8")).text


def week(opened: Opened, at: datetime = AT, zone: str = "UTC") -> Agenda:
    return agenda(Context(opened.workspace, opened.policy, at), zone, iso(at))


def events(calendar: icalendar.Calendar) -> Mapping[str, icalendar.Event]:
    return {str(one["summary"]).split(" ")[0]: one for one in calendar.walk("VEVENT")}


# -- the calendar --------------------------------------------------------------------------------


def test_every_review_is_an_event(example: Opened) -> None:
    found = events(read(example))
    assert set(found) == set(example.workspace.entities["reviews"])
    weekly = found["weekly-behavioural"]
    assert weekly["dtstart"].dt.isoformat() == "2026-10-08T10:00:00+02:00"
    assert weekly["dtstart"].params["TZID"] == "Europe/Berlin"
    assert weekly["duration"].dt == timedelta(minutes=30)
    assert weekly["rrule"] == {"FREQ": ["WEEKLY"], "INTERVAL": [1]}
    assert weekly["dtstamp"].dt == AT
    assert "Chair: Priya Natarajan\n" in weekly["description"]
    assert "- Cost per outcome movement (cost-per-resolved-intent, " in weekly["description"]
    assert not {"organizer", "attendee"} & {key.lower() for key in weekly}


def test_people_are_invited_only_with_contacts(example: Opened) -> None:
    weekly = events(read(example, with_contacts=True))["weekly-behavioural"]
    assert weekly["organizer"] == "mailto:priya@acme.example"
    assert weekly["organizer"].params["CN"] == "Priya Natarajan"
    attendees = [str(one) for one in weekly["attendee"]]
    assert "mailto:jonas@acme.example" in attendees
    assert "mailto:viktor@acme.example" in attendees
    assert "mailto:priya@acme.example" not in attendees
    assert len(attendees) == len(set(attendees)) > 8


def test_uids_stay_and_stamps_follow_the_instant(example: Opened) -> None:
    one, other = read(example), read(example, AT + timedelta(days=40))
    uids = [str(event["uid"]) for event in one.walk("VEVENT")]
    assert uids == [str(event["uid"]) for event in other.walk("VEVENT")]
    assert len(set(uids)) == len(uids) == 4
    assert uid("enterprise-copilot/reviews/weekly-behavioural") == (
        "a8cc7331-620b-5e3b-97a4-715f632b8e84"
    )
    assert {event["dtstamp"].dt for event in other.walk("VEVENT")} == {AT + timedelta(days=40)}
    first = publish(example, "reviews", "ics", Options(AT)).files
    assert first == publish(example, "reviews", "ics", Options(AT)).files


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Africa/Casablanca",
             "Europe/Dublin", "Australia/Lord_Howe", "UTC", "Etc/GMT+3"],
)  # fmt: skip
def test_zones_are_written_out_as_the_bundled_database_has_them(opened: Open, zone: str) -> None:
    registry = opened(
        f"reviews: {{r: {{kind: other, every: 1d, starts: 2026-01-05T10:00, timezone: {zone}}}}}\n"
    )
    calendar = read(registry)
    found = events(calendar)["r"]
    told = calendar.walk("VTIMEZONE")
    assert len(told) == (zone != "UTC")
    clock = wall_clock(zone)
    onsets = sorted(
        (onset, part["tzoffsetto"].td)
        for one in told
        for part in one.subcomponents
        for onset in [part["dtstart"].dt, *(each.dt for each in _listed(part))]
    )
    for day in range(0, 365 * 20, 11):
        local = datetime.fromisoformat("2026-01-05T10:00") + timedelta(days=day)
        wall = (local.toordinal() - 1) * DAY + 10 * 3600 * SECOND
        ours = wall - clock.instant_of(wall)
        before = [offset for onset, offset in onsets if onset <= local]
        theirs = before[-1] if told else timedelta()
        assert timedelta(microseconds=ours) == theirs, local
    assert found["dtstart"].dt.utcoffset() is not None


def _listed(part: icalendar.Component) -> list[icalendar.vDDDTypes]:
    listed = part.get("rdate")
    return list(listed.dts) if listed is not None else []


def test_days_and_odd_reviews(opened: Open) -> None:
    registry = opened(
        "timezone: Europe/Berlin\n"
        "reviews:\n"
        "  daily: {kind: triage, every: 1w, days: [mon, fri], starts: 2026-11-04T09:00}\n"
        "  once: {kind: other, starts: 2026-11-04T09:00, minutes: 45}\n"
        "  dated: {kind: other, every: 1mo, starts: 2026-11-04, minutes: 45}\n"
        "  never: {kind: other, every: 1mo}\n"
    )
    found = events(read(registry))
    assert set(found) == {"daily", "once", "dated"}
    assert found["daily"]["rrule"]["BYDAY"] == ["MO", "FR"]
    assert found["daily"]["dtstart"].dt.date() == date(2026, 11, 6)
    assert "rrule" not in found["once"]
    assert found["dated"]["dtstart"].dt == date(2026, 11, 4)
    assert "duration" not in found["dated"]
    assert found["dated"]["transp"] == "TRANSPARENT"


def test_nothing_in_a_calendar_is_forged(opened: Open) -> None:
    registry = opened(
        "reviews:\n  r:\n    kind: other\n    starts: 2026-11-04T09:00\n    agenda:\n"
        '      - item: "x\\r\\nEND:VEVENT\\r\\nBEGIN:VALARM\\u202e; , \\\\ call +44 20 7946 0018"\n'
    )
    data = publish(registry, "reviews", "ics", Options(AT)).files["reviews.ics"]
    assert data.count(b"END:VEVENT\r\n") == 1
    assert b"VALARM\r\n" not in data
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    text = str(events(icalendar.Calendar.from_ical(data))["r"]["description"])
    assert "- x END:VEVENT BEGIN:VALARM<U+202E>; , \\ call [phone hidden]" in text


# -- the agenda ----------------------------------------------------------------------------------

FULL = """
timezone: Europe/Berlin
policy: policies/own.yaml
people: {ana: {name: Ana}, ben: {name: Ben}}
metrics: {m: {bucket: cost, response: ticket, owner: ana, definition: What an answer costs.}}
roles:
  lead: {title: Lead, holder: ana, temporary_until: 2026-11-25}
  past: {title: Past, holder: ben, temporary_until: 2026-11-01}
  long: {title: Long, holder: ben, temporary_until: 2027-11-01}
components: {prompt: {kind: prompt}, other: {kind: prompt}}
experiments:
  now:
    {component: prompt, owner: ana, starts: 2026-11-01, ends: 2026-12-01,
     rollback_when: [Bad., Worse.]}
  late: {component: prompt, owner: ana, starts: 2026-10-01, ends: 2026-11-02}
  soon: {component: other, starts: 2026-11-24}
  later: {component: other, starts: 2027-03-01, ends: 2027-04-01}
gates: {g: {applies_to: [prompt], owner: ben}, h: {applies_to: [], owner: ben}}
incidents:
  open: {title: It is slow, severity: sev2, started: 2026-11-18T09:00Z, commander: ben}
  closed:
    title: It was slow
    severity: sev2
    resolved: 2026-10-01
    actions:
      - {title: Was late, owner: ana, due: 2026-11-19}
      - {title: Is due today, owner: ben, due: 2026-11-20}
      - {title: Is due next week, owner: ben, due: 2026-11-26}
      - {title: Is far away, owner: ben, due: 2027-02-01}
      - {title: Is done, owner: ben, due: 2026-11-01, done: 2026-11-02}
      - {title: Has no date, owner: ben}
runbooks:
  fresh: {owner: ana, reviewed: 2026-11-01}
  stale: {owner: ana, reviewed: 2026-05-27}
  never: {owner: ben}
kill_switches:
  fresh: {owner: ana, drilled: 2026-11-01}
  stale: {owner: ana, drilled: 2026-08-20}
  never: {owner: ben}
reviews:
  triage: {kind: triage, every: 1d, days: [mon, wed, fri], starts: 2026-11-02T09:00, minutes: 15}
  weekly:
    kind: behavioural
    every: 1w
    starts: 2026-11-05T10:00
    minutes: 30
    chair: ana
    attendees: [ben]
    agenda: [{item: Cost, metrics: [m, gone]}]
  board: {kind: governance, every: 1mo, starts: 2026-10-10T15:00}
  tokyo: {kind: other, every: 1w, starts: 2026-11-02T00:30, timezone: Asia/Tokyo}
  someday: {kind: other, every: 1w}
"""
PACK = """
extends: production
waivers:
  - {rule: OM304, entity: schedules/s, reason: More join, until: 2026-11-22, approved_by: ana}
  - {rule: OM305, entity: schedules/s, reason: It is fine, until: 2026-11-01}
  - {rule: OM306, entity: schedules/s, reason: Much later, until: 2027-11-01}
"""


@pytest.fixture
def full(opened: Open, tmp_path: Path) -> Opened:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "own.yaml").write_text(PACK, "utf-8")
    return opened(FULL)


def topics(found: tuple[Topic, ...]) -> dict[str, list[str]]:
    return {
        topic.title: [f"{entry.id}: {entry.text}" for entry in topic.entries] for topic in found
    }


def test_each_kind_takes_up_what_it_is_for(full: Opened) -> None:
    found = {one.id: one for one in week(full).meetings}
    assert list(found) == ["tokyo", "triage", "weekly"]
    assert found["tokyo"].topics == ()
    assert topics(found["triage"].topics) == {
        "Open incidents": ["open: sev2, open since 2026-11-18T09:00Z: It is slow"],
        "Actions that are overdue": ["closed: due on 2026-11-19: Was late"],
        "Actions that fall due": ["closed: due on 2026-11-20: Is due today"],
    }
    taken = topics(found["weekly"].topics)
    assert found["weekly"].ahead == date(2026, 11, 25)
    assert taken["Experiments in flight"] == [
        "now: on prompt, ends on 2026-12-01; rolled back when: Bad; Worse",
        "late: on prompt, ends on 2026-11-02, which is over; rolled back when: nothing says when",
        "soon: on other, has no end; rolled back when: nothing says when",
    ]
    assert taken["Gates before them"] == ["g: stands before now, late"]
    assert taken["Runbooks due for review"] == [
        "stale: last reviewed on 2026-05-27, due by 2026-11-23",
        "never: never reviewed",
    ]
    assert taken["Kill switches due for a drill"] == [
        "stale: last drilled on 2026-08-20, due by 2026-11-18",
        "never: never drilled",
    ]
    assert taken["Actions that fall due"] == ["closed: due on 2026-11-20: Is due today"]


def test_a_monthly_review_looks_a_month_ahead(full: Opened) -> None:
    later = datetime(2026, 11, 10, 12, tzinfo=UTC)
    found = {one.id: one for one in week(full, later).meetings}
    board = found["board"]
    assert board.ahead == date(2026, 12, 9)
    assert topics(board.topics)["Waivers that end"] == [
        "s: OM304, ends on 2026-11-22: More join",
        "s: OM305, ended on 2026-11-01: It is fine",
    ]
    assert topics(board.topics)["Temporary roles that end"] == [
        "lead: Lead, held for a time, ends on 2026-11-25",
        "past: Past, held for a time, ended on 2026-11-01",
    ]
    assert (
        "closed: due on 2026-11-26: Is due next week"
        in topics(board.topics)["Actions that fall due"]
    )


def test_what_no_review_takes_up_is_said(full: Opened) -> None:
    found = week(full)
    assert found.elsewhere == ("board",)
    assert found.undated == ("someday",)
    assert topics(found.rest) == {
        "Waivers that end": [
            "s: OM304, ends on 2026-11-22: More join",
            "s: OM305, ended on 2026-11-01: It is fine",
        ],
        "Temporary roles that end": ["past: Past, held for a time, ended on 2026-11-01"],
    }
    alone = week(full)._replace(meetings=())
    assert alone.sunday == date(2026, 11, 22)


def test_without_reviews_everything_is_left(opened: Open) -> None:
    text = FULL.partition("reviews:")[0].replace("policy: policies/own.yaml\n", "")
    found = week(opened(text))
    assert found.meetings == ()
    assert set(topics(found.rest)) == {
        "Open incidents", "Actions that are overdue", "Actions that fall due",
        "Experiments in flight", "Gates before them", "Temporary roles that end",
        "Runbooks due for review", "Kill switches due for a drill",
    }  # fmt: skip
    assert "No review meets this week." in page(opened(text))


def test_the_page(full: Opened) -> None:
    text = page(full)
    for part in (
        "Reviews of fixture: 2026-11-16 to 2026-11-22",
        "When: Mon 2026-11-16 09:00; Wed 2026-11-18 09:00; Fri 2026-11-20 09:00, 15 minutes each",
        "When: Thu 2026-11-19 10:00, 30 minutes Chair: Ana Attendees: Ben",
        "When: Sun 2026-11-15 16:30 (Mon 2026-11-16 00:30 Asia/Tokyo)",
        "Cost m: What an answer costs. (Ana) gone",
        "No agenda is written down.",
        "closed, due on 2026-11-19: Was late (Ana)",
        "Not this week: board.",
        "Nothing says from when these meet (starts): someday.",
        "In no review of this week",
        "s, OM304, ends on 2026-11-22: More join (Ana)",
    ):
        assert part in text, part


def test_the_week_is_that_of_the_readers_zone(full: Opened) -> None:
    sunday_night = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert week(full, sunday_night, "UTC").monday == date(2026, 11, 16)
    assert week(full, sunday_night, "Europe/Berlin").monday == date(2026, 11, 23)
    assert "Times are those of America/New_York" in page(full, zone="America/New_York")


def test_a_review_without_a_time(opened: Open) -> None:
    registry = opened("reviews: {r: {kind: other, every: 1w, starts: 2026-11-02}}\n")
    assert "When: Mon 2026-11-16, no time given" in page(registry)


def test_no_review_floods_the_page(opened: Open) -> None:
    registry = opened("reviews: {r: {kind: other, every: 1m, starts: 2026-11-02T00:00}}\n")
    (only,) = week(registry).meetings
    assert len(only.sessions) == MAX_SESSIONS


def test_what_did_not_load_is_not_called_due(opened: Open) -> None:
    registry = opened(
        "runbooks: {r: {reviewed: 7}}\nkill_switches: {k: {drilled: 7}}\n"
        "incidents: {i: {title: x, severity: sev1, resolved: soon}}\n"
    )
    assert week(registry).rest == ()
    made = publish(registry, "reviews", "md", Options(AT))
    assert any("3 fields could not be read" in note for note in made.notes)
    assert "3 fields could not be read" in Rendered(made.files["reviews.md"].decode()).text


def test_every_review_of_an_example_recurs(example: Opened) -> None:
    for review in example.workspace.all(Review).values():
        assert recurrence(review, "UTC") is not None


def test_governance_looks_at_how_fast_incidents_were_noticed(opened: Open) -> None:
    text = """
severities: {sev1: {detect_within: 15m}}
incidents:
  late:
    {title: Late, severity: sev1, started: 2026-11-10T08:00Z, detected: 2026-11-10T08:32Z,
     resolved: 2027-11-10T08:00Z, tags: [access]}
reviews:
  board: {kind: governance, every: 1w, starts: 2026-11-02T09:00}
  triage: {kind: triage, every: 1d, starts: 2026-11-02T09:00}
"""
    topics = {
        (meeting.id, topic.title): [entry.text for entry in topic.entries]
        for meeting in week(opened(text)).meetings
        for topic in meeting.topics
    }
    assert topics["board", "How fast incidents were noticed and mitigated"] == [
        "sev1: detected 32m after it started (15m allowed), too late; tags: access"
    ]
    # What is said to be resolved next year is open.
    assert topics["triage", "Open incidents"] == [
        "sev1, open since 2026-11-10T08:00Z: Late; tags: access"
    ]
