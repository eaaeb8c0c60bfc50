"""What a start loads: each command's own modules are counted, and its libraries named.

`--update` writes the counts anew, up to the next ten, so that not every new module is told.
"""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from registry.cli._command import find
from registry.cli._names import names, summaries
from tests.cli.conftest import AT
from tests.conftest import ROOT, thirds

EXPECTED = Path(__file__).with_name("imports.csv")
EXAMPLE = str(ROOT / "examples" / "team-of-three")
KEPT = f"check {EXAMPLE} --at {AT} (again)"
COMMANDS = [
    "--version", "--help", *(f"{name} --help" for name in names()), "rules", "explain OM201",
    f"check {EXAMPLE} --at {AT} --no-cache", KEPT, f"who metrics/groundedness {EXAMPLE} --at {AT}",
    f"oncall next {EXAMPLE} --at {AT}", f"export duties {EXAMPLE} --at {AT}",
    f"assess {EXAMPLE} --at {AT}", f"refs asha {EXAMPLE}",
]  # fmt: skip
SCRIPT = """\
import sys
from registry.cli.main import main
main()
loaded = sorted(sys.modules)
import json
print(json.dumps(loaded), file=sys.stderr)
"""
PLUGGED = {"generators", "pages", "readers", "report", "rules", "signs", "tables"}
"""Folders of plug-ins: a new one there is no start that has become dearer."""


class Loaded(NamedTuple):
    modules: int
    libraries: str


def name(command: str) -> str:
    """Name a command line so that it is the same on every machine."""
    return command.replace(EXAMPLE, "EXAMPLE").replace(f" --at {AT}", "")


def loaded(command: str) -> Loaded:
    """Count what a command line loads of our own, and name the libraries that it loads."""
    argv = command.removesuffix(" (again)").split()
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-P", "-c", SCRIPT, *argv]
    for _ in range(1 + command.endswith("(again)")):
        done = subprocess.run(line, env=environ, capture_output=True, check=True)
    modules: list[str] = json.loads(done.stderr.splitlines()[-1])
    parts = [one.split(".") for one in modules]
    own = [one for one in parts if one[0] == "registry" and not PLUGGED.intersection(one[:-1])]
    python = sys.stdlib_module_names | {
        "registry",
        "__main__",
        "__mp_main__",
        "coverage",
        "sitecustomize",
    }
    others = {one[0] for one in parts} - python
    return Loaded(len(own), " ".join(sorted(one for one in others if not one.startswith("_"))))


def expected() -> dict[str, Loaded]:
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return {
            one["command"]: Loaded(int(one["modules"]), one["libraries"])
            for one in csv.DictReader(file)
        }


def test_the_table_is_of_all_commands(update: bool) -> None:
    if update:
        with EXPECTED.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(["command", "modules", "libraries"])
            for command in COMMANDS:
                found = loaded(command)
                rows.writerow([name(command), -(-found.modules // 10) * 10, found.libraries])
    assert [*expected()] == [name(one) for one in COMMANDS]


@pytest.mark.no_cover
@pytest.mark.parametrize("command", thirds(COMMANDS), ids=name)
def test_a_command_loads_no_more_than_it_did(command: str) -> None:
    found, most = loaded(command), expected()[name(command)]
    assert found.libraries == most.libraries
    assert found.modules <= most.modules


def test_an_answer_that_is_kept_loads_next_to_nothing() -> None:
    """Neither a model nor a parser; not even what Python's own library takes long to load."""
    assert loaded(KEPT) == Loaded(7, "")
    line = [sys.executable, "-P", "-c", SCRIPT, *KEPT.removesuffix(" (again)").split()]
    done = subprocess.run(
        line, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=True
    )
    dear = {"argparse", "collections", "dataclasses", "enum", "functools", "hashlib", "importlib",
            "inspect", "json", "pathlib", "re", "types", "typing"}  # fmt: skip
    assert dear.isdisjoint(json.loads(done.stderr))


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_load_no_command(option: str) -> None:
    line = [sys.executable, "-P", "-c", SCRIPT, option]
    done = subprocess.run(
        line, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=True
    )
    dear = {"argparse", "dataclasses", "hashlib", "inspect", "json", "pathlib"}
    dear |= {f"registry.cli.{name}" for name in ("check", "_command", "_arguments")}
    assert dear.isdisjoint(json.loads(done.stderr.splitlines()[-1]))


def test_the_line_of_each_command_is_read_as_it_is() -> None:
    """From the text of its module, without an import; that is what makes `--help` quick."""
    assert summaries() == {one: find(one).summary for one in names()}


def test_a_line_that_is_not_plainly_there_is_asked_of_the_module(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = summaries()
    monkeypatch.setattr("registry.cli._names.__file__", str(tmp_path / "_names.py"))
    assert summaries() == told, "installed without its source"
    (tmp_path / "check.py").write_text('\nCOMMAND = Command("a \\"quoted\\" line", arguments, run)')
    (tmp_path / "who.py").write_text("\nCOMMAND = Command(\n    SUMMARY, arguments, run)")
    assert summaries() == told
    (tmp_path / "who.py").write_text('\nCOMMAND = Command(\n    "A line.", arguments, run)')
    assert summaries() == {**told, "who": "A line."}
