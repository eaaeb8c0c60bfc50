"""Somebody whom the registry names has left, by the directory of people, or is not in it.

Why: `until` knows only what somebody typed. People leave on a Friday, their account is closed, and
the page of Saturday night goes to a telephone that nobody holds.

Mend: name somebody else wherever the registry names them (`opmodel impact --without` lists it), and
set their `until`. Where the directory is wrong, correct it; `audit --people FILE.csv` reads it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.checks.rule import rule
from registry.diagnostic import Diagnostic
from registry.model.people import Person

if TYPE_CHECKING:
    from registry.audit.context import AuditContext
    from registry.audit.directory import Listed


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each person who is not active, unless the registry says so itself."""
    directory = context.directory
    if directory is None:
        return
    for id_, person in context.each(Person):
        today = context.today(id_)
        if person.until is not None and person.until.date < today:
            continue
        emails = _addresses(person)
        found = directory.find(id_, emails)
        if found is None and not directory.can_tell(emails):
            continue
        if found is not None and not found.is_gone(today):
            continue
        yield context.finding(
            Person, id_, (), f"`{id_}` ({person.name}) {_said(found, directory.file)}",
            f"name somebody else where the registry names `{id_}`, and set `until`", part="key",
        )  # fmt: skip


def _addresses(person: Person) -> list[str]:
    found = (person.email, person.contact.email if person.contact is not None else None)
    return [str(one) for one in found if one]


def _said(found: "Listed | None", file: str) -> str:
    if found is None:
        return f"is not in the directory of people, `{file}`"
    if found.last_day is not None and found.is_active:
        return f"left on {found.last_day.isoformat()}, by line {found.line} of `{file}`"
    return f"is not active, by line {found.line} of `{file}`"


RULE = rule(__name__, __doc__, "W E E", check)
