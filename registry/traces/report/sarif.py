"""The findings of a check of traces as SARIF 2.1.0, for code scanning."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from registry.checks.report import sarif
from registry.output.style import Style
from registry.traces.answer import TracesAnswer
from registry.traces.reporter import TracesReporter
from registry.traces.unread import UnreadPart, said_of


def render(found: TracesAnswer, style: Style) -> str:
    """Write one run; each finding stands at what the registry says of it.

    What was not read is a notification each. The run was no success then, unless that is allowed.
    """
    log = json.loads(sarif.render(found.checked.result, style))
    level = "warning" if found.allows_unread else "error"
    notifications = list(_notifications(found, level))
    if notifications:
        (invocation,) = log["runs"][0]["invocations"]
        invocation["executionSuccessful"] = found.allows_unread
        invocation["toolExecutionNotifications"] = notifications
    return json.dumps(log, indent=1) + "\n"


def _notifications(found: TracesAnswer, level: str) -> Iterator[dict[str, Any]]:
    recording = found.checked.recording
    for said in said_of(recording.unread, recording.spans):
        text = said.text.replace("{", "{{").replace("}", "}}")  # braces are placeholders
        yield {"level": level, "message": {"text": text}, **_places(said.part)}


def _places(part: UnreadPart | None) -> dict[str, Any]:
    if part is None:
        return {}
    uri = quote(part.file.encode("utf-8", "surrogateescape"), safe="/")
    place: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if part.line:
        place["region"] = {"startLine": part.line}
    return {"locations": [{"physicalLocation": place}]}


REPORTER = TracesReporter("sarif", render)
