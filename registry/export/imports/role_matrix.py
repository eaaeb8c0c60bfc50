"""The role matrix that comes back: its edited cells as changes to the section `ownership`."""

from collections.abc import Iterator
from typing import NamedTuple

from registry.edit.change import FieldChange, RefusedChange
from registry.export.imports import letters
from registry.export.imports.aside import other_sheets, worked_out
from registry.export.imports.cells import EditedCell, Proposal, State, compare, short
from registry.export.imports.edited_row import EditedRow
from registry.export.imports.known_names import KnownNames, UnknownNameError
from registry.export.imports.matrix_file import (
    DERIVED_VIEWS,
    MatrixFile,
    own_rows,
    pick,
    read_matrix,
)
from registry.export.imports.matrix_state import MatrixState, matrix_state
from registry.export.tables._raci import combined
from registry.export.tables.role_matrix import EXPORTER
from registry.model.ownership import Layer
from registry.model.people import Team
from registry.source.grid import Grid
from registry.wording import counted, did_you_mean
from registry.workspace.names import DisplayNames
from registry.workspace.open import Opened

_WORDS = frozenset({"title", "description"})
"""What the template holds already, and says of nobody."""


def propose(
    opened: Opened, grids: tuple[Grid, ...], name: str, base: Opened | None = None
) -> Proposal:
    """Read a filled template or an edited export, of whatever form.

    `base` is the registry from which it was exported, where that is known: what has changed there
    since is then told from what was edited. Raises CannotRunError where no sheet is a role matrix.
    """
    grid, head = pick(grids, name)
    grid, others = own_rows(grid, head, opened.workspace.manifest.name, opened.workspace.root)
    prefix = f"{grid.name}!" if len(grids) > 1 else ""
    known = KnownNames(DisplayNames(opened.workspace))
    states = {by: matrix_state(opened.workspace, by) for by in EXPORTER.variants}
    file = read_matrix(grid, head, states, known, prefix)
    now = states[file.by]
    before = now.cells if base is None else matrix_state(base.workspace, file.by).cells
    found = propose_matrix(opened, file, before, now, known)
    left = [f"{counted(others, 'row')} of other registries, which are left"] if others else []
    return found._replace(told=(*found.told, *other_sheets(grids, grid), *left))


def propose_matrix(
    opened: Opened, file: MatrixFile, base: State, now: MatrixState, known: KnownNames
) -> Proposal:
    """Turn the cells that were edited into changes."""
    reader = _Rows(opened, file, now, known)
    refused = list(file.refused)
    edited: dict[str, list[EditedCell]] = {}
    for one in compare(file.cells, base, now.cells, means=reader.meaning):
        if isinstance(one, RefusedChange):
            refused.append(one)
        else:
            edited.setdefault(one.row, []).append(one)
    changes: list[FieldChange] = []
    for layer, cells in edited.items():
        found = reader.row(layer, cells)
        changes += found.changes
        refused += found.refused
    reader.edited = set()
    unknown = [reader.unknown(one) for one in file.layers if one not in edited]
    refused += [one for one in unknown if one is not None]
    bare = (f"{one}, and nothing stands below it; it is left" for one in file.bare)
    told = (*reader.told, *bare, *worked_out(file.missing, base), *_absent(opened, file))
    return Proposal(tuple(changes), tuple(refused), told)


def _absent(opened: Opened, file: MatrixFile) -> Iterator[str]:
    """Say which rows are not in the file: nothing is taken out of a registry by leaving it out."""
    gone = [one for one in opened.workspace.origins["ownership"] if one not in file.layers]
    if gone and not file.is_template:
        shown = ", ".join(f"`{one}`" for one in gone[:4]) + (", …" if len(gone) > 4 else "")
        yield f"not in the file, and left as they are: {shown}"


class _Found(NamedTuple):
    changes: tuple[FieldChange, ...] = ()
    refused: tuple[RefusedChange, ...] = ()


