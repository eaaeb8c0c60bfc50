"""Which tests run without coverage, since others reach what they reach: `python -m tests.covering`.

Under coverage a test takes about three times as long. This runs the default tests once with a note
of what each reaches, at some half an hour on two cores, and writes `tests/uncovered.txt` anew, which
`tests/conftest.py` reads. A test that is not listed there is covered; so a new one is.

What hangs on chance is another matter, and is marked `no_cover` by hand.
"""

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LISTED = ROOT / "tests" / "uncovered.txt"
SPARED = 3
"""How many branches that no other test reaches a test outside of those may be spared for."""
DEAR = 0.2
"""Seconds of CPU, under coverage, from which on a test function is worth a line."""
HEADING = "# Written by `python -m tests.covering`, which says what it is.\n"

Arc = tuple[str, int, int]


def uncovered() -> frozenset[str]:
    """Read the list: files and functions, as pytest names them."""
    return frozenset(LISTED.read_text().splitlines()[1:])


def function(test: str) -> str:
    """Name the function of a test, whatever its parameters."""
    return test.partition("[")[0]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Note the CPU time of a test, its setup and its processes; this module is a plug-in then."""
    if item.get_closest_marker("no_cover"):
        return (yield)
    before = sum(os.times()[:4])
    result = yield
    with Path(os.environ["OPMODEL_COSTS"], str(os.getpid())).open("a") as notes:
        notes.write(f"{sum(os.times()[:4]) - before} {function(item.nodeid)}\n")
    return result


def measured(folder: Path) -> tuple[dict[str, set[Arc]], Counter[str]]:
    """Run the tests; what each function reaches, and its seconds of CPU."""
    costs = folder / "costs"
    costs.mkdir()
    env = {**os.environ, "OPMODEL_COSTS": str(costs), "COVERAGE_FILE": str(folder / "coverage")}
    options = [
        "-p",
        "tests.covering",
        "-n",
        "auto",
        "--dist",
        "worksteal",
        "--cov",
        "--cov-report=",
    ]
    done = [sys.executable, "-m", "pytest", *options, "--cov-context=test"]
    subprocess.run(done, cwd=ROOT, env=env, check=True)
    seconds: Counter[str] = Counter()
    for line in (line for one in costs.iterdir() for line in one.read_text().splitlines()):
        cost, _, name = line.partition(" ")
        seconds[name] += float(cost)
    return reached(folder / "coverage"), seconds


def reached(coverage: Path) -> dict[str, set[Arc]]:
    """Read what each test function reaches, and what importing does, by the name ""."""
    arcs: defaultdict[str, set[Arc]] = defaultdict(set)
    question = """
        select context.context, file.path, arc.fromno, arc.tono
        from arc join context on context.id = context_id join file on file.id = file_id
    """
    with sqlite3.connect(coverage) as notes:
        for context, path, start, end in notes.execute(question):
            name = function(context.rpartition("|")[0])
            arcs[name].add((Path(path).relative_to(ROOT).as_posix(), start, end))
    return arcs


def is_gated(path: str) -> bool:
    """Tell whether `.ci/run` wants every branch of a file reached; of others it wants most."""
    wanted = re.search("--include='(.*)'", (ROOT / ".ci" / "run").read_text())
    assert wanted is not None
    return any(fnmatchcase(path, one) for one in wanted[1].split(","))


def spared(arcs: dict[str, set[Arc]], seconds: Counter[str]) -> list[str]:
    """Choose the functions, dearest first, that the others do without, or that reach nothing."""
    ways = Counter(arc for reached in arcs.values() for arc in reached)
    chosen = []
    for name, cost in seconds.most_common():
        its = arcs.get(name, set())
        alone = [arc for arc in its if ways[arc] == 1]
        if cost < DEAR or len(alone) > SPARED or any(is_gated(path) for path, *_ in alone):
            continue
        ways.subtract(its)
        chosen.append(name)
    return sorted(chosen)


def main() -> None:
    LISTED.write_text(HEADING)
    with tempfile.TemporaryDirectory() as folder:
        names = spared(*measured(Path(folder)))
    LISTED.write_text(HEADING + "".join(f"{name}\n" for name in names))


if __name__ == "__main__":
    main()
