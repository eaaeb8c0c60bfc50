"""`opmodel.traces.v1`: what the spans of a record are, what they lack, and what is found."""

from registry.output.formats._recorded import EXAMPLES, FOUND, HEAD
from registry.output.formats._shape import COUNT, OPTIONAL, TEXT, MachineFormat, array, record

_NAME = {**OPTIONAL, "description": "null for a name that is a value, which is never told"}
_COUNTED = record(count=COUNT, examples=EXAMPLES)

FORMAT = MachineFormat(
    "opmodel.traces.v1",
    {
        "title": "opmodel: recorded traces against the policy",
        **record(
            format={"const": "opmodel.traces.v1"},
            **HEAD,
            spans=array(
                record(
                    id=TEXT,
                    count=COUNT,
                    lacks=array(record(field=TEXT, attribute=TEXT, count=COUNT, examples=EXAMPLES)),
                )
            ),
            undeclared=array(record(attribute=_NAME, count=COUNT)),
            content=array(record(attribute=_NAME, kind=TEXT, count=COUNT, examples=EXAMPLES)),
            broken=record(parents_missing=_COUNTED, on_a_loop=_COUNTED, without_end=_COUNTED),
            diagnostics=array(FOUND),
        ),
    },
)
