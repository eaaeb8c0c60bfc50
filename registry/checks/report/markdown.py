"""A check as the summary for a pull request, or for a job's page: the gravest first, and bounded.

A comment on GitHub holds 65,536 characters, and a step's summary 1 MiB; what is longer is refused
whole. So findings are left out from the end, and counted; headings and totals are of all.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from registry.checks.reporter import Render, Reported, Reporter
from registry.checks.result import Result
from registry.checks.totals import grand_total, short_sighted, since_notes, verdict
from registry.diagnostic import Diagnostic, Severity
from registry.output.markdown import literal, quoted, sentence
from registry.output.style import Style
from registry.output.terminal import MAX_SHOWN, brief
from registry.wording import counted

BOUND = 60_000
"""Bytes of UTF-8 that a page has at most: room for what others put around it."""
_ROOM_FOR_MORE = 200


class _Part(NamedTuple):
    """What is written of one registry: always its head, and of the items what there is room for."""

    head: tuple[str, ...]
    items: tuple[tuple[str, str], ...]
    """A heading and what stands below it, already Markdown."""


def render(result: Result, style: Style) -> str:
    """Write the totals, then the findings by severity, each with its place and what to do.

    Silenced findings are listed only with `style.show_suppressed`.
    """
    return _page([_part(result.below(style.prefix), style, result.registry)], [])


def _part(result: Result, style: Style, name: str) -> _Part:
    head = [f"## opmodel: {_cut(name)}", literal(verdict(result))]
    warning = short_sighted(result)
    head += map(literal, (*([warning] if warning else []), *since_notes(result)))
    items = [
        (counted(result.count(level), level.value), _item(one))
        for level in Severity
        for one in result.shown
        if one.severity is level
    ]
    if style.show_suppressed:
        items += (("silenced", _item(one)) for one in result.silenced)
    return _Part(tuple(head), tuple(items))


def _cut(name: str) -> str:
    return sentence(name if len(name) < 100 else f"{name[:99]}…")


def _item(found: Diagnostic) -> str:
    line, column = found.primary.at.start
    path = found.primary.location.file
    place = quoted(f"{path[:MAX_SHOWN]}:{line}:{column}")
    text = f"- **{found.code} {sentence(found.name)}** at {place}: {sentence(found.message)}"
    if found.suppressed:
        kind, reason, file, at = found.suppressed[:4]
        by = f"the {sentence(kind)} at {quoted(f'{file[:MAX_SHOWN]}:{at}')}"
        return f"{text} ({found.severity.value}, silenced by {by}: {sentence(reason)})"
    return f"{text}; help: {sentence(found.help)}" if found.help else text


def _page(parts: Sequence[_Part], first: Sequence[str]) -> str:
    """Write all heads, and below each the items that its share of the page has room for."""
    fitting = _fitting(parts)
    heads = sum(_size(line) for part in fitting for line in part.head)
    room = BOUND - heads - sum(map(_size, first)) - (len(fitting) + 1) * _ROOM_FOR_MORE
    lines = list(first)
    for part in fitting:
        lines += [*part.head, *_within(part, room // len(fitting))]
    if len(fitting) < len(parts):
        lines.append(f"… and {counted(len(parts) - len(fitting), 'more registry')}")
    return "\n\n".join(lines) + "\n"


def _fitting(parts: Sequence[_Part]) -> Sequence[_Part]:
    """Return the first registries: those whose heads take at most half of a page."""
    sizes = accumulate(sum(map(_size, part.head)) + _ROOM_FOR_MORE for part in parts)
    return parts[: sum(size <= BOUND // 2 for size in sizes)]


def _within(part: _Part, room: int) -> Iterator[str]:
    """Yield a block for each heading, its items below it, and how many are left out at the end."""
    block: list[str] = []
    heading = ""
    for number, (its, item) in enumerate(part.items):
        new = [f"### {its}", "", item] if its != heading else [item]
        room -= sum(map(_size, new))
        if room < 0:
            yield from _block(block)
            more = counted(len(part.items) - number, "more finding")
            yield f"… and {more}: `opmodel check` with `--format concise` lists them all"
            return
        if its != heading:
            yield from _block(block)
            block, heading = [], its
        block += new
    yield from _block(block)


def _block(lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield "\n".join(lines)


def _size(line: str) -> int:
    """Count the bytes of a line and of what parts it from the next."""
    return len(line.encode("utf-8", "backslashreplace")) + 2


def join(render: Render, several: Sequence[Reported]) -> str:  # noqa: ARG001 - a join's parameters
    """Write one page of several registries, each with an equal share of it, below their total."""
    total = grand_total([one.result for one in several])
    parts = [
        _part(one.led, one.style, f"{one.folder} ({brief(one.result.registry)})") for one in several
    ]
    return _page(parts, [f"{literal(total)}"])


REPORTER = Reporter("markdown", render, join)
