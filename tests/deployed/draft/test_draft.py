"""A first registry from what is deployed: what it holds, what it marks, and that it loads."""

import re
from pathlib import Path

import pytest

from registry.api import who
from registry.audit.join import audited
from registry.checks.engine import check, open_registry
from registry.cli._drafted import _place, _words
from registry.deployed.draft.draft import draft, guesses
from registry.deployed.draft.names import slug
from registry.deployed.draft.rules import URL
from registry.deployed.model import (
    SUPPORT_HOURS,
    CatalogueUser,
    CodeOwners,
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
    PlacedText,
    Receiver,
    Route,
    Router,
    ServiceLevel,
    Where,
)
from registry.deployed.readers.opsgenie import read as opsgenie
from registry.diagnostic import Severity
from registry.errors import CannotRunError
from registry.model.runbooks import Runbook
from registry.output.yaml import YamlEntry, scalar, yaml_file
from registry.source.foreign import documents
from registry.source.suppression import ignore_comments
from registry.span import Position, Span
from registry.workspace.options import Options
from tests.conftest import AT

W = Where("rules.yml", Span(Position(7, 1), Position(7, 2)))


def texts(**values: str) -> dict[str, PlacedText]:
    return {key: PlacedText(value, W) for key, value in values.items()}


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
                2, 10,
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
            DeployedAlert("HighLoad", W, expr=PlacedText("up == 0", W),
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
    files = draft(paged(), "Our Team!", "pilot").files
    assert list(files)[-1] == "opmodel.yaml"
    assert files["opmodel.yaml"].endswith(b"\nopmodel: 1\nname: our-team\nstage: pilot\n")
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
        "  high-load-critical-db:  # from rules.yml:7\n    # confirm `severity`, `response`: from `critical`\n"
        in alerts
    )
    assert "labels: {severity: critical, team: db}" in alerts
    assert guesses(files.values()) == sum(text.count(b"# confirm ") for text in files.values()) == 9
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    found = check(str(tmp_path), Options(AT, select="OM00"))
    assert [(one.code, one.message) for one in found.diagnostics] == []


def rule(name: str, query: str = "up == 0", **labels: str) -> DeployedAlert:
    return DeployedAlert(name, W, expr=PlacedText(query, W), labels=texts(**labels))


def drafted_alerts(*rules: DeployedAlert, words: dict[str, str] | None = None) -> dict[str, bytes]:
    return draft(Deployed(alerts=rules), "x", "poc", words=words).files


@pytest.mark.parametrize(
    ("labels", "severity", "response"),
    [
        ({"severity": "s1", "pager": "pagerduty"}, "sev1", "page"),
        ({"severity": "S2"}, "sev2", "page"),
        ({"priority": "P1"}, "sev1", "page"),
        ({"severity": "SEV-1"}, "sev1", "page"),
        ({"level": "Warning"}, "sev3", "ticket"),
        ({"severity": "s4", "pager": "pagerduty"}, "sev4", "page"),
        ({"severity": "critical", "page": "false"}, "sev1", "ticket"),
        ({"severity": "critical", "page": "{{ $labels.page }}"}, "sev1", "page"),
        ({"page": "true"}, "sev2", "page"),
        ({"severity": "Teal"}, "sev3", "ticket"),
        ({"team": "a"}, "sev4", "ticket"),
    ],
)
def test_severities_as_they_are_meant(labels: dict[str, str], severity: str, response: str) -> None:
    found = drafted_alerts(rule("A", **labels), words={"teal": "sev3", "": "sev4"})
    assert f"    severity: {severity}\n    response: {response}\n" in found["alerts.yaml"].decode()


def test_a_rule_whose_word_nobody_knows_is_left_out_and_listed() -> None:
    found = drafted_alerts(rule("Zeta", severity="teal"), rule("Bare"), rule("Quiet", pager="none"))
    assert "alerts.yaml" not in found
    manifest = found["opmodel.yaml"].decode()
    assert "the alert `Zeta`: `teal` says nothing of how grave it is\n" in manifest
    assert "the alert `Bare`: nothing says how grave it is\n" in manifest
    assert "the alert `Quiet`: nothing says" in manifest


