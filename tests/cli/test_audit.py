"""`opmodel audit` and `who` on what is deployed: the example, its forms, and what is refused."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from jsonschema import Draft202012Validator

from registry.schemas import schemas
from tests.cli.conftest import AT, Run
from tests.conftest import ROOT

EXAMPLE = ROOT / "examples" / "enterprise-copilot"
FAULTS = [
    *(f"OM9{number:02}" for number in range(1, 14)),
    "OM916",
    "OM917",
    "OM918",
    "OM919",
    "OM930",
]
PEOPLE = ("--people", str(EXAMPLE / "deployed" / "people.csv"))

REGISTRY = """\
opmodel: 1
name: small
stage: poc
people:
  ana: {name: Ana Ruiz, contact: {phone: "+34 600 000 000"}}
channels:
  room: {kind: slack, address: "#room", owner: ana}
bindings:
  room: {receiver: room, means: room}
  pager: {receiver: pager, means: ana}
"""
ROUTES = """\
route: {receiver: room, routes: [{matchers: [severity="page"], receiver: pager}]}
receivers: [{name: room, slack_configs: [{channel: "#room", api_url_file: /s}]},
  {name: pager, pagerduty_configs: [{routing_key_file: /p}]}]
"""
RULES = """\
groups:
  - name: g
    rules:
      - {alert: Down, expr: up == 0, labels: {severity: page, owner: ana}}
      - {alert: Maybe, expr: up == 1}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    for name, text in (
        ("opmodel.yaml", REGISTRY),
        ("deployed/am.yml", ROUTES),
        ("deployed/rules.yml", RULES),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def audit_of(run: Run, *arguments: str) -> dict[str, object]:
    shown: dict[str, object] = json.loads(run("audit", *arguments, "--format", "json").out)
    return shown


@pytest.mark.no_cover
def test_the_example_has_one_fault_of_each_kind(run: Run) -> None:
    ran = run("audit", str(EXAMPLE), *PEOPLE, "--at", AT, "--format", "json")
    found = json.loads(ran.out)
    assert sorted(one["code"] for one in found["diagnostics"]) == FAULTS
    assert ran.code == 1
    assert found["summary"]["alerts"] == len(found["alerts"]) == 36
    assert found["declared_not_deployed"] == ["tokens-rise"]
    assert [one["alert"] for one in found["deployed_not_declared"]] == ["CacheCold", "Watchdog"]
    validator = Draft202012Validator(json.loads(schemas()["opmodel.audit.v2.schema.json"]))
    assert [error.message for error in validator.iter_errors(found)] == []
    (drop,) = (one for one in found["alerts"] if one["alert"] == "GroundednessDrop")
    assert drop["receivers"] == {
        "verdict": "always",
        "names": ["ai-pager"],
        "because": ["ai-pager: deployed/alertmanager.yml:23"],
        "muted_now": [],
    }
    assert drop["owner"] == {"id": "priya", "source": "registry", "weak": False}
    assert [one["id"] for one in drop["paged_now"]] == ["jonas"]


def test_the_example_says_what_differs_and_what_silences(run: Run) -> None:
    found = json.loads(run("audit", str(EXAMPLE), *PEOPLE, "--at", AT, "--format", "json").out)
    rows = {one["alert"]: one for one in found["alerts"]}
    assert rows["ErrorRateHigh"]["differs"] == [
        {"field": "when.above", "declared": "2%", "deployed": "> 0.05"}
    ]
    assert [name for name, one in rows.items() if one["differs"]] == ["ErrorRateHigh"]
    assert rows["ErrorRateHigh"]["may_be_inhibited_by"] == ["RequestsFailing"]
    assert rows["RetryRise"]["always_inhibited_by"] == ["Watchdog"]
    owners = {one["code"]: one["owner"] for one in found["diagnostics"]}
    assert owners["OM913"] == "olu"
    assert owners["OM909"] == "assistant"
    assert owners["OM901"] is None


def test_the_example_for_people(run: Run) -> None:
    ran = run("audit", str(EXAMPLE), *PEOPLE, "--at", AT)
    lines = ran.out.splitlines()
    assert lines[0].startswith(
        "enterprise-copilot: 36 deployed alerts, 7 files of use, as of 2026-11-20"
    )
    assert [line.split()[:3] for line in lines[3:6]] == [
        ["13", "1", "·"], ["8", "1", "·"], ["1", "·", "·"],
    ]  # fmt: skip
    assert lines[5].endswith("  nobody")
    assert "      35   97.2%  have an owner" in lines
    assert "      14   38.9%  page a person now (cannot be told of 1)" in lines
    assert max(map(len, lines)) <= 200
    for code in FAULTS:
        assert f"[{code}] " in ran.out
    weights = [line.partition("[")[0] for line in lines if "[OM9" in line]
    assert weights == ["error"] * weights.count("error") + ["warning"] * weights.count("warning")
    assert "    deployed/platform.rules.yml:28, falls to Olu Adeyemi (olu)" in lines
    assert "Declared in the registry, and not deployed: 1\n  tokens-rise\n" in ran.out
    colored = run("audit", str(EXAMPLE), *PEOPLE, "--at", AT, "--color", "always").out
    assert "\x1b[1;31merror[OM901]\x1b[0m" in colored


@pytest.mark.no_cover
def test_the_same_in_every_form(run: Run, tmp_path: Path) -> None:
    names = [one["alert"] for one in audit_of(run, str(EXAMPLE), *PEOPLE, "--at", AT)["alerts"]]  # type: ignore[attr-defined]
    text = run("audit", str(EXAMPLE), *PEOPLE, "--at", AT, "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["alert"] for row in rows] == names
    assert {row["verdict"] for row in rows} == {"always", "depends", "never"}
    assert run("audit", str(EXAMPLE), *PEOPLE, "--at", AT, "-o", str(tmp_path / "a.xlsx")).code == 1
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == names
    assert run("audit", str(EXAMPLE), *PEOPLE, "--at", AT, "-o", str(tmp_path / "a.md")).code == 1
    page = (tmp_path / "a.md").read_text("utf-8")
    assert page.startswith("# Audit of enterprise-copilot\n")
    for code in FAULTS:
        assert f"** {code}, " in page
    for name in names:
        assert f"| {name} |" in page
    assert "\n## What to mend, the gravest first\n" in page


def test_nothing_to_mend(run: Run, small: Path) -> None:
    (small / "deployed" / "rules.yml").write_text(
        RULES.replace("      - {alert: Maybe, expr: up == 1}\n", ""), "utf-8"
    )
    ran = run("audit", str(small), "--at", AT, "--ignore", "OM905,OM908")
    assert ran.code == 0
    assert "1 deployed alert, 2 files of use" in ran.out
    assert "page a person now" in ran.out
    page = run("audit", str(small), "--at", AT, "--ignore", "OM905,OM908", "--format", "md").out
    assert "\n## Every alert\n" in page


def test_figures_that_are_too_low(run: Run, small: Path) -> None:
    ran = run(
        "audit", str(small), "--at", AT, "--fail-on", "never", "--fail-under", "owned=50,routed=100"
    )
    assert (ran.code, ran.err) == (0, "")
    low = run("audit", str(small), "--at", AT, "--fail-on", "never", "--fail-under", "owned=90")
    assert (low.code, low.err) == (1, "opmodel: owned 50.0% (1 of 2) is under 90%\n")
    empty = small / "empty.yml"
    empty.write_text("groups: []\n", "utf-8")
    none = run(
        "audit",
        str(small),
        "--rules",
        str(empty),
        "--fail-on",
        "never",
        "--fail-under",
        "owned=0",
        "--at",
        AT,
    )
    assert none.code == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--fail-under", "owner=90"), "opmodel: --fail-under: there is no figure `owner`; did you mean `owned`?\n"),
        (("--fail-under", "owned=many"), "opmodel: --fail-under: `owned=many` is no share; write owned=90\n"),
        (("--fail-under", "owned=101"), "opmodel: --fail-under: `owned=101` is no share; write owned=90\n"),
        (("--rules", "nothing/*.yml"), "opmodel: `nothing/*.yml` names no file: nothing would be read; correct the path, or leave it out\n"),
        (("--select", "OM201"), "opmodel: OM201 is none of the rules that run here; `opmodel check` runs it\n"),
    ],
)  # fmt: skip
def test_what_is_refused(run: Run, small: Path, arguments: tuple[str, ...], says: str) -> None:
    assert run("audit", str(small), "--at", AT, *arguments) == (2, "", says)


