"""A query made into another: of one slice, of an earlier time, over another window.

The query's own words are kept, and only what must be is put between them. Each result is parsed,
and holds only where its tree is the one that was meant: so no odd spelling is misread in silence.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from registry.deployed.promql.compared import milliseconds
from registry.deployed.promql.parse import matches, parsed
from registry.deployed.promql.tokens import Token, quoted, size, words
from registry.deployed.promql.tree import (
    Aggregation,
    Call,
    Expression,
    Number,
    Operation,
    SeriesMatcher,
    SeriesSelector,
    Wrapped,
)

_GROUPINGS = frozenset({"by", "without", "on", "ignoring", "group_left", "group_right"})
_WORDS = _GROUPINGS | {"and", "or", "unless", "atan2", "bool", "offset", "inf", "nan"}
_OF_NOW = frozenset(
    ("day_of_month", "day_of_week", "day_of_year", "days_in_month", "hour", "minute", "month",
     "time", "year")
)  # fmt: skip
"""Functions of the time at which they are asked, which an offset does not move."""
_SUMMING = frozenset({"increase", "sum_over_time", "count_over_time"})
"""Functions whose value over two windows in a row is the sum of both."""
_LOOSE = frozenset({"and", "or", "unless", "==", "!=", ">", "<", ">=", "<="})
"""Operators that bind less than arithmetic."""
_ENDS = frozenset({"start", "end"})
_STEP = "1m"


class _SelectorWords(NamedTuple):
    """Where a selector's words stand: its name or bracket, its bracket, and what follows it.

    `window` is the place of its range's length.
    """

    start: int
    bracket: int | None
    end: int
    window: int | None


def tidied(query: str) -> str:
    """Write a query on one line, without its comments."""
    return "".join(" " if one.kind == "space" else one.text for one in words(query)).strip()


def bracketed(query: str, *, loosely: bool = False) -> str:
    """Put a query into brackets where it needs them before an operator of arithmetic.

    With `loosely`, before a comparison.
    """
    tree = parsed(query)
    if isinstance(tree, Operation):
        return f"({query})" if not loosely or tree.operator in _LOOSE else query
    return f"({query})" if isinstance(tree, Wrapped) and tree.sign == "-" else query


def narrowed(query: str, slice_: Mapping[str, str]) -> str | None:
    """Ask of every series in a query for some labels' values; None where that cannot be told.

    None, too, where a selector asks for another value of such a label: nothing would be left; and
    where nothing is selected, as in `vector(1)`: it would be the same of every slice.
    """
    tree = parsed(query)
    asked = tuple(SeriesMatcher(label, "=", value) for label, value in slice_.items())
    if tree is None or _excludes(tree, slice_) or not any(_series(tree)):
        return None
    tokens = list(words(query))
    text = ", ".join(f"{one.label}={quoted(one.value)}" for one in asked)
    parts = [one.text for one in tokens]
    for one in _selectors(tokens):
        if one.bracket is None:
            parts[one.start] += f"{{{text}}}"
        else:
            is_empty = tokens[_after(tokens, one.bracket + 1)].text == "}"
            parts[one.bracket] += text if is_empty else f"{text}, "
    made = "".join(parts)
    return made if parsed(made) == _asking(tree, asked) else None


def earlier(query: str, duration: str) -> str:
    """Ask for what a query was so long ago.

    Each selector gets an `offset`. Where that does not say it, for a query that speaks of the time
    or has offsets of its own, the query as a whole is taken as of then, to the minute.
    """
    tree, tokens = parsed(query), list(words(query))
    fixed = {"offset", "@", ":"} & {one.text.lower() for one in tokens if one.kind != "text"}
    found = list(_selectors(tokens))
    if tree is not None and not fixed and not _OF_NOW & set(_functions(tree)):
        parts = [one.text for one in tokens]
        for one in found:
            parts[one.end - 1] += f" offset {duration}"
        made = "".join(parts)
        if found and len(found) == len(list(_series(tree))) and parsed(made) == tree:
            return made
    return f"last_over_time(({query})[{_STEP}:{_STEP}] offset {duration})"


def asks_of_now(query: str) -> bool:
    """Whether a query asks for `@ start()` or `@ end()`, which no earlier time moves."""
    tokens = [one.text.lower() for one in words(query) if one.kind not in {"space", "text"}]
    return any(one == "@" and after in _ENDS for one, after in pairwise(tokens))


def is_fixed(query: str) -> bool:
    """Whether all that a query that parses asks for is `@` a time: it never changes."""
    tree = parsed(query)
    found = [] if tree is None else list(_series(tree))
    return bool(found) and all(one.at for one in found)


def windows(query: str) -> frozenset[int]:
    """Tell over how long the selectors of a query look back, in milliseconds."""
    tokens = list(words(query))
    places = (one.window for one in _selectors(tokens) if one.window is not None)
    found = (_length(tokens[place]) for place in places)
    return frozenset(one for one in found if one is not None)


def summed(query: str, duration: str) -> str | None:
    """Sum up over another window what a query sums up over its own; None where it does not.

    All that it asks of time must be sums: `increase`, `sum_over_time`, `count_over_time`. A number
    in it may be the window's own, as in `increase(x[1h]) * 24`: then no other window will do.
    """
    tree, tokens = parsed(query), list(words(query))
    found = list(_selectors(tokens))
    if tree is None or not found or ":" in {one.text for one in tokens}:
        return None
    functions = [name for name in _functions(tree) if name in _SUMMING]
    places = [one.window for one in found if one.window is not None]
    if len(functions) != len(found) or len(places) != len(found):
        return None
    if windows(query) == {milliseconds(duration)}:
        return query
    if any(isinstance(one, Number) for one in _walk(tree)):
        return None
    parts = [one.text for one in tokens]
    for place in places:
        parts[place] = duration
    made = "".join(parts)
    return made if parsed(made) == tree else None


class Selected(NamedTuple):
    """What a selector asks for: the metric's name, empty where it has none, and how far back (ms).

    `window` is None where it asks for an instant. `offset` is how long before the query's time that
    ends, None where it looks ahead.
    """

    name: str
    window: int | None
    offset: int | None = 0


def selected(query: str) -> list[Selected]:
    """List what the selectors of a query that parses ask for, in the order of the text."""
    tokens = list(words(query))
    return [
        Selected(
            "" if one.bracket == one.start else tokens[one.start].text,
            None if one.window is None else _length(tokens[one.window]),
            _offset(tokens, one.end),
        )
        for one in _selectors(tokens)
    ]


def _length(token: Token) -> int | None:
    """Read a length of time in ms, which newer servers take as a number of seconds, too."""
    return round(size(token.text) * 1000) if token.kind == "number" else milliseconds(token.text)


def _offset(tokens: Sequence[Token], end: int) -> int | None:
    """Read the offset that stands behind a selector: 0 where there is none, None for one ahead."""
    rest = [one for one in tokens[end:] if one.kind != "space"][:3]
    if not rest or rest[0].text.lower() != "offset":
        return 0
    return None if rest[1].text == "-" else _length(rest[1] if rest[1].text != "+" else rest[2])


def _selectors(tokens: Sequence[Token]) -> Iterator[_SelectorWords]:
    """Yield the selectors of a query that parses; labels of a grouping are none."""
    place = 0
    while place < len(tokens):
        kind, text = tokens[place]
        after = _after(tokens, place + 1)
        follows = tokens[after].text if after < len(tokens) else ""
        if kind == "word" and text.lower() in _GROUPINGS and follows == "(":
            place = _closing(tokens, after, ")")
        elif text == "{" or (kind == "word" and _is_name(text, follows)):
            one = _selector(tokens, place, after)
            yield one
            place = one.end
        else:
            place += 1


def _is_name(text: str, follows: str) -> bool:
    """Whether a word is a metric's name; `sum by (…) (…)` has an operator's before `by`."""
    return text.lower() not in _WORDS and follows not in {"(", "by", "without"}


def _selector(tokens: Sequence[Token], place: int, after: int) -> _SelectorWords:
    bracket = place if tokens[place].text == "{" else None
    end = place + 1
    if bracket is None and after < len(tokens) and tokens[after].text == "{":
        bracket = after
    if bracket is not None:
        end = _closing(tokens, bracket, "}")
    after = _after(tokens, end)
    if after < len(tokens) and tokens[after].text == "[":
        return _SelectorWords(place, bracket, _closing(tokens, after, "]"), after + 1)
    return _SelectorWords(place, bracket, end, None)


def _after(tokens: Sequence[Token], place: int) -> int:
    """Return the place of the next word that is no blank; behind all where there is none."""
    return next((at for at in range(place, len(tokens)) if tokens[at].kind != "space"), len(tokens))


def _closing(tokens: Sequence[Token], place: int, sign: str) -> int:
    """Return the place behind the next such sign, which holds no other of its kind."""
    found = (at for at in range(place, len(tokens)) if tokens[at].text == sign)
    return next(found, len(tokens) - 1) + 1


def _inner(tree: Expression) -> Iterable[Expression]:
    match tree:
        case Wrapped():
            return (tree.of,)
        case Call():
            return tree.arguments
        case Aggregation():
            return (tree.of,) if tree.parameter is None else (tree.parameter, tree.of)
        case Operation():
            return (tree.left, tree.right)
        case _:
            return ()


def _walk(tree: Expression) -> Iterator[Expression]:
    yield tree
    for one in _inner(tree):
        yield from _walk(one)


def _series(tree: Expression) -> Iterator[SeriesSelector]:
    return (one for one in _walk(tree) if isinstance(one, SeriesSelector))


def _functions(tree: Expression) -> Iterator[str]:
    return (one.function for one in _walk(tree) if isinstance(one, Call))


def _excludes(tree: Expression, slice_: Mapping[str, str]) -> bool:
    """Whether a selector asks for another value of one of the labels, or has alternatives."""
    each = [series.matchers for series in _series(tree)]
    return None in each or any(
        one.label in slice_ and not _allows(one, slice_[one.label])
        for matchers in each
        for one in matchers or ()
    )


def _allows(one: SeriesMatcher, value: str) -> bool:
    if one.operator in {"=", "!="}:
        return (one.value == value) is (one.operator == "=")
    return matches(one.value, value) is (one.operator == "=~")


def _asking(tree: Expression, asked: tuple[SeriesMatcher, ...]) -> Expression:
    """Return the same tree with conditions before those of each selector."""
    match tree:
        case SeriesSelector():
            return tree._replace(matchers=asked + (tree.matchers or ()))
        case Wrapped():
            return tree._replace(of=_asking(tree.of, asked))
        case Call():
            return tree._replace(arguments=tuple(_asking(one, asked) for one in tree.arguments))
        case Aggregation():
            parameter = None if tree.parameter is None else _asking(tree.parameter, asked)
            return tree._replace(of=_asking(tree.of, asked), parameter=parameter)
        case Operation():
            left, right = (_asking(one, asked) for one in (tree.left, tree.right))
            return tree._replace(left=left, right=right)
        case _:
            return tree