def test_what_the_estates_words_mean_is_asked_for() -> None:
    assert _words(["Teal=sev2", "=sev4", "a=b=sev1"]) == {"teal": "sev2", "": "sev4", "a=b": "sev1"}
    for wrong in ("teal", "teal=high"):
        with pytest.raises(CannotRunError, match="no word with its severity"):
            _words([wrong])


def test_rules_of_one_name_that_differ_stay_apart(tmp_path: Path) -> None:
    """One that has fewer labels than another is told from it, too; alike ones are one alert."""
    rules = (
        rule("DiskFull", "d > 90", severity="critical", team="search"),
        rule("DiskFull", "d > 70", severity="warning", team="search"),
        rule("DiskFull", "p > 70", severity="warning", team="pay"),
        rule("DiskFull", "q > 70", severity="warning"),
        rule("DiskFull", "d > 90", severity="critical", team="search"),
        rule("Twice", "a > 1", severity="warning"),
        rule("Twice", "b > 1", severity="warning"),
    )
    files = drafted_alerts(*rules)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    opened = open_registry(str(tmp_path), Options(AT))
    assert not opened.problems
    joined = audited(opened.workspace, opened.policy, Deployed(alerts=rules), 0)
    assert [row.registry_alert for row in joined.rows] == [
        "disk-full-critical-search", "disk-full-warning-search", "disk-full-warning-pay",
        "disk-full-warning", "disk-full-critical-search", "twice", "twice",
    ]  # fmt: skip
    assert joined.undeployed == ()
    assert [row.differs for row in joined.rows] == [()] * len(rules)
    text = files["alerts.yaml"].decode()
    assert text.count("metric: disk-full-value\n") == 4
    assert (
        text.count("# confirm `bucket`, `response`, and that its 3 queries measure one thing\n")
        == 1
    )
    assert "# confirm `when`: 2 rules of this name and these labels differ in it\n" in text


def test_queries_of_one_family_are_one_metric(tmp_path: Path) -> None:
    """One asks for the alert by its own id: no metric has the same."""
    rules = (
        rule("Lag", "sum by (zone) (kafka_lag{topic='a'}) > 10", severity="warning"),
        rule(
            "LagIsLarge", 'sum by (zone) (kafka_lag{topic="a"})\n  >= bool 1e3', severity="critical"
        ),
        rule("OtherLag", "sum by (zone) (kafka_lag{topic='b'}) > 10", severity="warning"),
        rule("KafkaUp", "kafka_up == -1", severity="warning"),
        rule("kafka_up", "1 > kafka_up", severity="warning"),
        rule("Always", "vector(1) and on () hour() > 2", severity="warning"),
        rule("Unknown", severity="warning")._replace(expr=None),
    )
    found = drafted_alerts(*rules)
    for name, content in found.items():
        (tmp_path / name).write_bytes(content)
    text = found["alerts.yaml"].decode()
    metrics = re.findall(r"^    metric: (.*)$", text, re.MULTILINE)
    assert metrics == [
        "kafka_lag", "kafka_lag", "other-lag-value", "kafka-up-value", "kafka_up-value",
        "always-value", "unknown-value",
    ]  # fmt: skip
    assert text.partition("  other-lag-value:")[0].count("response: page") == 1
    assert who(tmp_path, "lag-is-large", AT).section == "alerts"


def test_a_runbook_elsewhere_is_a_link() -> None:
    annotations = texts(runbook_url="https://wiki.example/x/api-down")
    rules = [rule(name, severity="critical")._replace(annotations=annotations) for name in "AB"]
    found = drafted_alerts(*rules)
    if URL in Runbook.model_fields:
        page = 'runbooks:\n  api-down:  # from rules.yml:7\n    url: "https://wiki.example/x/api-down"\n'
        assert found["runbooks.yaml"].decode() == page
        assert found["alerts.yaml"].count(b"    runbook: api-down\n") == 2
    else:
        assert found["alerts.yaml"].count(b'    x-runbook: "https://wiki.example') == 2


def test_how_long_a_rule_waits_is_drafted() -> None:
    waits = PlacedText("10m", W)
    made = drafted_alerts(rule("A", severity="page")._replace(wait=waits))["alerts.yaml"].decode()
    assert 'when: {expr: "up == 0", for: "10m"}' in made
    made = drafted_alerts(rule("A", severity="page")._replace(wait=PlacedText("0s", W)))[
        "alerts.yaml"
    ].decode()
    assert 'when: {expr: "up == 0"}' in made
    twice = [
        rule("A", severity="page")._replace(wait=one) for one in (waits, None, PlacedText("x", W))
    ]
    made = drafted_alerts(*twice)["alerts.yaml"].decode()
    assert "# confirm `when.for`: rules of this name differ in it: `10m` and `0s`\n" in made


