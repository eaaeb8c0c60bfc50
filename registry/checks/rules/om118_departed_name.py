"""Someone who has left, in a field that makes nothing theirs and counts on them all the same.

Why: the operator of a switch, the one whom a runbook escalates to, whoever is consulted: each is
tried when it matters, and does not answer. Their access to raw data outlives them, too.

Mend: put the successor's name in place of the one that is shown, or take it out. A role in its
place follows its holder. If the person is back, correct their `until`.
"""

from collections.abc import Iterator
from datetime import timedelta

from registry.checks.leavers import leavers
from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.people import Person
from registry.model.reference import OWNING, Meaning
from registry.model.sections import SECTIONS

_ON_CALL: frozenset[Meaning] = frozenset({"on call", "stands in", "replaces", "is paged"})
"""By these somebody serves or is paged at some hours, or is taken off: OM303 knows whether then."""


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each reference to a person who has left that no other rule owns."""
    for one in leavers(context, timedelta(days=-1)):
        edge, name = one.edge, one.edge.target
        if edge.meaning not in OWNING | _ON_CALL:
            message = f"`{name}`, {one.place}, has left: the last day was {one.last_day}"
            help_ = f"name somebody else, or take `{name}` out"
            related = (context.label(Person, name, "until", "the last day"),)
            model = SECTIONS[edge.section].model
            yield context.finding(
                model, edge.id, edge.path, message, help_, related=related, distinguish=name
            )


RULE = rule(__name__, __doc__, "W W E", check)