def test_a_registry_without_anything_deployed(run: Run, small: Path) -> None:
    shutil.rmtree(small / "deployed")
    ran = run("audit", str(small))
    assert ran.code == 2
    assert "no deployed configuration is named" in ran.err


def test_files_that_are_named(run: Run, small: Path) -> None:
    found = audit_of(run, str(small), "--at", AT, "--rules", str(small / "deployed" / "r*.yml"))
    assert [one["receivers"]["verdict"] for one in found["alerts"]] == ["unknown", "unknown"]  # type: ignore[attr-defined]
    both = audit_of(
        run, str(small), "--at", AT, "--rules", str(small / "deployed" / "rules.yml"),
        "--alertmanager", str(small / "deployed" / "am.yml"),
    )  # fmt: skip
    assert both["alerts"] == audit_of(run, str(small), "--at", AT)["alerts"]
    folder = audit_of(run, str(small), "--at", AT, "--deployed", str(small / "deployed"))
    assert folder["alerts"] == both["alerts"]


def test_a_comment_silences(run: Run, small: Path) -> None:
    rules = RULES.replace(
        "{alert: Maybe, expr: up == 1}",
        "{alert: Maybe, expr: up == 1}  # opmodel: ignore[OM901] on trial",
    )
    (small / "deployed" / "rules.yml").write_text(rules, "utf-8")
    shown = audit_of(run, str(small), "--at", AT)
    assert "OM901" not in [one["code"] for one in shown["diagnostics"]]  # type: ignore[attr-defined]
    text = run("audit", str(small), "--at", AT, "--show-suppressed").out
    assert "(silenced)" in text
    assert ", 1 suppressed, 0 baselined: " in text