def test_a_condition_of_grafana_is_left_out_and_listed() -> None:
    own = rule("A", severity="page")._replace(system="grafana")
    found = draft(Deployed(alerts=(own,)), "x", "poc")
    assert "when" not in found.files["alerts.yaml"].decode()
    assert [one.reason for one in found.left_out] == [
        "of the alert `A`: `when`: what a condition of Grafana's compares has no words here"
    ]


def test_a_draft_checks_without_an_error_at_its_stage(tmp_path: Path) -> None:
    for name, content in drafted_alerts(rule("A", severity="critical", team="pay")).items():
        (tmp_path / name).write_bytes(content)
    found = check(str(tmp_path), Options(AT))
    assert [one.code for one in found.diagnostics if one.severity is Severity.ERROR] == []


def test_whom_code_owners_and_objectives_name_is_drafted(tmp_path: Path) -> None:
    """Those of a catalogue are not drafted again; what a pattern means is left out, and listed."""
    owners = tuple(PlacedText(one, W) for one in ("@acme/search", "@ada", "ben@acme.example"))
    level = ServiceLevel("fast", W, "finder", "Fast", "99.5", "28d", PlacedText("search", W))
    deployed = Deployed(
        code_owners=(CodeOwners("*", owners, W), CodeOwners("/x/", owners[:1], W)),
        catalogue_users=(CatalogueUser("user:default/ben", W, "Ben", "ben@acme.example"),),
        levels=(
            level,
            level._replace(name="slow", owner=PlacedText("user:default/cyd", W), target=None,
                           window="1 quarter", service="", title=""),
        ),
    )  # fmt: skip
    found = draft(deployed, "x", "poc")
    for name, content in found.files.items():
        (tmp_path / name).write_bytes(content)
    opened = open_registry(str(tmp_path), Options(AT))
    assert not opened.problems
    people = found.files["people.yaml"].decode()
    assert (
        "# confirm a team? 2 lines of CODEOWNERS name `@acme/search`\n    name: search\n" in people
    )
    assert "# confirm a team? 1 objective names `search`\n" in people
    assert "# confirm a person? 1 line of CODEOWNERS names `@ada`\n    name: ada\n" in people
    assert people.count("ben@acme.example") == 1
    assert "  cyd:  # from" in people
    assert found.files["objectives.yaml"].decode() == (
        "objectives:\n  finder-fast:  # from rules.yml:7\n    metric: finder-fast\n"
        '    target: {at_least: "99.5%"}\n    window: "28d"\n'
        "  slow:  # from rules.yml:7\n    # confirm its target is not told\n"
        "    # confirm its window `1 quarter` has no words here\n    metric: slow\n"
    )
    reason = "2 patterns of CODEOWNERS: which components they mean is not told"
    assert [one.reason for one in found.left_out] == [reason]


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
    deployed = Deployed(
        alerts=tuple(DeployedAlert(name, W, labels=texts(severity="P1")) for name in names)
    )
    files = draft(deployed, "x", "poc").files
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


USERS = (PagerUser("U1", W, "Ana"), PagerUser("U2", W, "Bo"))
BOTH = (("user", "U1"), ("user", "U2"))


def oncall(*policies: PagerPolicy) -> str:
    return draft(Deployed(users=USERS, policies=policies), "x", "poc").files["oncall.yaml"].decode()


def test_a_policy_begins_again_when_the_file_says() -> None:
    """The wait is from the policy's own last step, which may be none of the draft's."""
    first, last = PagerStep(0, BOTH, W), PagerStep(5, (("user", "U9"),), W)
    assert 'repeat: 2\n    repeat_after: "10m"\n' in oncall(
        PagerPolicy("P", W, "", (first,), 2, 10)
    )
    assert 'repeat_after: "15m"\n' in oncall(PagerPolicy("P", W, "", (first, last), 2, 10))
    untold = oncall(PagerPolicy("P", W, "", (first,), 2))
    assert "# confirm `repeat: 2` is left out: after how long is not told\n" in untold
    assert "repeat_after" not in untold


