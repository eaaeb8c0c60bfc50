"""What is said to be covered is what tests reach that are to be counted, whichever worker runs them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.covered import WHOLE, Coverage, added_up, main, wanting

PROGRAM = """
def one(given):
    if given:
        return 1
    return 0

def two():
    return 2
"""
TESTS = """
import os
import pytest
from registry.program import one, two

@pytest.mark.no_cover
@pytest.mark.parametrize("n", range(8))
def test_left_out(n):
    assert two() == 2
    assert one(0) == 0

@pytest.mark.slow
def test_not_asked_for():
    assert two() == 2

@pytest.mark.parametrize("n", range(8))
def test_counted(n, tmp_path):
    os.chdir(tmp_path)
    assert one(1) == 1
"""


@pytest.fixture(params=[0, 2], ids=["alone", "two workers"])
def found(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Coverage:
    here, notes = tmp_path / "here", tmp_path / "notes"
    (here / "registry").mkdir(parents=True)
    (here / "registry" / "__init__.py").touch()
    (here / "registry" / "program.py").write_text(PROGRAM)
    (here / "registry" / "unheard.py").write_text(PROGRAM)
    (here / "test_program.py").write_text(TESTS)
    (here / "pytest.ini").write_text(
        "[pytest]\naddopts = --strict-markers -m 'not slow'\nmarkers =\n  no_cover\n  slow\n"
    )
    monkeypatch.chdir(here)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_ADDOPTS", f"-p tests.covered --covered={notes}")
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(request.param)]
    subprocess.run(command, check=True)
    return added_up(notes.iterdir())


@pytest.mark.slow
def test_what_only_a_test_reaches_that_is_left_out_is_missing(found: Coverage) -> None:
    """So is, whole, what no test imports."""
    program = found["files"]["registry/program.py"]
    assert program["missing_lines"] == [5, 8]
    assert [tuple(branch) for branch in program["missing_branches"]] == [(3, 5)]
    assert found["files"]["registry/unheard.py"]["executed_lines"] == []


def coverage(*, percent: float, **files: bool) -> Coverage:
    """Make up a coverage of files of one line, reached or not; a file of each of WHOLE is reached."""
    whole = {pattern.replace("*", "other.py"): True for pattern in WHOLE}
    all_ = whole | {f"registry/{name}/some.py": is_reached for name, is_reached in files.items()}
    return {
        "summary": {"percent_covered": percent},
        "files": {
            path: {"missing_lines": [] if is_reached else [1], "missing_branches": []}
            for path, is_reached in all_.items()
        },
    }


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: coverage(percent=95, source=True, cli=False), []),
        (lambda: coverage(percent=99, source=False), ["registry/source/some.py: every line and branch is asked for"]),
        (lambda: coverage(percent=94.96), ["registry: 94.9% of lines and branches, and 95% are asked for"]),
    ],
)  # fmt: skip
def test_where_more_is_asked_for(made: Callable[[], Coverage], says: list[str]) -> None:
    assert wanting(made()) == says


def test_a_place_that_is_gone_is_told() -> None:
    made = coverage(percent=99)
    del made["files"]["registry/oncall/other.py"]
    assert wanting(made) == ["registry/oncall/*: there is no such file; correct WHOLE"]


def test_a_folder_without_notes_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(tmp_path) == 1
    assert capsys.readouterr().out == f"{tmp_path} has no notes; name what `--covered` named\n"


@pytest.mark.parametrize("named", [".", "gw7.json"])
def test_notes_of_another_run_are_not_added_up(tmp_path: Path, named: str) -> None:
    (tmp_path / "gw7.json").write_text("{}")
    place = str(tmp_path / named)
    command = [sys.executable, "-m", "pytest", "-p", "tests.covered", f"--covered={place}"]
    done = subprocess.run(
        [*command, __file__], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "is there already; name a new folder" in done.stderr
