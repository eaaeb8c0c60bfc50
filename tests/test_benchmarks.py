"""The registries that the benchmarks check are clean: a finding would be measured along."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from registry.checks.engine import check
from registry.workspace.options import Options
from tests.conftest import ROOT

AT = datetime.fromisoformat("2026-11-20T09:00:00Z")


@pytest.mark.parametrize("entities", [100, 400])
def test_a_generated_company_is_clean(entities: int, tmp_path: Path) -> None:
    generate = [sys.executable, str(ROOT / "benchmarks/generate.py"), str(tmp_path / "company")]
    subprocess.run([*generate, "--entities", str(entities)], check=True, capture_output=True)
    result = check(str(tmp_path / "company"), Options(AT))
    assert result.diagnostics == ()
    assert result.entities == entities
