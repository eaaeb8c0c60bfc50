"""An audit for people: what is covered, what to mend first by owner, and what is not told."""

import re
from collections.abc import Iterable, Iterator

from registry.audit.audit import WORDS, Audit
from registry.audit.reporter import AuditReporter
from registry.diagnostic import Diagnostic, Severity
from registry.output.style import BOLD, SEVERITY_COLORS, Style
from registry.output.terminal import brief, escape
from registry.wording import counted

_LISTED = 20
_QUOTED = re.compile(r"`[^`]*`")


def render(found: Audit, style: Style) -> str:
    """Lay out the audit; `style.limit` caps the findings that are shown, never the figures."""
    lines = [
        *_coverage(found),
        *_findings(found, style),
        *_list("Declared in the registry, and not deployed", found.joined.undeployed),
        *_list(
            "Deployed, and not declared",
            [f"{row.alert.name} ({row.alert.where})" for row in found.joined.undeclared],
        ),
        *_unread(found),
        _totals(found),
        "",
    ]
    return "\n".join(lines)


def _coverage(found: Audit) -> Iterator[str]:
    counts = found.joined.counts
    yield (
        f"{escape(found.result.registry)}: {counted(counts['alerts'], 'deployed alert')} in "
        f"{counted(found.read, 'file')}, as of {found.result.at}"
    )
    yield ""
    for name, (number, share) in found.coverage.items():
        yield f"  {number:>6} {share:>6.1f}%  {WORDS[name]}"
    for key, what in (
        ("unknown_query", "a query that could not be told: its labels may be any"),
        ("unknown_way", "no routing that was read: where it goes is not known"),
    ):
        if counts[key]:
            yield f"  {counts[key]:>6}          {what}"
    yield ""


def _findings(found: Audit, style: Style) -> Iterator[str]:
    shown = found.result.diagnostics if style.show_suppressed else found.result.shown
    owners = found.owners()
    groups: dict[str, list[Diagnostic]] = {}
    for one in sorted(shown, key=lambda one: one.severity.rank):
        groups.setdefault(owners.get(one.entity or ("", ""), ""), []).append(one)
    left = style.limit
    for owner, ones in groups.items():
        yield style.paint(BOLD, f"{escape(owner) or 'The routing itself'}: {_tally(ones)}")
        yield from _by_file(ones[: max(left, 0)], style)
        if len(ones) > left:
            more = counted(len(ones) - max(left, 0), "more finding")
            yield f"  … and {more}: `--format json` lists them all"
        left -= len(ones)
        yield ""


def _by_file(found: Iterable[Diagnostic], style: Style) -> Iterator[str]:
    files: dict[str, list[Diagnostic]] = {}
    for one in found:
        files.setdefault(one.primary.location.file, []).append(one)
    for file, ones in files.items():
        yield f"  {escape(file)}"
        alike: dict[tuple[str, ...], list[Diagnostic]] = {}
        for one in ones:
            alike.setdefault(_kind(one), []).append(one)
        for first, *others in alike.values():
            yield from _finding(first, style)
            if others:
                rest = ", ".join(f"{_name(one)} ({one.primary.at.start.line})" for one in others)
                yield f"        the same of {counted(len(others), 'more alert')}: {escape(rest)}"


def _finding(one: Diagnostic, style: Style) -> Iterator[str]:
    level = style.paint(SEVERITY_COLORS[one.severity], f"{one.severity.value}[{one.code}]")
    silenced = " (silenced)" if one.suppressed else ""
    yield f"    {one.primary.at.start.line}: {level} {brief(one.message)}{silenced}"
    if one.help:
        yield f"        {brief(one.help)}"


def _kind(found: Diagnostic) -> tuple[str, ...]:
    """Tell apart what is more than the same fact about another alert of the file.

    The alert's own name makes no difference, nor does its spelling as an id.
    """
    name = _name(found)

    def is_own(quoted: str) -> bool:
        return quoted[1:-1] != name and _bare(quoted) == _bare(name)

    def common(text: str) -> str:
        rest = text.replace(f"`{name}`", "", 1)
        return _QUOTED.sub(lambda each: "" if is_own(each[0]) else each[0], rest)

    help_ = common(re.sub(rf"\b{re.escape(name)}\b", "", found.help or ""))
    parts = (found.code, found.severity.value, common(found.message), help_)
    silenced = found.suppressed.reason if found.suppressed else ""
    return (*parts, silenced, "" if name else str(found.primary.at))


def _name(found: Diagnostic) -> str:
    return found.entity[1] if found.entity is not None and found.entity[0] == "deployed" else ""


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _tally(found: list[Diagnostic]) -> str:
    numbers = ((one, sum(each.severity is one for each in found)) for one in Severity)
    return ", ".join(counted(number, one.value) for one, number in numbers if number)


def _list(title: str, names: Iterable[str]) -> Iterator[str]:
    listed = list(names)
    if not listed:
        return
    yield f"{title}: {len(listed)}"
    yield from (f"  {brief(name)}" for name in listed[:_LISTED])
    if len(listed) > _LISTED:
        yield f"  … and {len(listed) - _LISTED} more: `--format json` lists them all"
    yield ""


def _unread(found: Audit) -> Iterator[str]:
    deployed = found.joined.deployed
    yield from _list(
        "Not read, and so not fine", [f"{one.where}: {one.reason}" for one in deployed.not_read]
    )
    if not deployed.senders:
        yield "External labels count as none: no server's own configuration was read"
        yield ""
    aside: dict[str, int] = {}
    for one in deployed.skipped:
        aside[one.what] = aside.get(one.what, 0) + one.number
    if aside:
        what = ", ".join(f"{number} {escape(name)}" for name, number in sorted(aside.items()))
        yield f"Left aside: {what}"
        yield ""


def _totals(found: Audit) -> str:
    result = found.result
    totals = ", ".join(counted(result.count(one), one.value) for one in Severity)
    return (
        f"{totals}, {len(result.suppressed)} suppressed: "
        f"{counted(len(found.joined.deployed.routers), 'routing tree')}, "
        f"{counted(len(found.joined.destinations), 'receiver')}, "
        f"{counted(len(found.joined.deployed.not_read), 'part')} not read, "
        f"{counted(result.rules_run, 'rule')} run ({result.rules_off} off), "
        f"stage {escape(result.stage)}, at {result.at}, time zones {result.tzdata}"
    )


REPORTER = AuditReporter("human", render)
