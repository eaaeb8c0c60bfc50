"""`opmodel.assess.v1`: the signs, and the stage that a registry reaches."""

from registry.output.formats._shape import (
    CODE,
    COUNT,
    INSTANT,
    PLACE,
    STAGE,
    TEXT,
    MachineFormat,
    array,
    nullable,
    record,
)

_EVIDENCE = record(
    message=TEXT,
    entity=nullable(record(section=TEXT, id=TEXT)),
    path={**TEXT, "description": "relative to the registry's root, with forward slashes"},
    line=PLACE,
    column={**PLACE, "description": "counts code points"},
)

FORMAT = MachineFormat(
    "opmodel.assess.v1",
    {
        "title": "opmodel: the signs, and the stage that a registry reaches",
        **record(
            format={"const": "opmodel.assess.v1"},
            registry=TEXT,
            at=INSTANT,
            summary=record(
                entities=COUNT,
                files=COUNT,
                skipped={**COUNT, "description": "likely registry files that were left out"},
                tzdata={**TEXT, "description": "version of the time zone database"},
                holidays={**TEXT, "description": "version of the public holidays of countries"},
                **{"true": COUNT, "false": COUNT, "cannot-be-told": COUNT, "does-not-apply": COUNT},
            ),
            operational={
                "description": "whether so many signs are true that more tooling will not help",
                "type": "boolean",
            },
            signs=array(
                record(
                    number=PLACE,
                    id=TEXT,
                    title=TEXT,
                    definition={**TEXT, "description": "how the sign is decided from a registry"},
                    verdict={"enum": ["true", "false", "cannot-be-told", "does-not-apply"]},
                    because=TEXT,
                    evidence=array(_EVIDENCE),
                    next_step={"type": ["string", "null"], "description": "null where it is false"},
                )
            ),
            patterns={
                **array(
                    record(
                        id=TEXT,
                        title=TEXT,
                        verdict={"enum": ["true", "false", "cannot-be-told", "does-not-apply"]},
                        because=TEXT,
                        evidence=array(_EVIDENCE),
                    )
                ),
                "description": "how a system comes to be nobody's, with what shows it",
            },
            stage=record(
                declared=STAGE,
                reached={**nullable(STAGE), "description": "the highest without an error, if any"},
                checks=array(
                    record(
                        stage=STAGE,
                        policy=TEXT,
                        horizon={**TEXT, "description": "how far the check looked ahead, as `90d`"},
                        errors=COUNT,
                        blocking=array(
                            record(
                                code=CODE,
                                name=TEXT,
                                count=PLACE,
                                places={**array(_EVIDENCE), "description": "the first ones"},
                            )
                        ),
                    )
                ),
            ),
        ),
    },
)
