"""What a start does without: modules that are imported on the way and never asked for anything."""

import _thread
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_UNASKED = "typing_extensions"


@contextmanager
def lean() -> Iterator[None]:
    """Keep typing_extensions out of what is imported within, if nobody has it yet.

    msgspec prefers it to `typing`, which has the same function; it brings `inspect`, `ast` and
    `tokenize` along, 10 ms of every start. Other threads would miss it, so it needs to be alone.
    """
    if _UNASKED in sys.modules or _thread._count():  # noqa: SLF001 - `threading` is 1 ms more
        yield
        return
    # This is Python's own way to say of a module that it cannot be imported.
    sys.modules[_UNASKED] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[_UNASKED]
