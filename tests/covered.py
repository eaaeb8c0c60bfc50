"""Which lines and branches of the program the tests reach, as `.ci/run` asks.

As a plug-in of pytest (`-p tests.covered --covered=FOLDER`) it writes into a folder what each worker
reaches; `python -m tests.covered FOLDER` adds it up, prints what is missing, and exits 1 where that
is asked for. SlipCover counts: it takes its probes out again once they have told what they know.

What is marked `no_cover` runs last of all, and is not counted.
"""

import argparse
import json
import math
import os
import sys
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from slipcover import FileMatcher, ImportManager, Slipcover, merge_coverage, print_coverage
from xdist.scheduler import LoadScheduling, Scheduling

SOURCE = "registry"
WHOLE = (
    "registry/checks/rules/*",
    "registry/audit/rules/*",
    "registry/traces/rules/*",
    "registry/checks/engine.py",
    "registry/source/*",
    "registry/oncall/*",
    "registry/deployed/routing/*",
    "registry/output/tables/*",
)
"""Where every line and branch is asked for."""
PERCENT = 95
"""How many of all lines and branches are asked for."""

_NEVER = 2**31 - 1

Coverage = dict[str, Any]


class Covered:
    """Counts what one process of pytest reaches, until a test that is not to be counted."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._top = folder, Path.cwd()
        self._tests = 0
        self._is_told = False
        # A test that counts calls must not meet the taking out of probes: that is done between two.
        self._probes = counter(d_miss_threshold=_NEVER)
        self._imports = ImportManager(self._probes, FileMatcher(sources=[SOURCE]))
        self._imports.__enter__()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        if is_left_out(item):
            self.tell()
        elif self._tests & (self._tests - 1) == 0:  # ever less is there to be taken out
            self._probes.deinstrument_seen()
        self._tests += 1

    def pytest_sessionfinish(self) -> None:
        self.tell()

    def tell(self) -> None:
        """Write down what was reached so far; what comes later is not counted."""
        if self._is_told:
            return
        self._is_told = True
        self._imports.__exit__()
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        os.chdir(self._top)  # paths are noted from here, wherever a test has gone
        reached = self._probes.get_coverage()
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{worker}.json").write_text(json.dumps(reached))


def counter(**options: Any) -> Slipcover:
    """Make what counts lines and branches."""
    return Slipcover(branch=True, exclude_also=[r"\.\.\.$"], **options)


def is_left_out(item: pytest.Item) -> bool:
    """Tell whether what a test reaches is not to be counted."""
    return item.get_closest_marker("no_cover") is not None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--covered", metavar="FOLDER", type=Path, required=True)


def pytest_configure(config: pytest.Config) -> None:
    hands_out = config.getoption("numprocesses", 0) and not hasattr(config, "workerinput")
    folder = config.getoption("--covered").resolve()
    # It is made at the end: a word that names a folder is one to look for tests in, to a worker.
    if not hasattr(config, "workerinput") and folder.exists():
        raise pytest.UsageError(f"--covered={folder} is there already; name a new folder")
    if not hands_out:
        config.pluginmanager.register(Covered(folder))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=is_left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Hand tests out in their order, so that no worker runs one to be counted after one that is not."""
    return LoadScheduling(config, log)


def added_up(notes: Iterable[Path]) -> Coverage:
    """Add up what workers reached; of files that none of them imported, everything is missing."""
    found = counter().get_coverage()
    for path in sorted(notes):
        merge_coverage(found, json.loads(path.read_text()))
    merge_coverage(found, counter(source=[SOURCE], omit=[*found["files"]]).get_coverage())
    return found


def wanting(found: Coverage) -> list[str]:
    """Say where more is asked for."""
    short = []
    for pattern in WHOLE:
        files = {path: one for path, one in found["files"].items() if fnmatchcase(path, pattern)}
        if not files:
            short.append(f"{pattern}: there is no such file; correct WHOLE")
        short += [
            f"{path}: every line and branch is asked for"
            for path, one in files.items()
            if one["missing_lines"] or one["missing_branches"]
        ]
    reached = found["summary"]["percent_covered"]
    if reached < PERCENT:
        said = (
            f"{math.floor(reached * 10) / 10}% of lines and branches, and {PERCENT}% are asked for"
        )
        short.append(f"{SOURCE}: {said}")
    return short


def main(folder: Path) -> int:
    """Print what is missing; 1 where it is asked for, and where nothing was noted."""
    notes = sorted(folder.glob("*.json"))
    if not notes:
        print(f"{folder} has no notes; name what `--covered` named")
        return 1
    found = added_up(notes)
    print_coverage(found, skip_covered=True)
    short = wanting(found)
    print(*short, sep="\n", end="\n" if short else "")
    return 1 if short else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.covered", description=main.__doc__)
    parser.add_argument("folder", type=Path, help="what `--covered` named")
    sys.exit(main(parser.parse_args().folder))
