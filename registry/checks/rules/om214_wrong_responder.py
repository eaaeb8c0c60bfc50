"""A behavioural alert that first pages a schedule where nobody can read what it is about.

Why: whoever keeps servers alive can see that nothing is down, and no more. Which prompt or index
made the answers worse is for somebody who reads those, and until they wake the night is lost.

Mend: let the alert first page a schedule on which somebody has one of `behavioural_skills`, or
write down the skills of the people who have them. Who is paged along with the first schedule, or
before it, counts as well; whoever is called in later, as a commander, needs no such skill.
"""

from collections.abc import Callable, Iterator
from functools import cache

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import BEHAVIOURAL_BUCKETS, Alert, Metric
from registry.model.oncall import Escalation, Schedule
from registry.model.people import Person, Role
from registry.wording import quoted


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each behavioural page whose first responders all lack the skills.

    Says nothing where something on the way did not load, or where nobody is on call at all.
    """
    metrics, skills = context.workspace.all(Metric), context.settings.behavioural_skills
    untaught = _untaught(context)
    # However many escalations page a schedule, it is asked once.
    lacks = cache(lambda one: untaught.issuperset(context.horizon.takers(one)))
    wrong = cache(lambda target: _wrong(context, target, lacks) if skills else [])
    for id_, alert in context.each(Alert):
        metric, target = metrics.get(alert.metric), alert.escalation
        if alert.response != "page" or metric is None or target is None:
            continue
        if metric.bucket not in BEHAVIOURAL_BUCKETS or not wrong(target):
            continue
        names = quoted(wrong(target))
        message = f"`{id_}` is about {metric.bucket}, and nobody on {names} has a skill for that"
        help_ = f"page a schedule on which somebody has one of: {', '.join(skills)}"
        related = [context.label(Schedule, one, message="nobody has one") for one in wrong(target)]
        yield context.finding(Alert, id_, "escalation", message, help_, related=related)


def _wrong(context: Context, target: str, lacks: Callable[[str], bool]) -> list[str]:
    """Return the schedules that `target` pages first; none where anybody paged by then may do."""
    loaded = context.workspace.all(Schedule)
    escalation = context.workspace.all(Escalation).get(target)
    steps = escalation.steps if escalation is not None else ()
    pages = [(one.after.milliseconds, _behind(context, id_)) for one in steps for id_ in one.notify]
    pages = pages or [(0, target)]
    first = min((after for after, one in pages if one in loaded), default=-1)
    paged = dict.fromkeys(one for after, one in pages if after <= first)
    schedules = [one for one in paged if one in loaded]
    doubts = {("escalations", target), *(("schedules", one) for one in schedules)}
    asked = [one for one in paged if context.horizon.takers(one)]
    sure = asked and doubts.isdisjoint(context.workspace.failed_fields)
    return schedules if sure and all(map(lacks, asked)) else []


def _behind(context: Context, id_: str) -> str:
    """Return the person or schedule behind a role, empty for a vacant one; else the id itself."""
    role = context.workspace.all(Role).get(id_)
    if role is None or ("roles", id_) in context.workspace.failed_fields:
        return id_
    return role.holder or role.schedule or ""


def _untaught(context: Context) -> set[str]:
    """Return the people who are sure to have none of the skills."""
    wanted = {skill.casefold() for skill in context.settings.behavioural_skills}
    failed = context.workspace.failed_fields
    sure = (pair for pair in context.each(Person) if ("people", pair[0]) not in failed)
    return {id_ for id_, one in sure if wanted.isdisjoint(map(str.casefold, one.skills))}


RULE = rule(__name__, __doc__, "· W E", check, seeds=(1,), settings=("behavioural_skills",))
