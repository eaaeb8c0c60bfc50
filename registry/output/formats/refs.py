"""`opmodel.refs.v1`: what one entity refers to, and what refers to it."""

from registry.output.formats._shape import PLACE, TEXT, TEXTS, MachineFormat, array, record
from registry.output.formats.graph import STATE

_FILE = {**TEXT, "description": "relative to the registry's root, with forward slashes"}
_REFERENCE = record(
    section=TEXT,
    id=TEXT,
    state=STATE,
    field={**TEXT, "description": "where it is written, as a JSON Pointer without its first slash"},
    meaning=TEXT,
    path=_FILE,
    line=PLACE,
)

FORMAT = MachineFormat(
    "opmodel.refs.v1",
    {
        "title": "opmodel: what refers to an entity, and what it refers to",
        **record(
            format={"const": "opmodel.refs.v1"},
            subject=record(section=TEXT, id=TEXT, path=_FILE, line=PLACE),
            refers_to={**array(_REFERENCE), "description": "section and id are what is named"},
            referred_to_by={**array(_REFERENCE), "description": "section and id are who names it"},
            doubts={**TEXTS, "description": "what did not load, and may refer to it"},
        ),
    },
)
