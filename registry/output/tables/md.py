"""Markdown: a table as GitHub shows it, every cell literally as it is in the registry.

A cell that is nothing but a safe address is a link that shows it; no other text becomes one.
"""

import re
from collections.abc import Sequence

from registry.output.markdown import automatic
from registry.output.table import Table, Writer
from registry.source.text import SUSPICIOUS, describe

_MARKS = re.compile(r"[\\`*_~|<>&\[\]#@!$]")
_LINKS = re.compile(r"(?i)(?<=www)\.|:(?=//|[a-z+-][\w+-]*:)")
_BREAK = re.compile(r"\r\n?|\n")
_LITERAL = re.compile(r"[A-Za-z0-9 ,;/()+=%?'\"-]*")


def render(table: Table) -> bytes:
    """Write a heading and the table; no cell can end it, run HTML or hide where a link leads."""
    table = table.for_people()
    lines = [
        f"# {_cell(table.title)}",
        "",
        _row(table.headings),
        "|" + " --- |" * len(table.columns),
        *map(_row, table.rows),
    ]
    if table.legend:
        lines += ["", "; ".join(f"{_cell(one)}: {_cell(meaning)}" for one, meaning in table.legend)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    """Escape what Markdown, HTML or GitHub would read as more than text; breaks become `<br>`.

    Links that GitHub makes by itself are broken up; characters that nobody can see are named.
    """
    text = text.strip()
    if _LITERAL.fullmatch(text):
        return text
    address = automatic(text)
    if address is not None:
        return address
    lines = _BREAK.split(text)
    return "<br>".join(_LINKS.sub(_entity, _MARKS.sub(r"\\\g<0>", _seen(line))) for line in lines)


def _seen(line: str) -> str:
    shown = SUSPICIOUS.sub(lambda found: f"<{describe(found[0])}>", line)
    return shown.replace("\t", " ")


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


WRITER = Writer("md", render)
