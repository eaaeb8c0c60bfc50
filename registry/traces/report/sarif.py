"""The findings of a check of traces as SARIF 2.1.0, for code scanning."""

from registry.checks.report import sarif
from registry.output.style import Style
from registry.traces.answer import TracesAnswer
from registry.traces.reporter import TracesReporter


def render(found: TracesAnswer, style: Style) -> str:
    """Write one run; each finding stands at what the registry says of it."""
    return sarif.render(found.checked.result, style)


REPORTER = TracesReporter("sarif", render)
