"""The role matrix as a template to fill in: the policy's layers, and a column a function or role.

The last heading explains the letters, so that a csv file carries its legend and every row below the
headings is a layer.
"""

from typing import get_args

from registry.errors import CannotRunError
from registry.export.tables._raci import CELLS, LEGEND
from registry.model.ownership import Layer
from registry.model.people import Function, Person, Role, Team
from registry.output.table import Column, Table
from registry.workspace.names import DisplayNames
from registry.workspace.open import Opened

_WORDS = tuple(map(Column, ("layer", "title", "description")))


def blank(opened: Opened, by: str | None) -> Table:
    """Lay out the template by `function`, which is the default, or by `role`.

    Raises CannotRunError for another form.
    """
    if by not in {None, "function", "role"}:
        raise CannotRunError(f"--blank has no `--by {by}`", "it is one of function, role")
    columns = _roles(opened) if by == "role" else tuple(map(Column, get_args(Function)))
    letters = ", ".join(f"{letter} {said.partition(',')[0]}" for letter, said in LEGEND)
    shown = (*_WORDS, *_who(opened), *columns, Column(letters))
    rows = tuple(
        (*_layer(opened, id_), *[""] * (len(shown) - 3))
        for id_ in dict.fromkeys(opened.policy.settings.required_layers)
    )
    title = f"Role matrix of {opened.workspace.manifest.name}, to fill in"
    return Table("role-matrix", title, shown, rows, LEGEND)


def _roles(opened: Opened) -> tuple[Column, ...]:
    roles = opened.workspace.all(Role)
    return tuple(Column(role.title, id_, choices=CELLS) for id_, role in roles.items())


def _who(opened: Opened) -> tuple[Column, Column]:
    """Make the columns of one team and of one person, which offer those of the registry."""
    display = DisplayNames(opened.workspace)
    roles = opened.workspace.all(Role).items()
    held = (id_ for id_, role in roles if role.holder is not None)
    who = (*map(display.called, opened.workspace.all(Person)), *map(display.holder, held))
    named = tuple(dict.fromkeys(map(display.called, opened.workspace.all(Team))))
    return Column("team", choices=named), Column("accountable", choices=tuple(dict.fromkeys(who)))


def _layer(opened: Opened, id_: str) -> tuple[str, str, str]:
    """Give a layer its words: the registry's, where it has this row; else its id as a title."""
    row = opened.workspace.all(Layer).get(id_)
    words = id_.replace("-", " ").capitalize()
    return (id_, (row and row.title) or words, (row and row.description) or "")
