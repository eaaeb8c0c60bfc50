"""What is wrong with a text that is not YAML, in words for whoever wrote it.

A parser says what it expected; a person wants to know what they typed. Each explanation below is of
a slip that beginners make, found by the parser's words and by the line itself.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from registry.span import Position


class Slip(NamedTuple):
    """Where a slip is, what it is, and what to do about it."""

    at: Position
    message: str
    help: str


class Stumble(NamedTuple):
    """Where a parser stopped, and why: `began` is where what it was reading begins.

    `unclosed` finds the innermost bracket that is open there, with its place; None where none is.
    """

    problem: str
    at: Position
    began: Position | None
    lines: list[str]
    unclosed: Callable[[], tuple[Position, str] | None] = lambda: None

    @property
    def line(self) -> str:
        """The line at which it stopped."""
        return self.lines[self.at.line - 1]

    @property
    def rest(self) -> str:
        """What stands from there to the line's end."""
        return self.line[self.at.column - 1 :]

    @property
    def before(self) -> str:
        """What stands before it in its line, without a list's dashes."""
        return re.sub(r"^[\s-]*", "", self.line[: self.at.column - 1])

    @property
    def above(self) -> int:
        """The number of the last line above it with a text on it; 0 where there is none."""
        numbers = range(self.at.line - 1, 0, -1)
        return next((number for number in numbers if self.lines[number - 1].strip()), 0)


_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7})(?: |$)")
_NO_SPACE = re.compile(r"\s*(?:- )?(?P<key>[A-Za-z_][\w.-]*):(?P<value>[^\s/].*)")
_PAIR = re.compile(r":(?:\s|$)")


def explained(stumble: Stumble) -> Slip:
    """Say what is wrong at a place where a parser stopped, in its own words if in no others."""
    for explain in _EXPLANATIONS:
        slip = explain(stumble)
        if slip is not None:
            return slip
    help_ = "correct the syntax here or on the line before; a text with `: ` or ` #` needs quotes"
    return Slip(stumble.at, stumble.problem, help_)


def _conflict(stumble: Stumble) -> Slip | None:
    for number in range(max(stumble.at.line - 1, 1), stumble.at.line + 1):
        if _CONFLICT.match(stumble.lines[number - 1]):
            message = "a merge conflict is not resolved"
            help_ = "keep one of the two sides, and remove the lines of `<`, `=` and `>`"
            return Slip(Position(number, 1), message, help_)
    return None


def _tab(stumble: Stumble) -> Slip | None:
    if not stumble.rest.startswith("\t"):
        return None
    indents = not stumble.line[: stumble.at.column].strip()
    message = f"a tab{' in the indentation' * indents}, where only spaces may stand"
    return Slip(
        stumble.at, message, "write spaces in its place, two a level; editors can do so for you"
    )


def _template(stumble: Stumble) -> Slip | None:
    if not stumble.line.lstrip().startswith(("{%", "{{")):
        return None
    help_ = "registry files are read as they stand: write out what the template makes"
    return Slip(stumble.at, "a line of a template", help_)


def _sign(stumble: Stumble) -> Slip | None:
    """Explain a text that begins with a sign which means something in YAML."""
    start = stumble.at
    if "scanning an alias" in stumble.problem or "scanning a block scalar" in stumble.problem:
        start = stumble.began or start
    elif "cannot start any token" not in stumble.problem:
        return None
    sign = stumble.lines[start.line - 1][start.column - 1 :]
    shown = "a backtick" if sign.startswith("`") else f"`{sign[:1]}`"
    message = f"a text that begins with {shown} needs quotes"
    return Slip(start, message, f"put it into quotes: {_in_quotes(sign)}")


def _second_colon(stumble: Stumble) -> Slip | None:
    if "mapping values are not allowed" not in stumble.problem:
        return None
    if not (pair := _PAIR.search(stumble.before)):
        return None
    key, text = stumble.before[: pair.start()], stumble.before[pair.end() :].lstrip()
    whole = _in_quotes(text + stumble.rest)
    message = "a text with `: ` in it needs quotes: YAML takes what stands before for another key"
    return Slip(stumble.at, message, f"put the text into quotes: `{key}: {whole}`")


