"""An engine: what answers the questions about a record, once its tables are written."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import registry.traces.engines
from registry.errors import CannotRunError
from registry.plugins import stems, take

if TYPE_CHECKING:
    from registry.traces.duck import Duck


class AskedTables(Protocol):
    """The tables of a record, which can be asked in the SQL that all engines have in common.

    What stands in a query for `?` are texts, in order. Texts are compared by their bytes, whole
    numbers are of 64 bits; sums that may be larger are asked for as decimals.
    """

    def make(self, name: str, select: str, values: Sequence[str] = ()) -> None:
        """Keep what a query yields as a table, in place of what has that name."""

    def view(self, name: str, select: str) -> None:
        """Give a query a name, in place of what has it; what it yields is not kept."""

    def fill(self, name: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Keep rows of texts as a table."""

    def rows(self, select: str, values: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield what a query yields. Raises CannotRunError where the engine cannot."""


Ask = Callable[["Duck"], AskedTables]
"""What takes the tables that were written, and hands over what answers questions about them."""


def itself(tables: "Duck") -> "Duck":
    """Let the tables that were written answer by themselves."""
    return tables


class TracesEngine(NamedTuple):
    """An engine: what a module of `traces/engines/` hands over; `name` is what `--engine` takes.

    `session` starts or reaches it, before anything is read, and ends it; it is given a folder of
    its own, and what the user named to be reached, if anything. Raises CannotRunError.
    """

    name: str
    session: Callable[[str, str | None], AbstractContextManager[Ask]]


def engine(name: str) -> TracesEngine:
    """Return an engine; raises CannotRunError for one that is none, or is not installed."""
    if name not in engines():
        listed = ", ".join(engines())
        raise CannotRunError(f"--engine: `{name}` is no engine", f"it is one of {listed}")
    return take(import_module(f"{registry.traces.engines.__name__}.{name}"), "ENGINE", TracesEngine)


def engines() -> list[str]:
    """Name all engines, and import none."""
    return stems(registry.traces.engines)
