"""The OpenTelemetry semantic conventions' attribute names, offline.

The table beside this module is generated from the package `opentelemetry-semantic-conventions`
(Apache-2.0) by `pytest tests/test_conventions_table.py --update`; its first line states the
version. It holds names only: `name`, `name.*` for a template, `name -> successor …` or `name ->`
for one that is deprecated. Names that moved to the GenAI conventions are not deprecated.

`otel_sensitive.txt` is kept by hand: what the conventions say holds what people wrote or models
answered (`content`), or who somebody is (`personal`). What only may hold it is not listed: an
address, a header, an exception's message.
"""

import os
from functools import cache
from typing import Literal, NamedTuple

_HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = os.path.join(_HERE, "otel_attributes.txt")
SENSITIVE = os.path.join(_HERE, "otel_sensitive.txt")


class Conventions(NamedTuple):
    """The names, by kind.

    `deprecated` maps a name to what replaces it, which may be nothing; `namespaces` are the first
    parts of all names: what lies in one of these is the conventions' to define.
    """

    version: str
    defined: frozenset[str]
    templates: tuple[str, ...]
    deprecated: dict[str, tuple[str, ...]]
    namespaces: frozenset[str]

    def defines(self, name: str) -> bool:
        """Whether the conventions have an attribute of this name, deprecated ones left out."""
        return name in self.defined or any(
            name.startswith(prefix + ".") and len(name) > len(prefix) + 1
            for prefix in self.templates
        )


@cache
def conventions() -> Conventions:
    """Read the table that ships with the package."""
    with open(TABLE, encoding="utf-8") as file:
        head, *lines = file.read().splitlines()
    defined, templates, deprecated = set(), [], {}
    for line in lines:
        name, arrow, successors = line.partition(" ->")
        if arrow:
            deprecated[name] = tuple(successors.split())
        elif name.endswith(".*"):
            templates.append(name[:-2])
        else:
            defined.add(name)
    namespaces = frozenset(name.split(".", 1)[0] for name in (*defined, *templates, *deprecated))
    version = head.split()[-1]
    return Conventions(version, frozenset(defined), tuple(templates), deprecated, namespaces)


def sensitive(name: str) -> Literal["content", "personal"] | None:
    """Tell what the conventions say of an attribute's values; None where they say neither."""
    known = _sensitive()
    parts = name.split(".")
    prefixes = (".".join(parts[:count]) + ".*" for count in range(len(parts) - 1, 0, -1))
    return next((known[one] for one in (name, *prefixes) if one in known), None)


@cache
def _sensitive() -> dict[str, Literal["content", "personal"]]:
    with open(SENSITIVE, encoding="utf-8") as file:
        _, *lines = file.read().splitlines()
    rows = (line.split() for line in lines)
    return {name: "content" if kind == "content" else "personal" for kind, name in rows}
