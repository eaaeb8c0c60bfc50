"""What validates the entities of a section."""

from functools import cache
from typing import Any, TypeVar

from pydantic import VERSION, TypeAdapter

from registry.model.entity import Entity

E = TypeVar("E", bound=Entity)


@cache
def section_validator(model: type[Entity]) -> TypeAdapter[Any]:
    """Make what validates a whole section, ids and their entities; once for each model."""
    wanted: Any = dict[str, model]  # type: ignore[valid-type]  # a type made of a value
    return TypeAdapter(wanted)


def validator_version() -> str:
    """Name the version of the library that validates."""
    return VERSION


def validated(model: type[E], raw: object) -> E:
    """Validate one entity. Raises ValidationError, whose places begin with an empty id."""
    found: dict[str, E] = section_validator(model).validate_python({"": raw})
    return found[""]
