"""A deployed alert that names no runbook: no annotation, a placeholder, or a link that is dead.

Why: the notification is all that somebody sees at three in the morning. A runbook that it does not
lead to is not read, however good it is.

Mend: put the runbook's address into an annotation of *runbook_annotations*. A path counts from the
rule's file or from the registry's root; addresses of the web are not followed.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Alert
from registry.source.scalar import is_placeholder

_PATH = re.compile(r"(?!//)(?![A-Za-z][A-Za-z0-9+.-]*:)[^\s{}$]*(?:/|\.md\b)[^\s{}$]*")
"""What is a path, and no address, text or template."""

if TYPE_CHECKING:
    from registry.audit.context import AuditContext


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each alert from which no way leads to a runbook."""
    for row in context.audited.rows:
        alert, runbook = row.alert, row.runbook
        where, message = alert.where, f"the deployed alert `{alert.name}` names no runbook"
        help_ = (
            f"add the annotation `{next(iter(context.settings.runbook_annotations), 'runbook')}`"
        )
        if runbook is not None:
            where = runbook.where
            if is_placeholder(runbook.value):
                message += f" (`{runbook.value}` counts as missing)"
            elif _is_dead(context, alert.where.file, runbook.value):
                message = f"the runbook `{runbook.value}` of `{alert.name}` does not exist"
                help_ = "correct the path, or write an address of the web"
            else:
                continue
        declared = context.workspace.all(Alert).get(row.registry_alert or "")
        if declared is not None and declared.runbook is not None:
            help_ += f"; in the registry its runbook is `{declared.runbook}`"
        yield context.found_at(
            where, ("deployed", alert.name), message, help_,
            distinguish=f"{alert.where.file} {alert.group}",
        )  # fmt: skip


def _is_dead(context: "AuditContext", file: str, target: str) -> bool:
    """Whether a text is a path of which it is certain that nothing stands there."""
    tree = context.workspace.tree
    if not _PATH.fullmatch(target) or file not in tree or context.workspace.has("runbooks", target):
        return False
    path = re.split("[?#]", target, maxsplit=1)[0]
    from_root = posixpath.normpath(path.lstrip("/"))
    from_file = posixpath.normpath(posixpath.join(posixpath.dirname(file), path.lstrip("/")))
    if from_file.startswith(".."):
        return False
    return not any(
        name == one or name.startswith(f"{one}/") or (name.endswith("/") and one.startswith(name))
        for one in (from_root, from_file)
        for name in tree
    )


RULE = rule(__name__, __doc__, "W W E", check, settings=("runbook_annotations",))
