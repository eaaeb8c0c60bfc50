"""What of the files could not be read: told by file and reason, counted, and never fine."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from registry.output.terminal import brief, escape


class UnreadPart(NamedTuple):
    """Things of one file that could not be read for one reason; `line` is that of the first.

    It counts from 1; 0 stands for the whole file.
    """

    file: str
    line: int
    reason: str
    number: int


class UnreadCounts:
    """Counts what could not be read."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[int, int]] = {}

    def add(self, file: str, line: int, reason: str, count: int = 1) -> None:
        """Take something that could not be read."""
        first, number = self._known.get((file, reason), (line, 0))
        self._known[file, reason] = first, number + count

    def parts(self) -> tuple[UnreadPart, ...]:
        """List what there is, by file, line and reason."""
        found = [
            UnreadPart(file, line, reason, count)
            for (file, reason), (line, count) in self._known.items()
        ]
        return tuple(sorted(found))


class Said(NamedTuple):
    """What is said of a part that was not read; `part` is None for a record without any span."""

    text: str
    part: UnreadPart | None


NOTHING = "no span was read: nothing here is said to be fine"


def said_of(unread: Iterable[UnreadPart], spans: int) -> Iterator[Said]:
    """Say in a line each what was not read of a record in which so many spans were."""
    if not spans:
        yield Said(NOTHING, None)
    for one in unread:
        line = f":{one.line}" if one.line else ""
        times = f" ({one.number:,} times, here first)" if one.number > 1 else ""
        yield Said(f"not read: {escape(one.file)}{line}: {brief(one.reason)}{times}", one)
