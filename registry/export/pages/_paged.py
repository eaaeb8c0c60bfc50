"""Whom an alert pages, as Markdown: step by step, with everybody who takes turns, and deputies."""

from collections.abc import Iterator

from registry.export.edition import Edition
from registry.model.metrics import Alert, Metric
from registry.model.oncall import Escalation, Schedule, hours_in_words
from registry.model.people import Role
from registry.output.markdown import bullets
from registry.paging.charge import Charges
from registry.workspace.names import NOT_READ
from registry.workspace.severity import severity


def paged(edition: Edition, id_: str, alert: Alert) -> Iterator[str]:
    """Write what an alert is about, whom it pages after how long, and who else is told."""
    does = "pages" if alert.response == "page" else "files a ticket"
    yield f"### {edition.id(id_)}: {alert.severity}, {does}"
    yield from bullets(_about(edition, id_, alert))
    yield from edition.unread(Alert, id_)
    if alert.escalation is not None:
        yield from (f"Pages {edition.id(alert.escalation)}:", *steps(edition, alert.escalation))
    elif alert.response == "page":
        yield from ("**It pages nobody: no escalation is set.**", "")
    if alert.notify:
        readers = (edition.literal(edition.roster.reader(one)) for one in alert.notify)
        yield from ("Also told, without a page:", *bullets(readers))
    elif alert.escalation is None and alert.response == "ticket":
        yield from ("**It goes nowhere: no channel and no escalation is set.**", "")


def steps(edition: Edition, target: str) -> list[str]:
    """List whom an escalation, or the schedule in its place, reaches after how long."""
    escalation = edition.workspace.all(Escalation).get(target)
    if escalation is None:
        if edition.workspace.has("escalations", target):
            return bullets([edition.rich(NOT_READ)])
        known = edition.workspace.has("schedules", target)
        return bullets(
            [f"at once: {reached(edition, target)}" if known else "**it does not exist**"]
        )
    told = [
        f"{'at once' if not step.after.milliseconds else f'after {step.after}'}: "
        + ("one of these, in turn: " if step.is_in_turn else "")
        + ("; ".join(reached(edition, one) for one in step.notify) or "**nobody**")
        + (f", {hours}" if (hours := hours_in_words(step)) else "")
        for step in sorted(escalation.steps, key=lambda step: step.after.milliseconds)
    ]
    if escalation.repeat:
        times = "once more" if escalation.repeat == 1 else f"{escalation.repeat} times more"
        after = f"{escalation.repeat_after} after the last step"
        told.append(f"without an acknowledgement, all of it {times}, {after}")
    whole = hours_in_words(escalation)
    return [
        *([f"It pages {whole}.", ""] if whole else []),
        *bullets(told or ["**nobody**"], "1."),
        *edition.unread(Escalation, target),
    ]


def reached(edition: Edition, id_: str) -> str:
    """Name everybody whom a page to an id may reach."""
    return edition.literal(edition.reached.text(id_)) + _doubt(edition, id_)


def notified(edition: Edition, target: str) -> tuple[str, ...]:
    """List the ids that an escalation pages at any step; a schedule's or a person's is itself."""
    escalation = edition.workspace.all(Escalation).get(target)
    told = [one for step in escalation.steps for one in step.notify] if escalation else [target]
    return tuple(dict.fromkeys(told))


def _doubt(edition: Edition, id_: str) -> str:
    """Say that a role, or a schedule, did not load in full: who is behind it is not certain."""
    role = edition.workspace.all(Role).get(id_)
    schedule = (role.schedule if role else None) or id_
    unread = edition.workspace.failed_fields
    whole = edition.workspace.all(Schedule).get(schedule) is not None
    failed = not whole and edition.workspace.has("schedules", schedule)
    doubtful = ("schedules", schedule) in unread or ("roles", id_) in unread
    return f" **{edition.rich(NOT_READ)}**" if failed or doubtful else ""


def _about(edition: Edition, id_: str, alert: Alert) -> Iterator[str]:
    metric = edition.workspace.all(Metric).get(alert.metric)
    fires = alert.when.in_words() if alert.when else ""
    where = ", ".join(f"{key} = {value}" for key, value in alert.slice.items())
    threshold = edition.literal(fires) if fires else "*no threshold is set*"
    place = f", where {edition.literal(where)}" if where else ""
    yield f"**Fires when** {edition.id(alert.metric)} {threshold}{place}"
    if metric is not None and metric.definition:
        yield f"**Metric**: {edition.rich(metric.definition)}"
    if metric is not None and metric.decision:
        yield f"**Decision**: {edition.rich(metric.decision)}"
    row = Charges(edition.workspace).accountable(("alerts", id_))
    yield f"**Owner**: {edition.owner(alert.owner)}"
    yield f"**Answers for its layer**: {edition.owner(row.via if row else None)}"
    level = severity(edition.workspace, edition.policy.settings, alert.severity)
    if level.respond_within:
        yield f"**Somebody responds within**: {level.respond_within}"
    if level.criteria:
        yield f"**{alert.severity} means**: {edition.rich(level.criteria)}"
