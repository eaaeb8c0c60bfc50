"""Which references lead nowhere: fast over what is sound, exact about what is not."""

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from registry.model.entity import Entity
from registry.model.fields import references
from registry.model.ownership import Component
from registry.model.reference import SHARED_IDS, Reference
from registry.model.sections import SECTIONS
from registry.source.scalar import is_placeholder
from registry.span import KeyPath
from registry.workspace.workspace import Workspace


class Dangling(NamedTuple):
    """A name that its field may not hold, and what it may hold instead (`known`).

    `field` is the field's own name, at the end of `path` but for an index or a mapping's key.
    """

    section: str
    id: str
    path: KeyPath
    field: str
    name: str
    reference: Reference
    known: frozenset[str | None]


def dangling(workspace: Workspace) -> Iterator[Dangling]:
    """Yield each reference to an id that does not exist or is of another kind.

    What failed to load exists, and its own references count, those in a part that was dropped too.
    References that may dangle, because another rule says so, are left out. Sections and fields come
    in the order of the format, entities in that of the files.
    """
    known: dict[Any, frozenset[str | None]] = {}
    partial = _partial(workspace)
    for section, row in SECTIONS.items():
        entities = workspace.entities[section]
        for (field, *steps), reference in references(row.model):
            if reference.dangles:
                continue
            if reference.names not in known:
                known[reference.names] = _accepted(workspace, reference)
            ids = known[reference.names]
            unsound = _unsound(entities, str(field), steps, ids)
            for id_ in dict.fromkeys((*unsound, *partial.get((section, field), ()))):
                own = next(str(key) for key in reversed((field, *steps)) if key not in _MANY)
                for path, name in named(workspace.raw(section, id_), (field, *steps), ()):
                    if name not in ids:
                        yield Dangling(section, id_, path, own, name, reference, ids)


def kinds(workspace: Workspace) -> dict[str, str]:
    """Return the section that each id stands in, one of the shared id space before any other."""
    found: dict[str, str] = {}
    for section in reversed(dict.fromkeys((*SHARED_IDS, *SECTIONS))):
        for ids in (workspace.entities.get(section, ()), workspace.failed.get(section, ())):
            found.update(dict.fromkeys(ids, section))
    return found


def _partial(workspace: Workspace) -> Mapping[tuple[str, str | int], list[str]]:
    """List the entities of which not all loaded, by section and each field written for them."""
    found: dict[tuple[str, str | int], list[str]] = {}
    for section, id_ in workspace.failed_fields:
        raw = workspace.raw(section, id_)
        for field in raw if isinstance(raw, dict) else ():
            found.setdefault((section, field), []).append(id_)
    return found


def _accepted(workspace: Workspace, reference: Reference) -> frozenset[str | None]:
    """Every name that a reference may hold; None, for a field that is left out, is one."""
    names: set[str | None] = {None, *reference.words}
    for section in reference.sections:
        names.update(workspace.entities[section], workspace.failed.get(section, ()))
    if reference.component_kind is not None:
        wanted = reference.component_kind
        components = workspace.all(Component).items()
        names.difference_update(id_ for id_, one in components if one.kind != wanted)
    return frozenset(names)


_MANY = frozenset({"*", "*key"})
_COLLECTIONS = frozenset({tuple, dict})


def _unsound(
    entities: Mapping[str, Entity], field: str, steps: list[str | int], ids: frozenset[str | None]
) -> list[str]:
    """List the entities with an unknown name in a field. Hot: nearly all have none."""
    values = zip(entities, map(attrgetter(field), entities.values()), strict=True)
    if not steps:
        return [id_ for id_, one in values if one not in ids and one.__class__ is str]
    sound = _sound(steps, ids)
    return [id_ for id_, one in values if one and not sound(one)]


def _sound(steps: list[str | int], ids: frozenset[str | None]) -> Callable[[Any], bool]:
    """Make a test of a value: whether every name at `steps` in it is known.

    A value of another shape than the steps say holds no name: a field may take one or a list.
    """
    if not steps:
        return lambda value: value in ids or value.__class__ is not str
    inner = _sound(steps[1:], ids)
    if steps[0] not in _MANY:
        field = str(steps[0])
        return lambda value: inner(getattr(value, field, None))
    if len(steps) > 1:
        return lambda value: value.__class__ is not tuple or all(map(inner, value))
    return lambda value: (
        value.__class__ not in _COLLECTIONS or ids.issuperset(value) or all(map(inner, value))
    )


def named(raw: Any, steps: tuple[str | int, ...], path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Yield each name in an entity's data with its place: there, no item has been left out."""
    if not steps:
        if isinstance(raw, str) and not is_placeholder(raw):
            yield path, raw
    elif steps[0] == "*key":
        yield from (((*path, key), key) for key in (raw if isinstance(raw, dict) else ()))
    elif steps[0] == "*":
        for index, item in enumerate(raw if isinstance(raw, list) else ()):
            yield from named(item, steps[1:], (*path, index))
    elif isinstance(raw, dict):
        yield from named(raw.get(str(steps[0])), steps[1:], (*path, steps[0]))
