"""Who works here, by the directory of people: a table of ids or addresses, and of who has left."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

MAX_SIZE = 64 * 1024 * 1024
"""Bytes; a line of a large company's directory has about a hundred."""

_HEADS = {
    "id": ("id", "person", "login", "user", "username", "uid", "account", "handle"),
    "email": ("email", "mail", "emailaddress", "workemail", "primaryemail"),
    "active": ("active", "isactive", "status", "employed", "enabled", "state"),
    "last_day": ("lastday", "lastworkingday", "until", "left", "leaves", "enddate", "end",
                 "terminationdate"),
}  # fmt: skip
"""What columns may be called, without case, blanks and signs."""

_GONE = frozenset(
    ("no", "n", "false", "0", "inactive", "disabled", "deactivated", "suspended", "left", "gone",
     "terminated", "former", "deprovisioned", "offboarded")
)  # fmt: skip
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?")


class Listed(NamedTuple):
    """Somebody of the directory: whether they are active, their last day, and the line."""

    is_active: bool
    last_day: date | None
    line: int

    def is_gone(self, today: date) -> bool:
        """Whether they have left by a day; the last day is still worked."""
        return not self.is_active or (self.last_day is not None and self.last_day < today)


class PeopleDirectory(NamedTuple):
    """A directory of people by id and by address; what a column does not hold, it says not of."""

    file: str
    by_id: dict[str, Listed]
    by_email: dict[str, Listed]

    def find(self, id_: str, emails: Iterable[str]) -> Listed | None:
        """Find somebody, by an address first: ids may be given anew."""
        found = [self.by_email.get(one.casefold()) for one in emails]
        return next((one for one in found if one is not None), self.by_id.get(id_.casefold()))

    def can_tell(self, emails: Iterable[str]) -> bool:
        """Whether somebody with such addresses would be found, if they were there."""
        return bool(self.by_id) or (bool(self.by_email) and any(True for _ in emails))


def directory_of(data: bytes, file: str) -> PeopleDirectory | str:
    """Read a table with a header line; a text says why it cannot be told."""
    if len(data) > MAX_SIZE:
        return f"it is larger than {MAX_SIZE >> 20} MB"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "it is not UTF-8"
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        return f"it is no table: {error}"
    return _read(rows, file)


def _read(rows: list[list[str]], file: str) -> PeopleDirectory | str:
    places = _places(rows[0]) if rows else {}
    if "id" not in places and "email" not in places:
        return "no column is called `id` or `email`"
    if "active" not in places and "last_day" not in places:
        return "no column is called `active` or `last day`"
    found = PeopleDirectory(file, {}, {})
    for line, row in enumerate(rows[1:], 2):
        cells = {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
        day = _date(cells.get("last_day", ""))
        one = Listed(cells.get("active", "").casefold() not in _GONE, day, line)
        for name, known in (("id", found.by_id), ("email", found.by_email)):
            key = cells.get(name, "").casefold()
            # Of two lines of one person, an active one holds: they came back.
            if key and (key not in known or not known[key].is_active):
                known[key] = one
    return found if found.by_id or found.by_email else "it lists nobody"


def _places(heads: list[str]) -> dict[str, int]:
    """Find the column of each thing that is asked of the table."""
    plain = ["".join(filter(str.isalnum, head)).casefold() for head in heads]
    found = {
        what: next((plain.index(one) for one in names if one in plain), -1)
        for what, names in _HEADS.items()
    }
    return {what: at for what, at in found.items() if at >= 0}


def _date(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found is not None else None
    except ValueError:
        return None
