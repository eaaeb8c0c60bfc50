"""Spans that are their own ancestors: what is named as a parent cannot be one."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

Row = tuple[str, str, str | None]
"""A trace, a span of it, and the parent that it names."""


def looped(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """Yield the spans that lie on a loop, each with its trace; rows come trace by trace."""
    for trace, spans in groupby(rows, key=lambda row: row[0]):
        parents = {span: parent for _, span, parent in spans}
        for span in _looped(parents):
            yield trace, span


def _looped(parents: Mapping[str, str | None]) -> Iterator[str]:
    """Yield the spans of a trace that lie on a loop, in time linear in their number."""
    done: set[str] = set()
    for first in parents:
        path: dict[str, None] = {}
        at: str | None = first
        while at is not None and at in parents and at not in done and at not in path:
            path[at] = None
            at = parents[at]
        if at in path:
            order = list(path)
            yield from order[order.index(at) :]
        done.update(path)
