"""The week in two organisations: it fails day by day in the one, and passes in the other."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from registry.cli.main import main
from registry.schemas import schemas
from registry.source.composer import compose
from tests.conftest import ROOT, thirds

pytestmark = pytest.mark.no_cover

EXAMPLES = ROOT / "examples"
FILES = sorted(EXAMPLES.glob("*/scenarios/*.yaml"))


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def checker(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schemas()[f"{name}.schema.json"]))


def test_the_week_fails_where_it_failed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(EXAMPLES / "representative-week")]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0] == "scenarios/week.yaml"
    days = [line for line in lines if line.startswith("  ")]
    assert [line.split()[:3] for line in days] == [
        ["✗", "monday-a-cost-alert", "(Mon"],
        ["✗", "tuesday-answers-grow", "(Tue"],
        ["✗", "wednesday-nothing-pages", "(Wed"],
        ["✗", "thursday-customers-complain", "(Thu"],
        ["✗", "friday-the-meeting", "(Fri"],
    ]
    whys = [
        "it lands only in `cost-inbox`, which no person reads",
        "no alert is on `output-length`",
        "nobody is paged: it lands only in `cost-inbox`, which no person reads",
        "no alert detects `verbose-answers`",
        "no role covers `incident-commander`",
    ]
    for day, why in zip(days, whys, strict=True):
        assert f": {why} (expected at scenarios/week.yaml:" in day
    assert lines[-1] == "0 passed, 5 failed"


def test_the_week_passes_where_somebody_owns_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(EXAMPLES / "enterprise-copilot")]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    passed = [line.split()[1] for line in out.splitlines() if line.startswith("  ✓ ")]
    assert len(passed) == 10
    assert sum(id_.split("-")[0].endswith("day") for id_ in passed) == 5
    assert out.endswith("\nkill switches touched: 4 of 4\n10 passed, 0 failed\n")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(EXAMPLES).as_posix())
def test_scenario_files_are_valid(path: Path) -> None:
    data = compose(path.read_bytes(), path.name).data
    assert data
    assert [one.message for one in checker("scenarios").iter_errors(data)] == []


@pytest.mark.parametrize("name", ["representative-week", "enterprise-copilot"])
def test_answers_are_of_their_format(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(EXAMPLES / name), "--format=json"]) in {0, 1}
    report = json.loads(capsys.readouterr().out)
    assert [one.message for one in checker("opmodel.test.v1").iter_errors(report)] == []
    assert len(report["scenarios"]) >= 5


ONE = {
    "title": "One",
    "at": "2026-01-06T03:00",
    "given": {"metric": "m", "drops_by": "10%", "slice": {"intent": "hr"}},
    "acknowledged_after": "40m",
    "expect": {"paged": [{"after": "0m", "person": "ana"}], "told": ["room"]},
}


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "bad",
    thirds([
        {},
        {"one two": ONE},
        {"one": None},
        {"one": {**ONE, "titel": "One"}},
        {"one": {**ONE, "title": "TODO"}},
        {"one": {key: value for key, value in ONE.items() if key != "expect"}},
        {"one": {**ONE, "at": "tomorrow"}},
        {"one": {**ONE, "acknowledged_after": None}},
        {"one": {**ONE, "acknowledged_after": "TBD"}},
        {"one": {**ONE, "given": {"alert": "TODO"}}},
        {"one": {**ONE, "given": {"alert": ["a"]}}},
        {"one": {**ONE, "given": {"metric": "m", "drops_by": "ten"}}},
        {"one": {**ONE, "given": {"metric": "m", "value": 1, "slice": {"intent": None}}}},
        {"one": {**ONE, "expect": {"pages": "someone"}}},
        {"one": {**ONE, "expect": {"told": [None]}}},
        {"one": {**ONE, "expect": {"paged": [{"after": "soon"}]}}},
        {"one": {**ONE, "expect": {"runbook": "-"}}},
    ]),
)  # fmt: skip
def test_the_schema_rejects_what_the_reader_does(bad: object) -> None:
    assert [one.message for one in checker("scenarios").iter_errors({"one": ONE})] == []
    assert list(checker("scenarios").iter_errors(bad))
