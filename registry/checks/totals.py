"""What a check found in all, and what it looked at: no check passes without saying what it read."""

from collections import Counter
from collections.abc import Iterator

from registry.checks.result import Result
from registry.diagnostic import Severity
from registry.output.terminal import escape
from registry.wording import counted


def verdict(result: Result) -> str:
    """Say in one line what was found and what was looked at."""
    totals = [counted(result.count(severity), severity.value) for severity in Severity]
    policy = "" if result.policy == result.judged_as else f", policy {escape(result.policy)}"
    return (
        f"{', '.join(totals)}, {len(result.suppressed)} suppressed: "
        f"{counted(result.entities, 'entity')} in {counted(result.files, 'file')} "
        f"({result.skipped} skipped), {counted(result.rules_run, 'rule')} run "
        f"({result.rules_off} off{_unstaged(result)}), stage {escape(result.stage)}{policy}, "
        f"at {result.shown_at}, horizon {result.horizon}, time zones {result.tzdata}, "
        f"holidays {result.holidays}"
    )


def _unstaged(result: Result) -> str:
    """Say why so many rules are off where the stage is not known."""
    return "" if result.has_stage else ": what depends on the stage waits until it is known"


def short_sighted(result: Result) -> str | None:
    """Warn of a horizon below a week: nobody's turn ends within it, so that much holds unseen."""
    if not result.is_short:
        return None
    return (
        f"warning: the horizon is {result.horizon}, shorter than a week: "
        "what ends later is not found; leave `--horizon` out, or look further ahead"
    )


def statistics(result: Result) -> Iterator[str]:
    """Yield a line for each rule that found something, the one with the most findings first."""
    shown: Counter[tuple[str, str, str]] = Counter()
    silent: Counter[str] = Counter()
    for one in result.diagnostics:
        shown[one.code, one.name, one.severity.value] += one.suppressed is None
        silent[one.code] += one.suppressed is not None
    for (code, name, level), number in sorted(shown.items(), key=lambda row: (-row[1], row[0])):
        more = f", {silent[code]} suppressed" if silent[code] else ""
        yield f"{number:>6} {level:<7} {code} {escape(name)}{more}"
