"""A first registry from what is deployed: what it holds, what it marks, and that it loads."""

from pathlib import Path

import pytest

from registry.audit.join import audited
from registry.checks.engine import check, open_registry
from registry.deployed.draft import draft, guesses, slug
from registry.deployed.model import (
    CatalogueUser,
    Deployed,
    DeployedAlert,
    Group,
    Integration,
    PagerLayer,
    PagerPolicy,
    PagerSchedule,
    PagerService,
    PagerStep,
    PagerUser,
    Receiver,
    Route,
    Router,
    Text,
    Where,
)
from registry.output.yaml import Entry, scalar, yaml_file
from registry.span import Position, Span
from registry.workspace.options import Options
from tests.conftest import AT

W = Where("rules.yml", Span(Position(7, 1), Position(7, 2)))


def texts(**values: str) -> dict[str, Text]:
    return {key: Text(value, W) for key, value in values.items()}


def router(*receivers: Receiver) -> Router:
    return Router(W, "prometheus", Route("a", W), {one.name: one for one in receivers})


def paged() -> Deployed:
    layer = PagerLayer(
        "Day", ("U1", "U2"), "2026-01-05T09:00:00", None, "2026-01-05T09:00:00", 604_800
    )
    odd = PagerLayer("Odd", ("U9",), "2026-01-05T09:00:00", None, "2026-01-05T09:00:00", 3600)
    return Deployed(
        users=(PagerUser("U1", W, "Ana Ruiz", "ana@acme.example"), PagerUser("U2", W)),
        schedules=(
            PagerSchedule(
                "S1", W, "Primary", "Europe/Madrid", ("U1", "U2"), (layer, odd),
                (("U2", "2026-01-07T00:00:00", "2026-01-08T00:00:00"), ("U9", "a", "b")),
            ),
        ),
        policies=(
            PagerPolicy(
                "P1", W, "Default",
                (PagerStep(0, (("schedule", "S1"),), W), PagerStep(10, (("user", "U1"), ("user", "U9")), W)),
                2,
            ),
        ),
        services=(PagerService("SV1", W, "assistant", "P1"),),
        groups=(
            Group("group:default/db", W, "Databases", ("user:default/bo",), "user:default/bo"),
            Group("group:default/empty", W),
        ),
        catalogue_users=(
            CatalogueUser("user:default/ana", W, "Ana", "ANA@acme.example", ("group:default/db",)),
            CatalogueUser("user:default/bo", W, "", "bo@acme.example"),
            CatalogueUser("user:default/cy", W, "Cy Oduya"),
        ),
        alerts=(
            DeployedAlert("HighLoad", W, expr=Text("up == 0", W),
                          labels=texts(severity="critical", team="db", host="{{ $labels.host }}"),
                          annotations=texts(runbook_url="https://r.example/x")),
            DeployedAlert("HighLoad", W, labels=texts(severity="info")),
            DeployedAlert("Slow", W, labels=texts(severity="warning", team="web")),
            DeployedAlert("Odd", W, labels=texts(priority="strange", owner="web")),
            DeployedAlert("??", W),
            DeployedAlert("Bare", W, labels=texts(team="{{ $labels.team }}")),
        ),
        routers=(
            router(
                Receiver("pager", W, (Integration("pagerduty", W, "assistant", "SV1"),)),
                Receiver("other-pager", W, (Integration("pagerduty", W),)),
                Receiver("room", W, (Integration("slack", W, "#db"),)),
                Receiver("hook", W, (Integration("webhook", W),)),
                Receiver("null", W),
            ),
            router(Receiver("room", W)),
        ),
    )  # fmt: skip


def test_everything_that_was_read(tmp_path: Path) -> None:
    files = draft(paged(), "Our Team!", "pilot")
    assert list(files)[-1] == "opmodel.yaml"
    assert files["opmodel.yaml"].endswith(b"opmodel: 1\nname: our-team\nstage: pilot\n")
    people = files["people.yaml"].decode()
    assert "  ana-ruiz:  # from rules.yml:7\n    name: Ana Ruiz\n" in people
    assert "email: ana@acme.example" in people
    assert (
        "  db:  # from rules.yml:7\n    name: Databases\n    lead: bo\n    members: [bo, ana-ruiz]\n"
        in people
    )
    assert "    # confirm a team? 1 alert says `owner: web`\n" in people
    oncall = files["oncall.yaml"].decode()
    assert "- {name: day, participants: [ana-ruiz, u2], start: " in oncall
    assert 'every: "1w"}' in oncall
    assert (
        "    # confirm the layer `Odd` is not carried over: the user `U9` was not read\n" in oncall
    )
    assert "    # confirm the user `U9` is in none of the files that were read\n" in oncall
    assert 'repeat_after: "10m"' in oncall
    bindings = files["bindings.yaml"].decode()
    assert "    receiver: pager\n    means: default\n" in bindings
    assert "other-pager" not in bindings
    assert '    owner: "group:default/db"\n    means: db\n' in bindings
    alerts = files["alerts.yaml"].decode()
    assert (
        "  high-load:  # from rules.yml:7\n    # confirm `severity`, `response`: from the label `critical`\n"
        in alerts
    )
    assert "labels: {severity: critical, team: db}" in alerts
    assert guesses(files.values()) == sum(text.count(b"# confirm ") for text in files.values()) > 10
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    found = check(str(tmp_path), Options(AT, select="OM00"))
    assert [(one.code, one.message) for one in found.diagnostics] == []


