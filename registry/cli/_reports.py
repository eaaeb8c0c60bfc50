"""How a check's result is shown: on standard output, and in files beside."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple

import registry.checks.report
from registry.checks.reporter import Reported, Reporter
from registry.checks.result import Result
from registry.checks.totals import (
    fixable,
    grand_total,
    short_sighted,
    since_notes,
    statistics,
    verdict,
)
from registry.cli._job_summary import add_to_summary
from registry.cli._output import emit, is_colored, note
from registry.diagnostic import Severity
from registry.errors import CannotRunError
from registry.plugins import stems, take
from registry.source import seen

DEFAULT = "human"
FAIL_ON = (*(one.value for one in Severity), "never")


class Report(NamedTuple):
    """A report in a file of its own."""

    format: str
    path: str


def formats() -> list[str]:
    """List the formats of a check's result."""
    return stems(registry.checks.report)


def reporter(name: str) -> Reporter:
    """Load one report format. Raises ImportError for a module without `REPORTER`."""
    return take(import_module(f"registry.checks.report.{name}"), "REPORTER", Reporter)


def read_reports(texts: list[str]) -> list[Report]:
    """Read each `--report F=PATH`. Raises CannotRunError for what is none, and a path twice."""
    found: list[Report] = []
    for text in texts:
        name, equals, path = text.partition("=")
        if not equals or not path or name not in formats():
            known = ", ".join(formats())
            help_ = f"write it as F=PATH; F is one of {known}"
            raise CannotRunError(f"--report `{text}` names no format and file", help_)
        if any(os.path.abspath(path) == os.path.abspath(other.path) for other in found):
            raise CannotRunError(f"--report names `{path}` twice", "give each report its own file")
        found.append(Report(name, path))
    return found


def show(checks: Sequence[Reported], name: str, color: str, reports: list[Report]) -> None:
    """Write one check, or several, to standard output in one format, and to files in others.

    Raises CannotRunError where one of them cannot be written.
    """
    emit(_text(checks, name, color=is_colored(color)))
    if name == "github":
        add_to_summary(_text(checks, "markdown"))
    for one in checks:
        _note(one, name)
    if len(checks) > 1 and not reporter(name).is_totalled:
        note(grand_total([one.result for one in checks]))
    for report in reports:
        from registry.output.files import write_whole

        text = _text(checks, report.format, limit=sys.maxsize)
        write_whole(report.path, text.encode("utf-8"))


def _text(checks: Sequence[Reported], name: str, **style: Any) -> str:
    found = reporter(name)
    placed = [one.in_repository() for one in checks] if found.is_for_repository else checks
    several = [one._replace(style=one.style._replace(**style)) for one in placed]
    if len(several) == 1:
        return found.render(several[0].result, several[0].style)
    return found.join(found.render, several)


def _note(one: Reported, name: str) -> None:
    """Say on standard error what a format does not say itself."""
    if name != DEFAULT and one.style.statistics:
        for line in statistics(one.result):
            note(line)
    if not reporter(name).is_totalled:
        note(verdict(one.result))
    warning = short_sighted(one.result)
    fixes = fixable(one.result) if name in {DEFAULT, "concise"} else None
    for line in (*filter(None, (warning, fixes)), *since_notes(one.result)):
        note(f"opmodel: {line}")


def fails_from(fail_on: str) -> Severity | None:
    """Return the least grave severity that `--fail-on` lets fail; None where none does."""
    return None if fail_on == "never" else Severity(fail_on)


def exit_code(result: Result, fail_on: str) -> int:
    """Return 1 where a finding that is not silenced is at or above `fail_on`, else 0."""
    least = fails_from(fail_on)
    return int(least is not None and any(one.severity.rank <= least.rank for one in result.shown))


def prefix(root: str) -> str:
    """Lead from the working folder to a root below it, for reports that others read from here."""
    way = os.path.relpath(root).replace(os.sep, "/")
    return "" if way == "." or way.startswith("..") else f"{way}/"


def from_repository(root: str) -> str | None:
    """Lead from the top of the git work tree that holds a root to it; None outside of any.

    The top is the nearest folder upward with a `.git`, as git itself finds it; git is not run.
    """
    top = real = seen.real(root)
    while not seen.lexists(os.path.join(top, ".git")):
        if top == (top := os.path.dirname(top)):
            return None
    way = os.path.relpath(real, top).replace(os.sep, "/")
    return "" if way == "." else f"{way}/"


def prefix_for(name: str, root: str) -> str:
    """Lead to a root from the folder that a report format's paths are read from."""
    way = from_repository(root) if reporter(name).is_for_repository else None
    return prefix(root) if way is None else way
