"""A line on a terminal that says what a command does, once it lasts, and for how long already."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

TYPE_CHECKING = False  # as of `typing`, which a start need not load
if TYPE_CHECKING:
    from threading import Thread
    from types import TracebackType
    from typing import Self

_CLEAR = "\r\x1b[K"


class Progress:
    """A line on a terminal's standard error, rewritten in place, once work lasts over a second.

    It writes from a thread of its own, so that work which reports nothing shows as well; `doing`
    is what it says of that. The first result that is written ends it.
    """

    PATIENCE = 1.0
    EVERY = 0.1

    def __init__(self, doing: str = "working") -> None:
        self._doing = doing
        self._done, self._total = 0, 0
        self._thread: Thread | None = None

    def __call__(self, done: int, total: int) -> None:
        """Say how many of how many files are read."""
        self._done, self._total = done, total

    def __enter__(self) -> "Self":
        self._before = _RUNNING.set(self)
        self._stream = sys.stderr  # and what is put in its place is not told of it
        if sys.stderr is not None and sys.stderr.isatty():
            import threading

            self._over, self._lock = threading.Event(), threading.Lock()
            self._begun = monotonic()
            self._thread = threading.Thread(target=self._show, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        self.stop()
        _RUNNING.reset(self._before)

    def stop(self) -> None:
        """End the line, and leave none behind: what follows is the answer."""
        if self._thread is not None:
            self._over.set()
            self._thread.join()
            self._thread = None

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the line away while something else is written to standard error."""
        if self._thread is None:
            yield
            return
        with self._lock:
            self._write(_CLEAR)
            yield

    def _show(self) -> None:
        if self._over.wait(self.PATIENCE):
            return
        while not self._over.wait(self.EVERY):
            with self._lock:
                self._write(f"{_CLEAR}{self._line()}")
        with self._lock:
            self._write(_CLEAR)

    def _line(self) -> str:
        is_read = self._done == self._total
        what = self._doing if is_read else f"reading file {self._done} of {self._total}"
        return f"{what} … {monotonic() - self._begun:.0f} s"

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # the terminal is gone; the work is not
            self._over.set()


_RUNNING: ContextVar[Progress | None] = ContextVar("running", default=None)


def running() -> Progress:
    """Return the line of the command that runs, to be told how far it is."""
    return _RUNNING.get() or Progress()
