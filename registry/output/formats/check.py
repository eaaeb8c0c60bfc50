"""`opmodel.check.v1`: the findings of one check."""

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

_SUMMARY = record(
    entities=COUNT,
    files=COUNT,
    skipped={**COUNT, "description": "likely registry files that were left out"},
    skipped_files={
        **array(record(path=TEXT, why=TEXT)),
        "description": "the files that were left out, each with the reason",
    },
    stage_known={
        "type": "boolean",
        "description": "false where the manifest declares none: what depends on it is off",
    },
    rules_run=COUNT,
    rules_off=COUNT,
    horizon={**TEXT, "description": "how far the check looked ahead, as `90d`"},
    tzdata={**TEXT, "description": "version of the time zone database"},
    holidays={**TEXT, "description": "version of the public holidays of countries"},
    error=COUNT,
    warning=COUNT,
    info=COUNT,
    suppressed={**COUNT, "description": "silenced by a comment or a waiver"},
    baselined={**COUNT, "description": "silenced by the baseline"},
)

_RELATED = record(path=TEXT, line=PLACE, column=PLACE, message=TEXT)

_SUPPRESSED = record(
    kind={"enum": ["comment", "waiver", "baseline"]},
    reason=TEXT,
    path=TEXT,
    line=PLACE,
    owner=OPTIONAL,
    until=OPTIONAL,
)

DIAGNOSTIC = record(
    code=CODE,
    name=TEXT,
    severity={"enum": ["error", "warning", "info"]},
    message=TEXT,
    help=TEXT,
    entity=nullable(record(section=TEXT, id=TEXT)),
    field={
        "description": "a JSON Pointer within the entity, without its first slash",
        "type": ["string", "null"],
    },
    path={**TEXT, "description": "relative to the registry's root, with forward slashes"},
    line=PLACE,
    column={**PLACE, "description": "counts code points"},
    end_line=PLACE,
    end_column={**PLACE, "description": "exclusive"},
    related=array(_RELATED),
    fingerprint={"type": "string", "pattern": "^[0-9a-f]{32}$"},
    suppressed=nullable(_SUPPRESSED),
    fix={
        **nullable(record(message=TEXT, safe={"type": "boolean"})),
        "description": "what `check --fix` does about it; unless `safe`, with `--unsafe-fixes`",
    },
)
"""A finding; an audit's are the same."""

_SINCE = record(
    revision=TEXT,
    known={**COUNT, "description": "findings that were there at the revision, and do not count"},
    gone={**COUNT, "description": "findings of the revision that are no more"},
    by_policy={**COUNT, "description": "new findings that a changed policy explains"},
    nothing={**OPTIONAL, "description": "why there was nothing to compare with"},
)

CHECK = record(
    format={"const": "opmodel.check.v1"},
    registry=TEXT,
    stage=STAGE,
    at=INSTANT,
    summary=_SUMMARY,
    since={
        **nullable(_SINCE),
        "description": "only what is new since then is listed and counted",
    },
    diagnostics=array(DIAGNOSTIC),
)
"""A check; each of several is the same."""

FORMAT = MachineFormat("opmodel.check.v1", {"title": "opmodel: the findings of one check", **CHECK})
