"""A severity that does not fit the response: an emergency that files a ticket, a trifle that pages.

Why: a sev1 or sev2 promises an answer within minutes or an hour, and a ticket is read next
morning. A sev4 that wakes people teaches them to sleep through the next page.

Mend: make a sev1 or sev2 page, and a sev4 a ticket; or correct the severity, if that is wrong.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.metrics import Alert


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each sev1 or sev2 that only files a ticket, and each sev4 that pages."""
    for id_, alert in context.each(Alert):
        if alert.response == "ticket" and alert.severity in {"sev1", "sev2"}:
            message = f"alert `{id_}` is a {alert.severity}, and only files a ticket"
            help_ = "let it page, or lower the severity if it can wait"
        elif alert.response == "page" and alert.severity == "sev4":
            message = f"alert `{id_}` is a sev4, and pages"
            help_ = "make it a ticket, or raise the severity if somebody must be woken"
        else:
            continue
        related = [context.label(Alert, id_, "severity", "its severity")]
        yield context.finding(Alert, id_, "response", message, help_, related=related)


RULE = rule(__name__, __doc__, "I W W", check, seeds=(3, 4))
