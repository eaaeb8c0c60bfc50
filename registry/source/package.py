"""What may be inside a workbook: looked at part by part, in bounded memory, before it is opened.

A workbook is a zip archive of XML. An archive can unpack to far more than it seems, a few bytes of
XML can name a cell in the last of 17 billion, and entities can open files. So every part is
streamed once, and what no spreadsheet program writes is refused. The bounds lie well above what
this program writes of 10,000 entities.
"""

import io
import re
import zipfile
import zlib
from collections import Counter
from typing import NoReturn
from xml.parsers import expat

from registry.errors import CannotRunError

MAX_FILE = 32 * 1024 * 1024
MAX_UNPACKED = 160 * 1024 * 1024
MAX_PARTS = 2_000
"""Bytes of a workbook, bytes of all its parts, and how many parts it may have."""

_SMALL = 2 * 1024 * 1024
"""Bytes of a part that holds neither cells nor texts: it becomes many objects when it is read."""

_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384
_MAX_STEPS = 20_000_000
"""Cells up to the last of each row, the empty ones too: what reading goes through."""
_MAX_TEXTS = 1_000_000
_MAX_OTHERS = 500_000
_MAX_DEPTH = 64
_PIECE = 1 << 16

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_LARGE = re.compile(r"xl/(?:worksheets/[^/]+\.xml|sharedStrings\.xml|comments[^/]*\.xml"
                    r"|drawings/vmlDrawing[^/]*\.vml|media/.+)")  # fmt: skip
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def inspect(data: bytes, name: str) -> None:
    """Look at a workbook's parts. Raises CannotRunError for what must not be opened."""
    if len(data) > MAX_FILE:
        _refuse(name, f"larger than {MAX_FILE >> 20} MB", "import a part of it")
    if data.startswith(_OLE):
        _refuse(name, "password-protected, or an old .xls", "save it as .xlsx, without a password")
    if not data.startswith(b"PK\x03\x04") or data.count(_ENTRY) > MAX_PARTS:
        _refuse(name, "not an XLSX workbook", "save it as .xlsx, or as CSV")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            _names(book, name)
            for part in book.infolist():
                if part.filename.endswith((".xml", ".rels", ".vml")):
                    _Part(name, part.filename).scan(book, part)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError):
        _refuse(name, "damaged: it does not unpack", "save it again")


def _names(book: zipfile.ZipFile, name: str) -> None:
    """Refuse an archive whose parts do not say what is in it."""
    parts = book.infolist()
    twice = [one for one, n in Counter(_plain(part.filename) for part in parts).items() if n > 1]
    if twice:
        _refuse(name, f"damaged: the part `{twice[0]}` is there twice", "save it again")
    for part in parts:
        path = part.filename
        if path.startswith(("/", "\\")) or ".." in path or "\\" in path or ":" in path:
            _refuse(name, f"no workbook: its part `{path}` leads out of it", "do not open it")
        if part.flag_bits & _ENCRYPTED:
            _refuse(name, "password-protected", "save it without a password")
        if part.file_size > _SMALL and not _LARGE.fullmatch(path):
            _refuse(name, f"no table: its part `{path}` is too large", "import a part of it")
        if path.startswith("xl/externalLinks/"):
            _refuse(name, "it draws on other files", "break its external links, and save it")
        if "vbaProject" in path or path.startswith(("xl/macrosheets/", "xl/dialogsheets/")):
            _refuse(name, "it has macros", "save it as .xlsx, without macros")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        what = f"it unpacks to more than {MAX_UNPACKED >> 20} MB"
        _refuse(name, what, "import a part of it")


def _plain(path: str) -> str:
    return path.strip().casefold()


def _refuse(name: str, what: str, help_: str) -> NoReturn:
    raise CannotRunError(f"{name}: {what}; nothing was read", help_)


class _Part:
    """One part, counted while it streams by."""

    def __init__(self, file: str, path: str) -> None:
        self.file = file
        self.path = path
        self.depth = self.row = self.column = self.steps = self.texts = self.others = 0

    def scan(self, book: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
        """Stream it; raises CannotRunError for the first thing that is out of bounds."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self.doctype
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        try:
            with book.open(part) as file:
                while piece := file.read(_PIECE):
                    parser.Parse(piece)
            parser.Parse(b"", True)  # noqa: FBT003 - its own signature
        except expat.ExpatError as error:
            what = f"damaged: line {error.lineno} of its part `{self.path}` is no XML"
            _refuse(self.file, what, "save it again")

    def doctype(self, *_: object) -> None:
        what = f"its part `{self.path}` has a document type (DTD), which is not allowed"
        _refuse(self.file, what, "a spreadsheet writes none: do not open it")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Count an element; the prefix of its namespace may be any."""
        self.depth += 1
        kind = tag.rpartition(":")[2]
        if kind == "row":
            self.new_row(attributes.get("r"))
        elif kind == "c":
            self.new_cell(attributes.get("r"))
        elif kind in {"si", "t", "v", "is", "f"}:
            self.texts += kind == "si"
        else:
            self.others += 1
        if self.texts > _MAX_TEXTS or self.others > _MAX_OTHERS or self.depth > _MAX_DEPTH:
            _refuse(self.file, f"no table: its part `{self.path}` is too large", "import a part")

    def end(self, _: str) -> None:
        """Leave an element."""
        self.depth -= 1

    def new_row(self, number: str | None) -> None:
        """Go to a row, the next one where its number is left out."""
        self.row, self.column = self.number(number) if number else self.row + 1, 0
        self.bound(self.row, 1)

    def new_cell(self, place: str | None) -> None:
        """Go to a cell, the next one of the row where its place is left out."""
        column = self.column + 1
        if place is not None:
            found = _PLACE.fullmatch(place)
            if found is None:
                _refuse(self.file, f"damaged: there is no cell `{place[:20]}`", "save it again")
            column = 0
            for letter in found[1]:
                column = column * 26 + ord(letter) - ord("A") + 1
            self.bound(int(found[2]), column)
        self.steps += max(column - self.column, 1)
        self.column = column
        if self.steps > _MAX_STEPS:
            _refuse(self.file, "too wide a table", "import a part of it")

    def number(self, text: str) -> int:
        """Read a row's number."""
        if not text.isascii() or not text.isdigit() or len(text) > 7:
            _refuse(self.file, f"damaged: there is no row `{text[:20]}`", "save it again")
        return int(text)

    def bound(self, row: int, column: int) -> None:
        """Refuse a place that no sheet has."""
        if not (0 < row <= _MAX_ROW and column <= _MAX_COLUMN):
            _refuse(self.file, "damaged: a cell outside of its sheet", "save it again")
