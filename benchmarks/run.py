"""Print what opmodel costs beside what other tools cost: `python benchmarks/run.py [--quick]`.

CPU time of whole processes, medians, the compared commands in turn. The exit is 1 when something
could not run, and 0 otherwise, whatever the figures say.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench import Bench, tool
from processes import Command, CouldNotRunError, run
from workloads import ONLY_BY_NAME, WORKLOADS, Row

_HEADER = ("work", "ours", "compared", "ratio", "reach", "met?")
_TITLE = "# Measured by `python benchmarks/run.py`"
_SCHEMA = Path(__file__).resolve().parent.parent / "schemas" / "registry.schema.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the works that the command line names, print the table, and return the exit."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="opmodel-bench-") as scratch:
        data = options.data or Path(scratch) / "data"
        data.mkdir(parents=True, exist_ok=True)
        runs, scale = (3, 10) if options.quick else (5, 1)
        bench = Bench(
            data.resolve(),
            Path(scratch),
            options.schema.resolve(),
            options.runs or runs,
            options.slow_runs,
            scale,
        )
        said = list(_machine(bench))
        print("\n".join(said))
        rows, failures = _measure(
            bench, options.only or [one for one in WORKLOADS if one not in ONLY_BY_NAME]
        )
        seen, unseen = _guard(bench)
    failures = [f"could not run: {failure}" for failure in failures + unseen]
    measured = "\n".join([*seen, "", table(rows), *failures])
    print(measured)
    if options.output is not None:
        page = [_TITLE, "", *(f"- {line}" for line in (*said, *seen)), "", table(rows), *failures]
        options.output.write_text("\n".join(page) + "\n", encoding="utf-8")
    return 1 if failures else 0


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a table that is plain text and Markdown at once."""
    marks = {True: "yes", False: "NO", None: "-"}
    cells = [
        (row.work, row.ours, row.compared, row.ratio, row.reach, marks[row.met]) for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(_HEADER, *cells, strict=True)]
    lines = [_HEADER, tuple("-" * width for width in widths), *cells]
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    )


def _measure(bench: Bench, names: Sequence[str]) -> tuple[list[Row], list[str]]:
    rows: list[Row] = []
    failures: list[str] = []
    for name in names:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        try:
            rows += WORKLOADS[name](bench)
        except CouldNotRunError as error:
            failures.append(f"{name}: {error}")
    return rows, failures


def _guard(bench: Bench) -> tuple[list[str], list[str]]:
    """Return what our check saw in each clean registry that was used, and what failed."""
    seen: list[str] = []
    failures: list[str] = []
    for root in sorted(root for root in bench.used if root.name.endswith("-clean")):
        try:
            seen.append(bench.seen(root, int(root.name.split("-")[1])))
        except CouldNotRunError as error:
            failures.append(str(error))
    return seen, failures


def _machine(bench: Bench) -> Iterable[str]:
    """Yield what a reader needs to judge the figures."""
    yield f"Python {platform.python_version()}, {platform.platform()}, {os.cpu_count()} CPUs"
    for name in ("opmodel", "yamllint", "check-jsonschema"):
        answer = bench.scratch / "version.txt"
        try:
            run(Command(name, [tool(name), "--version"]), answer)
            yield answer.read_text().strip().splitlines()[0]
        except (CouldNotRunError, IndexError):
            yield f"{name}: version unknown"
    if bench.scale > 1:
        yield f"quick: sizes divided by {bench.scale}, so that what is met says little"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the sizes, three runs")
    parser.add_argument("--only", action="append", choices=list(WORKLOADS), help="again for more")
    parser.add_argument("--runs", type=int, metavar="N", help="runs of each command (5)")
    parser.add_argument(
        "--slow-runs", type=int, default=2, metavar="N", help="runs of what takes over 10 s (2)"
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the registries there")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write the table there, too"
    )
    parser.add_argument("--schema", type=Path, default=_SCHEMA, metavar="FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main())
