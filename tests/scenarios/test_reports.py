"""What `opmodel test` prints, for people, for scripts and for CI, and its exit codes."""

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

import registry.scenarios.report
from registry.cli.main import main
from registry.diagnostic import Diagnostic, Label
from registry.output.formats import MACHINE_FORMATS
from registry.paging.pager import Place
from registry.plugins import stems
from registry.scenarios.play import Coverage, Miss, Rehearsal, ScenarioOutcome
from registry.scenarios.report import human as rehearsal_human
from registry.scenarios.report import json as rehearsal_json
from registry.scenarios.report import junit as rehearsal_junit
from registry.span import Location, Position, Span
from tests.scenarios.conftest import REGISTRY

FORMATS = stems(registry.scenarios.report)
GOOD = """\
calm:
  {title: Calm, at: 2026-01-06T03:00, given: {alert: slip}, expect: {pages: nobody}}
"""
BAD = """\
loud:
  title: Loud
  at: 2026-01-06T03:00:00+01:00
  given: {alert: drop}
  expect: {pages: nobody, told: [inbox]}
"""
UNREADABLE = "odd: {titel: Odd}\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / "cache"))
    (root / "opmodel.yaml").write_text(REGISTRY, "utf-8")
    (root / "scenarios").mkdir()

    def run(*argv: str, **files: str) -> tuple[int, str, str]:
        for name, text in files.items():
            (root / "scenarios" / f"{name}.yaml").write_text(text, "utf-8")
        code = main(["test", str(root), *argv])
        return (code, *capsys.readouterr())

    return run


# -- exit codes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_exit_codes(run: Run, root: Path, form: str) -> None:
    format_ = f"--format={form}"
    assert run(format_)[:2] == (2, "")
    assert run(format_, a=GOOD)[0] == 0
    assert run(format_, b=BAD)[0] == 1
    (root / "scenarios" / "b.yaml").unlink()
    assert run(format_, c=UNREADABLE)[0] == 1
    (root / "scenarios" / "c.yaml").write_text("", "utf-8")
    assert run(format_)[0] == 1


def test_no_scenario_says_where_to_write_one(run: Run, root: Path) -> None:
    wanted = "opmodel: no scenario: there is no YAML file in scenarios/; write one there\n"
    assert run() == (2, "", wanted)
    (root / "scenarios").rmdir()
    assert run() == (2, "", wanted)
    (root / "scenarios").write_text("a file", "utf-8")
    assert run() == (2, "", wanted)


def test_what_did_not_load_is_said_aside(run: Run, root: Path) -> None:
    (root / "opmodel.yaml").write_text(REGISTRY + "metricz: {}\n", "utf-8")
    code, out, err = run(a=GOOD)
    assert code == 0
    assert "did not load" not in out
    assert "1 thing did not load" in err


# -- forms ---------------------------------------------------------------------------------------


def test_human(run: Run) -> None:
    code, out, err = run("--tz=America/New_York", a=GOOD + BAD, b=UNREADABLE)
    assert (code, err) == (1, "")
    assert (
        out
        == """\
error scenarios/b.yaml:1:1: scenario `odd` has no `at`, which is required; add `at`
error scenarios/b.yaml:1:1: scenario `odd` has no `expect`, which is required; add `expect`
error scenarios/b.yaml:1:1: scenario `odd` has no `given`, which is required; add `given`
error scenarios/b.yaml:1:7: a scenario has no field `titel`; did you mean `title`?
scenarios/a.yaml
  ✓ calm (Mon 2026-01-05 21:00, Calm)
  ✗ loud (Mon 2026-01-05 21:00, Loud): `ana` is paged, through `night`; `inbox` is not told: \
told are `room` (expected at scenarios/a.yaml:7, decided at opmodel.yaml:20)

alerts touched: 2 of 5; none touches bill, bill-rise, hr
escalations touched: 1 of 2; none touches twice
kill switches touched: 2 of 2
1 passed, 1 failed, 4 problems in scenario files
"""
    )


def test_color(run: Run) -> None:
    _, out, _ = run("--color=always", a=GOOD + BAD, b=UNREADABLE)
    assert "\x1b[31merror\x1b[0m scenarios/b.yaml" in out
    assert "  \x1b[32m✓\x1b[0m calm" in out
    assert "  \x1b[31m✗\x1b[0m loud" in out
    assert "\x1b" not in run("--color=auto")[1]


def test_output_is_a_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "report.xml"
    assert run("--format=junit", "--color=always", "-o", str(path), a=BAD)[:2] == (1, "")
    assert ET.parse(path).getroot().get("failures") == "1"
    assert run("--color=always", "-o", str(path))[:2] == (1, "")
    assert "\x1b" not in path.read_text("utf-8")


