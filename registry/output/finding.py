"""A finding as the machine formats show it: a shape of its own, apart from the class."""

from typing import Any

from registry.diagnostic import Diagnostic, Label, Suppression
from registry.span import KeyPath


def finding(found: Diagnostic) -> dict[str, Any]:
    """Turn a finding into what `opmodel.check.v1` and `opmodel.audit.v2` hold of it."""
    start, end = found.primary.at
    silenced = found.suppressed
    return {
        "code": found.code,
        "name": found.name,
        "severity": found.severity.value,
        "message": found.message,
        "help": found.help,
        "entity": dict(zip(("section", "id"), found.entity, strict=True)) if found.entity else None,
        "field": pointer(found.field),
        "path": found.primary.location.file,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "related": [_related(label) for label in found.related],
        "fingerprint": found.fingerprint,
        "suppressed": _silenced(silenced) if silenced else None,
        "fix": {"message": found.fix.message, "safe": found.fix.is_safe} if found.fix else None,
    }


def _silenced(by: Suppression) -> dict[str, Any]:
    return {
        "kind": by.kind,
        "reason": by.reason,
        "path": by.file,
        "line": by.line,
        "owner": by.owner or None,
        "until": by.until or None,
    }


def _related(label: Label) -> dict[str, Any]:
    line, column = label.at.start
    return {
        "path": label.location.file,
        "line": line,
        "column": column,
        "message": label.message,
    }


def pointer(field: KeyPath | None) -> str | None:
    """Write a key path as a JSON Pointer (RFC 6901) without its first slash."""
    if field is None:
        return None
    return "/".join(str(key).replace("~", "~0").replace("/", "~1") for key in field)
