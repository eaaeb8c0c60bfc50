"""What traces say for scripts: `opmodel.traces.v1`, `opmodel.spend.v1`, `opmodel.quality.v1`."""

from registry.diagnostic import Severity
from registry.output.finding import finding
from registry.output.json import dump, rows
from registry.output.style import Style
from registry.traces.answer import TracesAnswer
from registry.traces.reporter import TracesReporter


def render(found: TracesAnswer, style: Style) -> str:
    """Write it all, in ASCII; suppressed findings only with `style.show_suppressed`."""
    result = found.checked.result
    shown = result.diagnostics if style.show_suppressed else result.shown
    summary = {
        **found.plain["summary"],
        **{severity.value: result.count(severity) for severity in Severity},
    }
    parts = [
        f" {dump(key)}: {rows(value) if isinstance(value, list) else dump(value)}"
        for key, value in {**found.plain, "summary": summary}.items()
    ]
    owned = rows({**finding(one), "owner": found.checked.owner(one)} for one in shown)
    return "{\n" + ",\n".join([*parts, f' "diagnostics": {owned}']) + "\n}\n"


REPORTER = TracesReporter("json", render)
