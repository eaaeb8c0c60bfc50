"""A deployed alert that reaches no receiver, or only one that has no integration.

Why: the rule is there, it fires, and Alertmanager takes it with thanks. A receiver with a name and
nothing below it sends to nobody, and no tool complains of it. A log that every alert passes, on a
route without a condition that continues, is no destination either, unless it pages somebody.

Mend: give the receiver an integration, or send the alert to another one; where it is dropped on
purpose, waive the finding with the reason. Without any alert the receiver itself is reported.
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
    """Report each alert that no series of it lets reach anybody."""
    audited = context.audited
    for row in audited.rows:
        silent = _silent(row)
        if not row.is_sent or not (row.way.verdict == "never" or silent or row.only_taps):
            continue
        name = row.alert.name
        message = f"the deployed alert `{name}` reaches no receiver"
        help_ = "give one of its routes a receiver"
        if silent:
            message = (
                f"the deployed alert `{name}` reaches nobody if it is sent to {listed(silent)}"
            )
            help_ = "let every router that may get it notify somebody; or audit them one by one"
        elif row.only_taps:
            message = (
                f"the deployed alert `{name}` reaches nobody: every alert passes "
                f"{listed(sorted(row.taps))}, and nothing else that notifies takes this one"
            )
            help_ = "route it to a receiver of its own; or let what all pass page somebody"
        elif row.way.names:
            which = f"which {'notifies' if len(row.way.names) == 1 else 'notify'} nobody"
            message = f"the deployed alert `{name}` reaches only {listed(row.way.names)}, {which}"
            help_ = "give the receiver an integration, or route the alert to one that has some"
        yield context.found_at(
            row.alert.where, ("deployed", name), message + row.proviso, help_,
            related=_related(row), distinguish=f"{row.alert.where.file} {row.alert.group}",
        )  # fmt: skip
    systems = {row.alert.system for row in audited.rows}
    for one in audited.destinations:
        if one.used and not one.receiver.integrations and one.router.system not in systems:
            name = one.receiver.name
            message = f"the receiver `{name}` notifies nobody, and routes lead to it"
            help_ = "give it an integration, or take the routes away"
            yield context.found_at(
                one.receiver.where, ("receivers", name), message, help_,
                distinguish=one.receiver.where.file,
            )  # fmt: skip


def _silent(row: "Row") -> tuple[str, ...]:
    """Name the routers that would drop the alert, where another one would not."""
    if row.way.verdict != "depends" or row.way.is_covered:
        return ()
    whole = ((router, one) for router, one in row.way.judged if not router.part)
    return tuple(dict.fromkeys(str(r.where) for r, one in whole if one.verdict == "never"))


def _related(row: "Row") -> Iterator[Label]:
    """Point at the routes that take the alert, and at the empty receivers."""
    for reached, *_ in (one for one in row.stops if not one.reached.notifies):
        yield from (route.place.label("this route takes it") for route in reached.routes[:1])
        receivers = (one for one in (reached.receiver,) if one is not None)
        yield from (one.where.label("it has no integration") for one in receivers)


RULE = rule(__name__, __doc__, "W E E", check)
