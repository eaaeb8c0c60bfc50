"""A telemetry policy that security and product have not both approved.

Why: what is recorded is a promise to users and a risk to the company. Engineering alone can make
neither; if the two who can have not agreed, the first hard question stops the programme.

Mend: have somebody of function security and somebody of function product read it, and name them
in `telemetry: approved_by`. A person's functions are those of their roles and teams.
"""

from collections.abc import Iterator

from registry.diagnostic import Diagnostic
from registry.model.people import Person, Role, Team
from registry.model.telemetry import Telemetry
from registry.rule import Context, rule

NEEDED = ("security", "product")


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each function that has not approved; a policy that is nowhere is reported once."""
    policies = dict(context.each(Telemetry))
    if not policies and not context.workspace.failed.get("telemetry"):
        message = "there is no `telemetry` section: nobody has approved what is recorded"
        help_ = "add `telemetry: {reviewed: …, approved_by: [security, product]}` with real names"
        yield context.absent("telemetry", "telemetry", "telemetry", message, help_)
    for id_, policy in policies.items():
        sections = [context.workspace.all(model) for model in (Person, Role, Team)]
        if not all(any(name in known for known in sections) for name in policy.approved_by):
            continue
        given = {one for name in policy.approved_by for one in context.graph.functions(name)}
        lacking = [function for function in NEEDED if function not in given]
        if not lacking:
            continue
        message = f"nobody of function {' or '.join(lacking)} has approved the telemetry policy"
        help_ = "have them read it, and name them in `approved_by`"
        if policy.approved_by:
            yield context.finding(Telemetry, id_, "approved_by", message, help_)
        else:
            yield context.missing(Telemetry, id_, "approved_by", message, help_)


RULE = rule(__name__, __doc__, "· W E", check, seeds=(4, 0))
