"""Whether a suppression is of no use, or what it silences is only hidden by another fault."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from operator import itemgetter

from registry.diagnostic import Diagnostic
from registry.model.sections import SECTIONS
from registry.source.sources import Source
from registry.workspace.policy import FIXED
from registry.workspace.workspace import Workspace


class Doubts:
    """What of a registry did not load as it is written: of that, rules may not have spoken."""

    def __init__(self, workspace: Workspace, found: Iterable[Diagnostic] = ()) -> None:
        self._workspace = workspace
        self._unsound: set[str] = set()
        self._keys: dict[str, list[tuple[int, str]]] = {}
        for one in found:
            self.note(one)

    def note(self, found: Diagnostic) -> None:
        """Note a finding of loading: what it is about is not certain."""
        if found.code in FIXED and found.entity is not None:
            self._unsound.add("/".join(found.entity))

    def about(self, entity: str) -> bool:
        """Whether more may be found of an entity, named `section/id`, once other faults are gone.

        An empty name stands for what is about no entity.
        """
        section, _, id_ = entity.partition("/")
        workspace = self._workspace
        has_failed = (section, id_) in workspace.failed_fields or id_ in workspace.failed.get(
            section, ()
        )
        return entity in self._unsound or has_failed or workspace.may_hide(id_)

    def near(self, file: str, line: int) -> bool:
        """Whether more may be found of what stands at a line of a file."""
        source = self._workspace.sources.files.get(file)
        if source is None or source.composed.data is None:
            return True
        if file not in self._keys:
            self._keys[file] = sorted(_keys(source))
        place = bisect_right(self._keys[file], line, key=itemgetter(0))
        return self.about(self._keys[file][place - 1][1] if place else "")


def _keys(source: Source) -> Iterator[tuple[int, str]]:
    """Yield the line of each entity's key, and the entity as `section/id`."""
    for path, node in source.composed.nodes.items():
        section = SECTIONS.get(str(path[0])) if path else None
        if section is None or node.key is None or len(path) != (1 if section.single else 2):
            continue
        yield node.key.start.line, f"{section.name}/{path[-1]}"
