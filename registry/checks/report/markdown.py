"""A check as the summary for a pull request, or for a job's page: the gravest first, and bounded.

Findings are left out from the end, and counted; headings and totals are of all.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from registry.checks.reporter import Render, Reported, Reporter
from registry.checks.result import Result
from registry.checks.totals import grand_total, left_out, short_sighted, since_notes, verdict
from registry.diagnostic import Diagnostic, Severity
from registry.output.bounded import BOUND, ROOM_FOR_MORE, Item, size, within
from registry.output.markdown import literal, quoted, sentence
from registry.output.style import Style
from registry.output.terminal import MAX_SHOWN, brief
from registry.wording import counted


class _Part(NamedTuple):
    """What is written of one registry: always its head, and of the items what there is room for."""

    head: tuple[str, ...]
    items: Iterator[Item]
    number: int


def render(result: Result, style: Style) -> str:
    """Write the totals, then the findings by severity, each with its place and what to do.

    Silenced findings are listed only with `style.show_suppressed`.
    """
    return _page([_part(result.below(style.prefix), style, result.registry)], [])


def _part(result: Result, style: Style, name: str) -> _Part:
    head = [f"## opmodel: {_cut(name)}", literal(verdict(result))]
    warning = short_sighted(result)
    notes = (*([warning] if warning else []), *since_notes(result), *left_out(result))
    head += map(sentence, notes)
    silenced = result.silenced if style.show_suppressed else ()
    number = len(result.shown) + len(silenced)
    return _Part(tuple(head), _items(result.shown, silenced), number)


def _items(shown: Sequence[Diagnostic], silenced: Sequence[Diagnostic]) -> Iterator[Item]:
    """Yield findings under the headings of their severity, each written when it is asked for."""
    for level in Severity:
        own = [one for one in shown if one.severity is level]
        heading = counted(len(own), level.value)
        for one in own:
            yield Item(heading, _item(one))
    for one in silenced:
        yield Item("silenced", _item(one))


def _cut(name: str) -> str:
    return sentence(name if len(name) < 100 else f"{name[:99]}…")


def _item(found: Diagnostic) -> str:
    line, column = found.primary.at.start
    path = found.primary.location.file
    place = quoted(f"{path[:MAX_SHOWN]}:{line}:{column}")
    text = f"**{found.code} {sentence(found.name)}** at {place}: {sentence(found.message)}"
    if found.suppressed:
        kind, reason, file, at = found.suppressed[:4]
        by = f"the {sentence(kind)} at {quoted(f'{file[:MAX_SHOWN]}:{at}')}"
        return f"{text} ({found.severity.value}, silenced by {by}: {sentence(reason)})"
    return f"{text}; help: {sentence(found.help)}" if found.help else text


def _page(parts: Sequence[_Part], first: Sequence[str]) -> str:
    """Write all heads, and below each the items that its share of the page has room for."""
    fitting = _fitting(parts)
    heads = sum(size(*part.head) for part in fitting)
    room = BOUND - heads - size(*first) - (len(fitting) + 1) * ROOM_FOR_MORE
    lines = list(first)
    for part in fitting:
        lines += [*part.head, *within(part.items, part.number, room // len(fitting), _more)]
    if len(fitting) < len(parts):
        rest = len(parts) - len(fitting)
        lines.append(f"… and {rest} more, whose findings are in the totals alone")
    return "\n\n".join(lines) + "\n"


def _fitting(parts: Sequence[_Part]) -> Sequence[_Part]:
    """Return the first registries: those whose heads take at most half of a page."""
    sizes = accumulate(size(*part.head) + ROOM_FOR_MORE for part in parts)
    return parts[: sum(one <= BOUND // 2 for one in sizes)]


def _more(number: int) -> str:
    more = counted(number, "more finding")
    return f"… and {more}: `opmodel check` with `--format concise` lists them all"


def join(render: Render, several: Sequence[Reported]) -> str:  # noqa: ARG001 - a join's parameters
    """Write one page of several registries, each with an equal share of it, below their total."""
    total = grand_total([one.result for one in several])
    parts = [
        _part(one.led, one.style, f"{one.folder} ({brief(one.result.registry)})") for one in several
    ]
    return _page(parts, [literal(total)])


REPORTER = Reporter("markdown", render, join, is_for_repository=True)
