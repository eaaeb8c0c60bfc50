"""One registry with a fault of each severity, and a way to run a command line on it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from registry.cli.main import main

AT = "2026-11-20T09:00:00Z"
FAULTY = """\
opmodel: 1
name: faulty
stage: poc
people:
  priya: {name: Priya Natarajan}
metrics:
  latency:
    bucket: reliability
    response: analytics
    owner: priya
    definition: How long an answer takes.
    decision: Roll back.
    unit: TODO
  refusals:  # opmodel: ignore[OM201] owned from January on
    bucket: quality
    response: analytics
  spend:
    bucket: cost
    response: analytics
"""
"""OM008 is an info here, OM201 a warning at `spend` and suppressed at `refusals`."""


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder, with a cache of its own and no say in colours."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("NO_COLOR", "OPMODEL_DEBUG", "TERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*argv: str) -> Ran:
        code = main(argv)
        return Ran(code, *capsys.readouterr())

    return run


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    folder = tmp_path / "here" / "faulty"
    folder.mkdir()
    (folder / "opmodel.yaml").write_text(FAULTY, "utf-8")
    return folder
