"""An alert of the registry that is deployed nowhere, in all that was read.

Why: the page lists it, the runbook speaks of it, and it will never fire. Everybody counts on a rule
that was renamed last spring, or that waits in somebody's branch.

Mend: deploy it; or bind the name under which it is deployed; or remove it. An audit that is given
only some of the rule files says this of the others, too.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Alert
from registry.wording import counted

if TYPE_CHECKING:
    from registry.audit.context import AuditContext


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each alert that nothing deployed is; nothing, where no alert was read at all."""
    audited = context.audited
    unread = len(audited.deployed.not_read)
    if not audited.rows:
        return
    for id_ in audited.undeployed:
        message = f"the alert `{id_}` is not deployed"
        if unread:
            message += f", unless in what was not read ({counted(unread, 'part')})"
        help_ = f"deploy it; or bind its name: `{{label: alertname, value: …, alert: {id_}}}`"
        yield context.finding(Alert, id_, (), message, help_, part="key")


RULE = rule(__name__, __doc__, "I W W", check)
