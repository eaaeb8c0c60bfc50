"""What every entity is: strict, frozen, and able to say which of its values do not fit together."""

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

import msgspec

from registry.model.scalars import Moment
from registry.span import KeyPath


class Fault(NamedTuple):
    """Values that are each well-formed and cannot stand together (OM006).

    `lacks` are the entity's fields of which any, rightly filled in, would mend it: where one of
    them is wrong, that is said already.
    """

    path: KeyPath
    message: str
    help: str
    lacks: tuple[str, ...] = ()


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mapping inside an entity; `reads` is how a Markdown page says the same in a sentence."""

    reads: ClassVar[str] = ""


class Entity(Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entity of a section; its id is the mapping's key and not repeated here."""

    def faults(self) -> Iterator[Fault]:
        """Yield what does not fit together within this entity."""
        yield from ()


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
