"""`opmodel rules` and `explain` know the rules of a policy's own, where there is one."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from registry.cli.main import main
from registry.workspace.policy import builtin
from tests.conftest import ROOT
from tests.plugin import install

REGISTRY = ROOT / "docs" / "own-rules" / "registry"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    install(tmp_path / "site", monkeypatch)
    shutil.copytree(REGISTRY, tmp_path / "registry")
    monkeypatch.chdir(tmp_path / "registry")
    return tmp_path


def ask(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(list(words))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.mark.no_cover
def test_rules_lists_them_last(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask(capsys, "rules")
    assert (code, err) == (0, "")
    assert [line.split() for line in out.splitlines()[-2:]] == [
        ["ACME001", "metric-without-dashboard", "warning", "warning", "warning"],
        ["ACME101", "experiment-ends-on-friday", "info", "warning", "warning"],
    ]
    last = json.loads(ask(capsys, "rules", "--format", "json")[1])["rules"][-1]
    assert (last["code"], last["summary"]) == ("ACME101", "An experiment that ends on a Friday.")
    assert "## ACMExxx" in ask(capsys, "rules", "--format", "markdown")[1]


def test_elsewhere_it_takes_a_folder_or_a_policy(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here)
    assert "ACME001" not in ask(capsys, "rules")[1]
    assert "ACME001" in ask(capsys, "rules", "registry")[1]
    assert "ACME001" in ask(capsys, "rules", "--policy", "registry/policy.yaml")[1]
    assert ask(capsys, "rules", "nowhere")[0] == 2
    assert ask(capsys, "rules", "--policy", "nowhere.yaml")[0] == 2


def test_explain(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ask(capsys, "explain", "ACME001")
    assert code == 0
    assert "dashboards.exists(d, id in d.metrics)" in " ".join(out.split())
    assert "What an experiment" not in out
    out = ask(capsys, "explain", "experiment-ends-on-friday")[1]
    assert "on Saturday nobody looks" in " ".join(out.split())
    assert ask(capsys, "explain", "OM204")[1].startswith("OM204 unpaged-metric")
    code, _, err = ask(capsys, "explain", "ACME0001")
    assert (code, "did you mean `ACME001`?" in err) == (2, True)


def test_what_is_wrong_with_them_is_noted(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = here / "registry" / "policy.yaml"
    text = policy.read_text()
    policy.write_text(text.replace("id in", "idd in"))
    _, out, err = ask(capsys, "rules")
    assert err == "opmodel: 1 fault in policy.yaml: `opmodel check .` tells it\n"
    assert "ACME001" in out
    policy.write_text(text.replace("id in", "idd in").replace("[acme-rules]", "[acme]"))
    assert "2 faults in policy.yaml: `opmodel check .` tells them" in ask(capsys, "rules")[2]
    policy.unlink()
    code, out, err = ask(capsys, "rules")
    assert (code, "only opmodel's own rules" in err, "ACME" in out) == (0, True, False)
    assert ask(capsys, "explain", "OM204")[0] == 0


def test_the_baseline_knows_them(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accepted = ("baseline", "create", "--at", "2026-11-20", "--owner", "ada")
    out = ask(capsys, *accepted)[1]
    assert "ACME001 metric-without-dashboard" in out
    out = ask(capsys, "baseline", "show", "--at", "2026-11-20")[1]
    assert "ACME101 experiment-ends-on-friday experiments/shorter-route" in out
    assert ask(capsys, "check", "--at", "2026-11-20", "--select", "ACME")[0] == 0


@pytest.mark.parametrize(
    ("code", "asked", "usual"),
    [
        ("ACME001", "off", "warning in poc, warning in pilot, warning in production"),
        ("ACME101", "error", "info in poc, warning in pilot, warning in production"),
        ("OM204", "info", "warning in poc, error in pilot, error in production"),
        ("OM204", "off", "warning in poc, error in pilot, error in production"),
    ],
)
def test_the_severity_is_what_the_policy_makes_of_it(
    here: Path, capsys: pytest.CaptureFixture[str], code: str, asked: str, usual: str
) -> None:
    """Custom rules, a plugin's and opmodel's own alike, and by their names as well."""
    known = {one["code"]: one for one in _rules(capsys)}
    assert f"Severity: {usual}.\n" in ask(capsys, "explain", code)[1]
    for written in (code, known[code]["name"]):
        policy = here / "registry" / "policy.yaml"
        before = policy.read_text("utf-8")
        policy.write_text(f"{before}rules:\n  {written}: {asked}\n", "utf-8")
        assert f"\nSeverity: {asked}, as policy.yaml says.\n" in ask(capsys, "explain", code)[1]
        now = {one["code"]: one["severities"] for one in _rules(capsys)}
        assert now[code] == dict.fromkeys(("poc", "pilot", "production"), asked)
        assert {**now, code: 0} == {
            **{key: one["severities"] for key, one in known.items()},
            code: 0,
        }
        row = next(line for line in ask(capsys, "rules")[1].splitlines() if line.startswith(code))
        assert row.split()[2:] == [asked] * 3
        pages = ask(capsys, "rules", "--format", "markdown")[1]
        row = next(line for line in pages.splitlines() if line.startswith(f"| {code} "))
        assert row.endswith(f"| {asked} | {asked} | {asked} |")
        policy.write_text(before, "utf-8")


def test_a_pack_in_between_says_it_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = here / "registry" / "policy.yaml"
    (here / "registry" / "base.yaml").write_text("extends: poc\nrules: {OM204: info}\n", "utf-8")
    text = policy.read_text("utf-8").replace("extends: poc", "extends: base.yaml")
    policy.write_text(text, "utf-8")
    assert "Severity: info, as policy.yaml says." in ask(capsys, "explain", "OM204")[1]


def test_the_severity_of_a_profile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the profile's pack lays over is what `rules` shows there, and nothing says more."""
    usual = {one["code"]: one["severities"] for one in _rules(capsys)}
    monkeypatch.chdir(tmp_path)
    (tmp_path / "opmodel.yaml").write_text(
        "opmodel: 1\nname: s\nstage: poc\nprofile: service\n", "utf-8"
    )
    found = {one["code"]: one["severities"] for one in _rules(capsys)}
    pack = builtin("production", "service").severities
    changed = {code for code in found if found[code] != usual[code]}
    assert changed
    for code in changed:
        level = pack[code]
        assert found[code]["production"] == (level.value if level else "off")
    assert ", as " not in ask(capsys, "explain", "OM204")[1].partition("Severity")[2][:80]


def _rules(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ask(capsys, "rules", "--format", "json")[1])["rules"]
    return found
