"""The registry as expressions see it: each section a list of its entities, as they are written."""

from collections.abc import Iterator, Mapping
from typing import Any

from registry.checks.cel.values import UNKNOWN, FailedError, Partial, joined
from registry.model.entity import Part
from registry.model.fields import ModelField, fields
from registry.model.scalars import Scalar
from registry.wording import did_you_mean
from registry.workspace.workspace import Workspace


class EntityView:
    """A mapping of known fields: an entity with its `id`, or a part of one.

    A field that is absent is null, or an empty list; one that did not load, or holds a placeholder,
    is unknown. `own` are an entity's `x-` values.
    """

    __slots__ = ("_fields", "_part", "_seen", "identity")

    def __init__(
        self,
        part: Part,
        identity: tuple[str, str] | None = None,
        unknown: frozenset[str] = frozenset(),
        own: Mapping[str, Any] | None = None,
    ) -> None:
        self.identity = identity
        self._part = part
        self._fields = fields(type(part))
        self._seen: dict[str, Any] = dict.fromkeys(unknown, UNKNOWN)
        if own:
            self._seen.update(own)
        if identity is not None:
            self._seen["id"] = identity[1]

    def get(self, name: str) -> Any:
        """Return a field's value. Raises FailedError for one that there is not."""
        if name not in self._seen:
            field = self._fields.get(name)
            if field is None and not name.startswith("x-"):
                help_ = did_you_mean(name, self._fields, "").removeprefix("did you mean ")
                raise FailedError(f"there is no field `{name}`" + (help_ and f": {help_}"))
            self._seen[name] = None if field is None else self._read(field)
        return self._seen[name]

    def _read(self, field: ModelField) -> Any:
        if field.attribute in self._part.model_fields_set:
            return plain(getattr(self._part, field.attribute))
        return [] if field.kinds and all(kind.origin is tuple for kind in field.kinds) else None

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, EntityView)
            and self.identity == other.identity
            and (self.identity is not None or self._part == other._part)
        )

    def __hash__(self) -> int:
        return hash(self.identity)


class UnreadEntity:
    """An entity that did not load: its `id` is known, and nothing else."""

    __slots__ = ("identity",)

    def __init__(self, section: str, id_: str) -> None:
        self.identity = (section, id_)

    def get(self, name: str) -> Any:
        """Return its id; anything else is unknown."""
        return self.identity[1] if name == "id" else UNKNOWN


def plain(value: Any) -> Any:
    """Return a value of the model as it was written."""
    if isinstance(value, Part):
        return EntityView(value)
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Scalar):
        return str(value)
    return value


class Facts:
    """The sections of a registry, each made when it is first asked for."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._sections: dict[str, list[Any]] = {}
        self._is_partial = workspace.blind or bool(workspace.hidden or workspace.unread)

    def section(self, name: str) -> list[Any]:
        """List the entities of a section in the files' order; those that did not load, last."""
        if name not in self._sections:
            views = [*self.views(name), *(UnreadEntity(name, id_) for id_ in self._failed(name))]
            self._sections[name] = joined(views, partial=self._is_partial)
        return self._sections[name]

    def views(self, name: str) -> Iterator[EntityView]:
        """Yield the entities of a section that loaded."""
        cached = self._sections.get(name)
        if cached is not None:
            yield from (one for one in cached if isinstance(one, EntityView))
            return
        workspace = self._workspace
        for id_, entity in workspace.entities.get(name, {}).items():
            key = (name, id_)
            places = workspace.placeholders.get(key, {})
            unknown = workspace.failed_fields.get(key, frozenset()) | {
                str(p[0]) for p in places if p
            }
            extra = workspace.extensions.get(key, {})
            own = {str(path[0]): _own(value) for path, value in extra.items() if len(path) == 1}
            yield EntityView(entity, key, frozenset(unknown), own)

    def _failed(self, name: str) -> Iterator[str]:
        return iter(self._workspace.failed.get(name, {}))


def _own(value: Any) -> Any:
    """Return an `x-` value, which has no model: as it was read."""
    return value if isinstance(value, (str, int, float, list, dict)) else None


__all__ = ["EntityView", "Facts", "Partial", "UnreadEntity", "plain"]