def _no_pair(stumble: Stumble) -> Slip | None:
    """Explain a key below a line that holds none, or that has its value already."""
    if "mapping values are not allowed" in stumble.problem:
        number = stumble.above
    elif "could not find expected ':'" in stumble.problem and stumble.began:
        number = stumble.began.line
    else:
        return None
    if not number:
        return None
    line = stumble.lines[number - 1]
    at = Position(number, len(line) - len(line.lstrip()) + 1)
    if glued := _NO_SPACE.fullmatch(line):
        message = f"`{glued['key']}:` has no space after its colon"
        return Slip(at, message, f"write `{glued['key']}: {glued['value'].strip()}`")
    if _PAIR.search(line):
        message = "this line is indented below one that has its value already"
        return Slip(stumble.at, message, "indent both lines alike, or give the first no value")
    return Slip(at, f"`{line.strip()}` is no `key: value`", "write a key, a colon and a space")


def _open_quote(stumble: Stumble) -> Slip | None:
    if "unknown escape character" in stumble.problem:
        message = "a backslash in double quotes begins an escape, and this is none"
        return Slip(stumble.at, message, "write `\\\\` for a backslash, or use single quotes")
    if "scanning a quoted scalar" not in stumble.problem or stumble.began is None:
        return None
    return Slip(
        stumble.began, "a quote that opens here is not closed", "close it at the text's end"
    )


def _after_quote(stumble: Stumble) -> Slip | None:
    quote = stumble.line[: stumble.at.column - 1].rstrip()[-1:]
    if "did not find expected" not in stumble.problem or quote not in {"'", '"'}:
        return None
    other = "double" if quote == "'" else "single"
    message = f"the text goes on after its closing `{quote}`"
    return Slip(
        stumble.at, message, f"quote the whole text, in {other} quotes if it holds a `{quote}`"
    )


def _open_at_end(stumble: Stumble) -> Slip | None:
    """Explain a `{` or `[` after which the text ends: the innermost that is open."""
    rest = [stumble.rest, *stumble.lines[stumble.at.line :]]
    if any(line.strip() and not line.lstrip().startswith("#") for line in rest):
        return None
    opened = stumble.unclosed()
    if opened is None:
        return None
    at, sign = opened
    return Slip(
        at, f"the `{sign}` that opens here is not closed", f"close it with `{_CLOSED[sign]}`"
    )


def _brackets(stumble: Stumble) -> Slip | None:
    """Explain a `{` or `[` that is not closed, lacks a comma, or is closed twice."""
    if "expected ',' or" in stumble.problem and stumble.began:
        opened = stumble.lines[stumble.began.line - 1][stumble.began.column - 1]
        if stumble.at.line > stumble.began.line:
            message = f"the `{opened}` that opens here is not closed, or lacks a comma inside"
            return Slip(stumble.began, message, f"close it with `{_CLOSED[opened]}`")
        message = f"a comma or a `{_CLOSED[opened]}` is missing here"
        return Slip(stumble.at, message, "part the items by commas; a text with `: ` needs quotes")
    if "did not find expected" in stumble.problem and stumble.rest[:1] in {"}", "]"}:
        return Slip(stumble.at, f"a `{stumble.rest[0]}` that closes nothing", "remove it")
    return None


_CLOSED = {"{": "}", "[": "]"}


def _list_and_mapping(stumble: Stumble) -> Slip | None:
    if "did not find expected '-' indicator" in stumble.problem:
        message = "a key among the items of a list"
        return Slip(stumble.at, message, "indent it below an item, or less than the list")
    if "did not find expected key" not in stumble.problem:
        return None
    if stumble.rest.startswith("- "):
        message = "an item of a list among the keys of a mapping"
        return Slip(stumble.at, message, "give the list a key of its own, and indent it below that")
    message = "the indentation of this line fits none of the lines above"
    return Slip(stumble.at, message, "indent it exactly as the keys beside it")


def _in_quotes(text: str) -> str:
    shown = text.strip().rstrip(",}]").strip("\"'")
    return f"'{shown}'" if '"' in shown or "\\" in shown else f'"{shown}"'


_EXPLANATIONS: tuple[Callable[[Stumble], Slip | None], ...] = (
    _conflict, _tab, _template, _sign, _second_colon, _no_pair, _open_quote, _after_quote,
    _open_at_end, _brackets, _list_and_mapping,
)  # fmt: skip
