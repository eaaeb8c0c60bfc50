"""What a rule reads of a registry, noted while it reads: what its findings depend on.

Nobody declares it. While rules are watched, each field of an entity, each attribute of a workspace
and each shared property stands behind a tripwire, which notes the first read and steps aside, so
that all further reads cost nothing. What is read is named thus:

    teams            the ids of a section, in order
    teams@           the files in which they stand
    teams.name       a field, of any of its entities
    teams:           anything of a section
    =tree            an attribute of the workspace, or of the check
    *                what nobody can name: it is never the same
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

ANYTHING = "*"

_MADE_OF = "_made_of"
"""Where an object keeps what its shared properties were made of."""

_NONE: Any = object()
_FRAMES: list[set[str]] = []
_WIRES: "list[_Wire]" = []
_TRIPPED: "list[_Wire]" = []
_SHARED: "list[tuple[type, str, shared[Any]]]" = []
_LOCK = Lock()


def note(what: str) -> None:
    """Note that something is read, if anybody watches."""
    if _FRAMES:
        _FRAMES[-1].add(what)


class shared(cached_property[T]):  # noqa: N801 - used as `cached_property` is
    """A property that is made once, for all who ask; whoever does depends on all it is made of."""

    def __set_name__(self, owner: type[Any], name: str) -> None:
        """Take the name of the property."""
        super().__set_name__(owner, name)
        _SHARED.append((owner, name, self))


class _Wire:
    """Stands in the place of a class's attribute, and steps aside when it is read."""

    def __init__(self, owner: type, name: str, what: str) -> None:
        self.owner, self.name, self.what = owner, name, what
        self.usual = owner.__dict__.get(name, _NONE)
        self.is_armed = False

    def arm(self) -> None:
        self.is_armed = True
        setattr(self.owner, self.name, self)

    def disarm(self) -> None:
        if not self.is_armed:
            return
        self.is_armed = False
        if self.usual is _NONE:
            delattr(self.owner, self.name)
        else:
            setattr(self.owner, self.name, self.usual)

    def __get__(self, instance: Any, _owner: type | None = None) -> Any:
        if instance is None:  # asked of the class, which knows no values of entities
            if self.usual is _NONE:
                raise AttributeError(self.name)
            return self.usual
        self.read(instance)
        self.disarm()
        _TRIPPED.append(self)
        return getattr(instance, self.name)

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.name] = value

    def read(self, _instance: Any) -> None:
        note(self.what)


class _SharedWire(_Wire):
    """Stands in the place of a shared property, and knows what each was made of."""

    def read(self, instance: Any) -> None:
        made_of: dict[str, set[str]] = instance.__dict__.setdefault(_MADE_OF, {})
        if self.name not in instance.__dict__:
            with frame() as read:
                instance.__dict__[self.name] = self.usual.func(instance)
            made_of[self.name] = read
        if _FRAMES:
            _FRAMES[-1].update(made_of.get(self.name, (ANYTHING,)))


@contextmanager
def frame() -> Iterator[set[str]]:
    """Note in the set that is given all that is read meanwhile; only while somebody watches."""
    for wire in _TRIPPED:
        wire.arm()
    _TRIPPED.clear()
    read: set[str] = set()
    _FRAMES.append(read)
    try:
        yield read
    finally:
        _FRAMES.pop()
        if _FRAMES:
            _FRAMES[-1] |= read


@contextmanager
def unwatched() -> Iterator[None]:
    """Let what is read meanwhile go unnoted: what is made now is the same whoever asks."""
    if not _WIRES:
        yield
        return
    frames, armed = [*_FRAMES], [wire for wire in _WIRES if wire.is_armed]
    _FRAMES.clear()
    for wire in armed:
        wire.disarm()
    try:
        yield
    finally:
        for wire in armed:
            wire.arm()
        _FRAMES.extend(frames)


@contextmanager
def watching(fields: Mapping[type, Mapping[str, str]]) -> Iterator[bool]:
    """Watch what is read of `fields`: of each class, attributes and what they are called.

    Gives False, and watches nothing, where somebody else does: there is one watch in a process.
    """
    if not _LOCK.acquire(blocking=False):
        yield False
        return
    wires = [
        _Wire(owner, name, what) for owner, own in fields.items() for name, what in own.items()
    ]
    wires += [_SharedWire(owner, name, "") for owner, name, _ in _SHARED]
    _WIRES.extend(wires)
    try:
        for wire in wires:
            wire.arm()
        yield True
    finally:
        for wire in wires:
            wire.disarm()
        _TRIPPED.clear()
        _WIRES.clear()
        _LOCK.release()


class Sections(Mapping[str, T]):
    """Something of each section; whoever takes that of a section is noted.

    That is its name, and what else is read with it by `also`.
    """

    def __init__(self, found: Mapping[str, T], also: Mapping[str, tuple[str, ...]]) -> None:
        self._found = found
        self._also = also

    def __getitem__(self, section: str) -> T:
        if _FRAMES:
            _FRAMES[-1].update((section, *self._also.get(section, ())))
        return self._found[section]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
