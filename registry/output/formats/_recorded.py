"""What the formats about recorded traces have in common."""

from registry.output.formats._shape import (
    COUNT,
    INSTANT,
    OPTIONAL,
    PLACE,
    STAGE,
    TEXT,
    Json,
    array,
    nullable,
    record,
)
from registry.output.formats.check import DIAGNOSTIC

EXAMPLES = {**array(TEXT), "description": "ids of traces; of what is no id, its digest"}
MONEY = {"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$", "description": "a decimal number"}
AMOUNT = {**MONEY, "type": ["string", "null"], "description": "null where nothing prices it"}
TOKENS = record(
    input=COUNT,
    cached={**COUNT, "description": "of those of the input"},
    output=COUNT,
    uncounted_calls={**COUNT, "description": "calls that do not say how many tokens"},
)
FOUND: Json = {
    **DIAGNOSTIC,
    "properties": {**DIAGNOSTIC["properties"], "owner": OPTIONAL},
    "required": [*DIAGNOSTIC["required"], "owner"],
}
"""A finding, with whoever it falls to."""

HEAD: dict[str, Json] = {
    "registry": TEXT,
    "stage": STAGE,
    "at": INSTANT,
    "summary": record(
        files={**COUNT, "description": "files that held a span"},
        traces=COUNT,
        spans=COUNT,
        recorded_again={**COUNT, "description": "spans that were there more than once"},
        first=nullable(INSTANT),
        last=nullable(INSTANT),
        not_read=COUNT,
        error=COUNT,
        warning=COUNT,
        info=COUNT,
        suppressed=COUNT,
        baselined=COUNT,
    ),
    "not_read": array(record(path=TEXT, line=nullable(PLACE), reason=TEXT, count=COUNT)),
}
"""What each of them begins with."""
