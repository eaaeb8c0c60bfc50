"""PromQL, as far as a registry needs it: why a query does not parse, its tree, and its spellings.

The one door to the parser. What would crash or stall it is answered before it is asked: it recurses
without bound, takes the square of an expression's parts in time, and seconds for a short pattern.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from registry.deployed.promql.tokens import Token, meant, normal, quoted, size, words
from registry.deployed.promql.tree import (
    Aggregation,
    Call,
    Cardinality,
    Expression,
    Number,
    Operation,
    Operator,
    Quoted,
    SeriesMatcher,
    SeriesSelector,
    Sign,
    Wrapped,
)

if TYPE_CHECKING:
    import promql_parser

MAX_LENGTH = 10_000
"""Characters; the longest of 4,154 expressions in public rule files has 1,753."""

MAX_PARTS = 250
"""Operators and opening brackets; the most in one of those expressions is 74."""

METRIC_NAME = "__name__"

MAX_DEPTH = 100
"""Expressions inside each other, for a tree; the most in one of those expressions is 17."""

_LONGEST_REASON = 200
_NO_REASON = "invalid promql query"
"""All that the parser says where the order of the parts is wrong."""
_LONGEST_SPAN = 1e15
"""Seconds that the parser can still hold as a span of time."""
_PATTERN_MEMORY = 1 << 20
"""Bytes for one compiled pattern; those of public rule files take a few thousand."""

_RISKY = re.compile(r"[~`]|[0-9]{15}|[0-9.][eE]|0[xX]|\b(?:nan|inf)\b", re.IGNORECASE)
"""What asks for a closer look: a pattern, a raw text, or a number without measure."""

_THRESHOLD = re.compile(r"(?<![<>=!~])([<>]=?|[=!]=)\s*[0-9]{1,9}(?:\.[0-9]{1,9})?\s*\Z")
_MISLEADING = frozenset("\\'`#")
"""Signs of escapes, other quotes and comments."""

_PARTS = frozenset(
    ("+", "-", "*", "/", "%", "^", "=", "==", "!=", "=~", "!~", "<", ">", "<=", ">=", "@", "(", "[",
     "{", "and", "or", "unless", "atan2")
)  # fmt: skip
_SPAN_BEGINS = frozenset({"offset", "[", ":"})
_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$]")
_OPERATORS: dict[str, Operator] = {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}
_SIGNS: dict[str, Sign] = {"ParenExpr": "()", "UnaryExpr": "-", "SubqueryExpr": "[:]"}
_CARDINALITIES: dict[str, Cardinality] = {
    "OneToOne": "one-to-one", "ManyToOne": "many-to-one", "OneToMany": "one-to-many",
    "ManyToMany": "many-to-many",
}  # fmt: skip


class _ParsableQuery(NamedTuple):
    """A query that the parser may be asked, the patterns taken out of it, and what is wrong.

    `values` are those of other matchers, None where they were left in it.
    """

    query: str
    patterns: tuple[str, ...] = ()
    wrong: str | None = None
    values: tuple[str, ...] | None = None


class _UnfitError(Exception):
    """What the parser read has no place in a tree, or is too deep."""


def problem(query: str) -> str | None:
    """Say on one line why a query is no PromQL, as Prometheus reads it; None where it parses."""
    # Rules of one shape differ in their thresholds, of which this does not hang.
    if len(query) <= MAX_LENGTH and _parses(without_threshold(query)):
        return None
    plain, read = _read(query)
    return read if isinstance(read, str) else plain.wrong


@lru_cache(maxsize=4096)
def _parses(query: str) -> bool:
    plain, read = _read(query)
    return not isinstance(read, str) and plain.wrong is None


@lru_cache(maxsize=64)  # one alert's query is asked for again at once, and seldom later
def parsed(query: str) -> Expression | None:
    """Read a query into a tree; None where it has a problem, or is deeper than MAX_DEPTH."""
    shape = _shape(query)
    if shape is not None and not isinstance(_asked(shape.query), str):
        tree = _tree(shape.query) if shape.wrong is None else None
        return None if tree is None else _filled(tree, shape)
    plain = _guarded(query)
    if isinstance(plain, str) or plain.wrong is not None:
        return None
    read = _parse(plain.query)
    tree = None if isinstance(read, str) else _read_tree(read)
    return None if tree is None else _filled(tree, plain)


def without_threshold(query: str) -> str:
    """Put 0 for the number at a query's end that its series are held to.

    Of which series there are, and of their labels, it says nothing.
    """
    # Behind its sign no other stands, so that nothing before that one is searched.
    sign = max(query.rfind("<"), query.rfind(">"), query.rfind("="))
    found = _THRESHOLD.search(query, max(sign - 1, 0)) if sign >= 0 else None
    return query if found is None else f"{query[: found.end(1)]}0"


def matches(pattern: str, value: str) -> bool | None:
    """Tell whether a whole value matches a pattern; None where that cannot be told.

    Prometheus 2 and 3 disagree on whether a dot matches the end of a line.
    """
    compiled = _compiled(pattern)
    return None if isinstance(compiled, str) or "\n" in value else compiled(value)


def literally(value: str) -> str:
    """Make a pattern that matches only this value."""
    return _SPECIAL.sub(r"\\\g<0>", value)


def canonical(query: str) -> tuple[str, ...]:
    """Reduce a query to what tells it apart: two spellings of one expression give the same.

    Blanks, comments, quotes, and the spelling of numbers and durations do not count.
    """
    return tuple(normal(token) for token in words(query) if token.kind != "space")


def _read(query: str) -> "tuple[_ParsableQuery, promql_parser.Expr | str]":
    """Ask the parser about a query made ready for it; a text says what is wrong."""
    shape = _shape(query)
    if shape is not None:
        read = _asked(shape.query)
        if not isinstance(read, str):
            return shape, read
    plain = _guarded(query)
    if isinstance(plain, str):
        return _ParsableQuery(query), plain
    return plain, _parse(plain.query)


@lru_cache(maxsize=4096)
def _asked(shape: str) -> "promql_parser.Expr | str":
    """Ask the parser about a shape, of which many queries are."""
    plain = _guarded(shape)
    return plain if isinstance(plain, str) else _parse(plain.query)


@lru_cache(maxsize=4096)
def _tree(shape: str) -> Expression | None:
    """Read a shape into a tree, with the stand-ins of its matchers' values."""
    read = _asked(shape)
    return None if isinstance(read, str) else _read_tree(read)


