"""Opsgenie's REST JSON: by hand, spoilt, and real answers."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as when

from registry.deployed.model import Deployed, PagerLayer
from registry.deployed.readers.opsgenie import READER
from registry.source.foreign import documents
from tests.deployed.readers.fuzzed import bears, given, parsed, spoilt, values

TEAM = {"id": "T1", "name": "search"}
ROTATION = {
    "id": "R1",
    "name": "Week",
    "startDate": "2026-01-05T09:00:00Z",
    "endDate": None,
    "type": "weekly",
    "length": 2,
    "participants": [{"type": "user", "id": "U1"}, {"type": "user", "id": "U2"}],
}
SCHEDULE = {
    "id": "S1",
    "name": "Primary",
    "timezone": "Europe/Berlin",
    "enabled": True,
    "ownerTeam": TEAM,
    "rotations": [ROTATION],
}


def rule(kind: str, id_: str, amount: Any, unit: str = "minutes") -> dict[str, Any]:
    return {
        "delay": {"timeAmount": amount, "timeUnit": unit},
        "recipient": {"type": kind, "id": id_},
    }


def answer(*records: Any) -> dict[str, Any]:
    return {"data": list(records), "took": 0.1, "requestId": "r"}


def reasons(found: Deployed) -> list[str]:
    return [one.reason for one in found.not_read]


def test_users_and_teams() -> None:
    user = {"id": "U1", "username": "ada@acme.example", "fullName": "Ada Obi"}
    login = {"id": "U2", "username": "ben"}
    member = {"user": {"id": "U1"}, "role": "admin"}
    team = TEAM | {"members": [member, {"role": "user"}, member]}
    bare = {"id": "T2", "name": "", "links": {"api": "https://api.example/v2/teams/T2"}}
    found = given(READER, answer(user, login, team, bare))
    assert [(one.id, one.name, one.email) for one in found.users] == [
        ("U1", "Ada Obi", "ada@acme.example"),
        ("U2", "ben", None),
    ]
    assert [(one.name, one.members) for one in found.groups] == [("search", ("U1",)), ("T2", ())]
    assert found.not_read == ()


def test_a_schedule() -> None:
    (schedule,) = given(READER, {"data": SCHEDULE, "took": 1}).schedules
    assert (schedule.id, schedule.name, schedule.zone, schedule.users) == (
        "S1",
        "Primary",
        "Europe/Berlin",
        ("U1", "U2"),
    )
    start = "2026-01-05T09:00:00Z"
    assert schedule.layers == (PagerLayer("Week", ("U1", "U2"), start, None, start, 1_209_600),)


@pytest.mark.parametrize(
    ("restriction", "hours"),
    [
        (
            {
                "type": "time-of-day",
                "restriction": {"startHour": 9, "startMin": 30, "endHour": 17, "endMin": 0},
            },
            (("09:30:00", None, 27000),),
        ),
        (
            {"type": "time-of-day", "restriction": {"startHour": 18, "endHour": 9}},
            (("18:00:00", None, 54000),),
        ),
        (
            {"type": "time-of-day", "restriction": {"startHour": 0, "endHour": 24}},
            (("00:00:00", None, 86400),),
        ),
        (
            {
                "type": "weekday-and-time-of-day",
                "restrictions": [
                    {
                        "startDay": "monday",
                        "startHour": 9,
                        "startMin": 0,
                        "endDay": "friday",
                        "endHour": 17,
                        "endMin": 0,
                    },
                    {"startDay": "Sunday", "startHour": 24, "endDay": "monday", "endHour": 6},
                ],
            },
            (("09:00:00", 1, 374400), ("00:00:00", 1, 21600)),
        ),
    ],
)
def test_when_a_rotation_is_on_call(restriction: Any, hours: Any) -> None:
    found = given(
        READER, answer(SCHEDULE | {"rotations": [ROTATION | {"timeRestriction": restriction}]})
    )
    assert found.schedules[0].layers[0].restrictions == hours
    assert found.not_read == ()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ({"participants": []}, "its participants"),
        ({"participants": [{"type": "team", "id": "T1"}]}, "its participants"),
        ({"startDate": None}, "when it begins"),
        ({"type": "yearly"}, "the length of a turn"),
        ({"length": "x"}, "the length of a turn"),
        ({"timeRestriction": {"type": "time-of-day"}}, "its time restriction"),
        (
            {
                "timeRestriction": {
                    "type": "time-of-day",
                    "restriction": {"startHour": 25, "endHour": 1},
                }
            },
            "its time restriction",
        ),
        (
            {"timeRestriction": {"type": "weekday-and-time-of-day", "restrictions": []}},
            "its time restriction",
        ),
        (
            {
                "timeRestriction": {
                    "type": "weekday-and-time-of-day",
                    "restrictions": [
                        {"startDay": "x", "startHour": 1, "endDay": "monday", "endHour": 2}
                    ],
                }
            },
            "its time restriction",
        ),
    ],
)
def test_a_rotation_that_cannot_be_told(spoil: dict[str, Any], reason: str) -> None:
    found = given(READER, answer(SCHEDULE | {"rotations": [ROTATION | spoil]}))
    assert found.schedules[0].layers == ()
    assert reasons(found) == [f"the rotation `Week`: {reason} cannot be told"]


def test_what_no_list_of_layers_can_say() -> None:
    found = given(
        READER,
        answer(
            SCHEDULE | {"rotations": [ROTATION, ROTATION]},
            SCHEDULE | {"id": "S2", "enabled": False},
        ),
    )
    assert [len(one.layers) for one in found.schedules] == [2, 0]
    assert reasons(found) == [
        "the schedule `Primary` has 2 rotations: Opsgenie tells who is on call in each, not in one of them",
        "the schedule `Primary` is switched off: nobody is on call in it",
    ]


def test_an_escalation() -> None:
    rules = [rule("user", "U1", 1, "hours"), rule("schedule", "S1", 0), rule("user", "U2", 60)]
    record = {
        "id": "E1",
        "name": "Search",
        "ownerTeam": TEAM,
        "rules": rules,
        "repeat": {"count": 3},
    }
    (policy,) = given(READER, answer(record)).policies
    assert (policy.id, policy.name, policy.repeats) == ("E1", "Search", 3)
    assert [(one.after_minutes, one.targets) for one in policy.steps] == [
        (0, (("schedule", "S1"),)),
        (60, (("user", "U1"), ("user", "U2"))),
    ]


def test_rules_that_cannot_be_told() -> None:
    rules = [
        rule("team", "T1", 0),
        rule("user", "", 0),
        rule("user", "U1", None),
        rule("user", "U1", 1, "moons"),
    ]
    found = given(READER, answer({"id": "E1", "ownerTeam": TEAM, "rules": rules}))
    assert found.policies[0].steps == ()
    assert reasons(found) == [
        "a rule that tells neither a user nor a schedule with an id",
        "a rule that tells neither a user nor a schedule with an id",
        "a rule without a delay that can be told",
        "a rule without a delay that can be told",
    ]


def test_what_is_left_aside() -> None:
    override = {
        "alias": "a",
        "user": {"id": "U1"},
        "startDate": "a",
        "endDate": "b",
        "rotations": [],
    }
    document = answer({"id": "X", "type": "API"}, override, {"username": "ada"}) | {
        "paging": {"next": "https://api.example/"}
    }
    found = given(READER, document)
    assert reasons(found) == [
        "an override whose schedule the answer does not name",
        "a user without an id",
    ]
    assert [one[1:] for one in found.skipped] == [
        ("records of Opsgenie of other kinds", 1),
        ("pages of lists that go on after them", 1),
    ]
    assert [one[1:] for one in given(READER, answer()).skipped] == [
        ("answers that hold nothing", 1)
    ]


@pytest.mark.parametrize(
    "document", [{"data": []}, {"took": 1}, {"kind": "ConfigMap", "data": {"a": "b"}}, [], "data"]
)
def test_other_programs_documents(document: Any) -> None:
    assert not any(map(READER.recognizes, parsed(document)))


SAMPLE = answer(
    {"id": "U1", "username": "ada@acme.example"},
    SCHEDULE
    | {
        "rotations": [
            ROTATION
            | {
                "timeRestriction": {
                    "type": "time-of-day",
                    "restriction": {"startHour": 1, "endHour": 2},
                }
            }
        ]
    },
    {"id": "E1", "ownerTeam": TEAM, "rules": [rule("user", "U1", 5)], "repeat": {"count": 1}},
)


@when(spoilt(SAMPLE))
def test_a_spoilt_answer(document: Any) -> None:
    bears(READER, document)


WORDS = {
    "data", "took", "id", "name", "rotations", "participants", "type", "user", "startDate", "rules", "ownerTeam", "delay",
    "recipient", "timeRestriction", "time-of-day", "restriction", "startHour", "endHour", "members", "username", "weekly", "length",
}  # fmt: skip


@pytest.mark.no_cover
@when(values(WORDS))
def test_any_document(document: Any) -> None:
    bears(READER, document)
    bears(READER, {"data": document, "took": 1})


@pytest.mark.corpus
def test_every_real_answer(corpus: Path) -> None:
    folder = corpus / "firehydrant+signals-migrator/pager/testdata/TestOpsgenie/apiserver"
    counts = {}
    for path in sorted(folder.glob("*.json")):
        assert READER.read is not None
        found = READER.read(
            path.name, [one for one in documents(path.read_bytes()) if READER.recognizes(one)]
        )
        counts[path.name.split(".")[0][:24]] = {
            key: len(value) for key, value in found._asdict().items() if value
        }
    assert counts == {
        "v2-escalations": {"policies": 2},
        "v2-schedules-3fee43f2-02": {"not_read": 2},
        "v2-schedules-expand-rota": {"schedules": 1},
        "v2-teams": {"groups": 1},
        "v2-teams-b7acbc33-9853-4": {"groups": 1},
        "v2-users": {"users": 2},
    }
