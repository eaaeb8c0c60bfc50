"""A PromQL expression as a tree: what tells which series it gives, and nothing of their values."""

from typing import Literal, NamedTuple, TypeAlias

Operator: TypeAlias = Literal["=", "!=", "=~", "!~"]
Cardinality: TypeAlias = Literal["one-to-one", "many-to-one", "one-to-many", "many-to-many"]

Sign: TypeAlias = Literal["()", "-", "[:]"]


class SeriesMatcher(NamedTuple):
    """A condition on one label; a missing label is the empty text. Patterns are RE2, anchored."""

    label: str
    operator: Operator
    value: str


class SeriesSelector(NamedTuple):
    """Stored series, of an instant or of a range. A metric's name is none of the `matchers`.

    `matchers` is None where they are alternatives, which Prometheus has not. `at` tells that the
    selector has its own `@`.
    """

    matchers: tuple[SeriesMatcher, ...] | None
    at: bool = False


class Number(NamedTuple):
    """A number as it is written."""

    value: float


class Quoted(NamedTuple):
    """A text as an argument."""

    value: str


class Wrapped(NamedTuple):
    """An expression in brackets, with a minus before it, or over a range with steps (`[:]`)."""

    sign: Sign
    of: "Expression"


class Call(NamedTuple):
    """A function and what it is called with."""

    function: str
    arguments: tuple["Expression", ...]


class Aggregation(NamedTuple):
    """An aggregation. `grouping` is "" where neither `by` nor `without` is written."""

    operator: str
    of: "Expression"
    parameter: "Expression | None" = None
    grouping: Literal["", "by", "without"] = ""
    labels: tuple[str, ...] = ()


class Operation(NamedTuple):
    """Two expressions with an operator between them, which is in lower case.

    `matching` is "" where neither `on` nor `ignoring` is written; `included` are the labels of
    `group_left` or `group_right`. `filled`: a series without a partner gets one.
    `is_bool`: a comparison keeps every series, and says 1 or 0 of it.
    """

    operator: str
    left: "Expression"
    right: "Expression"
    cardinality: Cardinality = "one-to-one"
    matching: Literal["", "on", "ignoring"] = ""
    labels: tuple[str, ...] = ()
    included: tuple[str, ...] = ()
    filled: bool = False
    is_bool: bool = False


Expression: TypeAlias = SeriesSelector | Number | Quoted | Wrapped | Call | Aggregation | Operation
