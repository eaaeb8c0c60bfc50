"""What a file's data should be once it is changed, and whether that is what it then says."""

import copy
from collections.abc import Iterable
from typing import Any

from registry.diagnostic import FixChange, NewValue
from registry.edit.change import CannotEditError
from registry.source.composer import Composed, compose
from registry.source.markdown import compose_markdown
from registry.span import KeyPath, Part

Aim = tuple[KeyPath, Part, NewValue]
"""What is to stand at a place: a key or a value; None where it is to go."""


def hold(before: str, after: str, file: str, aims: Iterable[Aim]) -> None:
    """Make sure that a text says what was meant and nothing else.

    Raises CannotEditError where it does not, and where either text cannot be read.
    """
    old, new = read(before, file), read(after, file)
    if old.data is None:
        raise CannotEditError("its file has faults: mend what `opmodel check` says first")
    data = aimed(old.data, aims)
    if new.data != data or len(new.problems) > len(old.problems):
        raise CannotEditError(
            "its text is shared, or written in a way that is not edited by itself"
        )


def read(text: str, file: str) -> Composed:
    """Read a text as the program reads its file."""
    reader = compose_markdown if file.endswith(".md") else compose
    return reader(text.encode(), file)


def aimed(data: Any, aims: Iterable[Aim]) -> Any:
    """Return data as it should be: values first, then what goes, then keys, the innermost first."""
    after = copy.deepcopy(data)
    ordered = sorted(aims, key=_turn)
    for path, part, value in ordered:
        above = after
        for step in path[:-1]:
            above = above[step]
        if part == "key":
            renamed = {value if key == path[-1] else key: one for key, one in above.items()}
            above.clear()
            above.update(renamed)
        elif value is None:
            del above[path[-1]]
        else:
            above[path[-1]] = list(value) if isinstance(value, tuple) else value
    return after


def _turn(aim: Aim) -> tuple[int, int, int]:
    path, part, value = aim
    last = path[-1]
    place = last if isinstance(last, int) else 0
    return (2 if part == "key" else int(value is None), -len(path), -place)


def from_change(change: FixChange) -> Aim:
    """Tell what a change of data aims at."""
    return change.location.path, change.location.part, change.value
