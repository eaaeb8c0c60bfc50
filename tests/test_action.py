"""The GitHub action and the pre-commit hook: what they run, and that no input becomes code."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from registry.cli._command import find, parser_of
from tests.cli.repository import commit, git, repository
from tests.conftest import ROOT

INPUTS = {
    "directory", "policy", "fail-on", "only-new", "sarif", "upload-sarif", "comment", "token",
}  # fmt: skip
GIVEN = {
    "DIRECTORY": "-a b", "POLICY": "", "FAIL_ON": "error", "ONLY_NEW": "false", "SARIF": "",
    "UPLOAD": "false", "GITHUB_BASE_REF": "",
}  # fmt: skip
PERSON = "people:\n  ana: {name: Ana Silva}\n"
BASE = """\
opmodel: 1
name: ours
stage: poc
ownership:
  prompts: {accountable: ana}
"""


def _read(name: str) -> Any:
    return YAML(typ="safe").load((ROOT / name).read_text("utf-8"))


ACTION: dict[str, Any] = _read("action.yml")
HOOKS: list[dict[str, Any]] = _read(".pre-commit-hooks.yaml")
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


class Done(NamedTuple):
    """A step that ran: its exit, its log, and what it told the steps after it."""

    code: int
    out: str
    err: str
    outputs: dict[str, str]
    summary: str


class Runner:
    """Runs a step's script as GitHub's runner does, in a folder, with files of its own beside."""

    def __init__(self, here: Path, work: Path) -> None:
        self.here, self.work = here, work
        self.bin = here / "bin"
        self.bin.mkdir()

    def program(self, name: str, script: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/bash\n{script}\n", "utf-8")
        path.chmod(0o755)

    def step(self, name: str, **given: str) -> Done:
        (script,) = (one["run"] for one in STEPS if one.get("name") == name)
        outputs, summary = self.here / f"{name}.out", self.here / "summary.md"
        outputs.write_text("", "utf-8")
        environ = {
            **os.environ, "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
            "RUNNER_TEMP": str(self.here), "GITHUB_OUTPUT": str(outputs), "BIN": str(self.bin),
            "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_REPOSITORY": "acme/ours", "GITHUB_SERVER_URL": "https://github.example",
            "XDG_CACHE_HOME": str(self.here / "cache"), **GIVEN, **given,
        }  # fmt: skip
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            env=environ, cwd=self.work, capture_output=True, text=True, check=False,
        )  # fmt: skip
        told = dict(line.split("=", 1) for line in outputs.read_text("utf-8").splitlines())
        shown = summary.read_text("utf-8") if summary.exists() else ""
        return Done(done.returncode, done.stdout, done.stderr, told, shown)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    (tmp_path / "runner").mkdir()
    (tmp_path / "work").mkdir()
    return Runner(tmp_path / "runner", tmp_path / "work")


@pytest.fixture
def echo(runner: Runner) -> Runner:
    """A runner whose opmodel prints what it is given, and finds something."""
    runner.program("opmodel", 'printf "%s\\n" "$@"; exit 1')
    return runner


@pytest.fixture
def real(runner: Runner) -> Runner:
    """A runner with this opmodel, in a repository whose branch left `origin/main`."""
    runner.program("opmodel", f'exec "{sys.executable}" -I -m registry "$@"')
    for name in ("ops", "more"):
        (runner.work / name).mkdir()
        (runner.work / name / "opmodel.yaml").write_text(BASE, "utf-8")
        (runner.work / name / "people.yaml").write_text(PERSON, "utf-8")
    repository(runner.work)
    git(runner.work, "update-ref", "refs/remotes/origin/main", "main")
    git(runner.work, "checkout", "-q", "-b", "change")
    return runner


# -- the action as it is written -----------------------------------------------------------------


def test_no_expression_stands_in_a_script() -> None:
    for step in STEPS:
        assert "${{" not in step.get("run", "")


def test_every_input_is_used_and_described() -> None:
    inputs = ACTION["inputs"]
    used = json.dumps(STEPS)
    assert set(inputs) == INPUTS
    for name, one in inputs.items():
        assert re.search(rf"\binputs\.{name}(?![\w-])", used)
        assert one["description"]
        assert "default" in one


@pytest.mark.parametrize(
    "name", ["action.yml", ".github/workflows/ci.yml", ".github/workflows/site.yml"]
)
def test_other_actions_are_pinned_by_their_digest(name: str) -> None:
    uses = re.findall(r"(?m)^.*\buses: (.*)$", (ROOT / name).read_text("utf-8"))
    assert uses
    for one in uses:
        assert re.fullmatch(r"[\w-]+(/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one), one


def test_nothing_is_installed_that_the_lock_does_not_hold() -> None:
    (script,) = (one["run"] for one in STEPS if one.get("id") == "install")
    lines = [line.strip() for line in script.splitlines() if '"${pip[@]}"' in line]
    locked, ours = lines
    assert "--require-hashes" in locked
    assert locked.endswith('--requirement "$GITHUB_ACTION_PATH/requirements.txt"')
    assert "--no-deps --no-build-isolation" in ours
    assert all(" -I -m " in line for line in script.splitlines() if " -m " in line)


def test_the_working_folder_brings_no_module_into_python(runner: Runner) -> None:
    """Whoever opens a pull request may put a `venv.py` and a `pip.py` at its root."""
    for name in ("venv.py", "pip.py"):
        (runner.work / name).write_text("raise SystemExit('ran')", "utf-8")
    runner.program("said", 'printf "%s\\n" "$*"')
    runner.program(
        "python",
        'test "$1 $2 $3" = "-I -m venv"; mkdir -p "$4/bin"; cp "${0%/*}/said" "$4/bin/python"',
    )
    done = runner.step("Install opmodel", PYTHON=str(runner.bin / "python"))
    assert (done.code, done.err) == (0, "")
    assert done.outputs == {"bin": f"{runner.here}/opmodel/bin"}
    assert [line.split()[:4] for line in done.out.splitlines()] == [
        ["-I", "-m", "pip", "install"]
    ] * 2
    requirements = done.out.splitlines()[0].split()[-1]
    assert Path(requirements).read_text("utf-8").count("--hash=") > 20


# -- its steps -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inputs", "arguments"),
    [
        ({}, ["check", "--format", "github", "--fail-on=error", "--", "-a b"]),
        (
            {"POLICY": "$(touch x)", "SARIF": "out put.sarif", "FAIL_ON": "never"},
            ["check", "--format", "github", "--fail-on=never", "--policy=$(touch x)",
             "--report=sarif=out put.sarif", "--", "-a b"],
        ),
        (
            {"ONLY_NEW": "true", "GITHUB_BASE_REF": "$(touch x)"},
            ["check", "--format", "github", "--fail-on=error",
             "--since=origin/$(touch x)...", "--", "-a b"],
        ),
        (
            {"ONLY_NEW": "true", "DIRECTORY": "a b\n\n`touch x`\n"},
            ["check", "--format", "github", "--fail-on=error", "--", "a b", "`touch x`"],
        ),
    ],
)  # fmt: skip
def test_runs_the_check_with_the_inputs_as_they_are(
    echo: Runner, inputs: dict[str, str], arguments: list[str]
) -> None:
    done = echo.step("Check", **inputs)
    assert done.out.splitlines() == arguments
    assert done.code == 1
    assert done.outputs == {}
    assert not (echo.work / "x").exists()
    args = parser_of("check", find("check")).parse_args(arguments[1:])
    assert args.directories == arguments[arguments.index("--") + 1 :]


def test_what_is_uploaded_is_what_was_found(real: Runner) -> None:
    (real.work / "ops" / "people.yaml").unlink()
    done = real.step("Check", DIRECTORY="ops\nmore", UPLOAD="true")
    assert done.code == 1
    assert "::error file=ops/opmodel.yaml,line=5," in done.out
    assert done.summary.startswith("2 registries: 1 error, ")
    log = json.loads(Path(done.outputs["sarif"]).read_text("utf-8"))
    assert len(log["runs"]) == 2
    (upload,) = (one for one in STEPS if "upload-sarif@" in one.get("uses", ""))
    assert upload["with"]["sarif_file"] == "${{ steps.check.outputs.sarif }}"


def test_a_file_of_the_checkout_is_not_uploaded(real: Runner) -> None:
    (real.work / "out.sarif").write_text("{}", "utf-8")
    done = real.step("Check", DIRECTORY="none", SARIF="out.sarif", UPLOAD="true")
    assert (done.code, done.outputs) == (2, {})
    assert not (real.work / "out.sarif").exists()


def test_only_new_counts_what_the_branch_brings(real: Runner) -> None:
    given = {"DIRECTORY": "ops", "ONLY_NEW": "true", "GITHUB_BASE_REF": "main"}
    people = real.work / "ops" / "people.yaml"
    people.write_text("# moved\n\n" + people.read_text("utf-8"), "utf-8")
    moved = real.step("Check", **given)
    assert (moved.code, "::" in moved.out) == (0, False)
    people.unlink()
    gone = real.step("Check", **given)
    assert gone.code == 1
    assert "new since origin/main... (" in gone.out


def change(real: Runner, directory: str = "ops") -> Done:
    commit(real.work, "a change")
    return real.step("What the change does", DIRECTORY=directory, GITHUB_BASE_REF="main")


def test_tells_what_a_change_does(real: Runner) -> None:
    (real.work / "ops" / "people.yaml").unlink()
    done = change(real, "ops\n\nmore\n")
    assert (done.code, done.out) == (0, "")
    assert done.outputs["changes"] == "true"
    text = Path(done.outputs["file"]).read_text("utf-8")
    assert text == done.summary
    assert "nobody answers for the layer `prompts`" in text
    assert text.count("## What changes in ours from ") == 2


def test_where_only_lines_move_nothing_changes(real: Runner) -> None:
    people = real.work / "ops" / "people.yaml"
    people.write_text("# moved\n\n" + people.read_text("utf-8"), "utf-8")
    assert change(real).outputs["changes"] == "false"
    assert change(real, "").outputs == {}  # no registry is at the root


def test_what_cannot_be_compared_is_told_and_fails_nothing(real: Runner) -> None:
    git(real.work, "update-ref", "-d", "refs/remotes/origin/main")
    done = change(real)
    assert (done.code, done.outputs) == (0, {})
    assert done.out.startswith("::warning title=opmodel::What the change does is not told")
    assert "origin/main" in done.err


def test_what_no_comment_holds_is_on_the_page_of_the_job(runner: Runner) -> None:
    runner.program("opmodel", 'printf "%040000d\\n" 7')
    done = runner.step("What the change does", DIRECTORY="a\nb\nc", GITHUB_BASE_REF="main")
    text = Path(done.outputs["file"]).read_text("utf-8")
    assert len(text) < 65_000
    assert text.endswith("7\n\n… and of 2 more: see the page of the job\n")
    assert len(done.summary) > 120_000


COMMENTS = """\
printf '%s\\n' "$*" >> "$RUNNER_TEMP/calls"
if test "$2" = --paginate; then printf '%s' "$IDS"; exit "${LISTED:-0}"; fi
exit "${WRITTEN:-0}"
"""


def comment(runner: Runner, **given: str) -> tuple[list[str], str]:
    """Run the step that comments; return the calls that it made, and its log."""
    runner.program("gh", COMMENTS)
    (runner.here / "change.md").write_text("## What changes\n", "utf-8")
    given = {"CHANGES": "true", "NUMBER": "7", "IDS": "", **given}
    done = runner.step("Comment", CHANGE=str(runner.here / "change.md"), **given)
    assert done.code == 0
    calls = (runner.here / "calls").read_text("utf-8").splitlines()
    assert calls[0].startswith("api --paginate repos/acme/ours/issues/7/comments?per_page=100 ")
    return calls[1:], done.out


def test_comments_once_and_keeps_it_up_to_date(runner: Runner) -> None:
    body = f"-F body=@{runner.here}/opmodel-comment.md"
    assert comment(runner)[0] == [
        f"api --silent --method POST repos/acme/ours/issues/7/comments {body}"
    ]
    text = (runner.here / "opmodel-comment.md").read_text("utf-8")
    assert re.fullmatch(r"<!-- opmodel \d+ -->\n## What changes\n", text)
    marker = text.partition("\n")[0]
    assert f'startswith("{marker}")' in (runner.here / "calls").read_text("utf-8")
    (runner.here / "calls").unlink()
    assert comment(runner, IDS="12\n34\n", CHANGES="false")[0] == [
        f"api --silent --method PATCH repos/acme/ours/issues/comments/12 {body}"
    ]


def test_says_nothing_where_nothing_changes(runner: Runner) -> None:
    assert comment(runner, CHANGES="false") == ([], "")


@pytest.mark.parametrize("given", [{"LISTED": "1"}, {"WRITTEN": "1"}])
def test_a_comment_that_may_not_be_written_fails_nothing(
    runner: Runner, given: dict[str, str]
) -> None:
    _, out = comment(runner, **given)
    assert out.startswith("::warning title=opmodel::The comment is not written; the job needs ")


# -- the hook ------------------------------------------------------------------------------------


def test_the_hook_checks_the_whole_registry_whatever_a_commit_touches() -> None:
    (hook,) = HOOKS
    assert hook["entry"] == "opmodel check"
    assert hook["pass_filenames"] is False
    assert hook["always_run"] is True
