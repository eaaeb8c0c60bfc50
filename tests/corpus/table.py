"""How an audit of each real organisation comes out, a line each: `python -m tests.corpus.table`.

Each is audited against a registry that is drafted from its own files. Another folder of
organisations can be named.
"""

import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from registry.audit.audit import Audit, audit
from registry.audit.report.human import render
from registry.deployed.draft.draft import draft
from registry.deployed.ingest import NamedFiles, ingest
from registry.diagnostic import Severity
from registry.errors import CannotRunError
from registry.output.style import Style
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from tests.conftest import CORPUS

DERIVED = "_derived"
"""Rendered files, beside those that an organisation has."""
COLUMNS = (
    "organisation", "alerts", "loaded", "owned", "by which source", "routed", "way unknown",
    "not read", "errors", "warnings", "infos", "first screen", "lines",
)  # fmt: skip
OPTIONS = Options(datetime(2026, 11, 20, 9, tzinfo=UTC))


def audited(corpus: Path, name: str) -> Audit | None:
    """Audit an organisation's files against a registry drafted from them; None of no file."""
    folders = [corpus / name, corpus / DERIVED / name]
    try:
        found = ingest([NamedFiles("", str(one)) for one in folders if one.is_dir()], str(corpus))
    except CannotRunError:  # all of its files are hidden
        return None
    with tempfile.TemporaryDirectory() as folder:
        for file, content in draft(found.deployed, name, "poc").files.items():
            Path(folder, file).write_bytes(content)
        return audit(open_registry(folder, OPTIONS), found, OPTIONS)


def line(name: str, found: Audit) -> tuple[str, ...]:
    """Tell how an audit came out, in the order of `COLUMNS`."""
    rows = found.joined.rows
    sources = Counter(row.owner.source for row in rows if row.is_owned and row.owner is not None)
    counts = found.joined.counts
    # A screen holds the figures: what stands before the first finding.
    report = render(found, Style()).splitlines()
    first = next((at for at, one in enumerate(report) if "[OM" in one[:14]), len(report))
    figures = (
        len(rows),
        sum(row.alert.unloaded is None for row in rows),
        counts["owned"],
        ", ".join(f"{number} {source}" for source, number in sorted(sources.items())) or "–",
        counts["routed"],
        counts["unknown_way"],
        len(found.joined.deployed.not_read),
        *(found.result.count(severity) for severity in Severity),
        first,
        len(report),
    )
    return (name, *map(str, figures))


def main(corpus: Path) -> None:
    """Print the table, of the organisations with any alert or route."""
    lines = []
    for folder in sorted(corpus.iterdir()):
        if "+" not in folder.name or not folder.is_dir():
            continue
        found = audited(corpus, folder.name)
        if found and (found.joined.rows or found.joined.deployed.routers):
            lines.append(line(folder.name, found))
    print("| " + " | ".join(COLUMNS) + " |")
    print("|" + "---|" * len(COLUMNS))
    for one in lines:
        print("| " + " | ".join(one) + " |")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS)
