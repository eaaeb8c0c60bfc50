"""No entity at all, a file without one, or an `include:` pattern that matches nothing.

Why: a check that looked at nothing finds nothing wrong, and says so in the same words as one that
looked at everything.

Mend: correct the pattern or the folder's name, see what is left out, or add the first entities.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Label
from registry.model.format import MANIFEST
from registry.span import Location
from registry.wording import counted


def check(context: Context) -> Iterator[Diagnostic]:
    """Report a registry without any entity; files and patterns are looked at in loading."""
    workspace = context.workspace
    if workspace.count() or workspace.hidden or workspace.blind:
        return
    files = counted(len(workspace.files), "file")
    left_out = f"; left out: {workspace.skipped}" if workspace.skipped else ""
    yield Diagnostic(
        context.code,
        f"there is nothing to check: no entity stands in the {files} read{left_out}",
        Label(Location(MANIFEST)),
        "add a section with an entity, or correct `include` and `exclude`",
    )


RULE = rule(__name__, __doc__, "E E E", check)
