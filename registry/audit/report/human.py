"""An audit for people: one screen of how each team stands, what to mend first, what is not told."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from registry.audit.audit import NOBODY, WORDS, Audit, name_of
from registry.audit.folded import Fold, filled, folds
from registry.audit.join import Row
from registry.audit.reporter import AuditReporter
from registry.audit.standing import Standing, standings
from registry.checks.totals import silenced
from registry.diagnostic import Severity
from registry.output.style import SEVERITY_COLORS, Style
from registry.output.terminal import brief, escape
from registry.wording import counted

_T = TypeVar("_T")

WIDTH = 200
"""Characters that no line has more of."""

_LISTED = 20
_COLUMNS = ("alerts", "reach nobody", "critical", "may reach nobody", "not told", "errors",
            "warnings", "owner")  # fmt: skip


def render(found: Audit, style: Style) -> str:
    """Lay out the audit; `style.limit` caps the lesser findings, never errors or figures."""
    lines = [
        *_screen(found),
        *_findings(found, style),
        *_list("Declared in the registry, and not deployed", found.joined.undeployed),
        *_list("Deployed, and not declared", found.joined.undeclared, _deployed),
        *_unread(found),
        _totals(found),
    ]
    return "".join(f"{part}\n" for line in lines for part in _parted(line))


def _parted(line: str) -> Iterator[str]:
    """Part a line that is too long where nothing else did: a name or an address without blanks."""
    while len(line) > WIDTH and "\x1b" not in line:
        at = line.rfind(" ", WIDTH // 2, WIDTH)
        at = at if at > 0 else WIDTH
        yield line[:at]
        line = f"        {line[at:].lstrip()}"
    yield line


def _screen(found: Audit) -> Iterator[str]:
    counts = found.joined.counts
    yield (
        f"{escape(found.result.registry)}: {counted(counts['alerts'], 'deployed alert')}, "
        f"{counted(found.read, 'file')} of use, as of {found.result.shown_at}"
    )
    yield ""
    yield from _teams(found, standings(found))
    for name, one in found.coverage.items():
        share = f"{one.percent:.1f}%" if one.percent is not None else "unknown"
        untold = f" (cannot be told of {one.unknown})" if one.unknown else ""
        number = str(one.number) if one.percent is not None else "–"
        yield f"  {number:>6} {share:>7}  {WORDS[name]}{untold}"
    for key, what in (
        ("unknown_query", "a query that could not be told: its labels may be any"),
        ("unknown_way", "no routing that was read: where it goes is not known"),
        (
            "assumed",
            "a way that a label could change that the server adds: what it adds was not read",
        ),
    ):
        if counts[key]:
            yield f"  {counts[key]:>6}          {what}"
    yield ""


def _teams(found: Audit, all_: Sequence[Standing]) -> Iterator[str]:
    """Lay out how each team stands; of many, those of whom nothing is silent share a line."""
    if not all_:
        return
    silent = sum(bool(one.nobody) for one in all_)  # these come first
    shown = max(silent, _LISTED) if len(all_) > _LISTED + 1 else len(all_)
    yield "  ".join(_COLUMNS)
    for one in all_[:shown]:
        cells = [
            f"{number or '·':>{len(head)}}" for number, head in zip(one[1:], _COLUMNS, strict=False)
        ]
        team = name_of(found.workspace, one.team) if one.team else NOBODY
        yield f"{'  '.join(cells)}  {brief(team)}"
    if others := all_[shown:]:
        errors = sum(one.errors for one in others)
        warnings = sum(one.warnings for one in others)
        yield (
            f"and {counted(len(others), 'more owner')}, no alert of whom is known to reach nobody: "
            f"{counted(errors, 'error')}, {counted(warnings, 'warning')}"
        )
    yield ""


def _findings(found: Audit, style: Style) -> Iterator[str]:
    shown = found.result.diagnostics if style.show_suppressed else found.result.shown
    all_ = folds(found, shown)
    left, untold = style.limit, 0
    for one in all_:
        if one.is_grave or left > 0:
            yield from _fold(one, style)
            left -= 1
        else:
            untold += 1 + len(one.others)
    if untold:
        yield f"… and {counted(untold, 'more finding')}, no errors: `--format json` lists them all"
    if all_:
        yield ""


def _fold(one: Fold, style: Style) -> Iterator[str]:
    first = one.first
    level = style.paint(SEVERITY_COLORS[first.severity], f"{first.severity.value}[{first.code}]")
    silenced = " (silenced)" if first.suppressed else ""
    place = f"{first.primary.location.file}:{first.primary.at.start.line}"
    yield from _line(f"{level} {brief(first.message)}{silenced}")
    falls = "" if one.owner == NOBODY else f", falls to {one.owner}"
    yield from _line(f"    {escape(place)}{brief(falls)}")
    if first.help:
        yield from _line(f"    {brief(first.help)}")
    if one.others:
        start = f"    the same of {counted(len(one.others), 'more alert')}:"
        yield from filled(_rest(one), WIDTH, start, whole=one.is_grave)


def _rest(one: Fold) -> Iterator[str]:
    """Yield the names of the others, each with its owner where that is another one."""
    for owner, names in one.rest:
        for place, name in enumerate(names):
            of = f"{owner}: " if owner != one.owner and not place else ""
            yield escape(f"{of}{name}")


def _line(text: str) -> Iterator[str]:
    """Part a text at blanks, so that no line is too long."""
    bare = len(text) - len(text.lstrip())
    while len(text) > WIDTH:
        at = text.rfind(" ", bare + 1, WIDTH)
        if at <= bare:
            break
        yield text[:at]
        text = f"        {text[at + 1 :]}"
        bare = 8
    yield text


def _deployed(row: Row) -> str:
    return f"{row.alert.name} ({row.alert.where})"


def _list(title: str, listed: Sequence[_T], name: Callable[[_T], str] = str) -> Iterator[str]:
    if not listed:
        return
    yield f"{title}: {len(listed)}"
    yield from (f"  {brief(name(one))}" for one in listed[:_LISTED])
    if len(listed) > _LISTED:
        yield f"  … and {len(listed) - _LISTED} more: `--format json` lists them all"
    yield ""


def _unread(found: Audit) -> Iterator[str]:
    deployed = found.joined.deployed
    yield from _list(
        "Not read, and so not fine", [f"{one.where}: {one.reason}" for one in deployed.not_read]
    )
    if deployed.routers and not deployed.senders:
        yield "No server's own configuration was read: ways are told as if it added no label"
        yield ""
    aside: dict[str, int] = {}
    for one in deployed.skipped:
        if one.number:
            aside[one.what] = aside.get(one.what, 0) + one.number
    if aside:
        what = ", ".join(f"{number} {escape(name)}" for name, number in sorted(aside.items()))
        yield f"Left aside: {what}"
        yield ""


def _totals(found: Audit) -> str:
    result = found.result
    totals = ", ".join(counted(result.count(one), one.value) for one in Severity)
    return (
        f"{totals}, {silenced(result)}: "
        f"{counted(len(found.joined.deployed.routers), 'routing tree')}, "
        f"{counted(len(found.joined.destinations), 'receiver')}, "
        f"{counted(len(found.joined.deployed.not_read), 'part')} not read, "
        f"{counted(result.rules_run, 'rule')} run ({result.rules_off} off), "
        f"stage {escape(result.stage)}, at {result.shown_at}, horizon {result.horizon}, "
        f"time zones {result.tzdata}, holidays {result.holidays}"
    )


REPORTER = AuditReporter("human", render)
