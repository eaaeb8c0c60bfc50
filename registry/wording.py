"""The wording that messages share: numbers with their nouns, names in a row, "did you mean".

Each is written one way wherever it is said: in findings, in reports, and in what a command answers.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import islice

MOST = 4
"""Names that a message lists before it only says how many more there are."""

_PLURALS = {"info": "info", "person": "people"}
_CUTOFF = 0.72
_LONGEST = 128
_SHORTEST = 3


def counted(number: int, noun: str) -> str:
    """Write a number with its noun, in the plural where it is not one."""
    return f"{number} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """Return the plural of a noun, or of words that end with it."""
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("ch", "s", "x")) else f"{noun}s"


def quoted(names: Iterable[object], between: str = ", ") -> str:
    """Write names in backticks, all of them, with the same words between any two."""
    return between.join(f"`{name}`" for name in names)


def listed(names: Collection[str], most: int = MOST, joint: str = "and") -> str:
    """List names in backticks: `a`, `b` and `c`; beyond `most` only how many more there are."""
    shown = [f"`{name}`" for name in islice(names, most)]
    if len(names) > most:
        return f"{', '.join(shown)} {joint} {len(names) - most} more"
    return in_a_row(shown, joint)


def in_a_row(words: list[str], joint: str = "and") -> str:
    """Put words in a row as a sentence does: a, b and c."""
    return f" {joint} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def nearest(name: str, known: Collection[str]) -> str | None:
    """Return the known name most like `name`, or None where none is alike enough.

    Likeness is the normalised optimal-string-alignment similarity (a swap of two letters is one
    slip), compared without case; the first in sort order wins a tie. Where none is, the one known
    name is meant that `name` is the beginning of, or that is the beginning of it, or a short one
    with two letters swapped.
    """
    return None if len(name) > _LONGEST else _nearest(name, frozenset(known))


@lru_cache(maxsize=1024)
def _nearest(name: str, known: frozenset[str]) -> str | None:
    """As `nearest`: thousands of entities may have the same slip."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    names, folded = _folded(known)
    wanted = name.casefold().replace("_", "-")
    found = process.extractOne(
        wanted,
        folded,
        scorer=OSA.normalized_similarity,
        score_cutoff=_CUTOFF,
    )
    if found:
        return names[found[2]]
    return _begun(wanted, known) or _swapped(wanted, known)


def same_but_for_spelling(name: str, known: Collection[str]) -> str | None:
    """Return the one known name that differs only in case, in blanks, or in `_` for `-`."""
    wanted = _spelt_alike(name)
    found = [one for one in known if _spelt_alike(one) == wanted]
    return found[0] if len(found) == 1 else None


def _spelt_alike(name: str) -> str:
    return "-".join(name.casefold().replace("_", " ").replace("-", " ").split())


def _begun(wanted: str, known: frozenset[str]) -> str | None:
    """Return the one name that begins as `wanted` does, as far as the shorter of the two goes."""
    ordered = _ordered(known)
    if len(wanted) < _SHORTEST:
        return None
    start = bisect_left(ordered, (wanted, ""))
    longer = [name for text, name in ordered[start : start + 2] if text.startswith(wanted)]
    if longer:
        return longer[0] if len(longer) == 1 else None
    for end in range(len(wanted) - 1, _SHORTEST - 1, -1):
        at = bisect_left(ordered, (wanted[:end], ""))
        if at < len(ordered) and ordered[at][0] == wanted[:end] and not wanted[end].isalnum():
            return ordered[at][1]
    return None


def _swapped(wanted: str, known: frozenset[str]) -> str | None:
    """Return the one name of three letters that has two neighbours of this one's swapped.

    In so short a name a swap is a third of it, which would not be alike enough.
    """
    if len(wanted) != _SHORTEST:
        return None
    swaps = {wanted[1] + wanted[0] + wanted[2], wanted[0] + wanted[:0:-1]} - {wanted}
    found = [name for text, name in _ordered(known) if text in swaps]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=8)
def _ordered(known: frozenset[str]) -> list[tuple[str, str]]:
    """Return the names as they are compared, in that order, each with the name itself."""
    return sorted((name.casefold().replace("_", "-"), name) for name in known)


@lru_cache(maxsize=8)
def _folded(known: frozenset[str]) -> tuple[list[str], list[str]]:
    """Return the names in order, and as they are compared: one file's mistakes ask again and again.

    A set that is frozen already is its own key, and costs nothing more to look up.
    """
    names = sorted(known)
    return names, [name.casefold().replace("_", "-") for name in names]


def did_you_mean(name: str, known: Collection[str], otherwise: str) -> str:
    """Say "did you mean `x`?", or `otherwise` where nothing is near."""
    found = nearest(name, known)
    return f"did you mean `{found}`?" if found else otherwise
