"""A receiver that routes lead to, and that nothing in the registry claims.

Why: the registry says who is on call, and the deployed routes say `pager-2`. As long as nobody says
that these are the same, no answer about who is paged reaches beyond the registry's own words.

Mend: add a binding from the receiver, or from the paging service that it notifies, to the
escalation, schedule or channel that it stands for. One without any integration needs none, and
none does that is called by section and id, as `channels/search-room`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic
from registry.wording import listed

if TYPE_CHECKING:
    from registry.audit.context import AuditContext


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each receiver that is used and that no binding names."""
    for receiver, router, _, claimed, used in context.audited.destinations:
        if claimed or not used or not receiver.integrations:
            continue
        kinds = tuple(dict.fromkeys(one.kind for one in receiver.integrations))
        message = f"the receiver `{receiver.name}` ({listed(kinds)}) is nothing in the registry"
        help_ = f"bind it, as `{{receiver: {receiver.name}, means: …}}` in `bindings`"
        yield context.found_at(
            receiver.where, ("receivers", receiver.name), message, help_,
            distinguish=router.where.file,
        )  # fmt: skip


RULE = rule(__name__, __doc__, "W W E", check)
