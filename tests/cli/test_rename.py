"""`opmodel rename`: a new id in every place, or a word why not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import AT, Run
from tests.conftest import ROOT, thirds

EXAMPLE = ROOT / "examples" / "enterprise-copilot"


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    folder = tmp_path / "here" / "ours"
    folder.mkdir()
    text = "opmodel: 1\nname: ours\nstage: poc\npeople:\n  ana: {name: Ana}\nmetrics:\n  m: {owner: ana}\n"
    (folder / "opmodel.yaml").write_text(text, "utf-8")
    return folder


def test_a_person_is_renamed_once(run: Run, ours: Path) -> None:
    path = ours / "opmodel.yaml"
    before = path.read_text("utf-8")
    ran = run("rename", "people/ana", "anna", "ours", "--at", AT)
    assert ran == (0, "", "opmodel: people/ana renamed to anna: 2 places in 1 file\n")
    after = path.read_text("utf-8")
    assert after == before.replace("ana:", "anna:").replace("ana}", "anna}")
    ran = run("rename", "people/ana", "anna", "ours", "--at", AT)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "opmodel: there is no person `ana`; did you mean `anna` (Ana)?\n"
    assert path.read_text("utf-8") == after


def test_a_diff_writes_nothing(run: Run, ours: Path) -> None:
    before = (ours / "opmodel.yaml").read_bytes()
    ran = run("rename", "ana", "people/anna", "ours", "--diff", "--at", AT)
    assert ran.code == 1
    assert "-  m: {owner: ana}\n+  m: {owner: anna}\n" in ran.out
    assert ran.err == (
        "opmodel: people/ana would be renamed to anna: 2 places in 1 file; "
        "nothing is written: leave `--diff` out\n"
    )
    assert (ours / "opmodel.yaml").read_bytes() == before


def test_what_it_leaves_to_people_is_said(run: Run, ours: Path) -> None:
    with (ours / "opmodel.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "bindings:\n  b: {label: team}\nownership:\n  cost: {title: Cost, accountable: anna}\n"
        )
    notes = run("rename", "people/ana", "anna", "ours", "--at", AT).err.splitlines()
    assert notes[1:] == [
        "opmodel: opmodel.yaml:11 named `anna` already, and now means this",
        "opmodel: a deployed rule whose `team` is `ana`, if there is one, means nobody until it says `anna`",
    ]
    notes = run(
        "rename", "ownership/cost", "spend", "ours", "--at", AT, "--policy", "production"
    ).err.splitlines()
    assert notes[1].startswith("opmodel: found only under the new id: OM101 missing-layer: ")


@pytest.mark.slow
@pytest.mark.no_cover
def test_an_example_stays_sound_and_comes_back(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "here" / "example"
    shutil.copytree(EXAMPLE, folder)
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for subject, new in (
        ("people/priya", "007"),
        ("alerts/groundedness-drop", "gd"),
        ("fields/intent", "no"),
    ):
        section, old = subject.split("/")
        assert run("rename", subject, new, "example", "--at", AT).code == 0
        assert run("check", "example", "--at", AT, "--fail-on", "info").code == 0
        assert run("test", "example", "--at", AT).code == 0
        assert run("rename", f"{section}/{new}", old, "example", "--at", AT).code == 0
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    quotes = {
        path: data.replace(b'"priya"', b"priya").replace(b'"intent"', b"intent")
        for path, data in after.items()
    }
    assert quotes == files


KILLED = """
import os, signal, sys
from registry.cli.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever was inherited
signal.signal(signal.SIGHUP, signal.SIG_DFL)
real, seen = os.{where}, []

def broken(*given, **options):
    seen.append(given)
    if len(seen) == {turn}:
        os.kill(os.getpid(), signal.{signal})
    return real(*given, **options)

os.{where} = broken
main(["rename", "people/priya", "priyanka", sys.argv[1]])
"""


@pytest.mark.parametrize(
    "killed",
    thirds(["fsync 1 SIGKILL", "fsync 15 SIGKILL", "fsync 7 SIGTERM", "replace 8 SIGINT"]),
)
def test_killed_in_the_middle_every_file_is_as_it_was(tmp_path: Path, killed: str) -> None:
    where, turn, signal = killed.split()
    folder = tmp_path / "here" / "example"
    shutil.copytree(EXAMPLE, folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    program = KILLED.format(where=where, turn=turn, signal=signal)
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], check=False, capture_output=True
    )
    assert done.returncode != 0 or signal == "SIGINT"
    assert {path: path.read_bytes() for path in before} == before


def test_a_baseline_that_is_not_read_may_name_the_id(run: Run, ours: Path) -> None:
    (ours / "opmodel-baseline.yaml").write_text("garbage: [\n", "utf-8")
    before = (ours / "opmodel.yaml").read_bytes()
    ran = run("rename", "people/ana", "ada", str(ours))
    assert ran.code == 2
    assert "opmodel-baseline.yaml has faults, and may name `ana`" in ran.err
    assert (ours / "opmodel.yaml").read_bytes() == before
