"""A table on its way back into a registry: what it asks for, as a diff, and what is refused."""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from registry.edit.change import RefusedChange
from registry.edit.diff import unified
from registry.edit.edit import Edited, edit
from registry.edit.validity import invalid
from registry.errors import CannotRunError
from registry.export.imports import role_matrix, workbook
from registry.export.imports.cells import Proposal
from registry.source.delimited import read_csv
from registry.source.grid import Grid
from registry.source.package import MAX_FILE
from registry.source.workbook import read_workbook
from registry.workspace.open import Opened

Propose = Callable[[Opened, tuple[Grid, ...], str, Opened | None], Proposal]

IMPORTS: Mapping[str, Propose] = {
    "role-matrix": role_matrix.propose,
    "workbook": workbook.propose,
}
"""What comes back, by the name of its export."""


class Imported(NamedTuple):
    """What files would hold, as a diff; what is refused; what a person should know.

    `fields` is how many change; `lacks_base` as in `Proposal`.
    """

    edited: Edited
    diff: tuple[str, ...]
    refused: tuple[RefusedChange, ...]
    told: tuple[str, ...]
    fields: int
    lacks_base: bool = False


def import_table(opened: Opened, name: str, path: str, base: Opened | None = None) -> Imported:
    """Work out what a file that came back asks of a registry; nothing is written.

    `base` is the registry as it was exported, where that is known. Raises CannotRunError where the
    file cannot be read, or is not such a table.
    """
    proposal = IMPORTS[name](opened, read_grids(path), os.path.basename(path), base)
    wrong = tuple(invalid(opened.workspace, proposal.changes))
    places = {one.where for one in wrong}
    sound = tuple(one for one in proposal.changes if one.where not in places)
    edited = edit(opened, sound)
    refused = (*proposal.refused, *wrong, *edited.refused)
    kept = len(sound) - len(edited.refused)
    masked = opened.workspace.sources.masked
    diff = tuple(map(masked, unified(edited.before, edited.after)))
    return Imported(edited, diff, tuple(_once(refused)), proposal.told, kept, proposal.lacks_base)


def _once(refused: tuple[RefusedChange, ...]) -> Iterator[RefusedChange]:
    """Yield each refusal once, in the order of the sheets' cells as they were read."""
    yield from dict.fromkeys(refused)


def read_grids(path: str) -> tuple[Grid, ...]:
    """Read a file of tables: the sheets of a workbook, or the one table of a csv file.

    Raises CannotRunError where it cannot be read.
    """
    name = os.path.basename(path)
    data = _bounded(path, name)
    is_csv = os.path.splitext(path)[1].lower() in {".csv", ".tsv", ".txt"}
    return (read_csv(data, name),) if is_csv else read_workbook(data, name)


def _bounded(path: str, name: str) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotRunError(f"{path} cannot be read: {reason}", "name another file") from None
    if len(data) > MAX_FILE:
        message = f"{name}: larger than {MAX_FILE >> 20} MB; nothing was read"
        raise CannotRunError(message, "import a part of it")
    return data