def test_one_fact_about_several_alerts_is_told_once(run: Run, small: Path) -> None:
    rules = RULES + "".join(
        f"      - {{alert: {name}, expr: up, labels: {{severity: {severity}}}}}\n"
        for name, severity in (("One", "page"), ("Two", "page"), ("empty", "none"))
    )
    (small / "deployed" / "rules.yml").write_text(rules, "utf-8")
    routes = ROUTES.replace("routes: [", "routes: [{matchers: [severity=none], receiver: empty}, ")
    (small / "deployed" / "am.yml").write_text(
        routes.replace("]}]\n", "]}, {name: empty}]\n"), "utf-8"
    )
    text = run("audit", str(small), "--at", AT).out
    assert (
        "warning[OM901] nothing ties the deployed alert `Maybe` to an owner\n"
        "    deployed/rules.yml:5\n"
        "    label it with the `team` that owns it, or declare it in the registry with an owner\n"
        "    the same of 1 more alert: empty\n"
    ) in text
    assert text.count("OM905") == 1, "one fact is one line, whoever owns the alerts"
    assert "the deployed alert `empty` reaches only `empty`, which notifies nobody\n" in text


def test_long_lists_are_cut_for_people(run: Run, small: Path) -> None:
    rules = "".join(f"      - {{alert: A{number}, expr: up}}\n" for number in range(230))
    (small / "deployed" / "rules.yml").write_text(
        "groups:\n  - name: g\n    rules:\n" + rules, "utf-8"
    )
    text = run("audit", str(small), "--at", AT).out
    assert "Deployed, and not declared: 230\n" in text
    assert "  … and 210 more: `--format json` lists them all\n" in text
    assert text.count("\n") < 60
    assert " and 2" in text
    assert max(map(len, text.splitlines())) <= 200


def test_what_is_not_read_is_said(run: Run, small: Path) -> None:
    (small / "deployed" / "chart.yaml").write_text("groups: {{ .Values.groups }}\n", "utf-8")
    ran = run("audit", str(small), "--at", AT, "--fail-on", "never")
    assert ran.code == 1
    text = ran.out
    assert "warning[OM917] this part was not read: " in text
    allowed = run("audit", str(small), "--at", AT, "--fail-on", "info", "--allow-unread",
                  "--select", "OM917")  # fmt: skip
    assert allowed.code == 0
    assert "info[OM917]" in allowed.out
    assert "Not read, and so not fine: 1\n  deployed/chart.yaml:1: " in text
    page = run("audit", str(small), "--at", AT, "--format", "md").out
    assert "\n## Not read\n" in page


@pytest.mark.parametrize("subject", ["Down", "deployed/Down"])
def test_who_for_a_deployed_alert(run: Run, small: Path, subject: str) -> None:
    ran = run("who", subject, str(small), "--at", AT)
    assert ran.out.startswith(
        "Down: page, pages\nFri 20 Nov 2026 09:00 (UTC+00:00)\n\nPAGED NOW\n  Ana Ruiz (ana)\n"
    )
    assert "NO RUNBOOK: the rule names none\n" in ran.out
    assert "metric: none: the registry does not declare this alert\n" in ran.out
    assert ran.code == 0
    found = json.loads(run("who", subject, str(small), "--at", AT, "--format", "json").out)
    assert found["subject"] == {"section": "deployed", "id": "Down"}


