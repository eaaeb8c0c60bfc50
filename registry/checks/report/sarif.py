"""SARIF 2.1.0 (OASIS, with errata 01), for code scanning and for viewers."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from registry.checks.reporter import Render, Reported, Reporter
from registry.checks.result import OwnRule, Result
from registry.diagnostic import Diagnostic, Label, Severity
from registry.output.style import Style
from registry.output.terminal import brief, escape
from registry.span import FILE_START, Span
from registry.version import __version__

if TYPE_CHECKING:
    from registry.checks.rule import Rule

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_BRACKETS = re.compile(r"([\[\]\\])")

Json = dict[str, Any]


def render(result: Result, style: Style) -> str:
    """Write one run; its rules are those that found something.

    Suppressed findings are in it only with `style.show_suppressed`: code scanning shows a result
    whether or not it is marked as suppressed.
    """
    found = result.diagnostics if style.show_suppressed else result.shown
    codes = sorted({one.code for one in found})
    results = [_result(one, codes.index(one.code), style) for one in found]
    run: Json = {
        "tool": {"driver": _driver(found, codes, result.own_rules)},
        "invocations": [{"executionSuccessful": True, "startTimeUtc": result.at}],
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The folder that paths are relative to."}}
        },
        "columnKind": "unicodeCodePoints",
        "properties": _properties(result),
        "results": results,
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1) + "\n"


def _driver(found: Iterable[Diagnostic], codes: Iterable[str], own: Iterable[OwnRule]) -> Json:
    from registry.checks.catalogue import rules

    known: dict[str, Rule | OwnRule] = {**rules(), **{one.code: one for one in own}}
    samples = {one.code: one for one in found}
    return {
        "name": "opmodel",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_descriptor(samples[code], known) for code in codes],
    }


def _descriptor(sample: Diagnostic, rules: "Mapping[str, Rule | OwnRule]") -> Json:
    """Describe a rule; one that is not in the catalogue has only its name and level."""
    described: Json = {
        "id": sample.code,
        "name": escape(sample.name) or sample.code,
        "defaultConfiguration": {"level": _LEVELS[sample.severity]},
    }
    rule = rules.get(sample.code)
    if rule is not None:
        described["shortDescription"] = {"text": _text(rule.summary)}
        described["fullDescription"] = {"text": _text(f"{rule.summary} {rule.why}")}
        described["help"] = {
            "text": _text(f"{rule.summary}\n\nWhy: {rule.why}\n\nMend: {rule.mend}"),
            "markdown": _braces(
                f"{rule.summary}\n\n**Why:** {rule.why}\n\n**Mend:** {rule.mend}\n\n"
                f"`opmodel explain {rule.code}` shows an example."
            ),
        }
    return described


def _properties(result: Result) -> Json:
    """Keep what was looked at: a log without results says what it is about."""
    return {
        "registry": escape(result.registry),
        "stage": escape(result.stage),
        "policy": escape(result.policy),
        "entities": result.entities,
        "files": result.files,
        "skipped": result.skipped,
        "rulesRun": result.rules_run,
        "rulesOff": result.rules_off,
        "suppressed": len(result.suppressed),
        "baselined": len(result.baselined),
        "horizon": result.horizon,
        "tzdata": result.tzdata,
        "holidays": result.holidays,
        **({"since": escape(result.since.revision)} if result.since else {}),
    }


def _result(found: Diagnostic, index: int, style: Style) -> Json:
    message = f"{brief(found.message)}\n{brief(found.help)}" if found.help else brief(found.message)
    place: Json = {"physicalLocation": _physical(found.primary, style.prefix)}
    if found.entity:
        name = escape("/".join(found.entity))
        place["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "object"}]
    result: Json = {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": _LEVELS[found.severity],
        "message": {"text": _text(message)},
        "locations": [place],
        "partialFingerprints": {"opmodel/v1": found.fingerprint},
    }
    if found.fix:
        result["properties"] = {
            "fix": _text(brief(found.fix.message)),
            "fixIsSafe": found.fix.is_safe,
        }
    if found.related:
        result["relatedLocations"] = [
            _related(number, label, style.prefix) for number, label in enumerate(found.related)
        ]
    if style.show_suppressed:
        result["suppressions"] = [_suppression(found, style.prefix)] if found.suppressed else []
    return result


def _related(number: int, label: Label, prefix: str) -> Json:
    related: Json = {"id": number, "physicalLocation": _physical(label, prefix)}
    if label.message:
        related["message"] = {"text": _text(brief(label.message))}
    return related


def _suppression(found: Diagnostic, prefix: str) -> Json:
    if found.suppressed is None:  # pragma: no cover - only asked of suppressed findings
        raise ValueError(found.code)
    kind, reason, file, line = found.suppressed[:4]
    return {
        "kind": "inSource" if kind == "comment" else "external",
        "justification": brief(reason),
        "location": {
            "physicalLocation": {
                "artifactLocation": _artifact(file, prefix),
                "region": {"startLine": line},
            }
        },
    }


def _physical(label: Label, prefix: str) -> Json:
    """Locate a label; a whole file, where its span is only the file's start."""
    place: Json = {"artifactLocation": _artifact(label.location.file, prefix)}
    if label.at != FILE_START:
        place["region"] = _region(label.at)
    return place


def _region(span: Span) -> Json:
    return {
        "startLine": span.start.line,
        "startColumn": span.start.column,
        "endLine": span.end.line,
        "endColumn": span.end.column,
    }


def _artifact(file: str, prefix: str) -> Json:
    path = (prefix + file).encode("utf-8", "backslashreplace")
    return {"uri": quote(path, safe="/"), "uriBaseId": _ROOT}


def _text(text: str) -> str:
    """Write a plain text message: braces doubled, and brackets escaped where they make a link."""
    if "](" in text:
        text = _BRACKETS.sub(r"\\\1", text)
    return _braces(text)


def _braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def join(render: Render, several: Sequence[Reported]) -> str:
    """Write one log with a run for each registry, which its folder tells apart."""
    log: Json = {}
    runs: list[Json] = []
    for one in several:
        log = json.loads(render(one.result, one.style))
        (run,) = log["runs"]
        runs.append(
            {"automationDetails": {"id": f"opmodel/{escape(one.folder).rstrip('/')}/"}, **run}
        )
    return json.dumps({**log, "runs": runs}, indent=1) + "\n"


REPORTER = Reporter("sarif", render, join, is_for_repository=True)
