"""`opmodel.graph.v1`: what refers to what."""

from registry.output.formats._shape import (
    COUNT,
    PLACE,
    TEXT,
    TEXTS,
    MachineFormat,
    array,
    nullable,
    record,
)

STATE = {
    "description": "`missing`: it is only named",
    "enum": ["loaded", "not loaded", "missing"],
}
_ENTITY = record(section=TEXT, id=TEXT)
_FIELD = {**TEXT, "description": "a JSON Pointer within the source, without its first slash"}
_FILE = {**TEXT, "description": "relative to the registry's root, with forward slashes"}
_NODE = record(
    section=TEXT,
    id=TEXT,
    kind={**TEXT, "description": "how a person calls it, as `alert`"},
    name={**TEXT, "description": "its name or title, else its id"},
    state=STATE,
    path=nullable(_FILE),
    line=nullable(PLACE),
)
_EDGE = record(source=_ENTITY, target=_ENTITY, field=_FIELD, meaning=TEXT, path=_FILE, line=PLACE)
_POINT = record(
    section=TEXT,
    id=TEXT,
    alerts={**TEXTS, "description": "the alerts that page nobody without it"},
    total={**COUNT, "description": "how many alerts page anybody at all"},
    path=_FILE,
    line=PLACE,
)

FORMAT = MachineFormat(
    "opmodel.graph.v1",
    {
        "title": "opmodel: what refers to what",
        **record(
            format={"const": "opmodel.graph.v1"},
            registry=TEXT,
            single_points={
                **nullable(array(_POINT)),
                "description": "null where they were not asked for",
            },
            doubts={**TEXTS, "description": "what did not load, and may add to it"},
            nodes=array(_NODE),
            edges=array(_EDGE),
        ),
    },
)
