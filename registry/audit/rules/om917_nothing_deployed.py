"""What was named holds no alert at all, or part of it could not be read.

Why: an audit of nothing finds nothing, and looks like one that found everything in order. A
template that nobody rendered, or a path that leads beside the rules, is no sound estate.

Mend: name what is really deployed: the rendered files, or what the servers answer. What is meant to
stay unread, `--allow-unread` lists without counting it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.deployed.model import NotRead, Where
from registry.diagnostic import Diagnostic

if TYPE_CHECKING:
    from registry.audit.context import AuditContext

_SHOWN = 5


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report that no alert was read, and each file that could not be read whole."""
    audited = context.audited
    if not audited.rows:
        message = "what was named holds no alert: nothing is audited"
        declared = len(audited.undeployed)
        if declared:
            what = "alert that the registry declares is" if declared == 1 else (
                "alerts that the registry declares are"
            )  # fmt: skip
            message += f", and {declared} {what} not deployed"
        yield context.found_at(
            _somewhere(context), ("deployed", "nothing"), message,
            "name the rules that are really deployed, as --rules 'rules/*.yml'",
            distinguish="no alert",
        )  # fmt: skip
    files: dict[str, list[NotRead]] = {}
    for one in audited.deployed.not_read:
        files.setdefault(one.where.file, []).append(one)
    for file, parts in files.items():
        first, *more = parts
        rest = f"; and {len(more)} more part{'' if len(more) == 1 else 's'}" if more else ""
        yield context.found_at(
            first.where, ("files", file), f"{file} was not read whole: {first.reason}{rest}",
            "name it in a form that can be read, or pass --allow-unread",
            related=[one.where.label("not read, too") for one in more[:_SHOWN]],
        )  # fmt: skip


def _somewhere(context: "AuditContext") -> Where:
    """Return the first place that was read, else the manifest."""
    deployed = context.audited.deployed
    parts = (one for column in deployed[:-1] for one in column)
    found = next((one.where for one in parts if hasattr(one, "where")), None)
    skipped = next((Where(one.file) for one in deployed.skipped), None)
    return found or skipped or Where("opmodel.yaml")


RULE = rule(__name__, __doc__, "W E E", check)
