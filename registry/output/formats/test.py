"""`opmodel.test.v1`: scenarios played, and what none of them touches."""

from registry.output.formats._shape import (
    CODE,
    COUNT,
    INSTANT,
    PLACE,
    TEXT,
    TEXTS,
    Json,
    MachineFormat,
    array,
    nullable,
    record,
)

_LINE = record(path=TEXT, line=PLACE)

_MISS = record(
    field={**TEXT, "description": "the field of `expect` that is not met"},
    reason=TEXT,
    expected=_LINE,
    because={**nullable(_LINE), "description": "what decided it; null where nothing is there"},
)

_SCENARIO = record(
    id=TEXT,
    path=TEXT,
    title=TEXT,
    at=INSTANT,
    passed={"type": "boolean"},
    misses=array(_MISS),
)

_PROBLEM = record(code=CODE, message=TEXT, help=TEXT, path=TEXT, line=PLACE, column=PLACE)

_COVERAGE: Json = record(touched=TEXTS, untouched=TEXTS)

FORMAT = MachineFormat(
    "opmodel.test.v1",
    {
        "title": "opmodel: scenarios played against a registry",
        **record(
            format={"const": "opmodel.test.v1"},
            summary=record(passed=COUNT, failed=COUNT, unreadable=COUNT),
            scenarios=array(_SCENARIO),
            problems={**array(_PROBLEM), "description": "what could not be read, and fails a run"},
            coverage=record(alerts=_COVERAGE, escalations=_COVERAGE, kill_switches=_COVERAGE),
        ),
    },
)
