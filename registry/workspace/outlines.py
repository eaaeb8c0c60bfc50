"""Outlines of plain files (see `plain_files`), and sections that are made when asked for."""

from collections.abc import Callable, Iterator, Mapping

from registry.model.entity import Entity
from registry.model.sections import SECTIONS
from registry.source.pack import Outline, held
from registry.source.yaml import Data
from registry.workspace.reading import EXTENSION
from registry.workspace.reads import unwatched


def outline(data: Data) -> Outline:
    """Outline the data of a file that is plain."""
    found = {name: held(data, name) for name in data if name in SECTIONS}
    return Outline(
        tuple((name, tuple(content)) for name, content in found.items()),
        tuple(
            (name, id_, own)
            for name, content in found.items()
            for id_, raw in content.items()
            if (own := {key: one for key, one in raw.items() if key.startswith(EXTENSION)})
        ),
        tuple(
            (id_, raw["parent"]) for id_, raw in found.get("teams", {}).items() if "parent" in raw
        ),
    )


def holds(data: Data) -> bool:
    """Whether a file holds entities by section, and but for them keys of the user's own alone."""
    sections = [name for name in data if name in SECTIONS]
    others = [name for name in data if name not in SECTIONS]
    return (
        all(isinstance(data[name], dict) for name in sections)
        and any(data[name] for name in sections)
        and all(name.startswith(EXTENSION) for name in others)
        and all(isinstance(raw, dict) for name in sections for raw in held(data, name).values())
    )


class MadeWhenAsked(Mapping[str, Mapping[str, Entity]]):
    """The entities of every section; those that are not made yet are when they are asked for."""

    def __init__(
        self,
        made: dict[str, dict[str, Entity]],
        make: Callable[[str], dict[str, Entity]],
    ) -> None:
        self._made = made
        self._make = make

    def __getitem__(self, section: str) -> Mapping[str, Entity]:
        found = self._made.get(section)
        if found is None:
            if section not in SECTIONS:
                raise KeyError(section)
            with unwatched():
                found = self._made[section] = self._make(section)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(SECTIONS)

    def __len__(self) -> int:
        return len(SECTIONS)
