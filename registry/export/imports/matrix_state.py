"""What the role matrix says of a registry, cell by cell, in each of its forms."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from registry.export.imports.cells import State
from registry.export.tables import role_matrix
from registry.export.tables._holes import missing
from registry.export.tables._raci import combined
from registry.model.ownership import Layer
from registry.model.reference import names
from registry.workspace.names import DisplayNames, declared
from registry.workspace.workspace import Workspace

Held = Mapping[str, Sequence[tuple[str, str]]]
"""A row's columns, each with the letters and ids in it."""


class MatrixState(NamedTuple):
    """One form of the matrix: each cell's texts, and who stands in it.

    `columns` are the keys of the letters' columns by their headings; `held` is by layer.
    """

    by: str
    cells: State
    columns: Mapping[str, str]
    held: Mapping[str, Held]


def matrix_state(workspace: Workspace, by: str) -> MatrixState:
    """Lay out the matrix `by` role, function, person or team, for a comparison."""
    display = DisplayNames(workspace)
    table = role_matrix.matrix(workspace, by)
    columns = {
        heading: column.id
        for heading, column in zip(table.headings, table.columns, strict=True)
        if column.look == "letters"
    }
    held = dict(role_matrix.placed(workspace, by))
    cells = {
        id_: {
            **_left(display, id_, layer),
            **{key: (shown(display, by, found),) for key, found in held[id_].items()},
        }
        for id_, layer in declared(workspace, Layer)
    }
    return MatrixState(by, cells, columns, held)


def shown(display: DisplayNames, by: str, found: Iterable[tuple[str, str]]) -> str:
    """Write a cell as the matrix has it: letters, or, by function, letters and names."""
    if by == "function":
        return role_matrix.with_names(display, tuple(found))
    return combined(cell for cell, _ in found)


def _left(display: DisplayNames, id_: str, layer: Layer | None) -> dict[str, tuple[str, ...]]:
    if layer is None:
        return {}
    teams, accountable = names(layer.team), names(layer.accountable)
    return {
        "missing": ("; ".join(missing(display, id_, layer)),),
        "title": (layer.title or "",),
        "description": (layer.description or "",),
        "team": _forms(display, teams, map(display.called, teams)),
        "accountable": _forms(display, accountable, map(display.holder, accountable)),
    }


def _forms(display: DisplayNames, ids: tuple[str, ...], called: Iterable[str]) -> tuple[str, ...]:
    """Write several as ids, as names, and as the ids that there are."""
    return tuple("; ".join(one) for one in (ids, called, filter(display.knows, ids)))
