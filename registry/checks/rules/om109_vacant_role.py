"""A role that neither a person nor a schedule holds.

Why: whatever the files entrust to the role is entrusted to nobody, and it does not show: the
fields that name it are filled in, and a page that goes to it ends there.

Mend: set `holder` to a person, or `schedule` where whoever is on call holds it. If somebody only
stands in, name them and say until when in `temporary_until`. Remove a role that nobody needs.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.people import Role


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each role with neither `holder` nor `schedule`."""
    for id_, role in context.each(Role):
        failed = context.workspace.failed_fields.get(("roles", id_), frozenset())
        if role.holder is None and role.schedule is None and not failed & {"holder", "schedule"}:
            quoted = context.workspace.placeholders.get(("roles", id_), {})
            field = "schedule" if ("schedule",) in quoted else "holder"
            help_ = "set `holder` to a person, or `schedule` to the one whose on-call holds it"
            yield context.missing(Role, id_, field, f"nobody holds the role `{id_}`", help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(0,))
