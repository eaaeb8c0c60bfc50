"""`test` as a JUnit report, which every CI shows."""

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from registry.diagnostic import Diagnostic
from registry.scenarios.play import Rehearsal, ScenarioOutcome

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped (section 2.2)."""


def render(found: Rehearsal, problems: Sequence[Diagnostic]) -> str:
    """Write one suite with a case for each scenario; what cannot be read is an error."""
    total = len(found.outcomes) + len(problems)
    head = (
        f'<testsuite name="opmodel" tests="{total}" failures="{found.failed}" '
        f'errors="{len(problems)}">'
    )
    cases = [*map(_case, found.outcomes), *map(_error, problems)]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>", ""])


def _case(one: ScenarioOutcome) -> str:
    head = f"<testcase classname={_attribute(one.file)} name={_attribute(one.id)}"
    if not one.misses:
        return f"  {head}/>"
    reasons = "; ".join(miss.reason for miss in one.misses)
    lines = "\n".join(
        f"{miss.expected.path}:{miss.expected.line}: {miss.field}: {miss.reason}"
        for miss in one.misses
    )
    failure = f"<failure message={_attribute(reasons)}>{escape(_text(lines))}</failure>"
    return f"  {head}>{failure}</testcase>"


def _error(one: Diagnostic) -> str:
    at = one.primary.at.start
    place = f"{one.primary.location.file}:{at.line}:{at.column}"
    head = f"<testcase classname={_attribute(one.primary.location.file)} name={_attribute(place)}"
    message = _attribute(f"{one.message}; {one.help}")
    return f"  {head}><error message={message}>{escape(_text(place))}</error></testcase>"


def _attribute(text: str) -> str:
    return quoteattr(_text(text))


def _text(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
