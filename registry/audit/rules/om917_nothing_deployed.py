"""What was named holds no alert at all, or part of it could not be read.

Why: an audit of nothing finds nothing, and a green light says that all is well. So it is with the
one file of forty that is a template: what was not read is not fine.

Mend: name the files that the server loads, and render templates first. Where a part cannot be read
and that is known, `--allow-unread` lists it as info, and does not let the audit fail for it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic
from registry.model.format import MANIFEST
from registry.wording import listed

if TYPE_CHECKING:
    from registry.audit.context import AuditContext
    from registry.deployed.model import NotRead, Where

_SHOWN = 5


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report that there is no alert, and each reason for which something was not read."""
    deployed = context.audited.deployed
    if not context.audited.rows:
        near = [one.where for one in deployed.not_read] + [
            context.whole(one.file) for one in deployed.skipped
        ]
        yield _no_alert(context, next(iter(near), context.whole(MANIFEST)))
    reasons: dict[str, list[NotRead]] = {}
    for one in deployed.not_read:
        reasons.setdefault(one.reason, []).append(one)
    for reason, parts in reasons.items():
        what = "this part was" if len(parts) == 1 else f"{len(parts)} parts were"
        yield context.found_at(
            parts[0].where, ("files", parts[0].where.file), f"{what} not read: {reason}",
            "give what the server itself reads; or `--allow-unread`",
            related=(one.where.label("nor this") for one in parts[1:_SHOWN]), distinguish=reason,
        )  # fmt: skip
    for rota in context.rotas():
        if rota.untold:
            where, name = rota.pager.where, rota.pager.name or rota.pager.id
            yield context.found_at(
                where, ("files", where.file),
                f"the pager's schedule `{name}` cannot be told: {rota.untold}",
                "compare it with the registry's by hand; or `--allow-unread`", distinguish=name,
            )  # fmt: skip


def _no_alert(context: "AuditContext", where: "Where") -> Diagnostic:
    missing = context.audited.undeployed
    message = "what was read holds no alert: nothing can be said of what is deployed"
    if missing:
        many = "alert is" if len(missing) == 1 else "alerts are"
        message += f", and {len(missing)} declared {many} not deployed ({listed(missing)})"
    help_ = "name the rule files that the server loads"
    return context.found_at(where, ("files", where.file), message, help_, distinguish="no alert")


RULE = rule(__name__, __doc__, "W E E", check)
