"""The machine formats that opmodel emits, as JSON Schemas: shapes of their own, frozen by version.

They are written here and not derived from classes, so that a change inside can never change what
scripts read. A field is added freely, and changed or removed only with a new version.
"""

from typing import Any

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_PLACE: Json = {"type": "integer", "minimum": 1}
_CODE: Json = {"type": "string", "pattern": "^[A-Z]{2,8}[0-9]{3}$"}
_INSTANT: Json = {
    "description": "ISO 8601 in UTC",
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z$",
}


def _object(**properties: Json) -> Json:
    """Describe an object that has all of these, and may have more."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def _nullable(shape: Json) -> Json:
    return {"anyOf": [shape, {"type": "null"}]}


def _list(shape: Json) -> Json:
    return {"type": "array", "items": shape}


_SUMMARY = _object(
    entities=_COUNT,
    files=_COUNT,
    skipped={**_COUNT, "description": "likely registry files that were left out"},
    rules_run=_COUNT,
    rules_off=_COUNT,
    tzdata={**_TEXT, "description": "version of the time zone database"},
    error=_COUNT,
    warning=_COUNT,
    info=_COUNT,
    suppressed=_COUNT,
)

_RELATED = _object(path=_TEXT, line=_PLACE, column=_PLACE, message=_TEXT)

_SUPPRESSED = _object(kind={"enum": ["comment", "waiver"]}, reason=_TEXT, path=_TEXT, line=_PLACE)

_DIAGNOSTIC = _object(
    code=_CODE,
    name=_TEXT,
    severity={"enum": ["error", "warning", "info"]},
    message=_TEXT,
    help=_TEXT,
    entity=_nullable(_object(section=_TEXT, id=_TEXT)),
    field={
        "description": "a JSON Pointer within the entity, without its first slash",
        "type": ["string", "null"],
    },
    path={**_TEXT, "description": "relative to the registry's root, with forward slashes"},
    line=_PLACE,
    column={**_PLACE, "description": "counts code points"},
    end_line=_PLACE,
    end_column={**_PLACE, "description": "exclusive"},
    related=_list(_RELATED),
    fingerprint={"type": "string", "pattern": "^[0-9a-f]{32}$"},
    suppressed=_nullable(_SUPPRESSED),
)

_CHECK: Json = {
    "title": "opmodel: the findings of one check",
    **_object(
        format={"const": "opmodel.check.v1"},
        registry=_TEXT,
        stage={"enum": ["poc", "pilot", "production"]},
        at=_INSTANT,
        summary=_SUMMARY,
        diagnostics=_list(_DIAGNOSTIC),
    ),
}

MACHINE_FORMATS: dict[str, Json] = {"opmodel.check.v1": _CHECK}
"""Each format's schema, by its name."""
