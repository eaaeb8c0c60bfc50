"""The works whose cost is compared: a function each, which yields rows of the table.

A new work (an export, a workbook) is one more function and one more line in `WORKLOADS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bench import AT, Bench
from processes import Command, Median, compare, median, run
from strangers import FULL, SHAPES

_MIB = 1024 * 1024

_STEADY = 1.1
"""Memory grows in steps: a tenth more for ten times the days is no dependence on them."""

_AUDIT = 1 / 80
"""How much of calling amtool once for each rule an audit may cost."""

_SAMPLE = 100
"""Rules for which amtool is really called."""

_SPANS = {"OTLP JSON lines": (150_000, 150), "Parquet": (1_000_000, 0)}
"""Spans, and megabytes where they count, that are asked for in a CPU second of each form."""

_AS_FRACTION = 0.5
"""A ratio below this is written as 1/n."""


@dataclass(frozen=True)
class Row:
    """A line of the table; `met` is None where nothing is to be reached."""

    work: str
    ours: str
    compared: str
    ratio: str
    reach: str
    met: bool | None


def cold_against_yamllint(bench: Bench) -> Iterator[Row]:
    """Check the large registry with nothing cached, against yamllint."""
    root = _large(bench)
    title = f"{_entities(bench, 10_000)}, cold"
    yield _row(bench, title, bench.check(root), bench.yamllint(root), 1 / 15)


def cold_against_jsonschema(bench: Bench) -> Iterator[Row]:
    """Check the large registry with nothing cached, against check-jsonschema with our schema."""
    root = _large(bench)
    title = f"{_entities(bench, 10_000)}, cold"
    yield _row(bench, title, bench.check(root), bench.check_jsonschema(root), 1 / 10)


def warm(bench: Bench) -> Iterator[Row]:
    """Check the large registry again, against starting Python and hashing its files."""
    root, hashing = _large(bench), bench.hashing(_large(bench))
    title = f"{_entities(bench, 10_000)}, nothing changed"
    yield _row(bench, title, bench.check(root, cache="warm"), hashing, 1.15)
    # As people type it: the instant, on which every answer depends, is then the tool's.
    now = bench.opmodel("check", str(root), cache="now")
    yield _row(bench, f"{title}, without --at", now, hashing, None)


def one_file_changed(bench: Bench) -> Iterator[Row]:
    """Check the large registry after a change of one file, against the cold check."""
    root = bench.registry("entities", bench.size(10_000), "edited")
    changed = replace(bench.check(root, cache="changed"), before=_editor(root))
    title = f"{_entities(bench, 10_000)}, one file changed"
    yield _row(bench, title, changed, replace(bench.check(root), name="cold"), 0.4)


def third_broken(bench: Bench) -> Iterator[Row]:
    """Check a registry with a mistake in every third file, against the clean one."""
    broken = bench.registry("entities", bench.size(10_000), "broken")
    clean = replace(bench.check(_large(bench)), name="clean")
    title = f"{_entities(bench, 10_000)}, a third of the files with errors"
    yield _row(bench, title, bench.check(broken), clean, 2)


def small(bench: Bench) -> Iterator[Row]:
    """Check a hundred entities, cold and warm, against the other tools."""
    root = bench.registry("entities", 100)
    schema, lint = bench.check_jsonschema(root), bench.yamllint(root)
    again = bench.check(root, cache="small")
    yield _row(bench, "100 entities, cold", bench.check(root), schema, 0.5)
    yield _row(bench, "100 entities, cold", bench.check(root), lint, None)
    yield _row(bench, "100 entities, nothing changed", again, schema, 1 / 20)


def small_again(bench: Bench) -> Iterator[Row]:
    """Check a hundred entities again, against a bare Python."""
    again = bench.check(bench.registry("entities", 100), cache="small")
    yield _row(bench, "100 entities, nothing changed", again, bench.bare_python(), 1.3)


def largest(bench: Bench) -> Iterator[Row]:
    """Check the largest registry, against a tenth of it; and its memory."""
    root = bench.registry("entities", bench.size(100_000))
    tenth = replace(bench.check(_large(bench)), name=_entities(bench, 10_000))
    ours, theirs = _compare(bench, bench.check(root), tenth)
    title = f"{_entities(bench, 100_000)}, cold"
    yield _judged(title, ours, tenth.name, theirs, 12)
    yield _memory(title, ours, 600)


def coverage_proof(bench: Bench) -> Iterator[Row]:
    """Prove that schedules have no gap in 400 days; its memory against that of 40 days."""
    count = bench.size(10_000)
    root = bench.registry("schedules", count)
    options = ("--select", "OM301", "--horizon")
    long, short = bench.check(root, *options, "400d"), bench.check(root, *options, "40d")
    ours, theirs = _compare(bench, long, short)
    title = f"{count:,} schedules, 400 days"
    yield _absolute(title, ours, 5)
    ratio = ours.peak / theirs.peak
    compared = f"{_mebibytes(theirs.peak)} for 40 days"
    judged = (f"{ratio:.2f}", f"independent of the days (≤ {_STEADY})", ratio <= _STEADY)
    yield Row(f"{title}, memory", _mebibytes(ours.peak), compared, *judged)


def calendars(bench: Bench) -> Iterator[Row]:
    """Write the turns of four weeks of many schedules for calendars."""
    count = bench.size(10_000)
    root = bench.registry("schedules", count)
    path = str(bench.scratch / "turns.ics")
    asked = ("oncall", "export", str(root), "--at", AT, "-o", path)
    ours, _ = _compare(bench, bench.opmodel(*asked, cache="ics"), bench.bare_python())
    title = f"ics of {count:,} schedules, 4 weeks"
    yield _absolute(title, ours, 3)
    yield _memory(title, ours, 250)


def who(bench: Bench) -> Iterator[Row]:
    """Ask who is paged for one alert: what the files hold is kept, then the answer is, too."""
    root = _large(bench)
    alert = "alerts/hr-search-groundedness-drop"
    title = f"who, {_entities(bench, 10_000)}"
    # Of this very instant, so that the answer is made each time.
    ours, _ = _compare(
        bench, bench.opmodel("who", alert, str(root), cache="who"), bench.bare_python()
    )
    yield _absolute(f"{title}, warm", ours, 0.5)
    again = bench.opmodel("who", alert, str(root), "--at", AT, cache="who")
    yield _row(bench, f"{title}, nothing changed", again, bench.hashing(root), 1.15)


def tables(bench: Bench) -> Iterator[Row]:
    """Ask again for a table and for a calendar of what has not changed."""
    root = _large(bench)
    title = f"{_entities(bench, 10_000)}, nothing changed"
    for asked in (("export", "role-matrix", str(root)), ("oncall", "next", str(root))):
        again = bench.opmodel(*asked, "--at", AT, cache="tables")
        yield _row(bench, f"{' '.join(asked[:2])}, {title}", again, bench.hashing(root), 1.15)


def starts(bench: Bench) -> Iterator[Row]:
    """Ask for the versions and for the help, against a bare Python."""
    for option in ("--version", "--help"):
        yield _row(bench, option, bench.opmodel(option), bench.bare_python(), 2.5)


def audit(bench: Bench) -> Iterator[Row]:
    """Audit deployed rules, against calling amtool once for each by multiplication of a sample.

    Once with labels on most rules, and once with every label left to the series.
    """
    count = bench.size(10_000)
    for purpose, shape in (("labelled", "rules"), ("bare", "rules without labels")):
        root = bench.registry("rules", count, purpose)
        command = bench.opmodel("audit", str(root), "--at", AT)
        ours = median(command, bench.runs, bench.slow_runs)
        calls = [run(call) for call in bench.amtool(root, _SAMPLE)]
        each = sum(call.cpu for call in calls) / len(calls)
        ratio = ours.cpu / (each * count)
        compared = f"amtool, {each * 1000:.1f} ms a call of {len(calls)}: {each * count:.0f} s"
        title = f"audit, {count:,} {shape} through 1,000 routes"
        reach = f"≤ {_ratio(_AUDIT)}"
        yield Row(title, _figures(ours), compared, _ratio(ratio), reach, ratio <= _AUDIT)


def spreadsheets(bench: Bench) -> Iterator[Row]:
    """Write a table of twelve columns as csv and as a workbook, against the bare cells."""
    for kind, full, theirs in (
        ("csv", 100_000, "csv.writerows"),
        ("xlsx", 10_000, "openpyxl, write-only"),
    ):
        count = bench.size(full)
        ours, bare = (bench.rows(kind, writer, count) for writer in ("ours", "bare"))
        yield _row(bench, f"{kind}, {count:,} rows x 12", ours, replace(bare, name=theirs), 1.5)


def strangers(bench: Bench) -> Iterator[Row]:
    """Check files that a pull request may bring: seconds and memory by their size alone."""
    for name, write in SHAPES.items():
        root = bench.stranger(name, write(bench.size(FULL[name])))
        size = sum(path.stat().st_size for path in root.iterdir()) / 1e6
        command = replace(bench.check(root), exits=frozenset({0, 1, 2}))
        ours, _ = compare(command, bench.bare_python(), bench.runs, bench.slow_runs)
        title = f"{name}, {size:.1f} MB"
        yield _absolute(title, ours, round(2 + 2 * size, 1))
        yield _memory(title, ours, 300 * 1_000_000 // _MIB)


def traces(bench: Bench) -> Iterator[Row]:
    """Check a record of spans, as lines of OTLP and as Parquet: spans and bytes a CPU second."""
    count = bench.size(1_000_000)
    for kind, path in bench.record(count).items():
        ours = median(bench.traces(path), bench.runs, bench.slow_runs)
        size = path.stat().st_size / 1e6
        spans, megabytes = count / ours.cpu, size / ours.cpu
        asked, bytes_asked = _SPANS[kind]
        met = spans >= asked and megabytes >= bytes_asked
        reach = (
            f"≥ {asked:,} spans" + (f" and {bytes_asked} MB" if bytes_asked else "") + " a CPU s"
        )
        title = f"traces check, {count:,} spans, {kind}, {size:,.0f} MB"
        told = f"{spans:,.0f} spans and {megabytes:,.0f} MB a CPU s"
        yield Row(title, f"{told} (n={ours.runs})", "-", "-", reach, met)
        yield _memory(title, ours, 300)


def million(bench: Bench) -> Iterator[Row]:
    """Check a million entities, against a hundredth of it: measured, and nothing asked."""
    root = bench.registry("entities", bench.size(1_000_000))
    less = replace(bench.check(_large(bench)), name=_entities(bench, 10_000))
    yield _row(bench, f"{_entities(bench, 1_000_000)}, cold", bench.check(root), less, None)


WORKLOADS: Mapping[str, Callable[[Bench], Iterator[Row]]] = {
    "starts": starts,
    "small-again": small_again,
    "small": small,
    "cold-jsonschema": cold_against_jsonschema,
    "warm": warm,
    "changed": one_file_changed,
    "broken": third_broken,
    "who": who,
    "tables": tables,
    "coverage": coverage_proof,
    "ics": calendars,
    "audit": audit,
    "largest": largest,
    "cold-yamllint": cold_against_yamllint,
    "spreadsheets": spreadsheets,
    "strangers": strangers,
    "traces": traces,
    "million": million,
}
"""The works by the name that `--only` takes, the quick ones first."""

ONLY_BY_NAME = frozenset({"million"})
"""What is left out where nobody names it: it takes minutes and gigabytes, and nothing is asked."""


def _large(bench: Bench) -> Path:
    return bench.registry("entities", bench.size(10_000))


def _entities(bench: Bench, full: int) -> str:
    return f"{bench.size(full):,} entities"


def _editor(root: Path) -> Callable[[], None]:
    """Return a function that gives one team another name at each call."""
    path = min(root.glob("teams/*/team.yaml"))
    text = path.read_text(encoding="utf-8")
    edits = iter(range(1, 1_000_000))

    def edit() -> None:
        edited = re.sub(r"(?m)^(    name: .*)$", rf"\1 {next(edits)}", text, count=1)
        path.write_text(edited, encoding="utf-8")

    return edit


def _compare(bench: Bench, ours: Command, other: Command) -> tuple[Median, Median]:
    return compare(ours, other, bench.runs, bench.slow_runs)


def _row(bench: Bench, work: str, ours: Command, other: Command, limit: float | None) -> Row:
    mine, theirs = _compare(bench, ours, other)
    return _judged(work, mine, other.name, theirs, limit)


def _judged(work: str, ours: Median, name: str, theirs: Median, limit: float | None) -> Row:
    ratio = ours.cpu / theirs.cpu
    met = None if limit is None else ratio <= limit
    reach = "-" if limit is None else f"≤ {_ratio(limit)}"
    return Row(work, _figures(ours), f"{name}: {_figures(theirs)}", _ratio(ratio), reach, met)


def _absolute(work: str, ours: Median, seconds: float) -> Row:
    return Row(work, _figures(ours), "-", "-", f"≤ {seconds:g} s", ours.cpu <= seconds)


def _memory(work: str, ours: Median, mebibytes: int) -> Row:
    met = ours.peak <= mebibytes * _MIB
    reach = f"≤ {mebibytes} MiB"
    return Row(f"{work}, memory", _mebibytes(ours.peak), "-", "-", reach, met)


def _figures(median: Median) -> str:
    """Write CPU time, memory, and how many runs stand behind them."""
    seconds = f"{median.cpu:.2f} s" if median.cpu >= 1 else f"{median.cpu * 1000:.0f} ms"
    failed = "" if median.exits == {0} else f", exit {'/'.join(map(str, sorted(median.exits)))}"
    return f"{seconds}, {_mebibytes(median.peak)} (n={median.runs}{failed})"


def _mebibytes(count: int) -> str:
    return f"{count / _MIB:.0f} MiB"


def _ratio(ratio: float) -> str:
    return f"{ratio:.3g}" if ratio >= _AS_FRACTION else f"1/{1 / ratio:.3g}"
