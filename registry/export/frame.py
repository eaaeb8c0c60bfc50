"""The exports as `pandas.DataFrame`: the same columns and rows, for notebooks and scripts.

Cells are text, as in the files; several in one cell are parted by `; ` and lines of a file are
numbers. pandas is imported only here, and only when a table is asked for.
"""

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from registry.export import export as exports
from registry.output.table import Table
from registry.workspace.open import open_registry
from registry.workspace.options import Options, this_hour
from registry.workspace.root import root_of
from registry.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pandas import DataFrame

Registry = str | os.PathLike[str] | Workspace
"""A registry's folder, or a workspace that `registry.load` gave."""


def role_matrix(
    registry: Registry, by: str | None = None, *, with_contacts: bool = False
) -> "DataFrame":
    """Return the role matrix, a row a layer; `by` is role, function, person or team.

    Telephone numbers and e-mail addresses in free text are hidden unless `with_contacts`. Raises
    CannotRunError where there is no registry, and for a form that does not exist.
    """
    return frame(registry, "role-matrix", by, with_contacts=with_contacts)


def metric_dictionary(registry: Registry, *, with_contacts: bool = False) -> "DataFrame":
    """Return the metric dictionary, a row a metric; errors as in `role_matrix`."""
    return frame(registry, "metric-dictionary", with_contacts=with_contacts)


def alert_coverage(registry: Registry, *, with_contacts: bool = False) -> "DataFrame":
    """Return whom each alert reaches, a row an alert; errors as in `role_matrix`."""
    return frame(registry, "alert-coverage", with_contacts=with_contacts)


def duties(registry: Registry, id: str | None = None) -> "DataFrame":  # noqa: A002 - their word
    """Return what falls to whom, a row a duty; `id` is a person, a role or a team, else all.

    Errors as in `role_matrix`; an id to whom nothing falls has no row.
    """
    found = frame(registry, "duties")
    return found if id is None else found[found["who"] == id].reset_index(drop=True)


def frame(
    registry: Registry, name: str, by: str | None = None, *, with_contacts: bool = False
) -> "DataFrame":
    """Return any export by its name; errors as in `role_matrix`."""
    return _frame(exports.table(_loaded(registry), name, by, with_contacts=with_contacts))


def _frame(table: Table) -> "DataFrame":
    import pandas as pd

    made = pd.DataFrame(list(table.rows), columns=list(table.headings), dtype="str")
    counted = [
        heading
        for heading, column in zip(table.headings, table.columns, strict=True)
        if column.number
    ]
    return made.astype(dict.fromkeys(counted, "int64"))


def _loaded(registry: Registry) -> Workspace:
    if isinstance(registry, Workspace):
        return registry
    options = Options(this_hour(datetime.now(UTC)), None)
    return open_registry(root_of(os.fspath(registry)), options).workspace