def _shape(query: str) -> _ParsableQuery | None:
    """Put stand-ins for the values of matchers, too: queries that differ in them are of one shape.

    None where a text may hold what stands for its end, or something else that misleads.
    """
    if len(query) > MAX_LENGTH or not _MISLEADING.isdisjoint(query):
        return None
    parts = query.split('"')
    if len(parts) % 2 == 0:
        return None
    patterns: list[str] = []
    values: dict[str, int] = {}
    wrong: list[str] = []
    for at in range(1, len(parts), 2):
        value, before = parts[at], parts[at - 1].rstrip()
        if "\n" in value:
            return None
        if before.endswith(("=~", "!~")):
            reason, matches_empty = _judge(value)
            wrong += [f"{reason}, in the pattern `{value}`"] if reason else []
            parts[at] = f"{len(patterns)}|" if matches_empty else f"{len(patterns)}"
            patterns.append(value)
        elif value and before.endswith("=") and not before.endswith("=="):
            parts[at] = str(values.setdefault(value, len(values)))
    first = _line(wrong[0]) if wrong else None
    return _ParsableQuery('"'.join(parts), tuple(patterns), first, tuple(values))


def _guarded(query: str) -> _ParsableQuery | str:
    """Make of a query what the parser may be asked; a text says why it may not."""
    if len(query) > MAX_LENGTH:
        return f"it is longer than {MAX_LENGTH:,} characters"
    if len(query) <= MAX_PARTS and not _RISKY.search(query):
        return _ParsableQuery(query)
    tokens = list(words(query))
    if sum(token.text.lower() in _PARTS for token in tokens) > MAX_PARTS:
        return f"it has more than {MAX_PARTS} operators and brackets"
    span = _impossible_span(tokens)
    return _without_patterns(tokens) if span is None else f"`{span}` is no span of time"


