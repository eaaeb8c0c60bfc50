"""The programs that read what is generated: promtool and amtool, of Debian's packages."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest


def needed(program: str) -> str:
    """The program; CI must have it, and a user's clone skips without it."""
    found = shutil.which(program)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{program} is absent, and CI must hold what is generated against it")
        pytest.skip(f"{program} (Debian: prometheus, prometheus-alertmanager) is not installed")
    return found


def ran(folder: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder."""
    return subprocess.run(
        [needed(program), *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def promtool(
    folder: Path, rules: Sequence[Any], groups: Sequence[Any]
) -> subprocess.CompletedProcess[str]:
    """Have promtool test rules, which are evaluated every minute."""
    (folder / "rules.yml").write_text(json.dumps({"groups": [{"name": "g", "rules": rules}]}))
    tests = {"rule_files": ["rules.yml"], "evaluation_interval": "10m", "tests": groups}
    (folder / "tests.yml").write_text(json.dumps(tests))
    return ran(folder, "promtool", "test", "rules", "tests.yml")
