"""What goes to standard output and standard error, whoever has closed them."""

import os
import sys

from registry.cli._progress import running
from registry.errors import CannotRunError


def emit(text: str) -> None:
    """Write results to standard output. A reader who has left, as `head` does, is no error.

    Raises CannotRunError where it cannot be written, as on a full disk.
    """
    if sys.stdout is None:
        raise CannotRunError("standard output is closed", "send it somewhere")
    running().stop()
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _discard()
    except OSError as error:
        _discard()
        raise no_room(error) from None


def emit_bytes(data: bytes) -> None:
    """Write a whole file to standard output, as `emit` writes text."""
    if sys.stdout is None:
        raise CannotRunError("standard output is closed", "send it somewhere")
    running().stop()
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _discard()
    except OSError as error:
        _discard()
        raise no_room(error) from None


def note(line: str) -> None:
    """Write one line to standard error, if anybody listens there."""
    try:
        with running().aside():
            print(line, file=sys.stderr, flush=True)
    except (OSError, AttributeError):
        return


def no_room(error: OSError) -> CannotRunError:
    """Say that standard output cannot be written."""
    return CannotRunError(f"standard output: {error.strerror}", "make room for it")


def is_colored(choice: str) -> bool:
    """Whether to colour standard output: `--color`, else NO_COLOR, else whether it is a terminal.

    NO_COLOR as at no-color.org: set, and not empty.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout is not None and sys.stdout.isatty()


def _discard() -> None:
    """Send what is still to be written nowhere, so that the end of the process says nothing."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return
