"""`opmodel.baselined.v1`: what a baseline accepts, and what each of its entries does now."""

from registry.output.formats._shape import (
    CODE,
    COUNT,
    INSTANT,
    OPTIONAL,
    PLACE,
    STAGE,
    TEXT,
    MachineFormat,
    array,
    nullable,
    record,
)

_TRUTH = {"type": "boolean"}

_ENTRY = record(
    fingerprint={"type": "string", "pattern": "^[0-9a-f]{32}$"},
    code=CODE,
    severity={"enum": ["error", "warning", "info"]},
    entity=OPTIONAL,
    field=OPTIONAL,
    reason=TEXT,
    owner=OPTIONAL,
    until=OPTIONAL,
    line={**PLACE, "description": "where the entry stands in its file"},
    state={
        "enum": ["silences", "graver", "crowded", "stale", "ended", "over", "not-judged"],
        "description": "over: its end has passed, and its finding is gone",
    },
    runs_out={**_TRUTH, "description": "it ends within 30 days"},
    finding=nullable(record(path=TEXT, line=PLACE)),
)

FORMAT = MachineFormat(
    "opmodel.baselined.v1",
    {
        "title": "opmodel: what a baseline accepts",
        **record(
            format={"const": "opmodel.baselined.v1"},
            registry=TEXT,
            stage=STAGE,
            at=INSTANT,
            path={**TEXT, "description": "the baseline's file"},
            summary=record(
                entries=COUNT,
                silences=COUNT,
                graver=COUNT,
                crowded={**COUNT, "description": "fewer entries than findings that are alike"},
                stale=COUNT,
                ended=COUNT,
                over=COUNT,
                not_judged=COUNT,
                runs_out=COUNT,
                not_accepted={**COUNT, "description": "findings that might be added"},
            ),
            entries=array(_ENTRY),
        ),
    },
)
