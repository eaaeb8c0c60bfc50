"""What an edit does to files, as a unified diff that people review and `patch` takes."""

import difflib
from collections.abc import Iterator, Mapping

_MISSING = "\\ No newline at end of file"


def unified(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the lines of a diff, without their ends, file by file."""
    for name in sorted(after):
        old, new = (one[name].decode("utf-8", "replace") for one in (before, after))
        there = "/dev/null" if not old else f"a/{name}"
        found = difflib.unified_diff(_lines(old), _lines(new), there, f"b/{name}", lineterm="\n")
        for line in found:
            if line.endswith("\n"):
                yield line[:-1]
            else:
                yield line
                yield _MISSING


def _lines(text: str) -> list[str]:
    """Split at line feeds alone, as `diff` does; each keeps its end."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines
