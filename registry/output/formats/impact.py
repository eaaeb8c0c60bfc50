"""`opmodel.impact.v1`: what is lost without somebody."""

from registry.output.formats._shape import (
    INSTANT,
    PLACE,
    SPAN,
    TEXT,
    TEXTS,
    MachineFormat,
    array,
    record,
)

_KINDS = [
    "layer", "role", "owner", "shift", "escalation", "step", "switch", "lead", "team",
    "responsible", "commander", "approver", "chair", "attendee", "reader", "escalated_to",
    "rollback", "deputy", "paged", "on_call", "stand_in", "told", "consulted", "informed",
    "access", "stands_for", "judge",
]  # fmt: skip

_LOSS = record(
    kind={"enum": _KINDS},
    entity=record(section=TEXT, id=TEXT),
    detail=TEXT,
    spans={**array(SPAN), "description": "none: all the time that they are gone"},
    path={**TEXT, "description": "relative to the registry's root, with forward slashes"},
    line=PLACE,
)

FORMAT = MachineFormat(
    "opmodel.impact.v1",
    {
        "title": "opmodel: what is lost without somebody",
        **record(
            format={"const": "opmodel.impact.v1"},
            without=TEXT,
            gone={**TEXTS, "description": "the people behind it"},
            **{"from": INSTANT, "to": INSTANT},
            losses=array(_LOSS),
            doubts={**TEXTS, "description": "what did not load, and may hide more"},
        ),
    },
)
