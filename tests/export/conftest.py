"""Registries for the tests of exports: the example, and small ones written for one test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from registry.checks.engine import Opened, open_registry
from registry.workspace.options import Options
from tests.conftest import AT, ROOT

EXAMPLE = ROOT / "examples" / "enterprise-copilot"
MANIFEST = "opmodel: 1\nname: fixture\nstage: production\n"

Open = Callable[..., Opened]


@pytest.fixture(scope="session")
def example() -> Opened:
    """The enterprise copilot, which checks clean."""
    return open_registry(str(EXAMPLE), Options(AT))


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Open a registry of one text, or of several files by name."""

    def write(text: str = "", **files: str) -> Opened:
        (tmp_path / "opmodel.yaml").write_text(MANIFEST + text, "utf-8")
        for name, content in files.items():
            (tmp_path / f"{name}.yaml").write_text(content, "utf-8")
        return open_registry(str(tmp_path), Options(AT))

    return write
