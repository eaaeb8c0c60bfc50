"""What a generator is: a registry to files of the monitoring stack, and what it lacks for them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from registry.clock.civil import instant
from registry.output.contacts import hide_contacts
from registry.paging.pager import Pager
from registry.span import KeyPath
from registry.workspace.indexes import Indexes
from registry.workspace.policy import Policy
from registry.workspace.workspace import Workspace


class Missing(NamedTuple):
    """What could not be generated of an entity, and the field that is missing, or in the way.

    It stands in a file and a line of it: that of the field, where it is there, else of the entity.
    """

    path: str
    line: int
    section: str
    id: str
    field: KeyPath
    message: str

    @property
    def told(self) -> str:
        """Say it of the entity, in a message about another."""
        field = ".".join(map(str, self.field))
        return f"`{field}` of `{self.id}` ({self.path}:{self.line}): {self.message}"


class Generated(NamedTuple):
    """Files by name, each with its whole content; what is missing, in the files' order.

    `made` counts, for each kind of thing, how many were made of how many there are. `fill_in` are
    the things that no registry holds, such as secrets: what has to be put where. `unmade` are names
    of files that another registry would have had as well.
    """

    files: Mapping[str, bytes]
    missing: tuple[Missing, ...]
    made: Mapping[str, tuple[int, int]]
    fill_in: tuple[str, ...] = ()
    unmade: tuple[str, ...] = ()


class Order:
    """What is to be generated from: a registry that loaded whole, its policy, and an instant.

    `file` is what the first of the files is called.
    """

    def __init__(self, workspace: Workspace, policy: Policy, at: datetime, file: str) -> None:
        self.workspace = workspace
        self.policy = policy
        self.at = at
        self.file = file
        self.indexes = Indexes(workspace)

    @cached_property
    def _pager(self) -> Pager:
        return Pager(self.workspace, instant(self.at))

    def missing(self, section: str, id_: str, field: KeyPath, message: str) -> Missing:
        """Say what keeps something of an entity from being generated."""
        place = self._pager.place(
            section, id_, field if self._is_there(section, id_, field) else ()
        )
        return Missing(place.path, place.line, section, id_, field, message)

    def text(self, value: str) -> str:
        """Return a text for people on one line, without what looks like a secret or a contact."""
        masked = self.workspace.sources.masked(value)
        return hide_contacts(" ".join(masked.split()))

    def is_secret(self, value: str) -> bool:
        """Whether a text holds what looks like a secret."""
        return self.workspace.sources.masked(value) != value

    def _is_there(self, section: str, id_: str, field: KeyPath) -> bool:
        found: object = self.workspace.raw(section, id_)
        for key in field:
            if not isinstance(found, dict) or key not in found:
                return False
            found = found[key]
        return True


def only(
    order: Order, text: str, missing: Iterable[Missing], made: Mapping[str, tuple[int, int]]
) -> Generated:
    """Return what is one file, and none where there is nothing to write."""
    files = {order.file: text.encode()} if text else {}
    return Generated(files, tuple(missing), made, (), () if text else (order.file,))


class Generator(NamedTuple):
    """Files that people ask for by `name`; `build` makes them of an order.

    `file` is what the first of them is called, and `suffixes` are those by which another name of it
    is known from that of a folder.
    """

    name: str
    summary: str
    build: Callable[[Order], Generated]
    file: str
    suffixes: tuple[str, ...] = ()
