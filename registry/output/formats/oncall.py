"""`opmodel.oncall.v1`: who is on call."""

from registry.output.formats._shape import (
    COUNT,
    INSTANT,
    OPTIONAL,
    PLACE,
    SPAN,
    TEXT,
    TEXTS,
    Json,
    MachineFormat,
    array,
    nullable,
    record,
)

_NAME: Json = {"const": "opmodel.oncall.v1"}
_BETWEEN: Json = {"from": INSTANT, "to": INSTANT}
_FIGURE: Json = {"type": "number", "minimum": 0}
_DOUBT: Json = {**OPTIONAL, "description": "what did not load of the schedule's times"}
_BECAUSE: Json = {
    "anyOf": [record(rotation=TEXT), record(override=COUNT), record(override=COUNT, rotation=TEXT)],
    "description": "both where an override covers a rotation's shift, or adds to it",
}

_SHADOWS: Json = {**TEXTS, "description": "those who are told as well, and count for nothing"}

_LOST: Json = {
    "start": INSTANT,
    "end": INSTANT,
    "people": TEXTS,
    "because": {"enum": ["left", "away"]},
}

_GONE: Json = {
    "enum": ["left", "away", None],
    "description": "why none of those who are on call now is there",
}

_ROTA = record(
    format=_NAME,
    schedule=TEXT,
    **_BETWEEN,
    shifts={
        **array(
            record(start=INSTANT, end=INSTANT, people=TEXTS, because=_BECAUSE, shadows=_SHADOWS)
        ),
        "description": "disjoint, in order",
    },
    gaps={**array(SPAN), "description": "intended times with nobody on call"},
    unreachable={
        **array(record(**_LOST)),
        "description": "when all who are on call have left or are away",
    },
    figures=record(gap_hours=_FIGURE, balance=_FIGURE, longest_hours=_FIGURE, lone_nights=COUNT),
    doubt=_DOUBT,
)

_TURN = record(
    start=INSTANT,
    end={**nullable(INSTANT), "description": "null where it never ends"},
    people=TEXTS,
    because={**nullable(_BECAUSE), "description": "null where nobody is on call"},
    shadows=_SHADOWS,
)

_NEXT = record(
    format=_NAME,
    at=INSTANT,
    schedules=array(
        record(schedule=TEXT, now=_TURN, next=array(_TURN), unreachable=_GONE, doubt=_DOUBT)
    ),
)

_GAPS = record(
    format=_NAME,
    **_BETWEEN,
    schedules={**TEXTS, "description": "those that were looked at"},
    gaps=array(
        record(
            schedule=TEXT,
            pattern={**TEXT, "description": "when, in words: what is folded into one row"},
            times=PLACE,
            hours=_FIGURE,
            first=SPAN,
            last=SPAN,
        )
    ),
    unreachable={
        **array(record(schedule=TEXT, **_LOST)),
        "description": "when all who are on call have left or are away",
    },
    doubts={
        "description": "schedules of which nothing is proved, and why",
        "type": "object",
        "additionalProperties": TEXT,
    },
    unread={
        **nullable(TEXT),
        "description": "what could not be read, and may hold more schedules, or people of these",
    },
)

FORMAT = MachineFormat(
    "opmodel.oncall.v1",
    {
        "title": "opmodel: one schedule, several, whose turn is next, or when it is nobody's",
        "anyOf": [_ROTA, array(_ROTA), _NEXT, _GAPS],
    },
)
