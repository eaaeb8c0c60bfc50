"""The last sheet: what the workbook is of, how to read it, and how to send it back."""

from registry.checks.engine import Opened
from registry.checks.result import Result
from registry.diagnostic import Severity
from registry.export.export import notes
from registry.export.tables._raci import LEGEND
from registry.output.workbook import BookColumn, BookRow, BookSheet
from registry.version import __version__
from registry.wording import counted

NAME = "About"

_BACK = (
    ("Send it back", "Save this workbook as .xlsx and give it to whoever keeps the registry."),
    ("", "`opmodel import workbook FILE` shows what you changed; with --apply it is written."),
    ("What comes back", "Cells below a dark heading on the sheets with such headings."),
    ("What does not", "Other sheets, headings in grey, new rows and rows that you delete."),
    ("Several in a cell", "Parted by `; `, as in `ana; bo`: ids, or names of people and teams."),
    ("Colours", "Green: accountable. Red: a gap, or an error. Yellow: a warning."),
    ("Notes", "The first cell of a row says in which file and line it is written."),
)


def about_sheet(
    opened: Opened, result: Result, sheets: tuple[BookSheet, ...], as_of: str
) -> BookSheet:
    """Say what a reader needs to know of the workbook."""
    workspace = opened.workspace
    counts = ", ".join(counted(result.count(one), one.value) for one in Severity)
    facts = [
        ("Registry", workspace.manifest.name, ""),
        ("Description", workspace.manifest.description or "", ""),
        ("Stage", result.stage, ""),
        ("As of", as_of or result.at, ""),
        ("Findings", counts, "Findings"),
        ("Made by", f"opmodel {__version__}", ""),
        *((f"{letter}", meaning, "") for letter, meaning in LEGEND),
        *((heading, said, "") for heading, said in _BACK),
        *(("Sheet", f"{one.name}: {counted(len(one.rows), 'row')}", one.name) for one in sheets),
        *(("Not complete", said, "") for said in notes(opened)),
    ]
    first = {one.name: one.rows[0].key for one in sheets if one.rows}
    rows = tuple(
        BookRow(
            str(number), (heading, said), "", {1: (sheet, first[sheet])} if sheet in first else {}
        )
        for number, (heading, said, sheet) in enumerate(facts, 1)
    )
    columns = (BookColumn("what", "what"), BookColumn("is", "is"))
    title = f"Operating model of {workspace.manifest.name}"
    return BookSheet(NAME, title, columns, rows, "What this workbook is, and how it goes back.")
