"""The words in which the machine formats are written."""

from typing import Any, NamedTuple

from registry.model.format import STAGES

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
COUNT: Json = {"type": "integer", "minimum": 0}
PLACE: Json = {"type": "integer", "minimum": 1}
OPTIONAL: Json = {"type": ["string", "null"]}
STAGE: Json = {"enum": list(STAGES)}
CODE: Json = {"type": "string", "pattern": "^[A-Z]{2,8}[0-9]{3}$"}
INSTANT: Json = {
    "description": "ISO 8601 in UTC",
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z$",
}


class MachineFormat(NamedTuple):
    """One format: its name with its version, and the JSON Schema of what carries that name."""

    name: str
    schema: Json


def record(**properties: Json) -> Json:
    """Describe an object that has all of these, and may have more."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def nullable(shape: Json) -> Json:
    """Describe what may also be null."""
    return {"anyOf": [shape, {"type": "null"}]}


def array(shape: Json) -> Json:
    """Describe a list."""
    return {"type": "array", "items": shape}


def by_stage(shape: Json) -> Json:
    """Describe an object with one value for each stage."""
    return record(**dict.fromkeys(STAGES, shape))


TEXTS = array(TEXT)
SPAN = record(start=INSTANT, end=INSTANT)
