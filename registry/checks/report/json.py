"""Findings for scripts: the format `opmodel.check.v1`, a shape of its own, one finding a line."""

from collections.abc import Sequence
from typing import Any

from registry.checks.reporter import Render, Reported, Reporter
from registry.checks.result import Result
from registry.diagnostic import Severity
from registry.output.finding import finding
from registry.output.json import dump, rows
from registry.output.style import Style

FORMAT = "opmodel.check.v1"
SEVERAL = "opmodel.checks.v1"


def render(result: Result, style: Style) -> str:
    """Write the whole result; suppressed findings only with `style.show_suppressed`.

    The output is ASCII, so that nothing in it acts on a terminal. A lone surrogate, which no JSON
    text can hold, is spelled out.
    """
    found = result.diagnostics if style.show_suppressed else result.shown
    head = dump(_head(result))
    return f'{head[:-1]},\n "diagnostics": {rows(map(finding, found))}}}\n'


def _head(result: Result) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "registry": result.registry,
        "stage": result.judged_as,
        "at": result.at,
        "summary": {
            "entities": result.entities,
            "files": result.files,
            "skipped": result.skipped,
            "skipped_files": [{"path": path, "why": why} for path, why in result.left_out],
            "stage_known": result.has_stage,
            "rules_run": result.rules_run,
            "rules_off": result.rules_off,
            "horizon": result.horizon,
            "tzdata": result.tzdata,
            "holidays": result.holidays,
            **{severity.value: result.count(severity) for severity in Severity},
            "suppressed": len(result.suppressed),
            "baselined": len(result.baselined),
        },
        "since": since(result),
    }


def since(result: Result) -> dict[str, Any] | None:
    """Say what a check is held against; None where every finding counts."""
    if result.since is None:
        return None
    return {**result.since._asdict(), "nothing": result.since.nothing or None}


def join(render: Render, several: Sequence[Reported]) -> str:
    """Write several registries as `opmodel.checks.v1`: each as alone, with its folder first."""
    texts = ",\n".join(
        f'{{"folder": {dump(one.folder)}, {render(one.result, one.style)[1:-1]}' for one in several
    )
    return f'{{"format": "{SEVERAL}", "registries": [\n{texts}\n]}}\n'


REPORTER = Reporter("json", render, join)
