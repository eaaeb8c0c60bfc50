"""Files of traces, read into tables: what form each has is told by its bytes, not by its name."""

import gzip
import os
import zlib
from collections.abc import Callable, Sequence
from typing import IO, cast

from registry.errors import CannotRunError
from registry.traces.decode import DecodeError, decode
from registry.traces.duck import Duck
from registry.traces.langsmith import RunReader, is_feedback, is_run
from registry.traces.otlp import OtlpReader
from registry.traces.parquet import ParquetReader
from registry.traces.recorder import Recorder
from registry.traces.recording import Recording
from registry.traces.unread import UnreadCounts
from registry.traces.wanted import TracePolicy

LONGEST = 32 << 20
"""Bytes of the longest line that is read; the collector's batches are far shorter."""

_BUFFER = 1 << 20
"""Bytes that are read at once: lines are long."""

_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"
_ZSTD = b"\x28\xb5\x2f\xfd"
_MARK = b"\xef\xbb\xbf"
_EMPTY = "it is empty"
_LONG = f"a line of more than {LONGEST >> 20} MiB"
_CUT = "the last line is cut off"
_CUT_GZIP = "the compressed file is cut off, or damaged"
_PACKED = "it is packed with zstd: unpack it first"
_PRETTY = "it is JSON over several lines, and not a request or a run a line"


def read(paths: Sequence[str], wanted: TracePolicy, store: Duck) -> Recording:
    """Read files into the store's tables.

    Raises CannotRunError for a path that cannot be opened, or is named twice.
    """
    twice = next((one for place, one in enumerate(paths) if one in paths[:place]), None)
    if twice is not None:
        raise CannotRunError(f"{twice} is named twice", "name each file once")
    reader = _Files(wanted, store)
    for path in paths:
        reader.file(path)
    reader.flush()
    known = reader.recorder
    store.ready()
    return Recording(
        wanted, store, reader.files, reader.spans, tuple(known.shapes), known.carried,
        known.undeclared, reader.unread.parts(), known.odd_tokens,
    )  # fmt: skip


class _Files:
    """Reads one file after the other, each by what it holds."""

    def __init__(self, wanted: TracePolicy, store: Duck) -> None:
        self.unread = UnreadCounts()
        self.recorder = Recorder(wanted, store)
        self.files = self.spans = 0
        self._lines = OtlpReader(self.recorder, self.unread)
        self._runs = RunReader(self.recorder, self.unread)
        self._tables = ParquetReader(self.recorder, store, self.unread)

    def file(self, path: str) -> None:
        """Read a file. Raises CannotRunError where it cannot be opened."""
        try:
            with open(path, "rb", _BUFFER) as file:
                start = file.read(4)
                file.seek(0)
                count = self._read(path, start, file)
        except OSError as error:
            help_ = "name the files in it" if os.path.isdir(path) else "correct the path"
            raise CannotRunError(f"{path}: {error.strerror}", help_) from None
        self.files += count > 0
        self.spans += count

    def flush(self) -> None:
        """Write what was read and waits."""
        self._lines.flush()
        self.recorder.flush()

    def _read(self, path: str, start: bytes, file: IO[bytes]) -> int:
        if start == _PARQUET:
            return self._tables.file(path)
        if start == _ZSTD:
            self.unread.add(path, 0, _PACKED)
            return 0
        if start[:2] != _GZIP:
            return self._json(path, file)
        return self._json(path, cast("IO[bytes]", gzip.GzipFile(fileobj=file)))

    def _json(self, path: str, file: IO[bytes]) -> int:
        count = number = 0
        take: Take | None = None
        try:
            while line := file.readline(LONGEST + 1):
                number += 1
                if number == 1 and line.removeprefix(_MARK).strip() in {b"{", b"["}:
                    self.unread.add(path, 0, _PRETTY)
                    return 0
                if self._is_whole(path, number, line, file):
                    line = line.removeprefix(_MARK) if number == 1 else line
                    take = take or self._taker(line)
                    count += take(path, number, line)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            self.unread.add(path, number + 1, _CUT_GZIP)
        else:
            if not number:
                self.unread.add(path, 0, _EMPTY)
        return count

    def _is_whole(self, path: str, number: int, line: bytes, file: IO[bytes]) -> bool:
        """Whether a line is to be read; one that is too long, or cut off, is told."""
        if line.isspace():
            return False
        if len(line) > LONGEST:
            self.unread.add(path, number, _LONG)
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST)
            return False
        if not line.endswith(b"\n") and not is_json(line):
            self.unread.add(path, number, _CUT)
            return False
        return True

    def _taker(self, line: bytes) -> "Take":
        """Return who reads the lines of a file, by its first one; one that is none is OTLP's."""
        try:
            found = decode(line)
        except DecodeError:
            return self._lines.line
        return self._runs.line if is_run(found) or is_feedback(found) else self._lines.line


Take = Callable[[str, int, bytes], int]
"""What takes a line of a file, by its name and number, and returns how many spans it held."""


def is_json(data: bytes) -> bool:
    """Whether bytes are JSON."""
    try:
        decode(data)
    except DecodeError:
        return False
    return True
