"""The GitHub action and the pre-commit hook: what they run, and that no input becomes code."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from registry.cli._command import find, parser_of
from tests.conftest import ROOT

ODD = {"DIRECTORY": "-a b", "POLICY": "", "FAIL_ON": "error", "SARIF": ""}


def _read(name: str) -> Any:
    return YAML(typ="safe").load((ROOT / name).read_text("utf-8"))


ACTION: dict[str, Any] = _read("action.yml")
HOOKS: list[dict[str, Any]] = _read(".pre-commit-hooks.yaml")


def _steps() -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = ACTION["runs"]["steps"]
    return steps


def test_no_expression_stands_in_a_script() -> None:
    for step in _steps():
        assert "${{" not in step.get("run", "")


def test_every_input_is_used_and_described() -> None:
    inputs = ACTION["inputs"]
    used = json.dumps([step.get("env", {}) for step in _steps()])
    assert set(inputs) == {"directory", "policy", "fail-on", "sarif"}
    for name, one in inputs.items():
        assert f"${{{{ inputs.{name} }}}}" in used
        assert one["description"]
        assert "default" in one


@pytest.mark.parametrize(
    ("inputs", "arguments"),
    [
        ({}, ["check", "--format", "github", "--fail-on=error", "--", "-a b"]),
        (
            {"POLICY": "$(touch x)", "SARIF": "out put.sarif", "FAIL_ON": "never"},
            ["check", "--format", "github", "--fail-on=never", "--policy=$(touch x)",
             "--report=sarif=out put.sarif", "--", "-a b"],
        ),
    ],
)  # fmt: skip
def test_runs_the_check_with_the_inputs_as_they_are(
    tmp_path: Path, inputs: dict[str, str], arguments: list[str]
) -> None:
    bin_ = tmp_path / "opmodel" / "bin"
    bin_.mkdir(parents=True)
    (bin_ / "opmodel").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\nexit 1\n', "utf-8")
    (bin_ / "opmodel").chmod(0o755)
    script = _steps()[-1]["run"]
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        env={**os.environ, **ODD, **inputs, "RUNNER_TEMP": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == arguments
    assert done.returncode == 1
    assert not (tmp_path / "x").exists()
    args = parser_of("check", find("check")).parse_args(arguments[1:])
    assert args.directories == ["-a b"]


def test_the_hook_checks_the_whole_registry() -> None:
    (hook,) = HOOKS
    assert hook["entry"] == "opmodel check"
    assert hook["pass_filenames"] is False
