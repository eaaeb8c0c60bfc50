"""`opmodel.audit.v2`: what is deployed, alert by alert, with its findings and its coverage."""

from registry.output.formats._shape import (
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
from registry.output.formats.check import DIAGNOSTIC

_SHARE = record(
    count=COUNT,
    unknown=COUNT,
    percent={
        "type": ["number", "null"],
        "minimum": 0,
        "maximum": 100,
        "description": "of all alerts; null where it is known of none",
    },
)
_TRUTH = {"type": "boolean"}
_FINDING = {
    **DIAGNOSTIC,
    "properties": {**DIAGNOSTIC["properties"], "owner": OPTIONAL},
    "required": [*DIAGNOSTIC["required"], "owner"],
}

_ALERT = record(
    alert=TEXT,
    group=TEXT,
    path=TEXT,
    line=PLACE,
    labels={"type": "object", "additionalProperties": TEXT},
    receivers=record(
        verdict={"enum": ["always", "depends", "never", "unknown"]},
        names=array(TEXT),
        because=array(TEXT),
        muted_now=array(TEXT),
    ),
    owner=nullable(record(id=TEXT, source=TEXT, weak=_TRUTH)),
    sources=array(record(source=TEXT, written=TEXT, owner=OPTIONAL, path=TEXT, line=PLACE)),
    runbook=OPTIONAL,
    registry_alert=OPTIONAL,
    paged_now=array(record(id=TEXT, name=TEXT)),
    query_told=_TRUTH,
    dropped={"enum": [True, False, None], "description": "null: only some of its series"},
    loaded=_TRUTH,
    not_loaded_because=OPTIONAL,
    assumes_no_external_labels=_TRUTH,
    severity_source={"enum": ["label", "annotation", "binding", None]},
    may_be_inhibited_by=array(TEXT),
    may_be_inhibited_by_more={**COUNT, "description": "how many more names there are"},
    always_inhibited_by=array(TEXT),
    differs=array(record(field=TEXT, declared=TEXT, deployed=OPTIONAL)),
    not_compared=array(TEXT),
)

FORMAT = MachineFormat(
    "opmodel.audit.v2",
    {
        "title": "opmodel: an audit of what is deployed",
        **record(
            format={"const": "opmodel.audit.v2"},
            registry=TEXT,
            stage=STAGE,
            at=INSTANT,
            summary=record(
                files=COUNT,
                alerts=COUNT,
                routers=COUNT,
                servers={**COUNT, "description": "configurations that give external labels"},
                receivers=COUNT,
                unknown_queries=COUNT,
                unknown_ways=COUNT,
                not_read=COUNT,
                horizon={**TEXT, "description": "how far the rules looked ahead, as `90d`"},
                tzdata=TEXT,
                holidays=TEXT,
                error=COUNT,
                warning=COUNT,
                info=COUNT,
                suppressed=COUNT,
                baselined=COUNT,
            ),
            coverage=record(
                owned=_SHARE, runbook=_SHARE, routed=_SHARE, paging=_SHARE, declared=_SHARE
            ),
            declared_not_deployed=array(TEXT),
            deployed_not_declared=array(record(alert=TEXT, path=TEXT, line=PLACE)),
            not_read=array(record(path=TEXT, line=PLACE, reason=TEXT)),
            skipped=array(record(path=TEXT, what=TEXT, count=COUNT)),
            alerts=array(_ALERT),
            diagnostics=array(_FINDING),
        ),
    },
)
