"""Findings for scripts: the format `opmodel.check.v1`, a shape of its own, one finding a line."""

import json
from typing import Any

from registry.diagnostic import Diagnostic, Label, Severity
from registry.plugin import Reporter, Style
from registry.result import Result
from registry.span import KeyPath

FORMAT = "opmodel.check.v1"


def render(result: Result, style: Style) -> str:
    """Write the whole result; suppressed findings only with `style.show_suppressed`.

    The output is ASCII, so that nothing in it acts on a terminal. A lone surrogate, which no JSON
    text can hold, is spelled out.
    """
    found = result.diagnostics if style.show_suppressed else result.shown
    head = _dump(_head(result))
    rows = ",\n".join(f"  {_dump(_diagnostic(one))}" for one in found)
    rows = f"\n{rows}\n " if rows else ""
    return f'{head[:-1]},\n "diagnostics": [{rows}]}}\n'


def _head(result: Result) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "registry": result.registry,
        "stage": result.stage,
        "at": result.at,
        "summary": {
            "entities": result.entities,
            "files": result.files,
            "skipped": result.skipped,
            "rules_run": result.rules_run,
            "rules_off": result.rules_off,
            "tzdata": result.tzdata,
            **{severity.value: result.count(severity) for severity in Severity},
            "suppressed": len(result.suppressed),
        },
    }


def _diagnostic(found: Diagnostic) -> dict[str, Any]:
    start, end = found.primary.at
    silenced = found.suppressed
    return {
        "code": found.code,
        "name": found.name,
        "severity": found.severity.value,
        "message": found.message,
        "help": found.help,
        "entity": dict(zip(("section", "id"), found.entity, strict=True)) if found.entity else None,
        "field": _pointer(found.field),
        "path": found.primary.location.file,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "related": [_related(label) for label in found.related],
        "fingerprint": found.fingerprint,
        "suppressed": dict(zip(("kind", "reason", "path", "line"), silenced, strict=True))
        if silenced
        else None,
    }


def _related(label: Label) -> dict[str, Any]:
    line, column = label.at.start
    return {
        "path": label.location.file,
        "line": line,
        "column": column,
        "message": label.message,
    }


def _pointer(field: KeyPath | None) -> str | None:
    """Write a key path as a JSON Pointer (RFC 6901) without its first slash."""
    if field is None:
        return None
    return "/".join(str(key).replace("~", "~0").replace("/", "~1") for key in field)


def _dump(value: object) -> str:
    text = json.dumps(value)
    if "\\ud" in text:
        text = json.dumps(_whole(value))
    return text.replace("\x7f", "\\u007f")


def _whole(value: Any) -> Any:
    """Spell out lone surrogates in every text."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return value


REPORTER = Reporter("json", render)
