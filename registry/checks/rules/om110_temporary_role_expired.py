"""A role was held for a time only, and that time is over.

Why: a stand-in agreed to a date. After it they turn to their own work, while pages and decisions
still come to them; nobody has said that the job is theirs for good.

Mend: set `holder` to whoever has the role from now on and remove `temporary_until`, or agree with
the stand-in on a new date.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.people import Role


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each role whose `temporary_until` is over where its holder is."""
    for id_, role in context.each(Role):
        until = role.temporary_until
        if until is None or until.date >= context.today(role.holder):
            continue
        held = f"held by `{role.holder}` for a time" if role.holder else "filled for a time"
        message = f"role `{id_}` is {held}, which ended on {until}"
        help_ = "name who holds it from now on, or agree on a new date"
        related = [context.label(Role, id_, "holder", "the stand-in")] if role.holder else []
        yield context.finding(Role, id_, "temporary_until", message, help_, related=related)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(0, 4))
