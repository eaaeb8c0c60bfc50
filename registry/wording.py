"""Did you mean: the known name that is nearest to one that is not known."""

from collections.abc import Collection
from functools import lru_cache

_CUTOFF = 0.72
_LONGEST = 128


def nearest(name: str, known: Collection[str]) -> str | None:
    """Return the known name most like `name`, or None where none is alike enough.

    Likeness is the normalised optimal-string-alignment similarity (a swap of two letters is one
    slip), compared without case; the first in sort order wins a tie.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if len(name) > _LONGEST:
        return None
    names, folded = _folded(frozenset(known))
    found = process.extractOne(
        name.casefold().replace("_", "-"),
        folded,
        scorer=OSA.normalized_similarity,
        score_cutoff=_CUTOFF,
    )
    return names[found[2]] if found else None


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
