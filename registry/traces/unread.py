"""What of the files could not be read: told by file and reason, counted, and never fine."""

from typing import NamedTuple


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