def test_round_robin_is_no_page_to_all() -> None:
    found = oncall(PagerPolicy("P", W, "", (PagerStep(0, BOTH, W, True), PagerStep(9, BOTH, W))))
    assert '{after: "0m", pick: one, notify: [ana, bo]}' in found
    assert '- {after: "9m", notify: [ana, bo]}\n' in found
    alone = oncall(PagerPolicy("P", W, "", (PagerStep(0, BOTH[:1], W, True),)))
    assert '- {after: "0m", notify: [ana]}\n' in alone


def test_what_has_no_words_is_listed_with_its_place() -> None:
    """On the entity, in the manifest, and to whoever drafts."""
    found = draft(
        Deployed(
            users=(*USERS, PagerUser("U3", W, "Cy", "cy@acme.example", True)),
            policies=(PagerPolicy("P", W, "Pay", (), aside=("the rule after 5m: `next`",)),),
            services=(PagerService("S", W, "pay", "P", (SUPPORT_HOURS,)),),
            routers=(router(Receiver("r", W, (Integration("pagerduty", W, "pay", "S"),))),),
        ),
        "x", "poc",
    )  # fmt: skip
    assert [one.reason.partition(":")[0] for one in found.left_out] == [
        "of `Cy`", "of the escalation `Pay`", "of the service `pay`",
    ]  # fmt: skip
    manifest = found.files["opmodel.yaml"].decode()
    assert (
        "# left out, rules.yml:7: of the escalation `Pay`: the rule after 5m: `next`\n" in manifest
    )
    assert "# confirm its urgency follows `support_hours`" in found.files["bindings.yaml"].decode()
    people = found.files["people.yaml"].decode()
    assert "is blocked in the pager" in people
    assert "cy@" not in people
    assert "U3" not in people


CHOICE = """{"took": 1, "data": [
{"id": "u1", "username": "a@x.example", "fullName": "Ana"},
{"id": "u2", "username": "b@x.example", "fullName": "Bo"},
{"id": "t", "name": "Ops", "members": [{"user": {"id": "u1"}}, {"user": {"id": "u2"}}]},
{"id": "e", "name": "Pay", "ownerTeam": {}, "rules": [%s]}]}"""
RULE = (
    '{"delay": {"timeAmount": %d}, "notifyType": "%s", "recipient": {"type": "%s", "id": "%s"%s}}'
)
TEAM = ', "name": "Ops"'


@pytest.mark.parametrize(
    ("rules", "steps", "aside"),
    [
        ([(0, "random", "team", "t", TEAM)], ['{after: "0m", pick: one, notify: [ana, bo]}'], 0),
        ([(0, "all", "team", "t", TEAM)], ['{after: "0m", notify: [ana, bo]}'], 0),
        ([(0, "random", "team", "t", ""), (5, "default", "user", "u1", "")],
         ['{after: "5m", notify: [ana]}'], 0),
        ([(0, "random", "team", "t", TEAM), (0, "default", "user", "u1", "")],
         ['{after: "0m", pick: one, notify: [ana, bo]}'], 1),
        ([(0, "default", "user", "u1", ""), (0, "random", "team", "t", TEAM)],
         ['{after: "0m", notify: [ana]}'], 1),
        ([(0, "random", "team", "t", TEAM), (0, "all", "team", "t", TEAM)],
         ['{after: "0m", pick: one, notify: [ana, bo]}'], 1),
    ],
)  # fmt: skip
def test_who_of_a_team_is_told(
    rules: list[tuple[int, str, str, str, str]], steps: list[str], aside: int
) -> None:
    text = CHOICE % ", ".join(RULE % one for one in rules)
    found = draft(opsgenie("o.json", tuple(documents(text.encode()))), "x", "poc")
    made = found.files["oncall.yaml"].decode()
    assert re.findall(r"\{after.*\}", made) == steps
    assert made.count("beside others, one is chosen by chance") == aside
    assert ("the team `t` is in none of the files" in made) is ('"name": "Ops"}}' not in text)


