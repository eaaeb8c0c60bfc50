"""Values that text carries: durations, dates and times, zones, addresses.

Each is the text as it was written, checked once, with what it means beside it.
"""

import re
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from registry.clock.instants import MOMENT, no_such
from registry.clock.zones import zone_names

MAX_DURATION = 100 * 365 * 86400
"""Seconds; longer than any promise an organisation makes, so surely a slip."""

_REMEMBERED = 1 << 14

_DURATION = re.compile(
    r"(?:([0-9]+)y)?(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?"
)
_DURATION_SCHEMA = "".join(f"([0-9]+{unit})?" for unit in ("y", "w", "d", "h", "m", "s", "ms"))
_NOT_ZERO: dict[str, Any] = {"allOf": [{"pattern": "[1-9]"}]}
_DATE_SCHEMA = (
    "[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))"
)
_UNITS_MS = (365 * 86400_000, 7 * 86400_000, 86400_000, 3600_000, 60_000, 1000, 1)
_MONTHS = re.compile(r"([0-9]{1,4})mo")
_SHIFT = re.compile(r"(?:[0-9]+w)?(?:[0-9]+d)?(?:[0-9]+h)?")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_EMAIL = re.compile(r'[^@\s<>()\[\],;:"\\]+@[^@\s<>()\[\],;:"\\.]+(?:\.[^@\s<>()\[\],;:"\\.]+)+')

_FINGERPRINT = re.compile("[0-9a-f]{32}")
_URL = re.compile(r"[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#]+([/?#][^\s]*)?")


class Scalar(str):
    """Text whose meaning was checked; `expects` says what it had to be, for messages."""

    __slots__ = ()
    expects: ClassVar[str] = "text"
    schema: ClassVar[dict[str, Any]] = {"type": "string"}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Have pydantic read it; what was read once is remembered, for texts repeat."""
        return _described(cls)

    @classmethod
    def read(cls, value: object) -> Self:
        """Check and wrap; raises ValueError with a message that says what was expected."""
        if not isinstance(value, str) or not cls.accepts(value):
            raise ValueError(f"expected {cls.expects}")
        return cls(value)

    @classmethod
    def accepts(cls, text: str) -> bool:
        """Whether `text` is one; may raise ValueError with a better message than the usual."""
        raise NotImplementedError


@cache
def _described(scalar: type[Scalar]) -> CoreSchema:
    """Describe a scalar to pydantic; all fields that hold one share what is remembered."""
    read = lru_cache(maxsize=_REMEMBERED)(scalar.read)
    return core_schema.no_info_after_validator_function(read, core_schema.str_schema(strict=True))


class Duration(Scalar):
    """A Prometheus duration such as `90s`, `1h30m`, `30d`."""

    __slots__ = ()
    expects = "a duration such as `90s`, `15m`, `1h30m` or `30d`"
    schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "minLength": 1,
        "pattern": f"^{_DURATION_SCHEMA}$",
    }

    @classmethod
    def accepts(cls, text: str) -> bool:
        if len(text) > 60 or not text or not _DURATION.fullmatch(text):
            return False
        _within_bound(_milliseconds(text))
        return True

    @classmethod
    def respelt(cls, text: str) -> str | None:
        """Write a duration that is spelt another way, as `15 minutes`, `1.5h` or `PT1H`.

        None where it can mean two things, as `5M` can, or is no duration at all.
        """
        found = _respelt(text.strip())
        try:
            return found if found and cls.accepts(found) else None
        except ValueError:
            return None

    @property
    def milliseconds(self) -> int:
        """Its length; a calendar month counts as four weeks."""
        return _milliseconds(self)

    @property
    def seconds(self) -> float:
        """Its length in seconds; a calendar month counts as four weeks."""
        return _milliseconds(self) / 1000


class Retention(Duration):
    """How long something is kept: a duration, or `forever`."""

    __slots__ = ()
    expects = "a duration such as `30d`, or `forever`"
    schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "minLength": 1,
        "pattern": f"^(forever|{_DURATION_SCHEMA})$",
    }

    @classmethod
    def accepts(cls, text: str) -> bool:
        return text == "forever" or super().accepts(text)

    @property
    def milliseconds(self) -> int:
        """Its length; `forever` is longer than any duration."""
        return MAX_DURATION * 1000 + 1 if self == "forever" else _milliseconds(self)


TEN_YEARS = 10 * 366 * 86400_000
"""The longest time that is looked at, in milliseconds."""


class HorizonLength(Duration):
    """How far a check looks ahead: at most ten years, for its time grows with it; never zero."""

    __slots__ = ()
    expects = "a duration of at most ten years, such as `90d` or `400d`"
    schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "pattern": f"^{_DURATION_SCHEMA}$",
        **_NOT_ZERO,
    }

    @classmethod
    def accepts(cls, text: str) -> bool:
        if not super().accepts(text):
            return False
        if _milliseconds(text) > TEN_YEARS:
            raise ValueError("longer than ten years; write a shorter duration")
        if not _milliseconds(text):
            raise ValueError("a horizon of zero sees no gap at all; write how far to look")
        return True


class Period(Duration):
    """A duration that may also be a number of calendar months, `1mo`; never zero."""

    __slots__ = ()
    expects = "a period such as `12h`, `1d`, `2w` or `1mo`"
    schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "pattern": f"^([0-9]{{1,4}}mo|{_DURATION_SCHEMA})$",
        **_NOT_ZERO,
    }

    @classmethod
    def accepts(cls, text: str) -> bool:
        if not _MONTHS.fullmatch(text) and not super().accepts(text):
            return False
        _within_bound(_milliseconds(text))
        if not _milliseconds(text):
            raise ValueError("a period of zero never ends; write how long it lasts, as `1w`")
        return True

    @property
    def months(self) -> int:
        """The number of calendar months, 0 where the period is not given in months."""
        found = _MONTHS.fullmatch(self)
        return int(found[1]) if found else 0


class ShiftLength(Period):
    """A rotation's period: hours, days, weeks or calendar months."""

    __slots__ = ()
    expects = "a shift's length in h, d, w or mo, such as `12h`, `1w` or `1mo`"
    schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "pattern": "^([0-9]{1,4}mo|([0-9]+w)?([0-9]+d)?([0-9]+h)?)$",
        **_NOT_ZERO,
    }

    @classmethod
    def accepts(cls, text: str) -> bool:
        if not _MONTHS.fullmatch(text) and not _SHIFT.fullmatch(text):
            return False
        return super().accepts(text)


