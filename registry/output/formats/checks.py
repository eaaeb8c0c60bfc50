"""`opmodel.checks.v1`: the checks of several registries."""

from registry.output.formats._shape import TEXT, MachineFormat, array, record
from registry.output.formats.check import CHECK

_FOLDER = {**TEXT, "description": "the registry's folder, as it was named"}
_ONE = {
    **CHECK,
    "properties": {"folder": _FOLDER, **CHECK["properties"]},
    "required": ["folder", *CHECK["required"]],
}

FORMAT = MachineFormat(
    "opmodel.checks.v1",
    {
        "title": "opmodel: the checks of several registries",
        **record(format={"const": "opmodel.checks.v1"}, registries=array(_ONE)),
    },
)
