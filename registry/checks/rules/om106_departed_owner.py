"""Someone in an owning field who has left, or leaves within the notice that the policy sets.

Why: a name stays in the files after its person is gone: the entry looks owned, and whoever
follows it reaches a closed account. The last weeks are the time to hand over.

Mend: name the successor in the field that is shown, or make somebody else the role's `holder`. If
the person stays, correct their `until`. `departure_notice` sets how early this is said.
"""

from collections.abc import Iterator
from datetime import timedelta

from registry.checks.leavers import leavers
from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.people import Person
from registry.model.reference import OWNING
from registry.model.sections import SECTIONS


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each owning field, and each role's `holder`, that names a person who is leaving."""
    notice = timedelta(seconds=context.settings.departure_notice.seconds)
    for one in leavers(context, notice):
        edge, name = one.edge, one.edge.target
        if edge.meaning in OWNING:
            was = "was" if one.last_day < context.today(name) else "is"
            message = f"the last day of `{name}`, {one.place}, {was} {one.last_day}"
            help_ = f"name somebody else, or correct the `until` of `{name}`"
            related = (context.label(Person, name, "until", "the last day"),)
            model = SECTIONS[edge.section].model
            yield context.finding(model, edge.id, edge.path, message, help_, related=related)


RULE = rule(__name__, __doc__, "E E E", check, settings=("departure_notice",))