@lru_cache(maxsize=4096)
def _milliseconds(text: str) -> int:
    months = _MONTHS.fullmatch(text)
    if months:
        return int(months[1]) * 28 * 86400_000
    found = _DURATION.fullmatch(text)
    if found is None:  # pragma: no cover - only checked text gets here
        raise ValueError(text)
    return sum(int(n) * unit for n, unit in zip(found.groups(), _UNITS_MS, strict=True) if n)


_UNITS = ("y", "w", "d", "h", "m", "s", "ms")
_MOST = 60
"""Characters of a duration; a longer text is none."""
_UNIT_WORDS = {
    word: unit
    for unit, words in {
        "y": "y yr yrs year years", "mo": "mo month months", "w": "w wk wks week weeks",
        "d": "d day days", "h": "h hr hrs hour hours", "m": "min mins minute minutes",
        "s": "s sec secs second seconds", "ms": "ms msec msecs millisecond milliseconds",
    }.items()
    for word in words.split()
}  # fmt: skip
_SPELT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]+)(?:,?\s*(?:and\s+)?)")
_ISO = re.compile(
    r"P(?:(?P<y>[0-9]+)Y)?(?:(?P<mo>[0-9]+)M)?(?:(?P<w>[0-9]+)W)?(?:(?P<d>[0-9]+)D)?"
    r"(?:T(?:(?P<h>[0-9]+)H)?(?:(?P<m>[0-9]+)M)?(?:(?P<s>[0-9]+)S)?)?"
)


def _respelt(text: str) -> str | None:
    """Write what a duration's numbers and units say in our own units, the longest first."""
    if len(text) > _MOST:
        return None
    iso = _ISO.fullmatch(text)
    if iso is not None:
        parts = {unit: int(number) for unit, number in iso.groupdict().items() if number}
    else:
        whole = _whole(_SPELT.findall(text)) if _SPELT.sub("", f"{text} ") == "" else None
        parts = whole or {}
    return "".join(f"{parts[unit]}{unit}" for unit in (*_UNITS[:1], "mo", *_UNITS[1:])
                   if unit in parts) or None  # fmt: skip