def _parse(query: str) -> "promql_parser.Expr | str":
    """Ask the parser; a text says what is wrong."""
    from promql_parser import parse

    try:
        return parse(query)
    except (ValueError, OverflowError) as error:
        reason = str(error)
        return "it does not follow the grammar" if reason == _NO_REASON else _line(reason)
    except BaseException as error:
        # A panic of the parser is no Exception; nothing else is swallowed.
        if type(error).__name__ != "PanicException":
            raise
        return _line(f"the parser fails on it: {error}")


def _impossible_span(tokens: list[Token]) -> str | None:
    """Find a number in the place of a duration that is none, or too long for the parser."""
    before = ""
    for kind, text in tokens:
        endless = kind == "word" and text.lower() in {"inf", "nan"}
        if before in _SPAN_BEGINS and (
            endless or (kind == "number" and size(text) >= _LONGEST_SPAN)
        ):
            return text
        before = before if kind == "space" or text in {"+", "-"} else text.lower()
    return None


def _without_patterns(tokens: list[Token]) -> _ParsableQuery:
    """Put a stand-in for each pattern of a matcher: its number, and `|` if it matches nothing.

    RE2 judges the patterns, as in Prometheus: the parser's own engine has another dialect. A raw
    text becomes a quoted one, because the parser would look for escapes in it.
    """
    plain: list[str] = []
    patterns: list[str] = []
    wrong: list[str] = []
    before = ""
    for kind, text in tokens:
        shown = text
        value = meant(text) if kind == "text" else None
        if value is not None and before in {"=~", "!~"}:
            reason, matches_empty = _judge(value)
            wrong += [f"{reason}, in the pattern `{value}`"] if reason else []
            shown = f'"{len(patterns)}|"' if matches_empty else f'"{len(patterns)}"'
            patterns.append(value)
        elif value is not None and text[0] == "`":
            shown = quoted(value)
        before = before if kind == "space" else text
        plain.append(shown)
    return _ParsableQuery("".join(plain), tuple(patterns), _line(wrong[0]) if wrong else None)


