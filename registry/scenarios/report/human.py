"""`test` for a person: a line a scenario, why it failed, and what no scenario touches."""

from collections.abc import Sequence

from registry.clock.words import date_and_time
from registry.diagnostic import Diagnostic
from registry.output.style import PLAIN_GREEN, PLAIN_RED, painted
from registry.output.terminal import brief, escape
from registry.scenarios.play import Rehearsal, ScenarioOutcome
from registry.wording import counted

_NAMES = {"alerts": "alerts", "escalations": "escalations", "kill_switches": "kill switches"}
_MOST = 10


def render(
    found: Rehearsal, problems: Sequence[Diagnostic], zone: str, *, color: bool = False
) -> str:
    """Lay the outcomes out; times in `zone`. `problems` are what is wrong with the files."""
    lines: list[str] = []
    for one in problems:
        at = one.primary.at.start
        place = f"{escape(one.primary.location.file)}:{at.line}:{at.column}"
        error = painted(PLAIN_RED, "error", on=color)
        lines.append(f"{error} {place}: {brief(one.message)}; {brief(one.help)}")
    file = ""
    for outcome in found.outcomes:
        if outcome.file != file:
            file = outcome.file
            lines.append(escape(file))
        lines.append(_line(outcome, zone, color=color))
    lines += ["", *_coverage(found), totals(found, len(problems))]
    return "\n".join(lines) + "\n"


def totals(found: Rehearsal, problems: int) -> str:
    """Count scenarios by outcome, in the one line that a script may look for."""
    passed = len(found.outcomes) - found.failed
    broken = f", {counted(problems, 'problem')} in scenario files" if problems else ""
    return f"{passed} passed, {found.failed} failed{broken}"


def _line(one: ScenarioOutcome, zone: str, *, color: bool) -> str:
    head = f"{escape(one.id)} ({date_and_time(one.at, zone)}, {brief(one.title)})"
    if not one.misses:
        return f"  {painted(PLAIN_GREEN, '✓', on=color)} {head}"
    first = one.misses[0]
    reasons = "; ".join(dict.fromkeys(brief(miss.reason) for miss in one.misses))
    places = [f"expected at {escape(first.expected.path)}:{first.expected.line}"]
    if first.because is not None:
        places.append(f"decided at {escape(first.because.path)}:{first.because.line}")
    return f"  {painted(PLAIN_RED, '✗', on=color)} {head}: {reasons} ({', '.join(places)})"


def _coverage(found: Rehearsal) -> list[str]:
    lines = []
    for one in found.coverage:
        total = len(one.touched) + len(one.untouched)
        shown = ", ".join(map(escape, one.untouched[:_MOST]))
        more = f" and {len(one.untouched) - _MOST} more" if len(one.untouched) > _MOST else ""
        rest = f"; none touches {shown}{more}" if one.untouched else ""
        lines.append(f"{_NAMES[one.section]} touched: {len(one.touched)} of {total}{rest}")
    return lines
