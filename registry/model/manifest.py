"""The manifest, `opmodel.yaml`."""

import re
from collections.abc import Iterator
from typing import Literal

from registry.model.entity import Entity, Fault
from registry.model.format import ID_PATTERN
from registry.model.scalars import Zone

Stage = Literal["poc", "pilot", "production"]


class Manifest(Entity, frozen=True, kw_only=True):
    """What a registry says of itself."""

    opmodel: Literal[1]
    name: str
    stage: Stage
    policy: str | None = None
    timezone: Zone | None = None
    include: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    description: str | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield a fault where the name is no id."""
        if not re.fullmatch(ID_PATTERN, self.name):
            message = f"`{self.name}` is no id, and the registry's `name` is one"
            help_ = "an id is at most 128 letters, digits, `.`, `_` and `-`; the first no sign"
            yield Fault(("name",), message, help_)
