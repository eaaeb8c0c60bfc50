"""The manifest, `opmodel.yaml`."""

from typing import Literal

from registry.model.entity import Entity
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
