"""`opmodel.diff.v1`: what a change does to who owns, who is paged, what is kept and found."""

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
from registry.output.formats.check import DIAGNOSTIC

_ENTITY = record(section=TEXT, id=TEXT)
_PERSON = record(id=TEXT, name=TEXT)
_PEOPLE = array(_PERSON)
_WHERE: dict[str, Json] = {
    "path": {**TEXT, "description": "relative to the root of the later registry that has it"},
    "line": PLACE,
}
_STEPS = {
    **nullable(
        array(
            record(
                after={**OPTIONAL, "description": "as `15m`; null: when its hours open"},
                pick_one={"type": "boolean", "description": "whether one of them is paged"},
                people=_PEOPLE,
            )
        )
    ),
    "description": "whom it pages, step by step; null where it is not there",
}

_OWNERSHIP = record(
    change={"enum": ["lost", "moved", "gone", "new", "won"]},
    entity=_ENTITY,
    before=nullable(_PERSON),
    after=nullable(_PERSON),
    why={**OPTIONAL, "description": "why nobody is named after the change"},
    **_WHERE,
)
_PAGING = record(
    change={"enum": ["nobody", "gone", "others", "timing", "new", "somebody"]},
    entity=_ENTITY,
    before=_STEPS,
    after=_STEPS,
    through=record(before=OPTIONAL, after=OPTIONAL),
    spans={**array(SPAN), "description": "when an alert has to fire for it to be so"},
    **_WHERE,
)
_SWITCH = record(
    change={"enum": ["gone", "new", "operators"]},
    entity=_ENTITY,
    lost={**_PEOPLE, "description": "who may flip it no more"},
    won={**_PEOPLE, "description": "who may flip it now"},
    left={**_PEOPLE, "description": "everyone who may, at some time at least"},
    nobody={**array(SPAN), "description": "when nobody is there now who may"},
    **_WHERE,
)
_SAID: Json = {"type": ["string", "array", "null"], "items": TEXT}
_TELEMETRY = record(
    change={"enum": ["grew", "shrank"]},
    entity=_ENTITY,
    field={"enum": ["retention", "access", "redaction"]},
    before=_SAID,
    after=_SAID,
    **_WHERE,
)

FORMAT = MachineFormat(
    "opmodel.diff.v1",
    {
        "title": "opmodel: what a change does",
        **record(
            format={"const": "opmodel.diff.v1"},
            registry=TEXT,
            before={**TEXT, "description": "the revision or folder, as it was named"},
            after={**TEXT, "description": "likewise"},
            **{"from": INSTANT, "to": INSTANT},
            doubts={**TEXTS, "description": "what did not load; of that nothing is told"},
            ownership=array(_OWNERSHIP),
            paging=array(_PAGING),
            switches=array(_SWITCH),
            telemetry=array(_TELEMETRY),
            renamed={
                **array(record(section=TEXT, before=TEXT, after=TEXT)),
                "description": "what only has another id now; nothing above tells of that",
            },
            findings=record(
                by_policy={**COUNT, "description": "new ones that a changed policy explains"},
                new=array(DIAGNOSTIC),
                gone=array(DIAGNOSTIC),
            ),
        ),
    },
)
