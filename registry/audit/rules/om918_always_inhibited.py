"""An alert that is silenced by one that always fires.

Why: a watchdog fires day and night, by design. An inhibition that has it as its source, by name or
by a condition that is too wide, silences its targets for good. No tool says that they are silenced.

Mend: take the watchdog out of the inhibition's source, by a label that it does not have; or ask for
an `equal` label that one of the two carries and the other does not.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic, Label
from registry.wording import listed

if TYPE_CHECKING:
    from registry.audit.context import AuditContext
    from registry.audit.join import Row


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each alert that every router which may get it silences at all times."""
    for row in context.audited.rows:
        alert, always = row.alert, row.silence.always
        if not always:
            continue
        fire = "fires" if len(always) == 1 else "fire"
        yield context.found_at(
            alert.where, ("deployed", alert.name),
            f"the deployed alert `{alert.name}` is always silenced: "
            f"{listed(always)} {fire} all the time",
            "let the inhibition's source leave out what always fires",
            related=_related(context, row), distinguish=f"{alert.where.file} {alert.group}",
        )  # fmt: skip


def _related(context: "AuditContext", row: "Row") -> Iterator[Label]:
    """Point at the inhibitions, and at the queries that always have a result."""
    yield from (one.label("by this inhibition") for one in row.silence.places[:3])
    for name in row.silence.always[:3]:
        queries = (one.alert.expr for one in context.audited.find(name))
        yield from (one.where.label("this always fires") for one in queries if one is not None)


RULE = rule(__name__, __doc__, "W E E", check)
