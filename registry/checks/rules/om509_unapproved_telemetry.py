"""A telemetry policy that security and product have not both approved.

Why: what is recorded is a promise to users and a risk to the company. Engineering alone can make
neither; if the two who can have not agreed, the first hard question stops the programme.

Mend: have somebody of function security and somebody of function product read it, and name them
in `telemetry: approved_by`. A person's functions are those of their roles and teams.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.people import Person, Role, Team
from registry.model.telemetry import Telemetry

NEEDED = ("security", "product")


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each function that has not approved; a team is nobody in particular.

    A policy that is nowhere is reported once. Says nothing where a name is unknown, or where a role
    or a team that did not load may tell more.
    """
    policies = dict(context.each(Telemetry))
    known = {*context.workspace.all(Person), *context.workspace.all(Role)}
    teams = context.workspace.all(Team)
    doubtful = any(section in {"teams", "roles"} for section, _ in context.workspace.failed_fields)
    if not policies and not context.workspace.failed.get("telemetry"):
        message = "there is no `telemetry` section: nobody has approved what is recorded"
        help_ = "add `telemetry: {reviewed: …, approved_by: [security, product]}` with real names"
        yield context.absent("telemetry", "telemetry", "telemetry", message, help_)
    for id_, policy in policies.items():
        approvers = policy.approved_by
        given = {one for name in known & {*approvers} for one in context.indexes.functions(name)}
        lacking = [function for function in NEEDED if function not in given]
        message = f"nobody of function {' or '.join(lacking)} has approved the telemetry policy"
        help_ = "have them read it, and name them in `approved_by`"
        if not approvers:
            yield context.missing(Telemetry, id_, "approved_by", message, help_)
        elif lacking and not doubtful and all(one in known or one in teams for one in approvers):
            groups = " and ".join(f"`{one}`" for one in approvers if one in teams)
            message += f"; a team, as {groups}, is nobody in particular" if groups else ""
            yield context.finding(Telemetry, id_, "approved_by", message, help_)


RULE = rule(__name__, __doc__, "· W E", check, seeds=(4, 0))
