"""The machine formats that opmodel emits, one a file: shapes of their own, frozen by version.

They are written here and not derived from classes, so that a change inside can never change what
scripts read. A field is added freely, and changed or removed only with a new version.
"""

import sys

from registry.output.formats._shape import Json, MachineFormat
from registry.plugins import catalogue

MACHINE_FORMATS: dict[str, Json] = {
    one.name: one.schema for one in catalogue(sys.modules[__name__], "FORMAT", MachineFormat)
}
"""Each format's schema, by its name."""