def _whole(found: list[tuple[str, str]]) -> dict[str, int] | None:
    """Read numbers with their units; None for a unit that is none, or that stands twice."""
    parts: dict[str, int] = {}
    for number, word in found:
        unit = word if word == "m" else _UNIT_WORDS.get(word.lower())
        if unit is None or unit in parts:
            return None
        whole, _, rest = number.partition(".")
        parts[unit] = int(whole)
        if rest and rest.strip("0"):
            smaller = _UNITS[_UNITS.index(unit) + 1] if unit in {"h", "m"} else None
            share, left = divmod(int(rest) * 60, 10 ** len(rest))
            if smaller is None or left or len(found) > 1:
                return None
            parts = {unit: int(whole), smaller: share}
    return {unit: number for unit, number in parts.items() if number} or parts


def _within_bound(milliseconds: int) -> None:
    if milliseconds > MAX_DURATION * 1000:
        raise ValueError("longer than 100 years; write a shorter duration")


class Moment(Scalar):
    """A date, a local date-time, or a date-time with an offset (ISO 8601)."""

    __slots__ = ()
    expects = "an ISO 8601 date or date-time such as `2026-11-24` or `2026-11-24T09:00`"
    schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "pattern": f"^{_DATE_SCHEMA}"
        "([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?"
        "(Z|[+-][0-9]{2}:?[0-9]{2})?)?$",
    }

    @classmethod
    def accepts(cls, text: str) -> bool:
        if not MOMENT.fullmatch(text):
            return False
        try:
            datetime.fromisoformat(text)
        except ValueError as error:
            raise ValueError(no_such(error)) from None
        return True

    @property
    def is_date(self) -> bool:
        """Whether it is a date alone; in an end field such a date is inclusive."""
        return len(self) == 10

    @property
    def date(self) -> date:
        """The calendar date as written."""
        return date.fromisoformat(self[:10])

    @property
    def civil(self) -> datetime:
        """The date-time as written, naive unless it has an offset; a date alone is its midnight."""
        return datetime.fromisoformat(self)


class Date(Moment):
    """A calendar date."""

    __slots__ = ()
    expects = "a date such as `2026-11-24`"
    schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "format": "date",
        "pattern": f"^{_DATE_SCHEMA}$",
    }

    @classmethod
    def accepts(cls, text: str) -> bool:
        return len(text) == 10 and super().accepts(text)


class Fingerprint(Scalar):
    """What a finding is known by, whatever line or file it stands in: 32 hex digits."""

    __slots__ = ()
    expects = "a fingerprint: 32 hex digits, as `--format json` gives it"
    schema: ClassVar[dict[str, Any]] = {"type": "string", "pattern": "^[0-9a-f]{32}$"}

    @classmethod
    def accepts(cls, text: str) -> bool:
        return _FINGERPRINT.fullmatch(text) is not None


class TimeOfDay(Scalar):
    """A wall-clock time of a window, `HH:MM`; `24:00` is the day's end."""

    __slots__ = ()
    expects = 'a time of day such as `"09:00"`'
    schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
    }

    @classmethod
    def accepts(cls, text: str) -> bool:
        return _CLOCK.fullmatch(text) is not None

    @property
    def minutes(self) -> int:
        """Minutes since midnight, 0 to 1440."""
        return int(self[:2]) * 60 + int(self[3:])

    @property
    def time(self) -> time:
        """The time; `24:00` reads as midnight."""
        return time(int(self[:2]) % 24, int(self[3:]))


class Zone(Scalar):
    """An IANA time zone's name, as in the bundled tz database."""

    __slots__ = ()
    expects = "an IANA time zone such as `Europe/Berlin`"

    @classmethod
    def accepts(cls, text: str) -> bool:
        return text in zone_names()


class Email(Scalar):
    """An e-mail address, as far as its shape can tell."""

    __slots__ = ()
    expects = "an e-mail address such as `priya@acme.example`"
    schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "maxLength": 254,
        "pattern": f"^{_EMAIL.pattern}$",
    }

    @classmethod
    def accepts(cls, text: str) -> bool:
        return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


class Url(Scalar):
    """The address of a page on the web."""

    __slots__ = ()
    expects = "an address such as `https://wiki.acme.example/page`"
    schema: ClassVar[dict[str, Any]] = {"type": "string", "pattern": f"^{_URL.pattern}$"}

    @classmethod
    def accepts(cls, text: str) -> bool:
        return _URL.fullmatch(text) is not None
