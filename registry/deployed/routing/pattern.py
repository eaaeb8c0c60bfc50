r"""Patterns as Alertmanager reads them: RE2 between `^(?:` and `)$`, in linear time.

This is the door to google-re2. Its dialect is Go's but for `\C` and `(?<name>...)`, which Go 1.19
refuses; those are told apart here. A pattern that needs more memory than `_MEMORY` is refused too,
so what is refused may yet be valid where it is deployed: nobody may conclude anything from it.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import product

from registry.deployed.routing.refusal import Refusal

_MEMORY = 8 << 20
"""Bytes that one pattern may take, compiled and while it matches; RE2's own default."""
_MOST_LITERALS = 1000
_REMEMBERED = 128
"""Values of which a pattern remembers whether it matches."""
_DEEPEST = 100
"""Groups in a pattern that is still asked for its literals."""
_PREFIX = len("^(?:")


class Pattern:
    """A pattern that is valid. `literals` are all texts that it matches, if these are a few.

    `beginning` is what all of them begin with, where it says no more than that.
    """

    __slots__ = ("_search", "_seen", "beginning", "literals", "text")

    def __init__(self, text: str, search: Callable[[str], object]) -> None:
        self.text = text
        self.literals = literals(text)
        start = _START.fullmatch(text)
        self.beginning = start[1] if start is not None else None
        self._search = search
        self._seen: dict[str, bool] = {}

    def matches(self, value: str) -> bool:
        """Whether a label's value matches, all of it; bytes that are no UTF-8 are U+FFFD each."""
        found = self._seen.get(value)
        if found is None:
            found = self._search(_utf8(value)) is not None
            if len(self._seen) < _REMEMBERED:
                self._seen[value] = found
        return found


@lru_cache(maxsize=8192)
def pattern(text: str) -> Pattern | Refusal:
    """Compile a pattern, or say why Alertmanager would not."""
    start = _START.fullmatch(text)
    if start is not None:
        return Pattern(text, _starting(start[1]))
    import re2

    odd = _ODD.search(text)
    while odd is not None and odd.lastgroup is None:
        odd = _ODD.search(text, odd.end())
    if odd is not None:
        what = {"byte": "any single byte", "name": "a named group; write `(?P<name>...)`"}
        return Refusal(f"`{odd[0]}` ({what[odd.lastgroup or 'byte']})", odd.start())
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = _MEMORY
    try:
        compiled = re2.compile(f"^(?:{text})$", options)
    except UnicodeEncodeError as error:
        return Refusal("the pattern is no UTF-8", max(error.start - _PREFIX, 0))
    except re2.error as error:
        said = error.args[0]
        return Refusal(said.decode(errors="replace") if isinstance(said, bytes) else str(said))
    if text in _DOTS:
        return Pattern(text, _DOTS[text])
    # A `)` may close the group that Alertmanager opens, as in `a)|(?:b`: then ends are not pinned.
    return Pattern(text, compiled.search if ")" in text else compiled.fullmatch)


_DOTS: dict[str, Callable[[str], object]] = {
    ".*": lambda value: None if "\n" in value else True,
    ".+": lambda value: None if "\n" in value or not value else True,
}
"""What each value of each label is held against: the dot takes all but a line break."""

_START = re.compile(r"([\w:/ -]{1,200})\.\*", re.ASCII)
"""A plain text with anything behind it: what most patterns of namespaces and clusters are."""


def _starting(text: str) -> Callable[[str], object]:
    def search(value: str) -> object:
        return True if value.startswith(text) and "\n" not in value else None

    return search


_CLASS = r"\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]"
_ODD = re.compile(rf"(?s)\\Q.*?(?:\\E|\Z)|(?P<byte>\\C)|\\.|{_CLASS}|(?P<name>\(\?<(?=\w))")
"""What google-re2 takes and Go does not, by name; and, nameless, what may only look like it."""


def _utf8(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return value


def literals(text: str) -> frozenset[str] | None:
    """Return every text that a pattern matches where it is an alternation of plain texts.

    Groups, `[ab]` and escaped signs are understood, and `^` and `$` at an alternative's ends; None
    for anything else, and for more than a thousand texts.
    """
    if text.count("(") > _DEEPEST or not _PLAIN.fullmatch(text):
        return None
    try:
        found, end = _alternatives(text, 0, outer=True)
    except _NotPlainError:
        return None
    return frozenset(found) if end == len(text) else None


_PLAIN = re.compile(r"(?s)(?:[^\\.+*?{}()\[\]]|\\[^\w\s]|\(\?:|[()\[\]])*")


class _NotPlainError(Exception):
    """The pattern is more than an alternation of texts."""


def _alternatives(text: str, at: int, *, outer: bool) -> tuple[list[str], int]:
    """Read alternatives up to the end, or up to the `)` that closes them."""
    found: list[str] = []
    while True:
        if outer and text.startswith("^", at):
            at += 1
        parts, at = _sequence(text, at, outer=outer)
        found += parts
        if len(found) > _MOST_LITERALS:
            raise _NotPlainError
        if not text.startswith("|", at):
            return found, at
        at += 1


def _sequence(text: str, at: int, *, outer: bool) -> tuple[list[str], int]:
    """Read what stands side by side, up to `|`, `)` or the end."""
    found = [""]
    while at < len(text) and text[at] not in "|)":
        if outer and text[at] == "$" and (at + 1 == len(text) or text[at + 1] == "|"):
            return found, at + 1
        options, at = _atom(text, at)
        if len(found) * len(options) > _MOST_LITERALS:
            raise _NotPlainError
        found = [before + after for before, after in product(found, options)]
    return found, at


def _atom(text: str, at: int) -> tuple[list[str], int]:
    sign = text[at]
    if sign == "(":
        found, at = _alternatives(text, at + (3 if text.startswith("(?:", at) else 1), outer=False)
        if not text.startswith(")", at):
            raise _NotPlainError
        return found, at + 1
    if sign == "[":
        found_class = re.compile(r"\[([^\[\]\\^-]+)\]").match(text, at)
        if found_class is None:
            raise _NotPlainError
        return list(found_class[1]), found_class.end()
    if sign == "\\":
        return [text[at + 1]], at + 2
    if sign in "^$]":
        raise _NotPlainError
    return [sign], at + 1


_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$]")
_GROUP = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\})")


def plainly(value: str) -> str:
    """Write a pattern that matches only this value."""
    return _SPECIAL.sub(r"\\\g<0>", value)


def expanded(text: str, value: str, template: str) -> str | None:
    """Fill in a template with what a pattern finds in a whole value; None where it does not match.

    `$1`, `${1}` and `$name` are groups, as in Go's `Expand`; one that there is not is empty.
    """
    compiled = _capturing(text)
    found = compiled.fullmatch(_utf8(value)) if compiled is not None else None
    if found is None:
        return None

    def group(sign: "re.Match[str]") -> str:
        if sign[0] == "$$":
            return "$"
        name = next(filter(None, sign.groups()), "")
        try:
            return found[int(name) if name.isdecimal() else name] or ""
        except (IndexError, KeyError, ValueError, OverflowError):
            return ""

    return _GROUP.sub(group, template)


@lru_cache(maxsize=512)
def _capturing(text: str) -> "re.Pattern[str] | None":
    if not isinstance(pattern(text), Pattern):
        return None
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        compiled: re.Pattern[str] = re2.compile(f"(?s:{text})", options)
    except re2.error:
        return None
    return compiled
