"""Distributions that bring rules, installed as a folder on the path for the time of a test."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

EXAMPLE = ROOT / "docs" / "own-rules" / "acme-rules"


def install(
    folder: Path, patch: pytest.MonkeyPatch, *, name: str = "acme-rules", version: str = "1.2.0"
) -> Path:
    """Install the guide's plugin below a folder; return the folder of its rules."""
    package = f"{name.replace('-', '_')}"
    shutil.copytree(EXAMPLE / "acme_rules", folder / package)
    info = folder / f"{package}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(f"[opmodel.rules]\n{name} = {package}.rules\n")
    patch.syspath_prepend(str(folder))
    forget(patch)
    return folder / package / "rules"


def forget(patch: pytest.MonkeyPatch) -> None:
    """Have plugins that were imported imported anew, and again when the test is over."""
    for module in [one for one in sys.modules if one.startswith("acme_")]:
        patch.delitem(sys.modules, module)
