"""The manifest, `opmodel.yaml`."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from registry.model.entity import Entity, Fault, Many
from registry.model.format import ID_PATTERN, ID_WORDS
from registry.model.scalars import Zone

Stage = Literal["poc", "pilot", "production"]
Profile = Literal["ai", "service"]


def _apart(value: object) -> object:
    """Keep `true` from passing for 1, to which Python has it equal."""
    return str(value) if isinstance(value, bool) else value


FormatVersion = Annotated[Literal[1], BeforeValidator(_apart)]


class Manifest(Entity):
    """What a registry says of itself."""

    demands = ({"properties": {"name": {"type": "string", "pattern": f"^{ID_PATTERN}$"}}},)

    opmodel: FormatVersion = Field(
        description="The version of the format, which is 1.", examples=[1]
    )
    name: str = Field(
        description="What the registry is called: an id, shown in every report.",
        examples=["enterprise-copilot"],
    )
    stage: Stage = Field(
        description="How far the system has come; the built-in policy of that name applies.",
        examples=["production"],
    )
    profile: Profile = Field(
        default="ai",
        description="What sort of system it is: `service` has no model, and nothing asks for one.",
        examples=["service"],
    )
    policy: str | None = Field(
        default=None,
        description="A policy pack of your own, which extends that stage's; a path below the root.",
        examples=["policies/acme.yaml"],
    )
    timezone: Zone | None = Field(
        default=None,
        description="The zone of schedules and reviews that name none; UTC if left out.",
        examples=["Europe/Berlin"],
    )
    include: Many[str] | None = Field(
        default=None,
        description="The files to read, as globs; left out, all YAML and the runbooks' Markdown.",
        examples=[["teams/**/*.yaml"]],
    )
    exclude: Many[str] = Field(
        default=(),
        description="The files not to read, as globs; they win over `include`.",
        examples=[["charts/**"]],
    )
    description: str | None = Field(
        default=None,
        description="What the registry is about, for whoever opens it first.",
        examples=["Who runs the assistant, and how."],
    )

    @property
    def has_model(self) -> bool:
        """Whether the system may have a model in it, as its profile says."""
        return self.profile != "service"

    def faults(self) -> Iterator[Fault]:
        """Yield a fault where the name is no id."""
        if not re.fullmatch(ID_PATTERN, self.name):
            message = f"`{self.name}` is no id, and the registry's `name` is one"
            help_ = ID_WORDS
            yield Fault(("name",), message, help_)