def test_what_two_files_repeat_is_drafted_once() -> None:
    once = paged()
    twice = once._replace(
        users=once.users * 2,
        schedules=once.schedules * 2,
        policies=once.policies * 2,
        groups=once.groups * 2,
        catalogue_users=once.catalogue_users * 2,
    )
    assert draft(twice, "x", "poc") == draft(once, "x", "poc")


def test_an_audit_finds_every_alert_that_was_drafted(tmp_path: Path) -> None:
    """By their names, where those lead to one id; else by bindings."""
    names = ("HighLoad", "Load > 80% (cpu)", "Disk_Full", "DiskFull", "load-80-gpu")
    deployed = Deployed(alerts=tuple(DeployedAlert(name, W) for name in names))
    files = draft(deployed, "x", "poc")
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    opened = open_registry(str(tmp_path), Options(AT))
    assert not opened.problems
    joined = audited(opened.workspace, opened.policy, deployed, 0)
    assert [row.registry_alert for row in joined.rows] == [
        "high-load", "load-80-cpu", "disk_full", "disk-full", "load-80-gpu",
    ]  # fmt: skip
    assert joined.undeployed == ()
    assert files["bindings.yaml"].decode().count("    label: alertname\n") == 3


def test_nothing_gives_a_manifest_alone() -> None:
    assert draft(Deployed(), "...", "poc") == {
        "opmodel.yaml": draft(Deployed(), "ours", "poc")["opmodel.yaml"]
    }


@pytest.mark.parametrize(
    ("restrictions", "hours"),
    [
        ((("09:00:00", None, 28_800),), 'hours: [{from: "09:00", to: "17:00"}]'),
        ((("20:00:00", None, 43_200),), 'hours: [{from: "20:00", to: "08:00"}]'),
        ((("18:00:00", 5, 223_200),), 'hours: [{days: [fri], from: "18:00", to: "08:00", to_day: mon}]'),
        ((("20:00:00", 1, 43_200),), 'hours: [{days: [mon], from: "20:00", to: "08:00"}]'),
        ((("08:00:00", 1, 90_000),), 'hours: [{days: [mon], from: "08:00", to: "09:00", to_day: tue}]'),
    ],
)  # fmt: skip
def test_restrictions_become_hours(
    restrictions: tuple[tuple[str, int | None, int], ...], hours: str
) -> None:
    layer = PagerLayer(
        "L", ("U1",), "a", "2027-01-05T09:00:00", "2026-01-05T09:00:00", 86_400, restrictions
    )
    found = draft(
        Deployed(users=(PagerUser("U1", W),), schedules=(PagerSchedule("S", W, layers=(layer,)),)),
        "x", "poc",
    )  # fmt: skip
    assert hours in found["oncall.yaml"].decode()


@pytest.mark.parametrize(
    "restriction", [("09:00:00", None, 90_000), ("09:00:00", 1, 30), ("09:00:00", 1, 700_000)]
)
def test_restrictions_that_fit_no_window(restriction: tuple[str, int | None, int]) -> None:
    layer = PagerLayer("L", ("U1",), "a", None, "2026-01-05T09:00:00", 3600, (restriction,))
    found = draft(
        Deployed(users=(PagerUser("U1", W),), schedules=(PagerSchedule("S", W, layers=(layer,)),)),
        "x", "poc",
    )  # fmt: skip
    assert b"`L` is not carried over: its hours fit no window" in found["oncall.yaml"]


@pytest.mark.parametrize("turn", [0, 5400])
def test_turns_that_are_no_hours(turn: int) -> None:
    layer = PagerLayer("L", ("U1",), "a", None, "2026-01-05T09:00:00", turn)
    found = draft(
        Deployed(users=(PagerUser("U1", W),), schedules=(PagerSchedule("S", W, layers=(layer,)),)),
        "x", "poc",
    )  # fmt: skip
    assert b"`L` is not carried over: its turns of " in found["oncall.yaml"]


@pytest.mark.parametrize(
    ("name", "id_"),
    [("GroundednessDrop", "groundedness-drop"), ("HTTPErrors", "http-errors"), ("a b", "a-b"),
     ("日本", ""), ("-x-", "x"), ("x" * 200, "x" * 128)],
)  # fmt: skip
def test_slugs(name: str, id_: str) -> None:
    assert slug(name) == id_


def test_ids_that_are_taken_get_a_number() -> None:
    users = tuple(PagerUser(f"U{n}", W, "Ana") for n in range(3))
    found = draft(Deployed(users=users), "x", "poc")["people.yaml"].decode()
    assert [line for line in found.split("\n") if line.endswith("rules.yml:7")] == [
        "  ana:  # from rules.yml:7", "  ana-2:  # from rules.yml:7",
        "  ana-3:  # from rules.yml:7",
    ]  # fmt: skip


def test_text_is_written_as_text() -> None:
    assert [scalar(one) for one in ("a b", "yes", "true", "12:30", "@x", "a: b", "", 3, True)] == [
        "a b", "yes", '"true"', '"12:30"', '"@x"', '"a: b"', '""', "3", "true",
    ]  # fmt: skip
    empty = yaml_file({"people": {"a": Entry({}, "x\n:1")}, "teams": {}})
    assert empty == "people:\n  a: {}  # from x :1\n"