def test_how_opsgenie_notifies_otherwise_is_said() -> None:
    rule = '{"delay": {"timeAmount": %d}, "recipient": {"type": "user", "id": "u"}%s}'
    rules = ", ".join(
        [rule % (0, ""), rule % (5, ', "notifyType": "next"'), rule % (9, ', "condition": "if-not-closed"')]
    )  # fmt: skip
    text = '{"data": [{"id": "e", "name": "e", "ownerTeam": {}, "rules": [%s], "repeat": {"count": 1, "waitInterval": 7}}]}'
    found = opsgenie("e.json", tuple(documents((text % rules).encode())))
    (policy,) = found.policies
    assert [one.after_minutes for one in policy.steps] == [0]
    assert [one.split(":")[0] for one in policy.aside] == ["the rule after 5m", "the rule after 9m"]
    assert policy.wait_minutes == 7


def test_a_place_is_shown_without_the_machines_folders(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    names = [str(tmp_path / "in" / "a.yml"), "in/a.yml", "/elsewhere/b.yml", "../home/b.yml"]
    assert [_place(Where(name)) for name in names] == [
        "in/a.yml:1",
        "in/a.yml:1",
        "b.yml:1",
        "b.yml:1",
    ]


def test_pictures_are_kept_and_what_cannot_be_seen_is_escaped() -> None:
    assert (
        scalar("on-call \U0001f525 \U0001f468\u200d\U0001f680")
        == '"on-call \U0001f525 \U0001f468\u200d\U0001f680"'
    )
    assert (
        scalar("a\u2028b\x00\U000e0001\ud800")
        == '"a\\u2028b\\u0000\\U000e0001\N{REPLACEMENT CHARACTER}"'
    )


def test_no_comment_is_obeyed_or_counted(tmp_path: Path) -> None:
    place = "# opmodel: ignore[OM201] x # confirm y"
    text = yaml_file(
        {
            "people": {
                "a": YamlEntry(
                    {"name": "A # confirm b"}, place, ("`x` # opmodel: ignore[OM201] z",)
                )
            }
        }
    )
    assert ignore_comments(text.encode(), "people.yaml", ()) == ()
    assert guesses([text.encode()]) == 1


def test_nothing_gives_a_manifest_alone() -> None:
    assert draft(Deployed(), "...", "poc").files == {
        "opmodel.yaml": draft(Deployed(), "ours", "poc").files["opmodel.yaml"]
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
    ).files  # fmt: skip
    assert hours in found["oncall.yaml"].decode()


@pytest.mark.parametrize(
    "restriction", [("09:00:00", None, 90_000), ("09:00:00", 1, 30), ("09:00:00", 1, 700_000)]
)
def test_restrictions_that_fit_no_window(restriction: tuple[str, int | None, int]) -> None:
    layer = PagerLayer("L", ("U1",), "a", None, "2026-01-05T09:00:00", 3600, (restriction,))
    found = draft(
        Deployed(users=(PagerUser("U1", W),), schedules=(PagerSchedule("S", W, layers=(layer,)),)),
        "x", "poc",
    ).files  # fmt: skip
    assert b"`L` is not carried over: its hours fit no window" in found["oncall.yaml"]


@pytest.mark.parametrize("turn", [0, 5400])
def test_turns_that_are_no_hours(turn: int) -> None:
    layer = PagerLayer("L", ("U1",), "a", None, "2026-01-05T09:00:00", turn)
    found = draft(
        Deployed(users=(PagerUser("U1", W),), schedules=(PagerSchedule("S", W, layers=(layer,)),)),
        "x", "poc",
    ).files  # fmt: skip
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
    found = draft(Deployed(users=users), "x", "poc").files["people.yaml"].decode()
    assert [line for line in found.split("\n") if line.endswith("rules.yml:7")] == [
        "  ana:  # from rules.yml:7", "  ana-2:  # from rules.yml:7",
        "  ana-3:  # from rules.yml:7",
    ]  # fmt: skip


def test_text_is_written_as_text() -> None:
    assert [scalar(one) for one in ("a b", "yes", "true", "12:30", "@x", "a: b", "", 3, True)] == [
        "a b", "yes", '"true"', '"12:30"', '"@x"', '"a: b"', '""', "3", "true",
    ]  # fmt: skip
    empty = yaml_file({"people": {"a": YamlEntry({}, "x\n:1")}, "teams": {}})
    assert empty == "people:\n  a: {}  # from x :1\n"
