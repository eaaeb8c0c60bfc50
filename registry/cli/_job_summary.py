"""The summary of a GitHub Actions job: Markdown on the page of the run, beside the annotations."""

import errno
import os
import stat
from collections.abc import Mapping

from registry.cli._output import note

NAME = "GITHUB_STEP_SUMMARY"
"""What names the file that a step appends its summary to; unset anywhere else."""

_MAX = 2**20
"""Bytes of one step's summary; GitHub shows nothing of a longer one."""


def add_to_summary(text: str, environ: Mapping[str, str] = os.environ) -> None:
    """Append to the step's summary, where there is one; say where that fails, and go on.

    Never follows a link, and waits for no reader of what is no file.
    """
    path = environ.get(NAME)
    if not path:
        return
    data = text.encode("utf-8", "backslashreplace")
    try:
        problem = _append(path, data)
    except OSError as error:
        is_link = error.errno == errno.ELOOP
        problem = "it is a symbolic link" if is_link else os.strerror(error.errno or 0)
    if problem:
        note(f"opmodel: the job's summary is not written ({NAME}): {problem}")


def _append(path: str, data: bytes) -> str | None:
    """Append to a regular file; say what keeps from it."""
    if os.path.islink(path):  # where the system has no O_NOFOLLOW
        return "it is a symbolic link"
    careful = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | careful, 0o666)
    with os.fdopen(handle, "ab") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            return "it is no regular file"
        if found.st_size + len(data) > _MAX:
            return "with what is there already it would be longer than GitHub shows (1 MiB)"
        file.write(data)
    return None
