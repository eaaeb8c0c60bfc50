"""The cells of a table that came back, held against what went out and against what is so now.

A cell that says what went out was not edited, whatever the registry says by now. One that was
edited is taken where the registry still says what went out; where it says a third thing, the two
are in conflict.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from registry.edit.change import FieldChange, RefusedChange
from registry.output.contacts import HIDDEN_EMAIL, HIDDEN_PHONE, hide_contacts
from registry.output.tables.csv import harmless, tame
from registry.output.workbook import CUT
from registry.source.grid import CellKind
from registry.source.text import SUSPICIOUS, describe

Forms = tuple[str, ...]
"""The ways in which one value may be written: by ids and by names; the first is the usual one."""

State = Mapping[str, Mapping[str, Forms]]
"""A table's cells: row to column, each by its key; an absent cell is empty."""

_IGNORED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2400-\u2421\ufffd]")
"""Control characters, and the pictures that stand for them in a file of text."""


class EditedCell(NamedTuple):
    """A cell that somebody filled in: `text` is what it says now, and `was` what it said."""

    row: str
    column: str
    text: str
    where: str
    was: Forms = ("",)


class ReadCell(NamedTuple):
    """A cell of a file, and where it stands."""

    row: str
    column: str
    text: str
    where: str
    kind: CellKind = "text"


class Proposal(NamedTuple):
    """What a table asks for: the changes, what is not taken and why, and what a reader is told.

    `lacks_base` says that edits could not be told from what changed in the registry since.
    """

    changes: tuple[FieldChange, ...] = ()
    refused: tuple[RefusedChange, ...] = ()
    told: tuple[str, ...] = ()
    lacks_base: bool = False


def plain(text: str) -> str:
    """Return what counts of a cell: programs change the ends of lines, and drop controls."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = lines.replace("\u2028", "\n").replace("\u2029", "\n")
    return "\n".join(line.rstrip() for line in _IGNORED.sub("", lines).split("\n")).strip()


def says(text: str, forms: Iterable[str]) -> bool:
    """Whether a cell says one of the forms, as this program writes it in one format or another."""
    found = plain(text)
    for form in forms:
        for shown in (form, hide_contacts(form)):
            if found == plain(shown) or found == plain(harmless(tame(shown))):
                return True
    return False


def meant(text: str) -> str:
    """Return what a person wrote: without the apostrophe that keeps a cell from being run."""
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text


def compare(
    cells: Iterable[ReadCell],
    base: State,
    now: State,
    takes: Mapping[CellKind, frozenset[str]] | None = None,
) -> Iterator[EditedCell | RefusedChange]:
    """Yield each cell that was edited, and each that cannot be taken.

    Cells that were not touched are never looked at for what they hold. `takes` names the columns
    that take what is no text, by its kind.
    """
    for row, column, text, where, kind in cells:
        before, current = (one.get(row, {}).get(column, ("",)) for one in (base, now))
        if says(text, before) or says(text, current):
            continue
        is_text = column in (takes or {}).get(kind, ())
        flaw = _flaw(text, "text" if is_text else kind, before)
        if flaw is not None:
            yield RefusedChange(where, *flaw)
        elif plain(before[0]) != plain(current[0]):
            shown = f"`{short(current[0])}`" if current[0] else "nothing"
            message = f"`{short(text)}` here, and by now {shown} in the registry: a conflict"
            yield RefusedChange(where, message, "decide for one, and correct the cell or the file")
        else:
            yield EditedCell(row, column, meant(text).strip(), where, before)


def _flaw(text: str, kind: CellKind, before: Forms) -> tuple[str, str] | None:
    """Say why a cell's content is not taken, and the next action."""
    if kind == "formula":
        return "a formula; what it gives is not taken", "write the text itself"
    if kind == "error":
        return f"`{text}`, an error of a formula", "write the text itself"
    if kind != "text":
        return f"{text} is a {kind}, and may have lost its spelling", "format the cell as text"
    odd = SUSPICIOUS.search(text)
    if odd is not None:
        message = f"a character that a reader cannot see: {describe(odd[0])}"
        return message, "remove it"
    if any(one.endswith(CUT) for one in before):
        return "its text was cut to fit the cell, and the rest would be lost", "change the file"
    if any(
        hide_contacts(one) != one or HIDDEN_EMAIL in one or HIDDEN_PHONE in one for one in before
    ):
        return "its text was shown without contacts, which would be lost", "change it in the file"
    if HIDDEN_EMAIL in text or HIDDEN_PHONE in text:
        return "it holds what stands for a contact", "change it in the file"
    return None


def short(text: str) -> str:
    """Cut a cell's text to what a message shows."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
