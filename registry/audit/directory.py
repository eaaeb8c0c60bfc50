"""Who works here, by the directory of people: a table of ids or addresses, and of who has left."""

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

MAX_SIZE = 64 * 1024 * 1024
"""Bytes; a line of a large company's directory has about a hundred."""

_HEADS = {
    "id": ("id", "person", "login", "user", "username", "uid", "account", "handle"),
    "email": ("email", "mail", "emailaddress", "workemail", "primaryemail", "userprincipalname",
              "upn", "emailaddressrequired"),
    "active": ("active", "isactive", "status", "employed", "enabled", "state", "accountenabled",
               "isenabled", "accountstatus", "employmentstatus", "employeestatus", "workerstatus",
               "statusreadonly"),
    "last_day": ("lastday", "lastworkingday", "lastdayofwork", "until", "left", "leaves", "enddate",
                 "end", "terminationdate", "leavingdate", "exitdate", "employmentenddate"),
}  # fmt: skip
"""What columns may be called, without case, blanks and signs."""

_GONE = frozenset(
    ("no", "n", "false", "0", "inactive", "disabled", "deactivated", "suspended", "left", "gone",
     "terminated", "former", "deprovisioned", "offboarded", "resigned", "retired", "departed",
     "leaver", "quit", "deleted", "removed", "archived", "closed", "expired", "blocked")
)  # fmt: skip
_HERE = frozenset(
    ("", "yes", "y", "true", "1", "active", "enabled", "employed", "current", "onleave", "leave",
     "staged", "provisioned", "recovery", "passwordexpired", "lockedout", "fulltime", "parttime")
)  # fmt: skip
"""What an `active` column may say, without case, blanks and signs: nobody left, and somebody."""
_NO_DAY = frozenset(("", "na", "none", "null", "nil", "never", "open", "99991231"))
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WHOLE = re.compile(r"([0-9]{4})([-/.]?)([0-9]{2})\2([0-9]{2})(?:[T ].*)?")
_DOTTED = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})(?: .*)?")
_SLASHED = re.compile(r"([0-9]{1,2})([-/])([0-9]{1,2})\2([0-9]{4})(?: .*)?")
_WORDED = re.compile(
    r"(?:([0-9]{1,2})[-/ .]+([A-Za-z]{3,9})|([A-Za-z]{3,9})\.? ([0-9]{1,2})),?[-/ ]+([0-9]{4})"
)
_SEPARATOR = re.compile(r"sep=[,;\t]", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:.*<)?(?:mailto:)?([^<>]*)>?", re.DOTALL)


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
    is_wide = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))  # as Excel writes "Unicode text"
    try:
        text = data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        return "it is not UTF-8"
    lines = text.splitlines(keepends=True)
    start = next(
        (at for at, one in enumerate(lines) if one.strip() and not _SEPARATOR.match(one)), 0
    )
    first = lines[start] if lines else ""
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO("".join(lines[start:]), newline=""), delimiter=delimiter)
    rows: list[_Line] = []
    try:
        rows.extend(_Line(start + reader.line_num, row) for row in reader)
    except csv.Error as error:
        return f"it is no table: {error}"
    return _read(rows, file)


class _Line(NamedTuple):
    """The cells of a line, and its number."""

    number: int
    cells: list[str]

    def get(self, at: int | None) -> str:
        """Return a cell; nothing where the line is too short, or there is no such column."""
        return self.cells[at].strip() if at is not None and at < len(self.cells) else ""


def _read(rows: list[_Line], file: str) -> PeopleDirectory | str:
    places = _places(rows[0].cells) if rows else {}
    if "id" not in places and "email" not in places:
        return "no column is called `id` or `email`"
    if "active" not in places and "last_day" not in places:
        return "no column is called `active` or `last day`"
    found = PeopleDirectory(file, {}, {})
    days = _days([row.get(places.get("last_day")) for row in rows[1:]])
    for row, day in zip(rows[1:], days, strict=True):
        if isinstance(day, str):
            return f"line {row.number}: {day}"
        word = _plain(row.get(places.get("active")))
        if word not in _GONE and word not in _HERE:
            said = row.get(places.get("active"))
            return f"line {row.number}: `{said}` does not say whether somebody is active: yes or no"
        one = Listed(word not in _GONE, day, row.number)
        for name, known in (("id", found.by_id), ("email", found.by_email)):
            key = row.get(places.get(name)).casefold()
            if name == "email" and (address := _ADDRESS.fullmatch(key)) is not None:
                key = address[1].strip()
            # Of two lines of one person, an active one holds: they came back.
            if key and (key not in known or not known[key].is_active):
                known[key] = one
    return found if found.by_id or found.by_email else "it lists nobody"


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _places(heads: list[str]) -> dict[str, int]:
    """Find the column of each thing that is asked of the table."""
    plain = list(map(_plain, heads))
    found = {
        what: next((plain.index(one) for one in names if one in plain), -1)
        for what, names in _HEADS.items()
    }
    return {what: at for what, at in found.items() if at >= 0}


def _days(texts: list[str]) -> list[date | str | None]:
    """Read the days of a column, None for no day, and a text that says why one cannot be told.

    Whether `3/4/2026` begins with the day or the month, another line of the column may show.
    """
    slashed = [found for text in texts if (found := _SLASHED.fullmatch(text)) is not None]
    day_first = any(int(one[1]) > 12 for one in slashed)
    month_first = any(int(one[3]) > 12 for one in slashed)
    order = None if day_first == month_first else (3, 1) if day_first else (1, 3)
    return [_day(text, order) for text in texts]


def _day(text: str, order: tuple[int, int] | None) -> date | str | None:
    """Read a day; `order` says where a slashed one has its month and its day."""
    if _plain(text) in _NO_DAY:
        return None
    wrong = f"`{text}` is no day: write it as 2026-11-30"
    if (whole := _WHOLE.fullmatch(text)) is not None:
        parts = whole[1], whole[3], whole[4]
    elif (dotted := _DOTTED.fullmatch(text)) is not None:
        parts = dotted[3], dotted[2], dotted[1]
    elif (slashed := _SLASHED.fullmatch(text)) is not None:
        if order is None and slashed[1] != slashed[3]:
            return f"in `{text}` it cannot be told which is the day: write it as 2026-11-30"
        month, day = order or (1, 3)
        parts = slashed[4], slashed[month], slashed[day]
    elif (worded := _WORDED.fullmatch(text)) is not None:
        name = (worded[2] or worded[3])[:3].casefold()
        month = _MONTHS.index(name) + 1 if name in _MONTHS else 0
        parts = worded[5], str(month), worded[1] or worded[4]
    else:
        return wrong
    try:
        return date(*map(int, parts))
    except ValueError:
        return wrong
