"""Names in a row, as messages list them."""

from collections.abc import Collection

MOST = 4


def listed(names: Collection[str], most: int = MOST, joint: str = "and") -> str:
    """List names in backticks: `a`, `b` and `c`; beyond `most` only how many more there are."""
    shown = [f"`{name}`" for name in names]
    if len(shown) > most:
        return f"{', '.join(shown[:most])} {joint} {len(shown) - most} more"
    return f" {joint} ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
