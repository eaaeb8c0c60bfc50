"""Registries for the tests of assessments: small ones, written for one test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from registry.assess.answer import AskedSign
from registry.assess.assess import Assessment, assess
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from tests.conftest import AT

Assess = Callable[..., Assessment]
Ask = Callable[[str, str], AskedSign]


@pytest.fixture
def assessed(tmp_path: Path) -> Assess:
    """Assess a registry of one text; other files by name, options by keyword."""

    def run(
        text: str, stage: str = "production", policy: str | None = None, **files: str
    ) -> Assessment:
        manifest = f"opmodel: 1\nname: fixture\nstage: {stage}\n"
        (tmp_path / "opmodel.yaml").write_text(manifest + text, "utf-8")
        for name, content in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(content, "utf-8")
        options = Options(AT, policy)
        return assess(open_registry(str(tmp_path), options), options)

    return run


@pytest.fixture
def asked(assessed: Assess) -> Ask:
    """Ask a registry of one text for one sign."""

    def run(sign: str, text: str) -> AskedSign:
        return next(one for one in assessed(text).signs if one.id == sign)

    return run
