"""`test` for scripts: the format `opmodel.test.v1`."""

import json
from collections.abc import Sequence
from typing import Any

from registry.clock.civil import utc
from registry.diagnostic import Diagnostic
from registry.scenarios.play import Miss, Rehearsal, ScenarioOutcome
from registry.workspace.options import iso

FORMAT = "opmodel.test.v1"


def render(found: Rehearsal, problems: Sequence[Diagnostic]) -> str:
    """Write outcomes, what could not be read, and what no scenario touches."""
    shape = {
        "format": FORMAT,
        "summary": {
            "passed": len(found.outcomes) - found.failed,
            "failed": found.failed,
            "unreadable": len(problems),
        },
        "scenarios": [_outcome(one) for one in found.outcomes],
        "problems": [_problem(one) for one in problems],
        "coverage": {
            one.section: {"touched": list(one.touched), "untouched": list(one.untouched)}
            for one in found.coverage
        },
    }
    return json.dumps(shape, indent=1) + "\n"


def _outcome(one: ScenarioOutcome) -> dict[str, Any]:
    return {
        "id": one.id,
        "path": one.file,
        "title": one.title,
        "at": iso(utc(one.at)),
        "passed": not one.misses,
        "misses": [_miss(miss) for miss in one.misses],
    }


def _miss(one: Miss) -> dict[str, Any]:
    return {
        "field": one.field,
        "reason": one.reason,
        "expected": one.expected._asdict(),
        "because": one.because._asdict() if one.because else None,
    }


def _problem(one: Diagnostic) -> dict[str, Any]:
    start = one.primary.at.start
    return {
        "code": one.code,
        "message": one.message,
        "help": one.help,
        "path": one.primary.location.file,
        "line": start.line,
        "column": start.column,
    }
