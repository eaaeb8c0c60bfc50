"""PagerDuty's REST JSON: by hand, spoilt, and real exports against an oracle of who is on call."""

import csv
from collections import Counter
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as when

from registry.deployed.model import PagerLayer, PagerSchedule, Skipped
from registry.deployed.readers.pagerduty import READER
from registry.source.foreign import documents
from tests.deployed.readers.fuzzed import bears, given, parsed, spoilt, values

FOLDER = "firehydrant+signals-migrator/pager/testdata"


def user(id_: str, name: str = "") -> dict[str, Any]:
    return {"id": id_, "type": "user_reference", "summary": name}


LAYER = {
    "name": "Days",
    "start": "2026-01-05T09:00:00Z",
    "end": None,
    "rotation_virtual_start": "2026-01-05T09:00:00Z",
    "rotation_turn_length_seconds": 604800,
    "users": [{"user": user("PU1")}, {"user": user("PU2")}],
    "restrictions": [
        {"type": "daily_restriction", "start_time_of_day": "09:00:00", "duration_seconds": 28800},
        {
            "type": "weekly_restriction",
            "start_time_of_day": "10:00:00",
            "duration_seconds": 60,
            "start_day_of_week": 0,
        },
    ],
}
SAMPLE: dict[str, Any] = {
    "users": [
        {
            "id": "PU1",
            "type": "user",
            "summary": "Ada",
            "name": "Ada Obi",
            "email": "ada@acme.example",
            "teams": [{"id": "PT1"}],
        },
        {"id": "PU2", "type": "user", "summary": "Ben Ray", "teams": []},
    ],
    "teams": [{"id": "PT1", "type": "team", "summary": "Search", "name": "Search"}],
    "schedule": {
        "id": "PS1",
        "name": "Primary",
        "time_zone": "Europe/Berlin",
        "users": [user("PU1"), user("PU3")],
        "schedule_layers": [LAYER | {"name": "Top"}, LAYER],
        "overrides": [
            {"start": "2026-02-01T00:00:00Z", "end": "2026-02-02T00:00:00Z", "user": user("PU2")}
        ],
        "overrides_subschedule": {
            "rendered_schedule_entries": [
                {
                    "start": "2026-02-01T00:00:00Z",
                    "end": "2026-02-02T00:00:00Z",
                    "user": user("PU2"),
                }
            ]
        },
    },
    "escalation_policies": [
        {
            "id": "PE1",
            "name": "Search pages",
            "num_loops": 2,
            "escalation_rules": [
                {
                    "escalation_delay_in_minutes": 15,
                    "targets": [{"id": "PS1", "type": "schedule_reference"}],
                },
                {
                    "escalation_delay_in_minutes": 20,
                    "targets": [{"id": "PU1", "type": "user"}, user("PU2")],
                },
                {"escalation_delay_in_minutes": 5, "targets": []},
            ],
        }
    ],
    "services": [
        {
            "id": "PX1",
            "name": "Search",
            "escalation_policy": {"id": "PE1"},
            "integrations": [{"integration_key": "hidden"}],
        }
    ],
    "limit": 25,
    "offset": 0,
    "more": True,
}


def test_an_export_of_everything() -> None:
    found = given(READER, SAMPLE)
    assert [(one.id, one.name, one.email) for one in found.users] == [
        ("PU1", "Ada Obi", "ada@acme.example"),
        ("PU2", "Ben Ray", None),
    ]
    assert [(one.name, one.members) for one in found.groups] == [("Search", ("PU1",))]
    assert [(one.id, one.name, one.policy) for one in found.services] == [("PX1", "Search", "PE1")]
    (schedule,) = found.schedules
    assert (schedule.id, schedule.name, schedule.zone) == ("PS1", "Primary", "Europe/Berlin")
    assert schedule.users == ("PU1", "PU3", "PU2")
    assert schedule.overrides == (("PU2", "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"),)
    assert found.skipped == (Skipped("export.json", "pages of lists that go on after them", 1),)
    assert found.not_read == ()
    assert "hidden" not in repr(found)


