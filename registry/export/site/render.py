"""The page itself, and the one door to Jinja2.

Nothing but the two texts that are shipped with the program runs or styles the page: a policy in
its head names them by their digests. What comes from a registry is escaped by Jinja2, or stands as
JSON in an element that no browser executes; scripts set it as text.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from registry.output.json import dump
from registry.source.shipped import shipped

if TYPE_CHECKING:
    from jinja2 import Template

FOLDER = "page"
_SCRIPTS = ("elements.js", "data.js", "clock.js", "chain.js", "graph.js", "entity.js",
            "calendar.js", "search.js", "start.js")  # fmt: skip


def render(shown: Mapping[str, Any], data: Mapping[str, Any]) -> bytes:
    """Fill the page's template with what is `shown`, and put `data` beside it for the scripts."""
    style = _text("page.css")
    script = f"'use strict';\n(() => {{\n{''.join(map(_text, _SCRIPTS))}}})();\n"
    page = _template().render(
        shown,
        policy=_policy(style, script),
        style=style,
        script=script,
        data=_inert(data),
    )
    return page.encode("utf-8", "backslashreplace")


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_text("page.html"))


def _text(name: str) -> str:
    return shipped(FOLDER, name).decode("utf-8")


def _policy(style: str, script: str) -> str:
    """Write a Content-Security-Policy: nothing is fetched, sent or run but these two texts."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {_digest(script)}",
            f"style-src {_digest(style)}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _inert(data: Mapping[str, Any]) -> str:
    """Write JSON without a character that could end the element that it stands in."""
    return (
        dump(data, is_tight=True)
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
    )
