"""Files that ship with the package: from a wheel or a checkout, and where one is missing."""

from pathlib import Path

import pytest

from registry.errors import CannotRunError
from registry.source import shipped as module
from registry.source.shipped import listing, shipped


def test_a_file_is_read() -> None:
    assert b"rules:" in shipped("policies", "pilot.yaml")
    assert "pilot.yaml" in listing("policies")


def test_a_file_that_the_installation_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_ROOTS", (str(tmp_path),))
    with pytest.raises(CannotRunError, match=r"lacks its own file policies/pilot\.yaml"):
        shipped("policies", "pilot.yaml")
    assert listing("policies") == []
