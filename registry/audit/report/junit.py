"""An audit as a JUnit report: a case for each deployed alert, and one for each other finding."""

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from registry.audit.audit import Audit
from registry.audit.reporter import AuditReporter
from registry.diagnostic import Diagnostic, Severity
from registry.output.style import Style

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped (section 2.2)."""


def render(found: Audit, style: Style) -> str:  # noqa: ARG001 - what a form is given
    """Write one suite; an error fails a case, lesser findings stand in its output."""
    falls = found.falls
    of_rows: dict[int, list[Diagnostic]] = {id(row): [] for row in found.joined.rows}
    others: list[Diagnostic] = []
    for one in found.result.shown:
        is_about = one.entity is not None and one.entity[0] == "deployed"
        row = falls.row(one) if is_about else None
        (others if row is None else of_rows[id(row)]).append(one)
    cases = [
        _case(row.alert.where.file, row.alert.name, of_rows[id(row)]) for row in found.joined.rows
    ]
    cases += [_case(one.primary.location.file, f"{one.code} {one.name}", [one]) for one in others]
    failed = sum("<failure" in case for case in cases)
    head = f'<testsuite name="opmodel audit" tests="{len(cases)}" failures="{failed}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>", ""])


def _case(file: str, name: str, ones: Sequence[Diagnostic]) -> str:
    parts = "".join(_parts(ones))
    head = f"  <testcase classname={_attribute(file)} name={_attribute(name)}"
    return f"{head}>{parts}</testcase>" if parts else f"{head}/>"


def _parts(ones: Sequence[Diagnostic]) -> Iterator[str]:
    errors = [one for one in ones if one.severity is Severity.ERROR]
    if errors:
        message = _attribute("; ".join(one.message for one in errors))
        yield f"<failure message={message}>{_lines(errors)}</failure>"
    lesser = [one for one in ones if one.severity is not Severity.ERROR]
    if lesser:
        yield f"<system-out>{_lines(lesser)}</system-out>"


def _lines(ones: Sequence[Diagnostic]) -> str:
    return escape(_text("\n".join(
        f"{one.primary.location.file}:{one.primary.at.start.line}: {one.severity.value} {one.code} "
        f"{one.name}: {one.message} ({one.help})"
        for one in ones
    )))  # fmt: skip


def _attribute(text: str) -> str:
    return quoteattr(_text(text))


def _text(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


REPORTER = AuditReporter("junit", render)