def test_who_for_a_deployed_alert_that_breaks(run: Run, small: Path) -> None:
    ran = run("who", "Maybe", str(small), "--at", AT)
    assert ran.code == 1
    assert "BREAKS which receivers it reaches depends on its series" in ran.out
    assert run("who", "deployed/None", str(small)) == (
        2, "", "opmodel: no deployed alert is called `None`; `opmodel audit` lists them\n",
    )  # fmt: skip
    assert "there is no entity `Nope`" in run("who", "Nope", str(small)).err
    shutil.rmtree(small / "deployed")
    assert run("who", "Down", str(small)).code == 2


NIGHTS = """\
time_intervals:
  - name: nights
    time_intervals: [{times: [{start_time: "08:00", end_time: "10:30"}], location: Europe/Berlin}]
  - name: always
    time_intervals: [{months: ["1:12"]}]
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("receiver: pager}", "receiver: pager, mute_time_intervals: [nights]}",
         "the way to `pager` is silent, by `nights` until Fri 20 Nov 2026 09:30 UTC"),
        ("receiver: pager}", "receiver: pager, mute_time_intervals: [always]}",
         "the way to `pager` is silent, by `always` for all of the coming week"),
        ("receiver: pager}", "receiver: room, mute_time_intervals: [nights]}",
         "the way to `room` is silent, by `nights` until Fri 20 Nov 2026 09:30 UTC"),
    ],
)  # fmt: skip
def test_who_for_a_muted_alert(run: Run, small: Path, old: str, new: str, says: str) -> None:
    """Whoever is called by day is not called now, and nothing says that they are."""
    (small / "deployed" / "am.yml").write_text(ROUTES.replace(old, new) + NIGHTS, "utf-8")
    ran = run("who", "Down", str(small), "--at", AT)
    assert ran.code == 1
    assert f"BREAKS {says}: deployed/am.yml:1" in " ".join(ran.out.split())
    assert ran.out.count("BREAKS") == 1
    assert "PAGED NOW" not in ran.out
    assert "LANDS IN" not in ran.out
    assert ran.out.startswith(f"Down: page, {'pages' if '`pager`' in says else 'files a ticket'}\n")


def test_who_for_an_alert_that_is_not_muted_now(run: Run, small: Path) -> None:
    muted = "receiver: pager, mute_time_intervals: [nights]}"
    (small / "deployed" / "am.yml").write_text(
        ROUTES.replace("receiver: pager}", muted) + NIGHTS, "utf-8"
    )
    assert run("who", "Down", str(small), "--at", "2026-11-20T09:30:00Z").code == 0


def test_who_for_a_page_beside_a_muted_channel(run: Run, small: Path) -> None:
    """The page goes out all the same; what lies in the room is told by nobody."""
    both = """{matchers: [severity="page"], receiver: pager, continue: true},
      {matchers: [severity="page"], receiver: room, mute_time_intervals: [nights]}"""
    (small / "deployed" / "am.yml").write_text(
        ROUTES.replace('{matchers: [severity="page"], receiver: pager}', both) + NIGHTS, "utf-8"
    )
    ran = run("who", "Down", str(small), "--at", AT)
    assert ran.code == 0
    assert "PAGED NOW" in ran.out
    assert "room" not in ran.out


DECLARED = """\
schedules:
  day: {rotations: [{name: p, participants: [bo], start: 2026-01-05T09:00, every: 1w}]}
  none: {}
metrics: {up: {bucket: reliability, response: page}}
alerts:
  down: {metric: up, severity: sev1, response: page, escalation: day}
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("", "", "what is deployed pages `ana`"),
        ("means: ana", "means: room", "what is deployed pages nobody"),
        ("means: ana", "means: day", ""),
        ("[bo]", "[[ana, bo]]", ""),
        ("escalation: day", "escalation: none", ""),
        ("response: page, escalation: day", "response: ticket", ""),
        (", escalation: day", "", ""),
    ],
)
def test_who_for_an_alert_that_pages_somebody_else(
    run: Run, small: Path, old: str, new: str, says: str
) -> None:
    """What the registry declares is what somebody relies on; what is deployed is what happens."""
    people = REGISTRY.replace("channels:", "  bo: {name: Bo, email: bo@x.example}\nchannels:")
    (small / "opmodel.yaml").write_text((people + DECLARED).replace(old, new), "utf-8")
    ran = run("who", "deployed/Down", str(small), "--at", AT)
    told = f"BREAKS the registry has it page `day`, and {says}"
    assert (told in " ".join(ran.out.split())) is bool(says)
    assert ran.out.count("BREAKS") == bool(says)
    assert ran.code == bool(says)


