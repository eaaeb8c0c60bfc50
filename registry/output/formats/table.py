"""`opmodel.table.v1`: one exported table."""

from registry.output.formats._shape import TEXT, MachineFormat, array, record

FORMAT = MachineFormat(
    "opmodel.table.v1",
    {
        "title": "opmodel: one exported table",
        **record(
            format={"const": "opmodel.table.v1"},
            export={**TEXT, "description": "what `opmodel export` was asked for"},
            columns={**array(TEXT), "description": "the headings, in order; each once"},
            rows=array({"type": "object", "additionalProperties": TEXT}),
        ),
    },
)
