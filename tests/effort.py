"""What an action costs, counted and not timed: a count is the same on every machine and every day.

What loops in Python is held by `calls`. What loops in C makes no calls; `ends` stops it, after many
times the processor time that it takes and far before what a square of its input would take.
"""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def calls(action: Callable[[], object]) -> int:
    """Count the calls, of Python's functions and of C's, that an action makes."""
    count = 0

    def seen(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count


def is_linear(action: Callable[[int], object], few: int, many: int, slack: float = 1.5) -> bool:
    """Whether an action on `many` costs at most in proportion to what it costs on `few`.

    `slack` times as much is let through: logarithms, and what begins only at some size.
    """
    action(few)  # what is done once for all is done now
    return calls(lambda: action(many)) <= slack * many / few * calls(lambda: action(few))


@contextmanager
def ends(seconds: int = 60) -> Iterator[None]:
    """Stop what runs within, with an AssertionError, after so much processor time."""

    def stop(_signal: int, _frame: object) -> None:
        raise AssertionError(f"no end after {seconds} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
