"""A behavioural alert that first pages a schedule where nobody can read what it is about.

Why: whoever keeps servers alive can see that nothing is down, and no more. Which prompt or index
made the answers worse is for somebody who reads those, and until they wake the night is lost.

Mend: let the alert first page a schedule on which somebody has one of `behavioural_skills`, or
write down the skills of the people who have them. Who is paged along with the first schedule, or
before it, counts as well; whoever is called in later, as a commander, needs no such skill.
"""

from collections.abc import Iterator

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
    wrong: dict[str, list[str]] = {}
    for id_, alert in context.each(Alert):
        metric, target = metrics.get(alert.metric), alert.escalation
        if alert.response != "page" or metric is None or target is None:
            continue
        if target not in wrong:
            wrong[target] = _wrong_schedules(context, target) if skills else []
        if not wrong[target] or metric.bucket not in BEHAVIOURAL_BUCKETS:
            continue
        names = quoted(wrong[target])
        message = f"`{id_}` is about {metric.bucket}, and nobody on {names} has a skill for that"
        help_ = f"page a schedule on which somebody has one of: {', '.join(skills)}"
        related = [context.label(Schedule, one, message="nobody has one") for one in wrong[target]]
        yield context.finding(Alert, id_, "escalation", message, help_, related=related)


def _wrong_schedules(context: Context, target: str) -> list[str]:
    """Return the schedules that `target` pages first; none where anybody paged by then may do."""
    loaded = context.workspace.all(Schedule)
    escalation = context.workspace.all(Escalation).get(target)
    steps = escalation.steps if escalation is not None else ()
    told = [(one.after.milliseconds, _behind(context, id_)) for one in steps for id_ in one.notify]
    told = told or [(0, target)]
    first = min((after for after, one in told if one in loaded), default=-1)
    paged = dict.fromkeys(one for after, one in told if after <= first)
    schedules = [one for one in paged if one in loaded]
    people = [one for one in paged if one and one not in loaded]
    for schedule in schedules:  # where anybody takes turns, a substitute does not count
        ahead = context.graph.people_ahead(schedule)
        people += [one for one in ahead if one in loaded[schedule].participants] or ahead
    doubts = {("escalations", target), *(("schedules", one) for one in schedules)}
    sure = people and doubts.isdisjoint(context.workspace.failed_fields)
    wanted = {skill.casefold() for skill in context.settings.behavioural_skills}
    return schedules if sure and all(_lacks(context, one, wanted) for one in people) else []


def _behind(context: Context, id_: str) -> str:
    """Return the person or schedule behind a role, empty for a vacant one; else the id itself."""
    role = context.workspace.all(Role).get(id_)
    if role is None or ("roles", id_) in context.workspace.failed_fields:
        return id_
    return role.holder or role.schedule or ""


def _lacks(context: Context, person: str, wanted: set[str]) -> bool:
    """Whether a person is sure to have none of the skills."""
    found = context.workspace.all(Person).get(person)
    if found is None or ("people", person) in context.workspace.failed_fields:
        return False
    return wanted.isdisjoint(skill.casefold() for skill in found.skills)


RULE = rule(__name__, __doc__, "· W E", check, seeds=(1,), settings=("behavioural_skills",))
