"""Ended by force between two files that change places: the same command again does the rest."""

import os
import shutil
from pathlib import Path

import pytest

from registry.cli.main import main
from tests.conftest import ROOT

AT = ("--at", "2026-11-23T09:00:00Z")
EXAMPLE = ROOT / "examples" / "enterprise-copilot"


def ended(after: int, *command: str) -> int:
    """Run a command in a process of its own that ends, as by SIGKILL, once it replaced so many."""
    child = os.fork()
    if child == 0:
        usual, left = os.replace, [after]

        def replace(old: str, new: str) -> None:
            if "/cache/" not in f"{new}/":
                if left[0] == 0:
                    os._exit(99)
                left[0] -= 1
            usual(old, new)

        os.replace = replace  # type: ignore[assignment]
        os._exit(main(command))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def contents(root: Path) -> dict[str, bytes]:
    """Read all files but the hidden ones, which an ended process may leave."""
    paths = (path for path in root.rglob("*") if path.is_file() and path.name[0] != ".")
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def made(root: Path) -> None:
    shutil.copytree(EXAMPLE, root)
    oncall = root / "oncall.yaml"
    oncall.write_text(oncall.read_text("utf-8").replace("every: 1w", "every: 7 days"), "utf-8")
    for name in ("alerts.yaml", "metrics.yaml"):
        text = (root / name).read_text("utf-8")
        (root / name).write_text(text.replace("owner: priya", "owner: Priya", 1), "utf-8")
    main(["baseline", "create", str(root), *AT, "--owner", "tom"])


@pytest.mark.parametrize(
    "command",
    [
        ("rename", "schedules/ai-oncall", "first-line"),
        pytest.param(("check", "--fix", "--fail-on", "never"), marks=pytest.mark.slow),
        pytest.param(("rename", "metrics/groundedness", "grounded"), marks=pytest.mark.slow),
        pytest.param(("rename", "people/priya", "ada"), marks=pytest.mark.slow),
    ],
    ids=" ".join,
)  # fmt: skip
def test_the_same_command_again_does_the_rest(
    tmp_path: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    made(tmp_path / "start")
    start = contents(tmp_path / "start")
    shutil.copytree(tmp_path / "start", tmp_path / "whole")
    name, *words = command
    assert main([name, *words, str(tmp_path / "whole"), *AT]) == 0
    wanted = contents(tmp_path / "whole")
    number = sum(wanted[one] != start[one] for one in start)
    assert number > 1
    for after in {1, number - 1}:
        root = tmp_path / f"ended-{after}"
        shutil.copytree(tmp_path / "start", root)
        assert ended(after, name, *words, str(root), *AT) == 99
        between = contents(root)
        assert sum(between[one] != start[one] for one in start) == after
        assert main([name, *words, str(root), *AT]) == 0, capsys.readouterr().err
        assert contents(root) == wanted
