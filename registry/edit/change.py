"""What is to change in a registry, and why something cannot be changed."""

from typing import NamedTuple

FieldValue = str | bool | tuple[str, ...] | None
"""A text, a truth value, a list of texts; None where the field is to go."""


class FieldChange(NamedTuple):
    """One field of one entity gets another value; an entity that is not there yet is added.

    `where` says where somebody asked for it, as `C7`, for messages.
    """

    section: str
    id: str
    field: str
    value: FieldValue
    where: str = ""


class RefusedChange(NamedTuple):
    """Why something is not changed, and the next action; `where` as in `FieldChange`."""

    where: str
    message: str
    help: str


class CannotEditError(Exception):
    """A place that is not changed by itself; `str()` of it says why."""
