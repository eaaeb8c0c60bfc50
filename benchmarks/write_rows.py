"""Write rows of twelve columns: `write_rows.py csv|xlsx ours|bare ROWS FILE`.

Barely is `csv.writerows`, and the cells alone in openpyxl's write-only mode. A csv is written five
times, so that what is measured is the writing, and not the start of Python and its imports.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

_HEADINGS = (
    "layer", "title", "description", "team", "accountable", "responsible", "consulted", "informed",
    "metrics", "alerts", "escalation", "missing",
)  # fmt: skip
_TIMES = {"csv": 5, "xlsx": 1}


def rows(count: int) -> list[tuple[str, ...]]:
    """Return rows such as a role matrix has: ids, names, a sentence, lists, empty cells."""
    return [
        (
            f"layer-{number}",
            f"Layer {number} of the assistant",
            "What it answers from, and how fresh that is; who may change it, and when.",
            f"team-{number % 97}",
            f"person-{number % 1009}",
            f"person-{number % 13}, person-{number % 17}",
            "legal, security",
            "",
            f"groundedness-{number}, latency-{number}",
            f"groundedness-drop-{number}",
            f"escalation-{number % 211}",
            "" if number % 7 else "nobody is paged",
        )
        for number in range(count)
    ]


def ours(kind: str, count: int, path: Path) -> None:
    """Write them as `opmodel export` does."""
    from registry.output.table import Column, Table
    from registry.output.tables import csv as as_csv
    from registry.output.tables import xlsx as as_workbook

    day = datetime(2026, 11, 20, tzinfo=UTC).date().isoformat()
    columns = tuple(map(Column, _HEADINGS))
    table = Table("role-matrix", "Role matrix", columns, tuple(rows(count)), as_of=day)
    render = {"csv": as_csv.render, "xlsx": as_workbook.render}[kind]
    for _ in range(_TIMES[kind]):
        path.write_bytes(render(table))


def bare(kind: str, count: int, path: Path) -> None:
    """Write the same cells with as little as there is."""
    made = rows(count)
    for _ in range(_TIMES[kind]):
        if kind == "csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([_HEADINGS, *made])
        else:
            from openpyxl import Workbook

            book = Workbook(write_only=True)
            sheet = book.create_sheet("rows")
            for row in (_HEADINGS, *made):
                sheet.append(row)
            book.save(path)


def main(arguments: Sequence[str]) -> int:
    """Write a file as the command line says."""
    kind, writer, count, path = arguments
    {"ours": ours, "bare": bare}[writer](kind, int(count), Path(path))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
