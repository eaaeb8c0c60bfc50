"""`opmodel.generate.v1`: what was generated from a registry, and what is missing for more."""

from registry.output.formats._shape import PLACE, TEXT, TEXTS, MachineFormat, array, record

_COUNT = {"type": "integer", "minimum": 0}

FORMAT = MachineFormat(
    "opmodel.generate.v1",
    {
        "title": "opmodel: what was generated, and what is missing",
        **record(
            format={"const": "opmodel.generate.v1"},
            files={
                **TEXTS,
                "description": "names of files, below the folder that is written",
            },
            made={
                "type": "object",
                "description": "kinds of things: how many of how many were made",
                "additionalProperties": record(made=_COUNT, of=_COUNT),
            },
            fill_in={**TEXTS, "description": "what no registry holds, and has to be put in place"},
            missing=array(
                record(
                    section=TEXT,
                    id=TEXT,
                    field={**TEXT, "description": "JSON Pointer in the entity, no first slash"},
                    message=TEXT,
                    path={**TEXT, "description": "relative to the registry's root"},
                    line=PLACE,
                )
            ),
        ),
    },
)