def test_layers_are_listed_from_the_base() -> None:
    (schedule,) = given(READER, SAMPLE).schedules
    assert [one.name for one in schedule.layers] == ["Days", "Top"]
    start = "2026-01-05T09:00:00Z"
    hours = (("09:00:00", None, 28800), ("10:00:00", 7, 60))
    assert schedule.layers[0] == PagerLayer(
        "Days", ("PU1", "PU2"), start, None, start, 604800, hours
    )


def test_a_step_begins_after_the_delays_before_it() -> None:
    (policy,) = given(READER, SAMPLE).policies
    assert (policy.id, policy.name, policy.repeats) == ("PE1", "Search pages", 2)
    assert [(one.after_minutes, one.targets) for one in policy.steps] == [
        (0, (("schedule", "PS1"),)),
        (15, (("user", "PU1"), ("user", "PU2"))),
        (35, ()),
    ]


def test_an_array_and_several_documents() -> None:
    records = [one | {"self": "https://api.example/"} for one in SAMPLE["users"]]
    text = b"\n---\n".join(repr(one).encode() for one in (records, {"users": records}))
    found = list(documents(text))
    assert all(map(READER.recognizes, found))
    assert READER.read is not None
    assert [one.id for one in READER.read("a", found).users] == ["PU1", "PU2"]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ({"users": []}, "its users"),
        ({"users": [{"user": {"deleted": True}}]}, "its users"),
        ({"rotation_virtual_start": None}, "when it begins"),
        ({"rotation_turn_length_seconds": 0}, "the length of a turn"),
        ({"rotation_turn_length_seconds": "9" * 5000}, "the length of a turn"),
        (
            {"restrictions": [{"type": "daily_restriction", "start_time_of_day": "09:00:00"}]},
            "its restrictions",
        ),
        (
            {"restrictions": [{"type": "daily_restriction", "duration_seconds": 5}]},
            "its restrictions",
        ),
        (
            {
                "restrictions": [
                    {
                        "type": "weekly_restriction",
                        "start_time_of_day": "09:00:00",
                        "duration_seconds": 5,
                    }
                ]
            },
            "its restrictions",
        ),
        (
            {
                "restrictions": [
                    {"type": "yearly", "start_time_of_day": "09:00:00", "duration_seconds": 5}
                ]
            },
            "its restrictions",
        ),
    ],
)
def test_a_layer_that_cannot_be_told(spoil: dict[str, Any], reason: str) -> None:
    schedule = SAMPLE["schedule"] | {"schedule_layers": [LAYER | spoil]}
    found = given(READER, {"schedule": schedule})
    assert found.schedules[0].layers == ()
    assert [one.reason for one in found.not_read] == [f"the layer `Days`: {reason} cannot be told"]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (
            {"overrides": [{"user": user("PU1"), "start": "a", "end": "b"}]},
            "an override whose schedule the file does not name",
        ),
        (
            {"schedule": SAMPLE["schedule"] | {"overrides": [{"start": "a"}]}},
            "an override without its user, start or end",
        ),
        (
            {"users": [*SAMPLE["users"], {"login": "x"}]},
            "an entry of `users` that is no resource of PagerDuty",
        ),
        (
            {"escalation_policy": {"id": "", "escalation_rules": []}},
            "an escalation policy without an id",
        ),
        (
            {
                "escalation_policy": {
                    "id": "E",
                    "escalation_rules": [{"targets": [{"id": "T", "type": "team"}]}, {}],
                }
            },
            "a target that is neither a user nor a schedule with an id",
        ),
        (
            {"escalation_policy": {"id": "E", "escalation_rules": [{"targets": []}, {}]}},
            "a rule without its delay: when the rules after it begin is not known",
        ),
    ],
)
def test_what_is_said_to_be_not_read(document: dict[str, Any], reason: str) -> None:
    assert reason in [one.reason for one in given(READER, document).not_read]


