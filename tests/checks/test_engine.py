"""A whole check: what runs, what is an echo, what is told once, and that its bytes are certain."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.checks.engine import check, open_registry
from registry.checks.result import Result
from registry.diagnostic import Severity
from registry.errors import CannotRunError
from registry.workspace.options import Options
from registry.workspace.policy import FIXED
from tests.conftest import AT, ROOT

HEAD = "opmodel: 1\nname: checked\nstage: poc\n"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def write_and_check(text: str = "", *, head: str = HEAD, **options: str) -> Result:
        (tmp_path / "opmodel.yaml").write_text(head + text, "utf-8")
        return check(str(tmp_path), Options(AT, **options))  # type: ignore[arg-type]

    return write_and_check


def codes(result: Result) -> list[str]:
    return [one.code for one in result.diagnostics]


PEOPLE = "people:\n  a: {name: A}\n"


def test_select_and_ignore(run: Run) -> None:
    text = (
        PEOPLE + "metrics:\n  m: {bucket: cost, response: page, unit: TODO}\n  n: {bukcet: cost}\n"
    )
    everything = run(text)
    assert {"OM004", "OM005", "OM008", "OM201", "OM101"} <= set(codes(everything))
    assert set(codes(run(text, select="OM201"))) == {"OM004", "OM005", "OM201"}
    assert set(codes(run(text, select="unowned-metric, OM008"))) == {
        "OM004",
        "OM005",
        "OM008",
        "OM201",
    }
    assert set(codes(run(text, select="OM2", ignore="om201"))) == set(
        codes(run(text, select="OM2"))
    ) - {"OM201"}
    assert (
        everything.rules_run + everything.rules_off
        == run(text, select="OM201").rules_run + run(text, select="OM201").rules_off
    )


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"select": "OM9999"}, "OM9999"), ({"ignore": "nothing"}, "nothing"),
        ({"ignore": "OM003"}, "OM003"), ({"ignore": "OM0"}, "OM001"), ({"horizon": "1 day"}, "1 day"),
        ({"horizon": "0d"}, "0d"),
        ({"policy": "strict"}, "strict"), ({"policy": "absent.yaml"}, "absent"),
    ],
)  # fmt: skip
def test_what_cannot_run(options: dict[str, str], says: str, run: Run) -> None:
    with pytest.raises(CannotRunError, match=says):
        run(PEOPLE, **options)


def test_a_policy_from_the_command_line(tmp_path: Path, run: Run) -> None:
    pack = tmp_path / "elsewhere.yaml"
    pack.write_text("rules: {OM101: {severity: 'off'}}\n")
    assert "OM101" in codes(run(PEOPLE))
    result = run(PEOPLE, policy=str(pack))
    assert "OM101" not in codes(result)
    assert result.policy == str(pack)
    severities = {
        one.severity for one in run(PEOPLE, policy="production").diagnostics if one.code == "OM101"
    }
    assert severities == {Severity.ERROR}


def test_the_horizon_may_be_replaced(tmp_path: Path, run: Run) -> None:
    run(PEOPLE)
    opened = open_registry(str(tmp_path), Options(AT, horizon="7d"))
    assert opened.policy.settings.horizon == "7d"


def test_no_echo_of_a_field_that_did_not_load(run: Run) -> None:
    text = "metrics:\n  m: {bucket: cost, response: page, owner: {a: b}, decision: [c]}\n"
    found = [one for one in run(text).diagnostics if one.entity == ("metrics", "m")]
    assert {one.code for one in found if one.field and one.field[0] in {"owner", "decision"}} == {
        "OM006"
    }


def test_a_placeholder_is_told_once(run: Run) -> None:
    text = PEOPLE + "metrics:\n  m: {bucket: cost, response: page, owner: TODO, unit: TBD}\n"
    result = run(text)
    about = {one.field: one.code for one in result.diagnostics if one.entity == ("metrics", "m")}
    assert about["owner",] == "OM201"
    assert about["unit",] == "OM008"
    (unit,) = [one for one in result.diagnostics if one.code == "OM008"]
    assert unit.message == "`TBD` stands for a value in `unit` of `m`: it counts as missing"
    alone = run(text, select="OM008")
    assert [one.field for one in alone.diagnostics if one.code == "OM008"] == [
        ("owner",),
        ("unit",),
    ]


def test_a_placeholder_in_a_list_is_named_by_its_place(run: Run) -> None:
    result = run("people:\n  a: {name: A, skills: [prompts, '???']}\n", select="OM008")
    (found,) = result.diagnostics
    assert "`skills[1]` of `a`" in found.message


def test_sorted_and_told_once(run: Run) -> None:
    result = run(PEOPLE + "metrics:\n  m: {bucket: cost, response: page, x: 1, y: 2}\n")
    keys = [
        (
            one.severity.rank,
            one.code not in FIXED,
            one.primary.location.file,
            *one.primary.at.start,
            one.code,
        )
        for one in result.diagnostics
    ]
    assert keys == sorted(keys)
    assert keys[0][1:3] == (False, "opmodel.yaml"), "what did not load as written comes first"
    assert len({(one.code, one.primary, one.message) for one in result.diagnostics}) == len(keys)
    assert all(one.name and one.fingerprint for one in result.diagnostics)


def test_fingerprints_outlive_edits(run: Run) -> None:
    text = "teams:\n  t: {name: T, members: [x, y], channel: z}\nmetrics:\n  m: {bucket: cost, response: page}\n"
    moved = "# a comment\n\nmetrics:\n  m:\n    response: page\n    bucket: cost\nteams:\n  t: {channel: z, members: [w, y, x], name: T}\n"
    first = {one.fingerprint for one in run(text).diagnostics}
    second = {one.fingerprint for one in run(moved).diagnostics}
    assert first < second
    assert len(second - first) == 1


@pytest.mark.slow
def test_the_same_bytes_with_any_hash_seed_zone_and_locale(tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    registry.mkdir()
    (registry / "opmodel.yaml").write_text(HEAD)
    text = (
        "people:\n  Ann: {name: 'Аnn Тor α', nmae: 1}\n  ann: {}\nteams:\n  t: {members: [x, y], lead: z}\n"
        "metrics:\n"
        + "".join(f"  m{n}: {{bucket: b{n}, response: page, owner: o{n}}}\n" for n in range(20))
    )
    (registry / "b.yaml").write_text(text, "utf-8")
    (registry / "a.yaml").write_text(text.replace("m1", "n1"), "utf-8")
    outputs = set()
    for seed, zone, locale in (
        ("0", "UTC", "C"),
        ("1", "Asia/Kolkata", "C.UTF-8"),
        ("77", "", "tr_TR"),
    ):
        command = [sys.executable, "-m", "registry.cli.main", "check", str(registry), "--format", "json",
                   "--at", "2026-11-20T09:00:00Z", "--no-cache"]  # fmt: skip
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        done = subprocess.run(
            [*command[:2], "registry", *command[3:]], cwd=ROOT, env=environment,
            capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 1, done.stderr
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert len(json.loads(outputs.pop())["diagnostics"]) > 60
