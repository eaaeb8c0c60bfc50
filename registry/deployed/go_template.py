"""Templates of labels and annotations, as far as a server parses them when it loads a rule.

Prometheus parses each with Go's `text/template` and refuses the rule where that fails. Told here:
an action that does not end, blocks that do not balance, functions and variables that nobody has.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

_ACTION = re.compile(
    r"""\{\{(?:/\*.*?\*/\s*-?|(?P<inside>(?:"(?:\\.|[^"\\\n])*"|`[^`]*`|'(?:\\.|[^'\\\n])*'"""
    r"""|(?!\}\}|["`'])[^\n]|\n)*))\}\}""",
    re.DOTALL,
)
_ODD = re.compile(r"""["'`]|\A/\*""")
"""What inside an action may hide its end: a text, or a comment."""
_WORD = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])*')|(?P<field>\.[A-Za-z_]\w*)"""
    r"""|\$(?P<variable>\w*)|(?P<name>[A-Za-z_]\w*)|(?P<number>[-+]?[0-9][0-9a-zA-Z_.+]*)|(?P<sign>:=|\S)"""
)
_OPENING = frozenset({"if", "range", "with", "block", "define"})
_KEYWORDS = _OPENING | {"else", "end", "template", "break", "continue", "nil", "true", "false"}
_FUNCTIONS = frozenset(
    ("and", "call", "html", "index", "slice", "js", "len", "not", "or", "print", "printf",
     "println", "urlquery", "eq", "ne", "lt", "le", "gt", "ge",
     "query", "first", "label", "value", "sortByLabel", "strvalue", "args", "reReplaceAll",
     "safeHtml", "match", "title", "toUpper", "toLower", "graphLink", "tableLink", "parseDuration",
     "stripPort", "stripDomain", "humanize", "humanize1024", "humanizeDuration",
     "humanizePercentage", "humanizeTimestamp", "toTime", "toDuration", "now", "urlQueryEscape",
     "pathPrefix", "externalURL", "tmpl")
)  # fmt: skip
"""Go's own, and Prometheus' up to 3.8 (`template/template.go`)."""
_NAMES = _KEYWORDS | _FUNCTIONS
_VARIABLES = frozenset({"", "labels", "value", "externalLabels", "externalURL"})
OTHERS = frozenset(
    ("jsonEscape", "crlfEscape", "quotesEscape", "htmlEscape", "queryEscape", "pathEscape",
     "formatTime", "$type", "$alertID", "$groupID", "$expr", "$for", "$activeAt", "$isPartial")
)  # fmt: skip
"""Functions and variables of vmalert."""


def flaw(text: str) -> tuple[str, str] | None:
    """Say what is wrong with a template, and the word that is; None where nothing is known to be.

    The word is empty where the fault is not one word's.
    """
    if "{{" not in text:
        return None
    return _first_flaw(tuple(_actions(text)))


@lru_cache(maxsize=1024)
def _first_flaw(actions: tuple[str | None, ...]) -> tuple[str, str] | None:
    """Look through the actions of a text; rules have the same few."""
    return next(_flaws(actions), None)


def _actions(text: str) -> Iterator[str | None]:
    """Yield what is inside each action of a text; None for one that does not end."""
    rest = 0
    while (start := text.find("{{", rest)) >= 0:
        end = text.find("}}", start)
        inside = text[start + 2 : end]
        if end >= 0 and _ODD.search(inside) is None:
            rest = end + 2
            yield inside
            continue
        found = _ACTION.match(text, start)
        if found is None:
            yield None
            return
        rest = found.end()
        yield found["inside"] or ""


def _flaws(actions: Iterable[str | None]) -> Iterator[tuple[str, str]]:
    open_: list[str] = []
    declared: set[str] = set()
    for inside in actions:
        if inside is None:
            yield "an action `{{` that does not end", ""
            return
        words = _words(inside)
        yield from _unknown(words, declared)
        first = next((one["name"] for one in words if one[0] != "-"), None)
        if first in _OPENING:
            open_.append(first)
        elif first == "end":
            if not open_:
                yield "an `{{ end }}` that ends nothing", ""
                return
            open_.pop()
        elif first == "else" and not open_:
            yield "an `{{ else }}` that stands in nothing", ""
    if open_:
        yield f"a `{{{{ {open_[-1]} }}}}` without its `{{{{ end }}}}`", ""


@lru_cache(maxsize=1024)
def _words(inside: str) -> "tuple[re.Match[str], ...]":
    """Split an action; rules have the same few."""
    return tuple(_WORD.finditer(inside))


def _unknown(words: "tuple[re.Match[str], ...]", declared: set[str]) -> Iterator[tuple[str, str]]:
    signs = {one[0] for one in words if one["sign"]}
    if ":=" in signs:
        declared |= {one["variable"] for one in words if one["variable"]}
    known = _VARIABLES | declared
    for one in words:
        name, variable = one["name"], one["variable"]
        if name is not None and name not in _NAMES:
            yield f"the function `{name}` is not defined", name
        if variable is not None and variable not in known:
            yield f"the variable `${variable}` is not defined", f"${variable}"
