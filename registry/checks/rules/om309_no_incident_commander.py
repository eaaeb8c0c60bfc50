"""Nobody is incident commander by turns: no role covers it, or one that no schedule holds.

Why: in an incident somebody has to decide who does what, and not dig in logs meanwhile. If that is
settled only once it burns, it is whoever shouts first; if it is always the same person, it is
nobody when they sleep.

Mend: add a role `incident-commander` with a `schedule`, so that whoever is on call on it commands;
or let a role that you have say `covers: [incident-commander]`.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.people import Role

COMMANDER = "incident-commander"


def check(context: Context) -> Iterator[Diagnostic]:
    """Report that no role covers incident command, or only roles that a person holds.

    A vacant role is OM109's. Says nothing where a role that did not load may be the one.
    """
    roles = [(id_, role) for id_, role in context.each(Role) if COMMANDER in {id_, *role.covers}]
    doubtful = any(
        context.failed(Role, id_, field)
        for id_, _ in context.each(Role)
        for field in ("covers", "schedule")
    )
    unread = COMMANDER in context.workspace.failed.get("roles", ()) or context.may_hide(COMMANDER)
    if doubtful or unread or any(role.schedule for _, role in roles):
        return
    help_ = "let the role have a `schedule`: whoever is on call on it commands"
    held = [(id_, role.holder) for id_, role in roles if role.holder is not None]
    if not roles:
        message = f"no role covers `{COMMANDER}`"
        help_ = f"add a role `{COMMANDER}` with a `schedule` on which commanders take turns"
        yield context.absent("roles", COMMANDER, "", message, help_)
    for id_, holder in held[:1]:
        message = f"`{holder}` alone is incident commander, as `{id_}`: no schedule holds the role"
        yield context.finding(Role, id_, "holder", message, help_)


RULE = rule(__name__, __doc__, "I W E", check, seeds=(0,))
