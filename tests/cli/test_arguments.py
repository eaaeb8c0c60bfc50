"""What all commands read alike: where options stand, instants and zones, which registry is meant."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import ROOT
from tests.paging.acme import ACME, AT, edited, write

NIGHT = """\
opmodel: 1
name: orchard
stage: poc
timezone: America/New_York
people:
  ana: {name: Ana Ruiz, email: ana@orchard.example}
ownership:
  crates: {title: Crates, accountable: ana}
schedules:
  night:
    timezone: UTC
    coverage: {from: "00:00", to: "08:00"}
    rotations:
      - {name: r, participants: [ana], start: 2026-11-30T00:00, every: 1w,
         hours: {from: "00:00", to: "08:00"}}
"""
RULES = """\
groups:
  - name: crates
    rules: [{alert: Full, expr: vector(1)}]
"""


@pytest.fixture
def night(tmp_path: Path) -> str:
    return write(tmp_path / "here" / "night", NIGHT)


# -- options and what stands between them --------------------------------------------------------


@pytest.mark.parametrize(
    "argv",
    [
        ("export", "role-matrix", "--format", "md", "night"),
        ("export", "--format", "md", "role-matrix", "night"),
        ("who", "--format", "json", "crates", "--at", AT, "night"),
        ("oncall", "show", "--at", AT, "night", "--to", "2026-12-01", "night"),
        ("oncall", "--at", AT, "gaps", "--to", "2026-12-01", "night", "night"),
        ("refs", "--format", "json", "ana", "--at", AT, "night"),
        ("check", "--at", AT, "night", "--fail-on", "never"),
        ("graph", "--format", "json", "ana", "--depth", "1", "night"),
    ],
)
@pytest.mark.usefixtures("night")
def test_options_stand_anywhere(run: Run, argv: tuple[str, ...]) -> None:
    assert run(*argv).code in {0, 1}


def test_a_registry_s_folder_after_an_option_s_values_is_the_registry(run: Run, night: str) -> None:
    for name in ("a.yml", "b.yml"):
        Path(name).write_text(RULES, "utf-8")
    for more in (["a.yml", "night"], ["a.yml", "b.yml", "night"], ["a.yml", "--rules", "b.yml"]):
        place = [] if "night" in more else ["night"]
        argv = ["audit", *place, "--rules", *more, "--at", AT, "--format", "json"]
        rows = json.loads(run(*argv).out)["alerts"]
        assert len(rows) == len([one for one in more if one.endswith(".yml")])
    alone = run("audit", "--rules", "night", "--at", AT)
    assert alone.code == 2
    assert "no registry" in alone.err
    assert os.path.isdir(night)


def test_what_was_found_upward_is_named(
    run: Run, night: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "the registry is" not in run("check", night, "--at", AT).err
    monkeypatch.chdir(night)
    assert "the registry is" not in run("check", "--at", AT).err
    deep = Path(night, "deep", "er")
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    upward = f"opmodel: the registry is {Path('..', '..')}\n"
    for argv in (("check",), ("who", "crates"), ("assess",), ("export", "role-matrix")):
        assert upward in run(*argv, "--at", AT).err


# -- instants and zones --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "at"),
    [
        (("2026-11-24",), "2026-11-24T05:00:00Z"),
        (("2026-11-24T08:30",), "2026-11-24T13:30:00Z"),
        (("2026-11-24", "--tz", "Asia/Tokyo"), "2026-11-23T15:00:00Z"),
        (("2026-11-24T00:00:00Z", "--tz", "Asia/Tokyo"), "2026-11-24T00:00:00Z"),
    ],
)
def test_an_instant_without_an_offset_is_local(
    run: Run, night: str, given: tuple[str, ...], at: str
) -> None:
    asked = ("--at", *given, "--format", "json")
    assert json.loads(run("check", night, *asked).out)["at"] == at
    shown = json.loads(run("who", "crates", night, *asked).out)["at"]
    tz = "+09:00" if "--tz" in given else "+00:00" if given[0].endswith("Z") else "-05:00"
    assert shown.endswith(tz)
    for command in (("impact", "--without", "ana"), ("assess",), ("oncall", "gaps")):
        assert run(*command, night, *asked).code in {0, 1}


def test_a_date_is_its_beginning(run: Run, night: str) -> None:
    shown = json.loads(run("who", "crates", night, "--at", "2026-11-24", "--format", "json").out)
    assert shown["at"] == "2026-11-24T00:00:00-05:00"


def test_without_a_zone_anywhere_it_is_utc(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", NIGHT.replace("timezone: America/New_York\n", ""))
    found = json.loads(run("check", folder, "--at", "2026-11-24", "--format", "json").out)
    assert found["at"] == "2026-11-24T00:00:00Z"


def test_the_zone_that_is_asked_for_is_that_of_every_time_shown(run: Run, night: str) -> None:
    tokyo = ("--at", "2026-12-01T00:00:00Z", "--tz", "Asia/Tokyo")
    show = ("oncall", "show", "night", night, "--to", "2026-12-02")
    assert "09:00–17:00" in run(*show, *tokyo).out
    assert "00:00–08:00" in run(*show, "--at", "2026-12-01T00:00:00Z").out
    assert "17:00" in run("oncall", "next", "night", night, *tokyo).out
    gaps = run("oncall", "gaps", "night", night, "--from", "2026-11-29", *tokyo).out
    assert "night (Asia/Tokyo)" in gaps
    lost = run("impact", "--without", "ana", night, "--to", "2026-12-03", *tokyo).out
    assert "UTC" not in lost
    assert "Asia/Tokyo" in lost


def test_a_zone_that_is_none(run: Run, night: str) -> None:
    for command in (("check",), ("who", "crates"), ("export", "role-matrix")):
        ran = run(*command, night, "--at", "2026-11-24", "--tz", "Asia/Tokio")
        assert ran.code == 2
        assert "did you mean `Asia/Tokyo`?" in ran.err


# -- the horizon ---------------------------------------------------------------------------------


def test_totals_give_the_horizon_and_a_short_one_is_a_warning(run: Run, night: str) -> None:
    ran = run("check", night, "--at", AT, "--horizon", "1s")
    assert "horizon 1s," in ran.out
    assert "the horizon is 1s, shorter than a week" in ran.err
    for days, warns in (("6d", True), ("1w", False), ("90d", False)):
        again = run("check", night, "--at", AT, "--horizon", days, "--format", "json")
        assert json.loads(again.out)["summary"]["horizon"] == days
        assert ("shorter than a week" in again.err) == warns


# -- how it is run -------------------------------------------------------------------------------


@pytest.mark.slow
def test_without_docstrings_the_answers_are_the_same(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", edited(("name: acme", "name: bare")))
    assert "bare" not in ACME

    def ran(optimize: str, *argv: str) -> tuple[int, str]:
        env = {**os.environ, "PYTHONOPTIMIZE": optimize, "PYTHONPATH": str(ROOT)}
        line = [sys.executable, "-m", "registry", *argv]
        done = subprocess.run(line, env=env, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    check = ("check", folder, "--at", AT, "--format", "json", "--no-cache")
    assert ran("2", *check) == ran("", *check)
    for argv in (("explain", "OM204"), ("assess", folder, "--at", AT), ("explain", "alerts")):
        assert ran("2", *argv) == ran("", *argv)
