"""Nobody on call can read a change of a prompt and tell what it will do.

True: of all whom the alerts on behaviour page (by schedule, by role or by name, at any step), or,
where no such alert pages, of all who are on call on any schedule, everybody has `skills` written
down, and nobody has one of the policy's `behavioural_skills`.

False: somebody among them has.

Cannot be told: nobody is on call, somebody's skills are not written down, the policy names no
skills, or part of `people`, `schedules`, `escalations` or `alerts` is unread.
"""

from registry.assess.sign import Inquiry, SignAnswer, doubted, false, sign, true, unknown
from registry.model.metrics import Alert, Metric
from registry.model.oncall import Escalation, Schedule
from registry.model.people import Person, Role
from registry.wording import counted


def ask(inquiry: Inquiry) -> SignAnswer:
    """Look for one person with the skills among those who are paged."""
    wanted = {skill.casefold() for skill in inquiry.settings.behavioural_skills}
    people = inquiry.workspace.all(Person)
    paged = _paged(inquiry)
    where = "whom alerts on behaviour page" if paged else "on call"
    asked = [id_ for id_ in paged or _on_call(inquiry) if id_ in people]
    able = [id_ for id_ in asked if not wanted.isdisjoint(map(str.casefold, people[id_].skills))]
    if able:
        evidence = [inquiry.label(Person, id_, "skills", _has(inquiry, id_)) for id_ in able[:3]]
        return false(f"of {counted(len(asked), 'person')} {where}, {len(able)} can", evidence)
    doubt = inquiry.doubt(Person, Schedule, Escalation, Alert, Metric, Role)
    if doubt:
        return doubted(doubt)
    if not wanted or not asked:
        nothing = "the registry has nobody on call" if wanted else "the policy names no such skills"
        step = "write down the schedule, and what its people can read at night, in `skills`"
        return unknown(nothing, step)
    silent = [id_ for id_ in asked if not people[id_].skills]
    if silent:
        because = f"of {counted(len(asked), 'person')} {where}, {len(silent)} without any `skills`"
        step = "ask them, and write down what each can read and act on"
        return unknown(because, step, [inquiry.label(Person, id_) for id_ in silent[:3]])
    evidence = [inquiry.label(Person, id_, "skills", _has(inquiry, id_)) for id_ in asked[:5]]
    step = "put one person with such a skill on a rotation, and let alerts on behaviour page it"
    return true(f"of {counted(len(asked), 'person')} {where}, none can", evidence, step)


def _paged(inquiry: Inquiry) -> list[str]:
    """List the people whom alerts on behaviour page, each once, in order of first mention."""
    targets = [
        alert.escalation
        for alert in inquiry.behavioural_alerts().values()
        if alert.response == "page" and alert.escalation
    ]
    escalations = inquiry.workspace.all(Escalation)
    told = [
        one
        for target in targets
        for one in (
            [name for step in escalations[target].steps for name in step.notify]
            if target in escalations
            else [target]
        )
    ]
    return list(dict.fromkeys(person for one in told for person in _behind(inquiry, one)))


def _on_call(inquiry: Inquiry) -> list[str]:
    schedules = inquiry.workspace.all(Schedule)
    turns = (inquiry.graph.people_ahead(schedule) for schedule in schedules)
    return list(dict.fromkeys(person for turn in turns for person in turn))


def _behind(inquiry: Inquiry, id_: str) -> tuple[str, ...]:
    """Return the people behind a person, a role or a schedule."""
    role = inquiry.workspace.all(Role).get(id_)
    held = (role.holder or role.schedule or "") if role is not None else id_
    return inquiry.graph.people_ahead(held) or ((held,) if held else ())


def _has(inquiry: Inquiry, id_: str) -> str:
    return f"`{id_}` reads {', '.join(inquiry.workspace.all(Person)[id_].skills)}"


SIGN = sign(__name__, __doc__, ask, of_model=True)
