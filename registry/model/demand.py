"""What a model asks of several fields at once, in JSON Schema's terms: `faults()` for an editor."""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]

_MISSING: Json = {"$ref": "#/$defs/missing"}


def given(*names: str) -> Json:
    """Ask for fields that are there and hold more than a placeholder."""
    return {
        "required": list(names),
        "properties": {name: {"not": _MISSING} for name in names},
    }


def exactly_one(names: Iterable[str]) -> Json:
    """Ask for one of several fields, and for no other of them."""
    known = tuple(names)
    about = "exactly one of " + ", ".join(f"`{name}`" for name in known)
    return {"description": about, "oneOf": [given(name) for name in known]}


def not_both(*names: str) -> Json:
    """Refuse fields that stand beside each other."""
    about = " or ".join(f"`{name}`" for name in names) + ", not both"
    return {"description": about, "not": given(*names)}