class _Rows:
    """Reads the edited cells of rows; `told` collects what a person should know."""

    def __init__(
        self, opened: Opened, file: MatrixFile, now: MatrixState, known: KnownNames
    ) -> None:
        self.workspace = opened.workspace
        self.required = opened.policy.settings.required_layers
        self.file = file
        self.now = now
        self.known = known
        self.edited: set[str] = set()
        self.told: list[str] = []

    def row(self, layer: str, cells: list[EditedCell]) -> _Found:
        """Read one row."""
        self.edited = {one.column for one in cells}
        is_new = not self.workspace.has("ownership", layer)
        if is_new and layer in self.required and self.edited <= _WORDS:
            return _Found()  # a row of the template that nobody filled in
        problem = self.unknown(layer) or self.unread(layer)
        if problem is not None:
            return _Found((), (problem,))
        held = self.workspace.all(Layer).get(layer, Layer())
        row = EditedRow(layer, held, keeps_accountable=self.file.is_template)
        refused: list[RefusedChange] = []
        for one in cells:
            try:
                self.take(row, one)
            except UnknownNameError as error:
                refused.append(RefusedChange(one.where, str(error), error.help))
        refused += row.contradictions()
        if refused:
            return _Found((), tuple(refused))
        changes = tuple(row.changes())
        was = self.workspace.all(Layer).get(layer)
        is_owned = any(one.field == "accountable" and one.value for one in changes)
        if is_owned and was is not None and was.unowned is not None:
            where = self.file.layers[layer]
            self.told.append(
                f"{where}: `{layer}` is unowned on purpose; take `unowned` out of it by hand,"
                " now that somebody answers for it"
            )
        return _Found(changes, ())

    def unknown(self, layer: str) -> RefusedChange | None:
        """Say that a row is about no layer; a layer that the policy asks for may be new."""
        if self.workspace.has("ownership", layer):
            return None
        layers = self.workspace.all(Layer)
        covering = next((id_ for id_, one in layers.items() if layer in one.covers), None)
        where = self.file.layers[layer]
        if covering is not None:
            if self.edited <= _WORDS:
                return None
            message = f"the layer `{short(layer)}` is covered by the row `{covering}`"
            return RefusedChange(where, message, f"fill in the row `{covering}`")
        if layer in self.required:
            return None
        known = {*self.workspace.origins["ownership"], *self.required}
        help_ = did_you_mean(layer, known, "add it to the section `ownership` first")
        return RefusedChange(where, f"there is no layer `{short(layer)}`", help_)

    def unread(self, layer: str) -> RefusedChange | None:
        is_failed = layer in self.workspace.failed.get("ownership", {})
        is_part = bool(self.workspace.failed_fields.get(("ownership", layer)))
        if not is_failed and not is_part:
            return None
        message = f"the layer `{layer}` could not be read whole"
        return RefusedChange(
            self.file.layers[layer], message, "mend what `opmodel check` says first"
        )

    # -- cells -------------------------------------------------------------------------------

    def take(self, row: EditedRow, cell: EditedCell) -> None:
        """Take one cell. Raises UnknownNameError where it says nothing that is known."""
        column, text = cell.column, cell.text
        if column in {"title", "description"}:
            row.say(column, text or None, cell.where)
        elif column == "team":
            row.say_who(column, self.known.ids_of(text, ("teams",)), cell.where)
        elif column == "accountable":
            row.say_who(column, self.known.ids_of(text, ("people", "roles")), cell.where)
        elif self.file.by in DERIVED_VIEWS:
            message = f"a column by {self.file.by} stands for roles and teams as well"
            raise UnknownNameError(message, "edit an export `--by role` or `--by function`")
        elif self.file.by == "function":
            self.take_names(row, cell)
        else:
            row.letter(column, self.letter(cell), cell.where)

    def meaning(self, column: str, text: str) -> object:
        """Read a cell's text; None where it says nothing that is known."""
        try:
            if column in {"team", "accountable"}:
                return self.known.ids_of(text) or None
            return letters.letter(text) if column not in _WORDS else None
        except UnknownNameError:
            return None

    def letter(self, cell: EditedCell) -> str:
        found = letters.letter(cell.text)
        if found is None:
            message = f"`{short(cell.text)}` is none of A, R, A/R, C and I"
            raise UnknownNameError(message, "write one of them")
        if not letters.is_usual(cell.text):
            self.told.append(f"{cell.where}: `{short(cell.text)}` is read as `{found}`")
        return found

    def take_names(self, row: EditedRow, cell: EditedCell) -> None:
        """Take a cell with letters and names: who is new in it, and who is gone."""
        parts = letters.named(cell.text)
        if parts is None:
            message = f"`{short(cell.text)}` does not say who does what"
            raise UnknownNameError(message, "write `A: NAME; R: NAME, NAME`")
        found: dict[str, set[str]] = {}
        for id_, said in (pair for part in parts for pair in self.pairs(cell, *part)):
            found.setdefault(id_, set()).update(said.split("/"))
        for id_, all_ in found.items():
            if len(all_) > 1 and all_ != {"A", "R"}:
                message = f"`{id_}` has two letters here: {' and '.join(sorted(all_))}"
                raise UnknownNameError(message, "keep one of the two")
        new = {(id_, combined(all_)) for id_, all_ in found.items()}
        old = {(id_, one) for one, id_ in self.now.held.get(cell.row, {}).get(cell.column, ())}
        for id_, said in sorted(new - old):
            row.letter(id_, said, cell.where)
        for id_ in sorted({one for one, _ in old} - {one for one, _ in new}):
            if not self.file.is_template:
                row.gone(id_, cell.where)
        self.elsewhere(cell, dict(new - old))

    def elsewhere(self, cell: EditedCell, new: dict[str, str]) -> None:
        """Refuse a name that is new in a cell while another one still has it."""
        for column, found in self.now.held.get(cell.row, {}).items():
            if column in self.edited:
                continue
            for said, id_ in found:
                if id_ in new and new[id_] != said:
                    places = {(one.row, one.column): one.where for one in self.file.cells}
                    other = places.get((cell.row, column), f"the column `{column}`")
                    message = f"`{id_}` has `{new[id_]}` here and `{said}` in {other}"
                    raise UnknownNameError(message, "keep one of the two")

    def pairs(self, cell: EditedCell, said: str, who: str) -> Iterator[tuple[str, str]]:
        if who:
            yield from ((id_, said) for id_ in self.known.ids_of(who))
            return
        teams = [
            id_ for id_, one in self.workspace.all(Team).items() if one.function == cell.column
        ]
        if len(teams) != 1 or said in {"A", "A/R"}:
            message = f"`{said}` names nobody"
            raise UnknownNameError(message, f"write who it is: `{said}: NAME`")
        self.told.append(f"{cell.where}: `{said}` is read as the team `{teams[0]}`")
        yield teams[0], said
