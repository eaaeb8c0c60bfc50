"""`opmodel generate`: what is written where, what is compared, and what is refused."""

import json
import shutil
from pathlib import Path

import pytest

from registry.cli.main import main
from tests.conftest import ROOT

COPILOT = ROOT / "examples" / "enterprise-copilot"
AT = "--at=2026-11-20T09:00Z"
GOLDEN = ROOT / "tests" / "stack" / "generators" / "golden"


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "out"


def run(*words: str | Path) -> int:
    return main(["generate", *map(str, words), AT])


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("name", ["prometheus", "alertmanager", "openslo", "flags", "codeowners"])
def test_writes_a_folder_and_finds_it_as_it_is(
    name: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(name, COPILOT, "-o", out) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[-1].startswith("generated: ")
    assert printed.err.startswith("opmodel: wrote ")
    assert files(out) == files(GOLDEN / name / "enterprise-copilot")
    assert run(name, COPILOT, "-o", out, "--check") == 0
    assert capsys.readouterr().err == ""


def test_shows_what_differs_and_writes_nothing(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("codeowners", COPILOT, "-o", out)
    file = out / "CODEOWNERS"
    file.write_text(file.read_text().replace("/app/** @acme/platform-sre", "/app/** @nobody"))
    before = files(out)
    capsys.readouterr()
    assert run("codeowners", COPILOT, "-o", out, "--check") == 1
    printed = capsys.readouterr()
    assert "-/app/** @nobody\n+/app/** @acme/platform-sre\n" in printed.out
    assert printed.err == f"opmodel: {file} is not what the registry says now\n"
    assert files(out) == before
    assert run("codeowners", COPILOT, "-o", out, "--check", "--format", "json") == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["format"] == "opmodel.generate.v1"
    assert "+/app/** @acme/platform-sre" in printed.err


def test_what_is_not_there_differs(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("flags", COPILOT, "-o", out, "--check") == 1
    assert "--- /dev/null\n+++ b/flags.json\n" in capsys.readouterr().out
    assert not out.exists()


def test_a_file_may_be_named(out: Path) -> None:
    assert run("prometheus", COPILOT, "-o", out / "copilot.yaml") == 0
    assert sorted(files(out)) == [
        "copilot.yaml", "copilot_10m_test.yaml", "copilot_60m_test.yaml",
    ]  # fmt: skip
    assert b"rule_files:\n  - copilot.yaml\n" in (out / "copilot_10m_test.yaml").read_bytes()
    assert run("codeowners", COPILOT, "-o", "CODEOWNERS") == 0
    assert (out.parent / "CODEOWNERS").is_file()
    (out / "d.yml").mkdir()
    assert run("alertmanager", COPILOT, "-o", out / "d.yml") == 0
    assert (out / "d.yml" / "alertmanager.yml").is_file()


def test_tests_of_scenarios_that_are_gone_are_left_over(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = out.parent / "registry"
    shutil.copytree(COPILOT, root)
    run("prometheus", root, "-o", out)
    shutil.rmtree(root / "scenarios")
    (out / "mine_10m_test.yml").write_text("# mine\n")
    capsys.readouterr()
    assert run("prometheus", root, "-o", out, "--check") == 1
    printed = capsys.readouterr()
    assert printed.err.count("is not what the registry says now") == 2
    assert "+++ b/rules_10m_test.yml" in printed.out
    assert run("prometheus", root, "-o", out) == 0
    assert capsys.readouterr().err.count("is left over from before: delete it") == 2
    (out / "rules_10m_test.yml").write_text("# somebody's own\n")
    (out / "rules_60m_test.yml").unlink()
    assert run("prometheus", root, "-o", out, "--check") == 0


def test_the_registry_does_not_read_what_it_generates(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = out.parent / "registry"
    shutil.copytree(COPILOT, root)
    assert run("alertmanager", root, "-o", root / "generated") == 2
    assert "the registry would read `generated/alertmanager.yml`" in capsys.readouterr().err
    assert not (root / "generated").exists()
    assert run("alertmanager", root, "-o", root / "deployed" / "ours") == 0
    for _ in range(2):
        assert run("flags", root, "-o", root / "deployed" / "ours") == 0
    assert run("codeowners", root, "-o", root) == 0
    capsys.readouterr()
    before = files(root / "deployed" / "ours")
    theirs = (root / "deployed" / "alertmanager.yml").read_bytes()
    assert run("alertmanager", root, "-o", root / "deployed") == 2
    assert "one of the files that are read" in capsys.readouterr().err
    assert (root / "deployed" / "alertmanager.yml").read_bytes() == theirs
    assert run("alertmanager", root, "-o", root / "deployed" / "ours") == 0
    assert files(root / "deployed" / "ours") == before
    manifest = (root / "opmodel.yaml").read_text()
    (root / "opmodel.yaml").write_text(f"{manifest}exclude: [generated/**]\n")
    assert run("alertmanager", root, "-o", root / "generated") == 0


def test_a_registry_that_did_not_load_whole_is_refused(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = out.parent / "registry"
    shutil.copytree(COPILOT, root)
    text = (root / "alerts.yaml").read_text()
    (root / "alerts.yaml").write_text(text.replace("escalation: ai-page", "escalation: nobody", 1))
    for name in ("prometheus", "alertmanager"):
        assert run(name, root, "-o", out) == 2
    (root / "more.yaml").write_text("alerts:\n  odd: {metric: groundedness, severity: sev9}\n")
    assert run("prometheus", root, "-o", out) == 2
    first, _, last = capsys.readouterr().err.splitlines()
    lacks = "and what is generated would lack that; `opmodel check` says what: mend it first"
    assert first == f"opmodel: generate: 1 name leads nowhere, {lacks}"
    assert last == f"opmodel: generate: 2 things did not load and 1 name leads nowhere, {lacks}"
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["prometeus", "-o", "x"], "nothing is generated as `prometeus`; did you mean `prometheus`?"),
        (["prometheus"], "generate: nothing says where to; add -o OUT"),
        (["prometheus", "-o", ""], "generate: -o is empty; add -o OUT"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(
    words: list[str], message: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words[0], COPILOT, *words[1:]) == 2
    assert capsys.readouterr().err == f"opmodel: {message}\n"


THEIRS = {
    "prometheus": ("rules_60m_test.yml", "groups: []\n"),
    "alertmanager": ("alertmanager.yml", "# Ours.\nroute: {receiver: us}\n"),
    "openslo": ("openslo.yml", " # Generated by `opmodel generate openslo`\n"),
    "flags": ("flags.json", '{\n  "$schema": "https://flagd.dev/schema/v0/flags.json",\n  "flags": {}\n}\n'),
    "codeowners": ("CODEOWNERS", "* @us\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", THEIRS)
def test_a_file_of_somebody_else_is_not_replaced(
    name: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, text = THEIRS[name]
    out.mkdir()
    (out / file).write_text(text)
    for form in ("human", "json"):
        assert run(name, COPILOT, "-o", out, "--format", form) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err == (
            f"opmodel: {out / file} is there already, and `opmodel generate` did not write it; "
            "move it away, or name another -o; nothing is written\n"
        )
        assert files(out) == {file: text.encode()}
    assert run(name, COPILOT, "-o", out, "--check") == 1
    assert files(out) == {file: text.encode()}


@pytest.mark.parametrize("name", THEIRS)
def test_what_was_generated_before_is_replaced(name: str, out: Path) -> None:
    """So is an empty file, which holds nothing; and one whose lines end as Windows ends them."""
    file, _ = THEIRS[name]
    out.mkdir()
    (out / file).write_bytes(b"")
    assert run(name, COPILOT, "-o", out) == 0
    made = files(out)
    (out / file).write_bytes(made[file].replace(b"\n", b"\r\n") + b"\r\n")
    assert run(name, COPILOT, "-o", out) == 0
    assert files(out) == made


def test_nothing_to_write_is_said(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = ROOT / "examples" / "representative-week"
    assert run("prometheus", root, "-o", out) == 0
    assert capsys.readouterr().err == "opmodel: there is nothing to write\n"
    assert run("prometheus", root, "-o", out, "--check") == 0
    assert not out.exists()


def test_nothing_is_written_through_a_link_or_in_part(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out.mkdir()
    (out / "rules_60m_test.yml").symlink_to(out.parent / "elsewhere")
    assert run("prometheus", COPILOT, "-o", out) == 2
    assert "is a symbolic link" in capsys.readouterr().err
    assert sorted(path.name for path in out.iterdir()) == ["rules_60m_test.yml"]
    assert not (out.parent / "elsewhere").exists()


def test_the_same_files_give_the_same_bytes(out: Path) -> None:
    run("prometheus", COPILOT, "-o", out)
    first = files(out)
    shutil.copytree(COPILOT, out.parent / "copy")
    run("prometheus", out.parent / "copy", "-o", out.parent / "again", "--tz", "Asia/Tokyo")
    assert files(out.parent / "again") == first
