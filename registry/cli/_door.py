"""The front door: where nothing has changed, a command is answered as it was before.

What an answer depends on was noted when it was made (`_keeping`); here it is only compared. This
comes before anything else is imported, and where there is any doubt the command runs.
"""

import marshal
import os
import sys
from time import time, time_ns

from registry.source import evidence
from registry.source.cache import Cache, digest

TYPE_CHECKING = False  # as of `typing`, which a start need not load
if TYPE_CHECKING:
    from typing import TextIO

    from registry.source.seen import Notes

ENVIRONMENT = (
    "GITHUB_STEP_SUMMARY", "HOME", "NO_COLOR", "OPMODEL_DEBUG", "PYDANTIC_DISABLE_PLUGINS",
    "PYTHONTZPATH", "PYTHONUSERBASE", "TERM", "TZ", "XDG_CACHE_HOME",
)  # fmt: skip
"""The variables of the environment that the commands read whose answers are kept; a test holds it
to what they do."""

HOUR = 3600
"""In seconds."""

PREFIX = "answer-"
"""How the names of kept answers begin."""

_BETWEEN = "\0"
"""What stands between paths, for a list of them is longer in the making; no path can hold it."""

_FORM = "1"
"""The form of an entry, to be counted up with every change of it."""

Said = tuple[int, bytes]
"""A piece of output: 1 for standard output, 2 for standard error, and the bytes."""


class Door:
    """The place in the cache for the answer to one command line, asked as it is now.

    `begun` is when the process began to ask, in nanoseconds since 1970.
    """

    def __init__(self, cache: Cache, name: str) -> None:
        self.begun = time_ns()
        self._cache = cache
        self._name = name

    def answer(self) -> int | None:
        """Say what was said before, and return its exit code; None where it may be otherwise."""
        payload = self._cache.get(self._name)
        if payload is None:
            return None
        try:
            kept = marshal.loads(payload)  # noqa: S302 - behind a checksum, in the user's own folder
            hour, program, changed, items, total, said, code = kept
            if hour is not None and hour != int(time()) // HOUR:
                return None
            if evidence.changes(program.split(_BETWEEN)) != changed:
                return None
            if evidence.now(items.split(_BETWEEN)) != total:
                return None
        except (ValueError, TypeError, EOFError, LookupError, AttributeError):
            return None
        return say(said, code)

    def keep(self, notes: "Notes", said: list[Said], code: int) -> None:
        """Keep an answer with all that it depends on, as it was then."""
        changed = [number for one in notes.program.values() for number in one]
        lists = (_BETWEEN.join(notes.program), changed, _BETWEEN.join(notes.items))
        kept = (notes.hour, *lists, notes.digest, said, code)
        self._cache.put(self._name, marshal.dumps(kept))
        self._cache.trim()


def door_for(argv: list[str]) -> Door | None:
    """Return the door for a command line; None where there is nothing to be remembered."""
    if not argv or "--no-cache" in argv:
        return None
    try:
        cache = Cache(cache_folder())
        if not (cache.is_kept and _is_said_here(1, sys.stdout) and _is_said_here(2, sys.stderr)):
            return None
        parts = (
            _FORM, sys.version, sys.prefix, os.path.abspath(__file__), str(sys.flags.optimize),
            str(os.geteuid()), os.getcwd(), sys.getfilesystemencoding(), *_streams(),
            *map(_variable, ENVIRONMENT), str(len(sys.path)), *sys.path, *argv,
        )  # fmt: skip
        return Door(cache, PREFIX + digest(*parts))
    except (OSError, ValueError):  # this folder is gone, or the output is closed
        return None


def cache_folder() -> str | None:
    """Name the user's own folder for what may be recomputed; None where there is none.

    It is `opmodel` in XDG_CACHE_HOME, if that is an absolute path, else in `~/.cache`.
    """
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.expanduser("~/.cache")
    return os.path.join(base, "opmodel") if os.path.isabs(base) else None


def say(said: list[Said], code: int) -> int:
    """Write an answer as it was written before; return its exit code, or 2 where there is no room.

    A reader who has left is no error, and nobody needs to listen on standard error.
    """
    gone = set()
    for stream, data in said:
        try:
            if stream not in gone:
                _write(stream, data)
        except BrokenPipeError:
            gone.add(stream)
        except OSError as error:
            if stream == 1:
                from registry.cli._output import no_room
                from registry.cli._run import stopped

                return stopped(no_room(error))
            gone.add(stream)
    return code


def _write(stream: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(stream, rest) :]


def _is_said_here(stream: int, to: "TextIO | None") -> bool:
    """Whether what is written to a stream is written to its usual place. Raises OSError."""
    return to is not None and to.fileno() == stream


def _variable(name: str) -> str:
    value = os.environ.get(name)
    return "-" if value is None else f"={value}"


def _streams() -> list[str]:
    """Tell how output is encoded, and whether a terminal shows it."""
    return [sys.stdout.encoding, sys.stderr.encoding, str(sys.stdout.isatty())]
