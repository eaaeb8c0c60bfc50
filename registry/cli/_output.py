"""What goes to standard output and standard error, whoever has closed them."""

import os
import sys
from types import TracebackType
from typing import Self

from registry.errors import CannotRunError


def emit(text: str) -> None:
    """Write results to standard output. A reader who has left, as `head` does, is no error.

    Raises CannotRunError where it cannot be written, as on a full disk.
    """
    if sys.stdout is None:
        raise CannotRunError("standard output is closed", "send it somewhere")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _discard()
    except OSError as error:
        _discard()
        raise CannotRunError(f"standard output: {error.strerror}", "make room for it") from None


def emit_bytes(data: bytes) -> None:
    """Write a whole file to standard output, as `emit` writes text."""
    if sys.stdout is None:
        raise CannotRunError("standard output is closed", "send it somewhere")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _discard()
    except OSError as error:
        _discard()
        raise CannotRunError(f"standard output: {error.strerror}", "make room for it") from None


def note(line: str) -> None:
    """Write one line to standard error, if anybody listens there."""
    try:
        print(line, file=sys.stderr, flush=True)
    except (OSError, AttributeError):
        return


def is_colored(choice: str) -> bool:
    """Whether to colour standard output: `--color`, else NO_COLOR, else whether it is a terminal.

    NO_COLOR as at no-color.org: set, and not empty.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout is not None and sys.stdout.isatty()


class Progress:
    """A line on a terminal's standard error, rewritten in place, once work lasts over a second.

    It writes from a thread of its own, so that work which reports nothing shows as well.
    """

    PATIENCE = 1.0
    EVERY = 0.1

    def __init__(self) -> None:
        self._done, self._total = 0, 0

    def __call__(self, done: int, total: int) -> None:
        """Say how many of how many files are read."""
        self._done, self._total = done, total

    def __enter__(self) -> Self:
        if sys.stderr is not None and sys.stderr.isatty():
            import threading

            self._over = threading.Event()
            self._thread = threading.Thread(target=self._show, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if hasattr(self, "_thread"):
            self._over.set()
            self._thread.join()

    def _show(self) -> None:
        if self._over.wait(self.PATIENCE):
            return
        while not self._over.wait(self.EVERY):
            reading = f"reading file {self._done} of {self._total}"
            is_read = self._done == self._total
            sys.stderr.write(f"\r\x1b[K{'checking' if is_read else reading} …")
            sys.stderr.flush()
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _discard() -> None:
    """Send what is still to be written nowhere, so that the end of the process says nothing."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return
