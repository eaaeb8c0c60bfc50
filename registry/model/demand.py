"""What a model asks of several fields at once, in JSON Schema's terms: `faults()` for an editor.

Each demand is one negation. An editor offers what stands in `oneOf` and `properties`,
and half a condition is no value; what is refused it does not offer.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

Json = dict[str, Any]

_MISSING: Json = {"$ref": "#/$defs/missing"}


def _given(*names: str) -> Json:
    """Match where all of the fields are there and hold more than a placeholder."""
    return {"required": list(names), "properties": {name: {"not": _MISSING} for name in names}}


def _none(*names: str) -> Json:
    """Match where each of the fields is absent or holds a placeholder."""
    return {"properties": dict.fromkeys(names, _MISSING)}


def exactly_one(names: Sequence[str]) -> tuple[Json, ...]:
    """Ask for one of several fields, and for no other of them."""
    about = "exactly one of " + ", ".join(f"`{name}`" for name in names)
    pairs = [_given(*pair) for pair in combinations(names, 2)]
    return ({"description": about, "not": _none(*names)},
            {"description": about, "not": {"anyOf": pairs}})  # fmt: skip


def not_both(one: str, other: str) -> Json:
    """Refuse two fields that stand beside each other."""
    return {"description": f"`{one}` or `{other}`, not both", "not": _given(one, other)}


def needs(one: str, *others: str, at_least: int | None = None) -> Json:
    """Ask for any of the others beside one field; a number counts from `at_least` up."""
    about = " or ".join(f"`{name}`" for name in others) + f" beside `{one}`"
    number = {"type": "number", "minimum": at_least}
    there = _given(one) if at_least is None else {"required": [one], "properties": {one: number}}
    return {"description": about, "not": {"allOf": [there, _none(*others)]}}


def any_unless(field: str, value: str, *names: str) -> tuple[Json, ...]:
    """Ask for any of some fields, and for none of them where another field has a value."""
    about = " or ".join(f"`{name}`" for name in names)
    has = {"required": [field], "properties": {field: {"const": value}}}
    given = {"anyOf": [_given(name) for name in names]}
    return ({"description": f"{about}, or `{field}: {value}`",
             "not": {"allOf": [{"not": has}, _none(*names)]}},
            {"description": f"neither {about} beside `{field}: {value}`",
             "not": {"allOf": [has, given]}})  # fmt: skip


def only_with(one: str, field: str, value: str) -> Json:
    """Refuse a field where another one has not a value."""
    has = {"required": [field], "properties": {field: {"const": value}}}
    about = f"`{field}: {value}` beside `{one}`"
    return {"description": about, "not": {"allOf": [_given(one), {"not": has}]}}
