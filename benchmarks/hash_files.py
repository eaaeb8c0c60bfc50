"""Start Python, read and hash every file below a folder, and end: the least a warm check can do."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator


def paths(folder: str) -> Iterator[str]:
    """Yield the paths of the files below a folder, in the order of their names."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                yield from paths(entry.path)
            else:
                yield entry.path


def digest(folder: str) -> str:
    """Return the digest of a folder's content; `os.read` is twice as fast as `open`."""
    total = hashlib.blake2b()
    for path in paths(folder):
        handle = os.open(path, os.O_RDONLY)
        total.update(os.read(handle, os.fstat(handle).st_size))
        os.close(handle)
    return total.hexdigest()


if __name__ == "__main__":
    print(digest(sys.argv[1]))
