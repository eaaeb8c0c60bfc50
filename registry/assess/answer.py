"""What an assessment says of one sign, and the places in a registry that bear it out."""

from typing import NamedTuple

from registry.assess.sign import Verdict


class Evidence(NamedTuple):
    """A place in a registry, and what it shows; `entity` is (section, id)."""

    message: str
    entity: tuple[str, str] | None
    file: str
    line: int
    column: int


class AskedSign(NamedTuple):
    """A sign and what the registry says of it; `step` is empty where it is false."""

    id: str
    number: int
    title: str
    definition: str
    verdict: Verdict
    because: str
    evidence: tuple[Evidence, ...]
    step: str
