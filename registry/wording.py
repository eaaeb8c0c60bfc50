"""Did you mean: the known name that is nearest to one that is not known."""

from collections.abc import Collection

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
    names = sorted(known)
    folded = [other.casefold().replace("_", "-") for other in names]
    found = process.extractOne(
        name.casefold().replace("_", "-"),
        folded,
        scorer=OSA.normalized_similarity,
        score_cutoff=_CUTOFF,
    )
    return names[found[2]] if found else None


def did_you_mean(name: str, known: Collection[str], otherwise: str) -> str:
    """Say "did you mean `x`?", or `otherwise` where nothing is near."""
    found = nearest(name, known)
    return f"did you mean `{found}`?" if found else otherwise
