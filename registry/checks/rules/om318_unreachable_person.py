"""Someone who is paged has neither a contact nor an e-mail address.

Why: the name is on the rota and the page has nowhere to go. It counts as sent, and the minutes
until the next step are lost, or all of them if there is none.

Mend: give the person a `contact` (phone, slack, teams or pager) or at least an `email`.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Label
from registry.model.metrics import Alert
from registry.model.oncall import Escalation, Schedule
from registry.model.people import Contact, Person


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each person whom an alert may page, from now on, and whom nothing can reach."""
    paged: dict[str, Label] = {}
    told: set[str] = set()
    for target in dict.fromkeys(alert.escalation for _, alert in context.each(Alert)):
        for named, label in _paged(context, target, told) if target is not None else ():
            paged.setdefault(named, label)
    for id_, person in context.each(Person):
        failed = context.failed(Person, id_, "email")
        if id_ in paged and not (person.email or failed or _is_given(person.contact)):
            message = f"`{id_}` is paged, and has neither a contact nor an e-mail address"
            help_ = "add `contact` with a phone, slack, teams or pager, or an `email`"
            yield context.missing(Person, id_, "contact", message, help_, related=(paged[id_],))


def _is_given(contact: Contact | None) -> bool:
    return contact is not None and any(
        (contact.email, contact.phone, contact.slack, contact.teams, contact.pager)
    )


def _paged(context: Context, target: str, told: set[str]) -> Iterator[tuple[str, Label]]:
    """Yield whom an alert's escalation may page, with the schedule or the step that does.

    `told` are the schedules that were paged before: thousands of escalations may page one.
    """
    for page in context.indexes.pages(target):
        paged = page.behind or ""
        if paged in context.workspace.all(Person):
            yield paged, context.label(Escalation, target, page.field, "paged here")
            for place, deputy in context.indexes.deputies_ahead(paged):
                yield deputy, context.label(Person, paged, place, "stands in here")
        if paged not in told:
            told.add(paged)
            for person in context.indexes.people_ahead(paged):
                yield person, context.label(Schedule, paged, (), "takes turns here")


RULE = rule(__name__, __doc__, "E E E", check, seeds=(1,))