def test_json(run: Run) -> None:
    code, out, _ = run("--format=json", a=GOOD + BAD, b=UNREADABLE)
    report = json.loads(out)
    assert code == 1
    assert report["summary"] == {"passed": 1, "failed": 1, "unreadable": 4}
    calm, loud = report["scenarios"]
    assert calm == {
        "id": "calm",
        "path": "scenarios/a.yaml",
        "title": "Calm",
        "at": "2026-01-06T02:00:00Z",
        "passed": True,
        "misses": [],
    }
    assert [one["field"] for one in loud["misses"]] == ["pages", "told"]
    assert loud["misses"][0] == {
        "field": "pages",
        "reason": "`ana` is paged, through `night`",
        "expected": {"path": "scenarios/a.yaml", "line": 7},
        "because": {"path": "opmodel.yaml", "line": 20},
    }
    assert {one["line"] for one in report["problems"]} == {1}
    assert report["coverage"]["kill_switches"] == {"touched": ["spare", "stop"], "untouched": []}


def test_junit(run: Run) -> None:
    code, out, _ = run("--format=junit", a=GOOD + BAD, b=UNREADABLE)
    assert code == 1
    suite = ET.fromstring(out)
    assert suite.attrib == {"name": "opmodel", "tests": "6", "failures": "1", "errors": "4"}
    cases = suite.findall("testcase")
    assert [(one.get("classname"), one.get("name")) for one in cases[:2]] == [
        ("scenarios/a.yaml", "calm"),
        ("scenarios/a.yaml", "loud"),
    ]
    assert list(cases[0]) == []
    failure = cases[1].find("failure")
    assert failure is not None
    assert failure.text == (
        "scenarios/a.yaml:7: pages: `ana` is paged, through `night`\n"
        "scenarios/a.yaml:7: told: `inbox` is not told: told are `room`"
    )
    error = cases[5].find("error")
    assert error is not None
    assert error.text == "scenarios/b.yaml:1:7"
    assert error.get("message") == "a scenario has no field `titel`; did you mean `title`?"


# -- characters ----------------------------------------------------------------------------------

NASTY = "a<b>&\"'\x00\x1b[31m\n]]>\u202e\ud800\ufffe\U0001f600" + "x" * 2000
PLACE = Place(NASTY, 1)
OUTCOMES = (
    ScenarioOutcome(NASTY, NASTY, NASTY, 0, (Miss(PLACE, "told", NASTY, PLACE),)),
    ScenarioOutcome(NASTY, "fine", NASTY, 10**17, ()),
    ScenarioOutcome(NASTY, "nowhere", NASTY, 10**17, (Miss(PLACE, "told", NASTY, None),) * 2),
)
FOUND = Rehearsal(
    OUTCOMES,
    tuple(
        Coverage(section, (NASTY,), (NASTY,) * 12)
        for section in ("alerts", "escalations", "kill_switches")
    ),
)
SPAN = Span(Position(3, 4), Position(3, 5))
PROBLEM = Diagnostic("OM004", NASTY, Label(Location(NASTY), "", SPAN), NASTY)


def test_nasty_text_stays_within_its_line() -> None:
    shown = rehearsal_human.render(FOUND, [PROBLEM], "UTC")
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert not any(char in shown for char in "\x00\x1b\u202e\ud800\ufffe")
    lines = shown.splitlines()
    assert len(lines) == 1 + 1 + 3 + 1 + 3 + 1
    assert lines[2].startswith("  ✗ a<b>&")
    assert " (Mon 0001-01-01 00:00, " in lines[2]
    assert lines[-2].endswith(" and 2 more")
    assert lines[-1] == "1 passed, 2 failed, 1 problem in scenario files"


def test_nasty_text_is_well_formed_xml() -> None:
    text = rehearsal_junit.render(FOUND, [PROBLEM])
    suite = ET.fromstring(text.encode("utf-8"))
    clean = NASTY.replace("\x00", "\ufffd").replace("\x1b", "\ufffd")
    clean = clean.replace("\ud800", "\ufffd").replace("\ufffe", "\ufffd")
    assert [one.get("name") for one in suite] == [clean, "fine", "nowhere", f"{clean}:3:4"]
    assert {one.get("classname") for one in suite} == {clean}


def test_nasty_text_is_of_the_machine_format() -> None:
    report = json.loads(rehearsal_json.render(FOUND, [PROBLEM]))
    checker = Draft202012Validator(MACHINE_FORMATS["opmodel.test.v1"])
    assert [one.message for one in checker.iter_errors(report)] == []
    assert report["scenarios"][0]["title"] == NASTY
    assert report["scenarios"][0]["at"] == "0001-01-01T00:00:00Z"
    assert report["scenarios"][2]["misses"][0]["because"] is None
    for gone in report:
        rest = {key: value for key, value in report.items() if key != gone}
        assert list(checker.iter_errors(rest)), gone
