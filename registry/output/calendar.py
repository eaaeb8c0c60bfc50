"""iCalendar files (RFC 5545): the lines of a calendar, escaped and folded; the same bytes always.

A year of every rota of a company is tens of thousands of events, and the icalendar library takes a
third of a millisecond for each. These few lines take a fiftieth of that; tests read them back with
the library.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import chain

from registry.clock.civil import utc

_LONGEST = 74
"""Octets of a line without its end and the blank of a fold: one less than RFC 5545, 3.1, allows."""

_BREAK = re.compile(r"\r\n|\n|\r")
_BARE = {ord("-"): None, ord(":"): None}
_QUOTED = re.compile("[,;:' \u2019\\\\]")
"""What a parameter may only hold between quotation marks, and what clients take better so."""
_IN_PARAMETER = {"^": "^^", '"': "^'", "\n": "^n"}


def calendar_file(name: str, product: str, components: Iterable[bytes]) -> Iterator[bytes]:
    """Write a calendar of its components, as `folded` writes each; `product` made it.

    It comes part by part: that of all rotas of a company is larger than all that is read for it.
    """
    head = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//opmodel//{product}//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{text(name)}",
    )
    return chain((folded(head),), components, (folded(("END:VCALENDAR",)),))


def component(name: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a component: its properties, and the components within it."""
    yield f"BEGIN:{name}"
    yield from lines
    yield f"END:{name}"


def text(value: str) -> str:
    r"""Write a TEXT value: what means something escaped, line breaks as `\n`."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped if escaped.isprintable() else _BREAK.sub(r"\\n", escaped)


def parameter(value: str) -> str:
    """Write a parameter's value (RFC 6868), quoted where it has to be."""
    escaped = re.sub(r'[\^"\n]', lambda found: _IN_PARAMETER[found[0]], _BREAK.sub("\n", value))
    return f'"{escaped}"' if _QUOTED.search(value) else escaped


@lru_cache(maxsize=4096)  # many schedules change hands at the same instants
def moment(at: int) -> str:
    """Write an instant (µs), in UTC."""
    return f"{wall(utc(at))}Z"


def wall(at: datetime) -> str:
    """Write the date and time that a datetime shows, whatever its zone."""
    return at.replace(tzinfo=None, microsecond=0).isoformat().translate(_BARE)


def folded(lines: Iterable[str]) -> bytes:
    """Write lines as a calendar has them: none longer than allowed, each with its end."""
    return b"".join(map(_folded, lines))


def _folded(line: str) -> bytes:
    """Cut a line into pieces that are short enough, never within a character or an escape."""
    data, pieces = line.encode("utf-8"), []
    if len(data) <= _LONGEST:
        return data + b"\r\n"
    while len(data) > _LONGEST:
        cut = _LONGEST
        while data[cut] & 0xC0 == 0x80:
            cut -= 1
        cut -= data[cut - 1] in b"\\^"
        pieces.append(data[:cut])
        data = data[cut:]
    return b"\r\n ".join([*pieces, data]) + b"\r\n"
