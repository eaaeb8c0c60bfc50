"""What every entity is: strict, frozen, and able to say which of its values do not fit together."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, NamedTuple, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, Strict
from pydantic_core import CoreSchema, core_schema

from registry.model.scalars import Moment
from registry.span import KeyPath

T = TypeVar("T")

Many = Annotated[tuple[T, ...], Strict(strict=False)]
"""A list as it is written, kept as a tuple: it is not strict, and its items are."""


class Fault(NamedTuple):
    """Values that are each well-formed and cannot stand together (OM006).

    `lacks` are the entity's fields of which any, rightly filled in, would mend it: where one of
    them is wrong, that is said already.
    """

    path: KeyPath
    message: str
    help: str
    lacks: tuple[str, ...] = ()


class Part(BaseModel):
    """A mapping inside an entity; `reads` is how a Markdown page says the same in a sentence."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True
    )

    reads: ClassVar[str] = ""
    also: ClassVar[Mapping[str, str]] = {}
    """What people call its fields elsewhere, in lower case, and the field that it is here."""
    demands: ClassVar[tuple[dict[str, Any], ...]] = ()
    """What is asked of several fields at once, as JSON Schemas; the check asks it in `faults()`."""

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing: every field holds what stands for being left out."""
        return all(
            getattr(self, name) == field.default for name, field in type(self).model_fields.items()
        )


class Entity(Part):
    """One entity of a section; its id is the mapping's key and not repeated here."""

    def faults(self) -> Iterator[Fault]:
        """Yield what does not fit together within this entity."""
        yield from ()


class ByShape:
    """Marks a union whose members differ in shape: one value, a list, a mapping.

    Each member's errors come with its shape in their place, so that those of the shape which was
    written can be told from the others.
    """

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Describe the union to pydantic: the first member that fits is taken."""
        choices: list[CoreSchema | tuple[CoreSchema, str]] = [
            (handler.generate_schema(member), shape_of(member)) for member in get_args(source)
        ]
        return core_schema.union_schema(choices, mode="left_to_right")


def shape_of(kind: Any) -> str:
    """Tell the shape of the values of an annotation: `list`, `mapping` or `scalar`."""
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) is tuple:
        return "list"
    if get_origin(kind) is dict or (isinstance(kind, type) and issubclass(kind, Part)):
        return "mapping"
    return "scalar"


def backwards(start: Moment | None, end: Moment | None, path: KeyPath) -> Iterator[Fault]:
    """Yield a fault at `path` where an interval ends before it starts.

    Date-times are compared where both have an offset or neither has; otherwise by date.
    """
    if start is None or end is None:
        return
    if start.is_date or end.is_date:
        wrong = end.date < start.date
    elif (start.civil.tzinfo is None) == (end.civil.tzinfo is None):
        wrong = end.civil < start.civil
    else:
        wrong = (end.date - start.date).days < -1
    if wrong:
        message = f"the interval ends at `{end}`, before it starts at `{start}`"
        yield Fault(path, message, "swap the two, or correct the one that is wrong")