def _judge(pattern: str) -> tuple[str, bool]:
    """Say what is wrong with a pattern (empty: nothing), and whether it matches an empty text."""
    compiled = _compiled(pattern)
    if isinstance(compiled, str):
        return compiled, False
    return "", compiled("")


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Callable[[str], bool] | str:
    """Make a test of a whole value from a pattern; a text says what is wrong with it."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_MEMORY
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        reason, *_ = error.args[0].decode("utf-8", "replace").split(": ")
        return str(reason)
    return lambda value: compiled.fullmatch(value) is not None


def _line(reason: str) -> str:
    shown = " ".join(reason.split())
    return shown if len(shown) <= _LONGEST_REASON else f"{shown[:_LONGEST_REASON]}…"


def _read_tree(read: "promql_parser.Expr") -> Expression | None:
    """Make a tree of what the parser read, with the stand-ins; None for what does not fit in."""
    try:
        return _Reader().expression(read, MAX_DEPTH)
    except _UnfitError:
        return None


def _filled(tree: Expression, asked: _ParsableQuery) -> Expression | None:
    """Put the patterns and values where their stand-ins are; None for one that is no stand-in."""
    try:
        return _Filler(asked).expression(tree)
    except _UnfitError:
        return None


class _Filler:
    """Puts patterns and values into a tree."""

    def __init__(self, asked: _ParsableQuery) -> None:
        self.patterns = asked.patterns
        self.values = asked.values

    def expression(self, tree: Expression) -> Expression:
        match tree:
            case SeriesSelector():
                own = tree.matchers
                return SeriesSelector(own and tuple(map(self.matcher, own)), tree.at)
            case Operation():
                left, right = self.expression(tree.left), self.expression(tree.right)
                return Operation(tree.operator, left, right, *tree[3:])
            case Aggregation():
                of, parameter = self.expression(tree.of), tree.parameter
                inside = None if parameter is None else self.expression(parameter)
                return Aggregation(tree.operator, of, inside, tree.grouping, tree.labels)
            case Call():
                return Call(tree.function, tuple(map(self.expression, tree.arguments)))
            case Wrapped():
                return Wrapped(tree.sign, self.expression(tree.of))
            case _:
                return tree

    def matcher(self, one: SeriesMatcher) -> SeriesMatcher:
        label, operator, value = one
        if operator in {"=", "!="}:
            if self.values is None or not value:
                return one
            return SeriesMatcher(label, operator, self.values[int(value)])
        number = value.removesuffix("|")
        if not number.isdecimal() or int(number) >= len(self.patterns):
            raise _UnfitError
        return SeriesMatcher(label, operator, self.patterns[int(number)])


class _Reader:
    """Makes a tree of what the parser read."""

    def expression(self, read: "promql_parser.Expr", depth: int) -> Expression:
        import promql_parser as parser

        if depth == 0:
            raise _UnfitError
        match read:
            case parser.VectorSelector():
                return self.selector(read)
            case parser.MatrixSelector():
                return self.selector(read.vector_selector)
            case parser.NumberLiteral():
                return Number(read.val)
            case parser.StringLiteral():
                return Quoted(read.val)
            case parser.ParenExpr() | parser.UnaryExpr() | parser.SubqueryExpr():
                sign = _SIGNS[type(read).__name__]
                return Wrapped(sign, self.expression(read.expr, depth - 1))
            case parser.Call():
                arguments = (self.expression(one, depth - 1) for one in read.args)
                return Call(read.func.name, tuple(arguments))
            case parser.AggregateExpr():
                return self.aggregation(read, depth - 1)
            case parser.BinaryExpr():
                return self.operation(read, depth - 1)
            case _:
                raise _UnfitError

    def selector(self, read: "promql_parser.VectorSelector") -> SeriesSelector:
        if read.matchers.or_matchers:
            return SeriesSelector(None, read.at is not None)
        own = (self.matcher(one) for one in read.matchers.matchers if one.name != METRIC_NAME)
        return SeriesSelector(tuple(own), read.at is not None)

    def matcher(self, read: "promql_parser.Matcher") -> SeriesMatcher:
        return SeriesMatcher(read.name, _OPERATORS[_last(read.op)], read.value)

    def aggregation(self, read: "promql_parser.AggregateExpr", depth: int) -> Aggregation:
        of = self.expression(read.expr, depth)
        parameter = None if read.param is None else self.expression(read.param, depth)
        name, group = str(read.op), read.modifier
        if group is None:
            return Aggregation(name, of, parameter)
        by = _last(group.type) == "By"
        return Aggregation(name, of, parameter, "by" if by else "without", tuple(group.labels))

    def operation(self, read: "promql_parser.BinaryExpr", depth: int) -> Operation:
        left, right = self.expression(read.lhs, depth), self.expression(read.rhs, depth)
        plain = Operation(str(read.op).lower(), left, right)
        how = read.modifier
        if how is None:
            return plain
        fill, match = how.fill_values, how.matching
        plain = plain._replace(
            cardinality=_CARDINALITIES[_last(how.card)],
            included=tuple(how.group_labels or ()),
            filled=fill.lhs is not None or fill.rhs is not None,
            is_bool=how.return_bool,
        )
        if match is None:
            return plain
        on = _last(match.type) == "Include"
        return plain._replace(matching="on" if on else "ignoring", labels=tuple(match.labels))


def _last(value: object) -> str:
    """Name a value of the parser's enumerations, which cannot be told apart otherwise."""
    return str(value).rpartition(".")[2]
