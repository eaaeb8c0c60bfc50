"""`opmodel.rules.v1`: the catalogue of rules."""

from registry.output.formats._shape import CODE, TEXT, MachineFormat, array, by_stage, record

FORMAT = MachineFormat(
    "opmodel.rules.v1",
    {
        "title": "opmodel: the rules",
        **record(
            format={"const": "opmodel.rules.v1"},
            rules=array(
                record(
                    code=CODE,
                    name=TEXT,
                    summary=TEXT,
                    why=TEXT,
                    mend=TEXT,
                    severities=by_stage({"enum": ["error", "warning", "info", "off"]}),
                    settings={"type": "object", "additionalProperties": by_stage({})},
                )
            ),
        ),
    },
)
