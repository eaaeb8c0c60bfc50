"""R, A, C and I as people write them: `A,R`, `accountable`, lower case, a letter after a name."""

import re

from registry.export.tables._raci import CELLS, combined

_WORDS = {
    "a": "A", "accountable": "A", "r": "R", "responsible": "R", "c": "C", "consulted": "C",
    "i": "I", "informed": "I", "ar": "A/R", "ra": "A/R",
}  # fmt: skip
_PARTS = re.compile(r"[\s,/;+&|.]+")
_NAMED = re.compile(r"(?P<letters>[A-Za-z/,+& ]{1,40}?)\s*:\s*(?P<who>.+)", re.DOTALL)
_BEHIND = re.compile(r"(?P<who>.+?)\s*[(\[](?P<letters>[A-Za-z/,+& ]{1,40})[)\]]", re.DOTALL)


def letter(text: str) -> str | None:
    """Read a cell: `A`, `A/R`, `R`, `C` or `I`, empty for none; None for anything else."""
    if not text.strip():
        return ""
    words = [one for one in _PARTS.split(text.strip().casefold()) if one not in {"", "and"}]
    read = {_WORDS.get(one) for one in words}
    if not read or None in read:
        return None
    found = {one for part in read if part for one in part.split("/")}
    alone = len(found) == 1 or found == {"A", "R"}
    return combined(found) if alone else None


def is_usual(text: str) -> bool:
    """Whether a cell is spelt as this program writes it."""
    return text.strip() in {"", *CELLS}


def named(text: str) -> list[tuple[str, str]] | None:
    """Read a cell with names, `A: Priya; R: Tom, Mei`, as letters and the names behind each.

    A letter alone comes with no name; None where a part has no letter.
    """
    found = []
    for part in filter(None, map(str.strip, re.split(r"[;\n]", text))):
        alone = letter(part)
        ahead, behind = _NAMED.fullmatch(part), _BEHIND.fullmatch(part)
        if alone:
            found.append((alone, ""))
        elif ahead and (said := letter(ahead["letters"])):
            found.append((said, ahead["who"].strip()))
        elif behind and (said := letter(behind["letters"])):
            found.append((said, behind["who"].strip()))
        else:
            return None
    return found
