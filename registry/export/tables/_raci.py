"""The letters of a row of the ownership matrix: A, R, C and I, and how they combine."""

from collections.abc import Iterable

from registry.model.ownership import Layer
from registry.model.reference import names

BOTH = "A/R"
CELLS = ("A", BOTH, "R", "C", "I")
"""What a cell of the matrix may hold, the strongest first."""

LEGEND = (
    ("R", "responsible, does the work"),
    ("A", "accountable, the one person who answers for it"),
    ("C", "consulted, asked before it is decided"),
    ("I", "informed, told afterwards"),
)
"""What the letters mean, to those who are handed the matrix."""


def letters(layer: Layer) -> dict[str, str]:
    """Return what each name of a row is: `A`, `R`, `A/R`, `C` or `I`, in order of mention."""
    lists = (
        ("A", names(layer.accountable)),
        ("R", layer.responsible),
        ("C", layer.consulted),
        ("I", layer.informed),
    )
    given: dict[str, list[str]] = {}
    for letter, ids in lists:
        for id_ in ids:
            given.setdefault(id_, []).append(letter)
    return {id_: combined(found) for id_, found in given.items()}


def combined(cells: Iterable[str]) -> str:
    """Put several cells into one: accountable and responsible are both said, else the strongest."""
    found = set(cells)
    if BOTH in found or {"A", "R"} <= found:
        return BOTH
    return next((cell for cell in CELLS if cell in found), "")