def test_who_for_a_channel_whose_reader_left(run: Run, small: Path) -> None:
    text = REGISTRY.replace("{name: Ana Ruiz,", "{name: Ana Ruiz, until: 2026-11-01,")
    (small / "opmodel.yaml").write_text(text, "utf-8")
    (small / "deployed" / "am.yml").write_text(
        ROUTES.replace("receiver: pager}", "receiver: room}"), "utf-8"
    )
    ran = run("who", "Down", str(small), "--at", AT)
    assert ran.code == 1
    assert "BREAKS it reaches no person of this registry\n" in ran.out
    assert "room, read by Ana Ruiz, who left on 2026-11-01\n" in ran.out


def test_who_for_two_of_one_name(run: Run, small: Path) -> None:
    (small / "deployed" / "more.yml").write_text(RULES, "utf-8")
    ran = run("who", "Down", str(small), "--at", AT)
    assert ran.out.startswith("deployed alert Down: 2 alerts\n")


def test_who_for_a_declared_alert_by_its_deployed_name(run: Run) -> None:
    ran = run("who", "GroundednessDrop", str(EXAMPLE), "--at", "2026-11-24T03:00:00-05:00")
    own = run("who", "groundedness-drop", str(EXAMPLE), "--at", "2026-11-24T03:00:00-05:00")
    assert own.code == ran.code == 0
    assert (
        ran.out.split("CHECK FIRST")[1].split("TOLD")[0].split("\n\n")[0]
        == (own.out.split("CHECK FIRST")[1].split("\n\n")[0])
    )
    assert "deployed/behaviour.rules.yml:4" in ran.out


Break = Callable[[Path], None]


def _unrouted(root: Path) -> None:
    (root / "deployed" / "am.yml").unlink()


def _silent(root: Path) -> None:
    path = root / "deployed" / "am.yml"
    way = 'slack_configs: [{channel: "#room", api_url_file: /s}]'
    path.write_text(path.read_text("utf-8").replace(way, "slack_configs: []"), "utf-8")


def _unbound(root: Path) -> None:
    text = REGISTRY.replace("  room: {receiver: room, means: room}\n", "")
    (root / "opmodel.yaml").write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_unrouted, "no routing was read: whom it reaches is not known"),
        (_silent, "it reaches no receiver that notifies anybody"),
        (_unbound, "nothing says what the receiver `room` means"),
    ],
)
def test_where_a_way_breaks(run: Run, small: Path, change: Break, says: str) -> None:
    routes = "route: {receiver: room}\n" + ROUTES.partition("\n")[2]
    (small / "deployed" / "am.yml").write_text(routes, "utf-8")
    change(small)
    ran = run("who", "Maybe", str(small), "--at", AT)
    assert ran.code == 1
    assert says in " ".join(ran.out.replace("BREAKS", "").split())


@pytest.mark.parametrize("where", [".", "ops", "deploy"])
def test_what_lies_beside_the_registry_leads_from_the_top(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """In a repository, for the systems that read from its top; else as it was named."""
    (tmp_path / "ops").mkdir()
    (tmp_path / "deploy").mkdir()
    (tmp_path / "ops" / "opmodel.yaml").write_text("opmodel: 1\nname: one\nstage: pilot\n")
    rules = "groups: [{name: g, rules: [{alert: Lost, expr: up == 0}]}]\n"
    (tmp_path / "deploy" / "rules.yml").write_text(rules)
    monkeypatch.chdir(tmp_path / where)
    up = "" if where == "." else "../"
    named = f"{up}deploy/rules.yml"
    asked = ("audit", f"{up}ops", "--rules", named, "--at", AT, "--format")
    assert f"file={named}," in run(*asked, "github").out
    (tmp_path / ".git").mkdir()
    for form in ("github", "gitlab", "sarif", "markdown"):
        told = run(*asked, form).out
        assert "deploy/rules.yml" in told
        assert "ops/deploy" not in told
        assert "../" not in told
    absolute = str(tmp_path / "deploy" / "rules.yml")
    told = run("audit", f"{up}ops", "--rules", absolute, "--at", AT, "--format", "github").out
    assert "file=deploy/rules.yml," in told
