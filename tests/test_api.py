"""The library: public names, and what importing the package costs."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import registry
from registry.checks.engine import check as engine
from registry.diagnostic import Severity
from registry.errors import CannotRunError
from registry.workspace.load import load as loader
from tests.conftest import AT, ROOT

EXAMPLE = ROOT / "examples" / "team-of-three"


def test_public_names_are_there_and_are_no_modules() -> None:
    for name in registry.__all__:
        assert callable(getattr(registry, name))
        assert name in dir(registry)
    assert registry.check is not engine
    assert registry.load is not loader
    assert registry.Severity is Severity


def test_no_other_name_is_invented() -> None:
    with pytest.raises(AttributeError, match="no attribute `chekc`"):
        registry.chekc  # noqa: B018


@pytest.mark.no_cover
@pytest.mark.parametrize("path", [EXAMPLE, str(EXAMPLE)])
def test_loads_and_checks(path: Path | str) -> None:
    workspace = registry.load(path)
    assert workspace.manifest.name == "team-of-three"
    result = registry.check(path, at=AT)
    assert result == registry.check(workspace, at=AT)
    assert result.entities == workspace.count()
    assert result.at == "2026-11-20T09:00:00Z"
    assert result.instant == AT


def test_a_policy_may_be_named() -> None:
    assert registry.check(EXAMPLE, "production", AT).policy == "production"


def test_now_is_the_default() -> None:
    before = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    assert registry.check(EXAMPLE).at >= before.isoformat().replace("+00:00", "Z")


def test_what_cannot_run_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotRunError, match="no registry"):
        registry.load(tmp_path)
    with pytest.raises(CannotRunError, match="no time zone"):
        registry.check(EXAMPLE, at=datetime(2026, 11, 20))  # noqa: DTZ001


def test_answers_who_is_paged() -> None:
    copilot = ROOT / "examples" / "enterprise-copilot"
    at = datetime(2026, 11, 24, 8, tzinfo=UTC)
    found = registry.who(copilot, "alerts/groundedness-drop", at)
    assert [hop.reached for hop in found.answers[0].chain[:3]] == [("tom",), ("ines",), ("dana",)]
    assert found == registry.who(registry.load(copilot), "groundedness-drop", at)
    assert found.at == at
    until = found.answers[0].chain[0].people[0].until
    assert until == datetime(2026, 11, 30, 8, tzinfo=UTC)
    before = datetime.now(UTC)
    assert registry.who(copilot, "groundedness").at >= before
    with pytest.raises(CannotRunError, match="there is no entity"):
        registry.who(copilot, "nonsense", at)


def test_role_matrix_is_a_frame() -> None:
    frame = registry.role_matrix(registry.load(EXAMPLE))
    assert list(frame.columns[:5]) == ["layer", "title", "description", "team", "accountable"]
    assert len(frame) == 8


def test_importing_the_package_loads_nothing_of_it() -> None:
    script = "import registry, sys; print(*(m for m in sys.modules if m.startswith('registry')))"
    done = subprocess.run(
        [sys.executable, "-c", script + "; print('typing' in sys.modules)"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout.splitlines()[0] == "registry"
