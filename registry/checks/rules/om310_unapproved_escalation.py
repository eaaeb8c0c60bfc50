"""An escalation that nobody has approved, or nobody of leadership.

Why: it says who is woken and who is called in over their heads. Unless leadership has agreed to
that beforehand, the last step is argued about when it is used, at the worst of times.

Mend: have somebody with the function leadership read it, and name them, or their role, in
`approved_by`. A person's functions are those of their roles and teams.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Label
from registry.model.oncall import Escalation
from registry.model.people import Person, Role, Team
from registry.model.reference import names

FUNCTION = "leadership"


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each escalation without an approval of leadership; a team is nobody in particular.

    Says nothing where a name is unknown, or where a role or a team that did not load may tell more.
    """
    known = {*context.workspace.all(Person), *context.workspace.all(Role)}
    teams = context.workspace.all(Team)
    doubtful = any(section in {"teams", "roles"} for section, _ in context.workspace.failed_fields)
    for id_, escalation in context.each(Escalation):
        approvers = names(escalation.approved_by)
        if not approvers:
            message = f"nobody has approved the escalation `{id_}`"
            help_ = "have somebody of leadership read it, and name them in `approved_by`"
            yield context.missing(Escalation, id_, "approved_by", message, help_)
            continue
        functions = {
            one for name in known & set(approvers) for one in context.indexes.functions(name)
        }
        unknown = not all(name in known or name in teams for name in approvers)
        if FUNCTION in functions or unknown or doubtful:
            continue
        shown = ", ".join(f"`{name}`" + ", a team" * (name in teams) for name in approvers)
        message = f"`{id_}` is approved by {shown}, and by nobody with the function {FUNCTION}"
        help_ = f"have somebody with the function {FUNCTION} approve it"
        related = list(_functions(context, approvers))
        yield context.finding(Escalation, id_, "approved_by", message, help_, related=related)


def _functions(context: Context, approvers: tuple[str, ...]) -> Iterator[Label]:
    """Point at the functions of the approving roles."""
    for name in approvers:
        role = context.workspace.all(Role).get(name)
        if role is not None and role.function is not None:
            yield context.label(Role, name, "function", f"the function of `{name}`")


RULE = rule(__name__, __doc__, "· W E", check, seeds=(0,))
