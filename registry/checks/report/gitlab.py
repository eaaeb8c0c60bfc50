"""A Code Quality report of GitLab: an array of issues, which it shows in a merge request.

What an issue holds and how grave it may be is from GitLab's page on Code Quality reports; it is a
part of the engine specification of Code Climate.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from registry.checks.reporter import Render, Reported, Reporter
from registry.checks.result import Result
from registry.diagnostic import Diagnostic, Severity
from registry.output.json import rows
from registry.output.style import Style
from registry.output.terminal import brief, escape

_GRAVITY = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}

Issue = dict[str, Any]


def render(result: Result, style: Style) -> str:
    """Write an issue for each finding, and an empty array where there is none.

    Suppressed findings are in it only with `style.show_suppressed`, as information.
    """
    found = result.diagnostics if style.show_suppressed else result.shown
    return _array(_issue(one, style.prefix) for one in found)


def _array(issues: Iterable[Issue]) -> str:
    return f"{rows(_told_apart(issues))}\n"


def _told_apart(issues: Iterable[Issue]) -> Iterator[Issue]:
    """Give findings alike fingerprints of their own: of two with one, GitLab shows one."""
    times: Counter[str] = Counter()
    for issue in issues:
        mark = issue["fingerprint"]
        times[mark] += 1
        yield {**issue, "fingerprint": _hash(mark, times[mark])} if times[mark] > 1 else issue


def _issue(found: Diagnostic, prefix: str) -> Issue:
    return {
        "description": f"{found.code} {escape(found.name)}: {_description(found)}",
        "check_name": found.code,
        "fingerprint": _hash(prefix, found.fingerprint) if prefix else found.fingerprint,
        "severity": "info" if found.suppressed else _GRAVITY[found.severity],
        "location": {
            "path": prefix + found.primary.location.file,
            "lines": {"begin": found.primary.at.start.line},
        },
    }


def _description(found: Diagnostic) -> str:
    text = brief(found.message)
    if found.help:
        text += f" (help: {brief(found.help)})"
    if found.suppressed:
        kind, reason, file, line = found.suppressed[:4]
        text += f" (silenced by the {escape(kind)} at {escape(file)}:{line}: {brief(reason)})"
    return text


def _hash(*parts: object) -> str:
    """Make a fingerprint of parts, of the form that a finding's own has."""
    return hashlib.sha256(
        "\0".join(map(str, parts)).encode("utf-8", "backslashreplace")
    ).hexdigest()[:32]


def join(render: Render, several: Sequence[Reported]) -> str:
    """Write several registries' issues as one array; the way to each tells fingerprints apart."""
    texts = (render(one.result, one.style._replace(prefix=one.way)) for one in several)
    return _array(issue for text in texts for issue in json.loads(text))


REPORTER = Reporter("gitlab", render, join, is_totalled=False, is_for_repository=True)
