"""No server loads a rule file: no pattern names it, no selector takes it, or it would be refused.

Why: what is not loaded never fires. The file was reviewed and merged, and everybody thinks that it
watches; one word that the server does not know keeps all the rules of its file away.

Mend: name the file in `rule_files`, give the resource the labels that are asked for, or correct
what the server refuses: `promtool check rules FILE` says the same. A path that only the server has
proves nothing, and neither does a label that no file shows. What Prometheus refuses and vmalert
takes is said to be loaded by that alone, unless something says that there is one.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic
from registry.wording import listed

if TYPE_CHECKING:
    from registry.audit.context import AuditContext
    from registry.deployed.model import DeployedAlert, Unloaded

_SHOWN = 5


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each file, or resource, that is not loaded, with its alerts."""
    for one in context.audited.deployed.unloaded:
        alerts = tuple(_alerts(context, one))
        names = tuple(dict.fromkeys(alert.name for alert in alerts))
        lost = f"; {listed(names, _SHOWN)} never fire{'s' if len(names) == 1 else ''}"
        help_ = "let a server load them, or take them away"
        if any(alert.unrendered for alert in alerts):
            lost, help_ = "", "render it, and audit what the server itself reads"
        loaded = "are not loaded"
        stand = f"{one.part} in {one.where.file}" if one.part else one.where.file
        if one.taker:
            loaded = f"are loaded by {one.taker} alone"
            help_ = f"correct them, or audit the configuration of the {one.taker} that loads them"
        because = [one.because.label("this decides")] if one.because is not None else []
        message = f"the rules of {stand} {loaded}: {one.reason}"
        yield context.found_at(
            one.where, ("rule-files", one.where.file), message + (lost if names else ""), help_,
            related=because, distinguish=f"{one.part} {one.reason}".strip(),
        )  # fmt: skip


def _alerts(context: "AuditContext", one: "Unloaded") -> Iterator["DeployedAlert"]:
    for row in context.audited.rows:
        alert = row.alert
        is_there = alert.where.file == one.where.file and alert.origin.part == one.part
        if alert.unloaded == one.reason and is_there:
            yield alert


RULE = rule(__name__, __doc__, "W E E", check)