def test_an_empty_page_and_members() -> None:
    page = {"limit": 25, "offset": 0, "more": False}
    empty = given(READER, page | {"users": []})
    assert [one[1:] for one in empty.skipped] == [("answers that hold nothing", 1)]
    members = given(READER, page | {"members": [{"user": user("PU1"), "role": "manager"}]})
    assert [one[1:] for one in members.skipped] == [
        ("members of teams that the file does not name", 1)
    ]


@pytest.mark.parametrize(
    "document",
    [
        {"services": {"web": {"image": "nginx"}}},
        {"services": [{"id": "web", "name": "web"}]},
        {"users": [{"username": "ada"}], "_selfUrl": "https://x.example"},
        {"users": []},
        {"user": "ada"},
        {"members": ["ada"]},
        [{"type": "user"}],
        ["a"],
        "users",
    ],
)
def test_other_programs_documents(document: Any) -> None:
    assert not READER.recognizes(parsed(document)[0])


@pytest.mark.no_cover
@when(spoilt(SAMPLE))
def test_a_spoilt_export(document: Any) -> None:
    bears(READER, document)


WORDS = {
    *SAMPLE, *LAYER, *SAMPLE["schedule"], *SAMPLE["escalation_policies"][0], "id", "type", "user", "override", "overrides",
    "members", "role", "targets", "daily_restriction", "weekly_restriction", "schedule_reference", "summary", "self", "email",
}  # fmt: skip


@pytest.mark.no_cover
@when(values(WORDS))
def test_any_document(document: Any) -> None:
    bears(READER, document)


# ---- real exports ----


def read(path: Path) -> Any:
    assert READER.read is not None
    found = [one for one in documents(path.read_bytes()) if READER.recognizes(one)]
    return READER.read(path.name, found) if found else None


@pytest.mark.corpus
def test_every_real_export(corpus: Path) -> None:
    counts: Counter[str] = Counter()
    for path in sorted((corpus / FOLDER).glob("TestPagerDuty*/apiserver/*.json")):
        found = read(path)
        assert found is not None, path
        assert found.not_read == (), path
        assert any(found), path
        counts.update({key: len(value) for key, value in found._asdict().items() if value})
        for schedule in found.schedules:
            assert schedule.layers, path
            assert set(schedule.users) >= {user for one in schedule.layers for user in one.users}
    assert counts == {
        "users": 48,
        "groups": 13,
        "schedules": 24,
        "policies": 2,
        "services": 2,
        "skipped": 18,
    }


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _is_on(layer: PagerLayer, at: datetime, zone: ZoneInfo) -> bool:
    if at < _instant(layer.start) or (layer.end is not None and at >= _instant(layer.end)):
        return False
    today = at.astimezone(zone).date()
    starts = [
        (datetime.combine(day, time.fromisoformat(start), zone).timestamp(), seconds)
        for start, weekday, seconds in layer.restrictions
        for day in (today - timedelta(days=back) for back in range(8))
        if weekday in {None, day.isoweekday()}
    ]
    return not layer.restrictions or any(
        start <= at.timestamp() < start + seconds for start, seconds in starts
    )


def on_call(schedule: PagerSchedule, at: datetime) -> tuple[str, str]:
    """Who is on call and in which layer, as the fields of a schedule say it; empty for nobody."""
    assert schedule.zone is not None
    found = ("", "")
    for layer in schedule.layers:
        if _is_on(layer, at, ZoneInfo(schedule.zone)):
            turns = (at - _instant(layer.anchor)).total_seconds() // layer.turn_seconds
            found = (layer.users[int(turns) % len(layer.users)], layer.name)
    return found


@pytest.mark.corpus
def test_who_is_on_call(corpus: Path) -> None:
    schedules: dict[str, PagerSchedule] = {}
    rows = 0
    with (corpus / "ground_truth/oncall_instants.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["schedule"]
            if name not in schedules:
                (schedules[name],) = read(corpus / FOLDER / name).schedules
            assert on_call(schedules[name], _instant(row["instant_utc"])) == (
                row["on_call"],
                row["layer"],
            ), row
            rows += 1
    assert (len(schedules), rows) == (12, 1132)
