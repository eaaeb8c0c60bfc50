"""Someone whom a grave page reaches has an e-mail address and no other contact.

Why: a mail wakes nobody. At three in the morning the page counts as sent, and is read at nine.

Mend: give the person a `contact` with a phone, slack, teams or pager.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Alert
from registry.model.people import Person

_GRAVE = ("sev1", "sev2")


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each person whom an alert of sev1 or sev2 may page, and whom only mail reaches.

    Someone without any contact is OM318's.
    """
    paged: dict[str, str] = {}
    for id_, alert in context.each(Alert):
        if alert.response == "page" and alert.severity in _GRAVE and alert.escalation is not None:
            for page in context.indexes.pages(alert.escalation):
                for named in context.indexes.takers(page.behind) if page.behind else ():
                    paged.setdefault(named, id_)
                for _, deputy in context.indexes.deputies_ahead(page.behind or ""):
                    paged.setdefault(deputy, id_)
            for named in context.indexes.takers(alert.escalation):
                paged.setdefault(named, id_)
    for id_, person in context.each(Person):
        if id_ not in paged or context.failed(Person, id_, "contact"):
            continue
        contact = person.contact
        mail = person.email or (contact.email if contact is not None else None)
        ways = contact and (contact.phone, contact.slack, contact.teams, contact.pager)
        if mail and not any(ways or ()):
            message = f"`{id_}` is paged by mail alone, for `{paged[id_]}` among others"
            help_ = "add `contact` with a phone, slack, teams or pager"
            related = (context.label(Alert, paged[id_], "severity", "a page that must wake"),)
            yield context.missing(Person, id_, "contact", message, help_, related=related)


RULE = rule(__name__, __doc__, "I W W", check, seeds=(1,))
