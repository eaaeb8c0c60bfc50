"""A cage for the whole run, and the canary that no input may touch."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.cage import MEMORY, Cage, Outcome

CANARY = Path("/tmp/opmodel_pwned")
MANIFEST = b"opmodel: 1\nname: hostile\nstage: poc\npeople:\n  priya: {name: Priya Natarajan}\n"
AT = ("--at", "2026-11-20T09:00:00Z", "--no-cache")


@dataclass(frozen=True)
class Checked:
    """A check in the cage: how it ended, and what it found."""

    outcome: Outcome
    report: dict[str, Any]

    @property
    def places(self) -> list[tuple[str, str, int]]:
        """Code, file and line of each finding, in the report's order."""
        found = self.report["diagnostics"]
        return [(one["code"], one["path"], one["line"]) for one in found]

    @property
    def findings(self) -> list[tuple[str, int]]:
        """Code and line of each finding."""
        return [(code, line) for code, _, line in self.places]


@pytest.fixture(scope="session")
def cage() -> Iterator[Cage]:
    with Cage() as one:
        yield one


@pytest.fixture(autouse=True)
def canary() -> Iterator[None]:
    assert not CANARY.exists()
    yield
    assert not CANARY.exists()


@pytest.fixture
def registry(tmp_path: Path) -> Callable[..., Path]:
    """Write a registry that is valid but for the files given, each by name."""

    def write(files: dict[str, bytes], manifest: bytes = MANIFEST) -> Path:
        for name, data in {"opmodel.yaml": manifest, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return tmp_path

    return write


@pytest.fixture
def check(cage: Cage) -> Callable[..., Checked]:
    """Check a registry in the cage, by default with the rules of files and format alone.

    Whatever is in it, the check keeps within its limits, touches nothing and fails no worse than
    with findings; and a person's report has no character that could act on a terminal.
    """

    def run(
        root: Path, select: str = "OM0", seconds: float | None = None, *, both: bool = True
    ) -> Checked:
        size = sum(one.lstat().st_size for one in root.rglob("*.*") if one.is_file())
        bound = seconds or 2 + 2 * size / 1_000_000
        chosen = ("--select", select) if select else ()
        machine = cage.run(root, "check", ".", *AT, *chosen, "--format", "json", seconds=bound)
        person = cage.run(root, "check", ".", *AT, *chosen, seconds=bound) if both else machine
        for outcome in (machine, person):
            assert outcome.exit in {0, 1}, outcome.errors
            assert outcome.forbidden == []
            assert outcome.seconds < bound
            assert outcome.memory < MEMORY
            assert "Traceback" not in outcome.errors + outcome.output
        assert machine.exit == person.exit
        text = person.output.replace("\n", "")
        assert text.isprintable(), [char for char in text if not char.isprintable()]
        assert not both or all(len(line) < 1200 for line in person.output.split("\n"))
        report = json.loads(machine.output)
        assert machine.exit == (1 if report["summary"]["error"] else 0)
        return Checked(person, report)

    return run
