"""What a check found in all, and what it looked at: no check passes without saying what it read."""

from collections import Counter
from collections.abc import Iterator, Sequence

from registry.checks.result import Result
from registry.diagnostic import BY_BASELINE, Severity
from registry.output.terminal import escape
from registry.wording import counted, listed


def verdict(result: Result) -> str:
    """Say in one line what was found and what was looked at."""
    totals = [counted(result.count(severity), severity.value) for severity in Severity]
    policy = "" if result.policy == result.judged_as else f", policy {escape(result.policy)}"
    return (
        f"{_since(result)}{', '.join(totals)}, {silenced(result)}: "
        f"{counted(result.entities, 'entity')} in {counted(result.files, 'file')} "
        f"({result.skipped} skipped), {counted(result.rules_run, 'rule')} run "
        f"({result.rules_off} off{_unstaged(result)}), stage {escape(result.stage)}{policy}, "
        f"at {result.shown_at}, horizon {result.horizon}, time zones {result.tzdata}, "
        f"holidays {result.holidays}"
    )


def left_out(result: Result) -> Iterator[str]:
    """Yield a line for each reason for which files were skipped, with the first of them."""
    reasons: dict[str, list[str]] = {}
    for name, why in result.left_out:
        reasons.setdefault(why, []).append(escape(name))
    for why, names in reasons.items():
        yield f"skipped {listed(names)}: {why}"


def silenced(result: Result) -> str:
    """Say how many findings a comment or a waiver silences, and how many the baseline."""
    return f"{len(result.suppressed)} suppressed, {len(result.baselined)} baselined"


def grand_total(results: Sequence[Result]) -> str:
    """Say in one line what several registries total."""
    totals = [
        counted(sum(one.count(severity) for one in results), severity.value)
        for severity in Severity
    ]
    since = next((f"new since {escape(one.since.revision)}: " for one in results if one.since), "")
    return f"{len(results)} registries: {since}{', '.join(totals)}"


def _since(result: Result) -> str:
    """Say that only what is new counts, where that is so."""
    since = result.since
    if since is None:
        return ""
    name = escape(since.revision)
    if since.nothing:
        return f"new since {name}, which had no registry to compare with: "
    return f"new since {name} ({since.known} known, {since.gone} gone): "


def since_notes(result: Result) -> Iterator[str]:
    """Yield what there is to know of a comparison with a revision, beside the totals."""
    since = result.since
    if since is None:
        return
    if since.nothing:
        yield f"{since.nothing}: every finding counts as new"
    if since.by_policy:
        found = counted(since.by_policy, "new finding")
        comes = "comes" if since.by_policy == 1 else "come"
        yield f"{found} {comes} of the changed policy, and not of what it judges"


def fixable(result: Result) -> str | None:
    """Say how many findings `--fix` mends, and how many more `--unsafe-fixes`; None for none."""
    fixes = [one.fix for one in result.shown if one.fix is not None]
    safe = sum(one.is_safe for one in fixes)
    more = len(fixes) - safe
    if not fixes:
        return None
    told = [f"{counted(safe, 'finding')} by `--fix`"] if safe else []
    told += [f"{counted(more, 'finding')} by `--fix --unsafe-fixes`"] if more else []
    return f"can be fixed: {' and '.join(told)}; `--diff` in place of `--fix` shows it"


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
    silent: Counter[tuple[str, bool]] = Counter()
    for one in result.diagnostics:
        shown[one.code, one.name, one.severity.value] += one.suppressed is None
        if one.suppressed is not None:
            silent[one.code, one.suppressed.kind == BY_BASELINE] += 1
    for (code, name, level), number in sorted(shown.items(), key=lambda row: (-row[1], row[0])):
        more = f", {silent[code, False]} suppressed" if silent[code, False] else ""
        more += f", {silent[code, True]} baselined" if silent[code, True] else ""
        yield f"{number:>6} {level:<7} {code} {escape(name)}{more}"
