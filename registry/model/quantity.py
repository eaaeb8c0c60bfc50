"""A threshold as people write it: a number or a percentage."""

import math
import re
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

_PERCENT = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)) ?%")


class Quantity:
    """A threshold: a number (`8`, `0.35`) or a percentage (`10%`), with its spelling."""

    __slots__ = ("is_percent", "text", "value")
    expects = "a number or a percentage such as `0.9` or `10%`"
    schema: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"type": "number"},
            {"type": "string", "pattern": "^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+) ?%$"},
        ]
    }

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Have pydantic read it."""
        return core_schema.no_info_plain_validator_function(cls.read)

    def __init__(self, text: str, value: float, *, is_percent: bool) -> None:
        self.text = text
        self.value = value
        self.is_percent = is_percent

    @classmethod
    def read(cls, value: object) -> "Quantity":
        """Check and wrap a number or a text with a percent sign; raises ValueError otherwise."""
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
            return cls(str(value), float(value), is_percent=False)
        found = _PERCENT.fullmatch(value) if isinstance(value, str) and len(value) < 60 else None
        if found is None:
            raise ValueError(f"expected {cls.expects}")
        return cls(f"{found[1]}%", float(found[1]), is_percent=True)

    @property
    def exact(self) -> Decimal:
        """Its exact value, of a percentage as a part of one: in binary, 0.7% is not 0.007."""
        sign, digits, exponent = self.number.as_tuple()
        return Decimal((sign, digits, int(exponent) - 2)) if self.is_percent else self.number

    @property
    def number(self) -> Decimal:
        """The number that is written, exactly, without a percent sign."""
        return Decimal(self.text.removesuffix("%"))

    def __eq__(self, other: object) -> bool:
        """Two spellings of one number are equal: `0.10` and `0.1`, `10%` and `10.0%`."""
        if not isinstance(other, Quantity):
            return NotImplemented
        return (self.value, self.is_percent) == (other.value, other.is_percent)

    def __hash__(self) -> int:
        return hash((self.value, self.is_percent))

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Quantity({self.text!r})"


class Portion(Quantity):
    """A part of a whole: a number or a percentage above nothing, and at most all of it."""

    __slots__ = ()
    expects = "a share above 0 and at most 1 such as `0.8` or `80%`"
    schema: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
            {
                "type": "string",
                "pattern": "^[+]?0*(100([.]0*)?|[0-9]{0,2}([.][0-9]*)?) ?%$",
                "allOf": [{"pattern": "[1-9]"}, {"pattern": "[0-9]"}],
            },
        ]
    }

    @classmethod
    def read(cls, value: object) -> "Portion":
        """Check and wrap; raises ValueError for what is no share."""
        found = Quantity.read(value)
        if not 0 < found.value <= (100 if found.is_percent else 1):
            raise ValueError(f"expected {cls.expects}")
        return cls(found.text, found.value, is_percent=found.is_percent)
