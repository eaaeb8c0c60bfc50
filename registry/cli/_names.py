"""The commands by name, and the line that tells of each, without importing any of them."""

import os

import registry.cli
from registry.plugins import stems

_NO_COMMANDS = frozenset({"main"})
_BEFORE = "\nCOMMAND = Command("


def names() -> list[str]:
    """List the commands, sorted; the module of one that is a word of Python ends with `_`."""
    return [_name(stem) for stem in stems(registry.cli) if stem not in _NO_COMMANDS]


def summaries() -> dict[str, str]:
    """Return the line that tells of each command, by its name.

    It stands in its module as the first argument of `Command`, and is read from there: importing
    all of them would take ten times as long. Where it cannot be read so, the module is imported.
    """
    found = {}
    for stem in stems(registry.cli):
        if stem not in _NO_COMMANDS:
            found[_name(stem)] = _written(stem) or _imported(_name(stem))
    return found


def _name(stem: str) -> str:
    return stem.removesuffix("_").replace("_", "-")


def _written(stem: str) -> str | None:
    """Read a summary from the text of its module; None where it is not plainly there."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{stem}.py")
    try:
        with open(path, encoding="utf-8") as file:
            after = file.read().partition(_BEFORE)[2].lstrip()
    except OSError:  # installed without its source
        return None
    quote, text = after[:1], after[1:].partition('",')[0]
    return text if quote == '"' and "\\" not in text and '"' not in text else None


def _imported(name: str) -> str:
    from registry.cli._command import find

    return find(name).summary
