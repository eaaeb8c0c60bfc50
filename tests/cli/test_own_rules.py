"""`opmodel rules` and `explain` know the rules of a policy's own, where there is one."""

import json
import shutil
from pathlib import Path

import pytest

from registry.cli.main import main
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
