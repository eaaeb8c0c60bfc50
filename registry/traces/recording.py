"""What was read: where the tables are, and what was counted on the way."""

from typing import TYPE_CHECKING, NamedTuple

from registry.traces.unread import UnreadPart
from registry.traces.wanted import TracePolicy

if TYPE_CHECKING:
    from registry.traces.engine import AskedTables


class Shape(NamedTuple):
    """What a span is and has, of what is asked for: its kinds, and the attributes that it carries.

    Bits, in the order of `TracePolicy.kinds` and of `Recording.carried`.
    """

    kinds: int
    carried: int


class Seen:
    """How often an attribute was there that nobody declared, and in which trace first."""

    __slots__ = ("number", "trace")

    def __init__(self, trace: str) -> None:
        self.number = 0
        self.trace = trace


class Recording(NamedTuple):
    """What was read: the tables are in the store.

    `files` are those that held a span; `spans` counts them. `shapes` are what spans are and have,
    by the number in the tables; `carried` the attributes that their bits stand for. `undeclared`
    counts attributes that nobody declared, `odd_tokens` counts of tokens that are no numbers.
    """

    wanted: TracePolicy
    store: "AskedTables"
    files: int
    spans: int
    shapes: tuple[Shape, ...]
    carried: tuple[str, ...]
    undeclared: dict[str, Seen]
    unread: tuple[UnreadPart, ...]
    odd_tokens: int
