"""The exports as `pandas.DataFrame`: the same columns, the same rows, every cell text.

pandas is an extra, `pip install 'opmodel[pandas]'`, and imported only here.
"""

from typing import TYPE_CHECKING

from registry.errors import CannotRunError
from registry.export import export as exports
from registry.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pandas import DataFrame


def role_matrix(
    workspace: Workspace, by: str | None = None, *, with_contacts: bool = False
) -> "DataFrame":
    """Return the role matrix, a row a layer; `by` is role, function, person or team.

    Parameters and errors are those of `registry.export.export.export`; raises CannotRunError also
    where pandas is not installed.
    """
    return frame(workspace, "role-matrix", by, with_contacts=with_contacts)


def metric_dictionary(workspace: Workspace, *, with_contacts: bool = False) -> "DataFrame":
    """Return the metric dictionary, a row a metric; errors as in `role_matrix`."""
    return frame(workspace, "metric-dictionary", with_contacts=with_contacts)


def alert_coverage(workspace: Workspace, *, with_contacts: bool = False) -> "DataFrame":
    """Return whom each alert reaches, a row an alert; errors as in `role_matrix`."""
    return frame(workspace, "alert-coverage", with_contacts=with_contacts)


def frame(
    workspace: Workspace, name: str, by: str | None = None, *, with_contacts: bool = False
) -> "DataFrame":
    """Return any export by its name; errors as in `role_matrix`."""
    try:
        import pandas as pd
    except ImportError:
        message = "a DataFrame needs pandas, which is not installed"
        raise CannotRunError(message, "pip install 'opmodel[pandas]'") from None
    table = exports.table(workspace, name, by, with_contacts=with_contacts)
    return pd.DataFrame(list(table.rows), columns=list(table.headings), dtype="str")
