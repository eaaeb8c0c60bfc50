"""Real rule files, held against promtool: what it refuses is said to be refused, or another's."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.deployed.ingest import NamedFiles, ingest

pytestmark = pytest.mark.corpus

LATER = {
    "VictoriaMetrics+VictoriaMetrics/app/vmalert/config/testdata/rules/rules-multi-doc2-good.rules",
    "slok+sloth/examples/_gen/multifile.yml",
}
"""Files of which promtool takes the first document, and passes over the others without a word."""


def told(corpus: Path, file: str) -> str:
    """What is said of a file: that it is refused, another system's, or not read; else nothing."""
    found = ingest([NamedFiles("", str(corpus / file))], str(corpus)).deployed
    if found.unloaded:
        assert all(one.reason for one in found.unloaded)
        return "refused"
    if any(one.what.endswith("takes") for one in found.skipped):
        return "another's"
    return "not read" if found.not_read else ""


def files(corpus: Path) -> Iterator[tuple[str, bool]]:
    """Each rule file, and whether promtool takes it."""
    with (corpus / "ground_truth" / "rule_files.csv").open(encoding="utf-8", newline="") as file:
        yield from ((row["file"], row["promtool"] == "ok") for row in csv.DictReader(file))


def test_what_promtool_refuses_is_told(corpus: Path) -> None:
    refused = {name: told(corpus, name) for name, is_taken in files(corpus) if not is_taken}
    assert [name for name, said in refused.items() if not said] == []
    assert Counter(refused.values()) == {"refused": 48, "another's": 15, "not read": 7}


def test_of_what_promtool_takes_nothing_of_it_is_told(corpus: Path) -> None:
    taken = {name: told(corpus, name) for name, is_taken in files(corpus) if is_taken}
    assert len(taken) == 472
    assert {name for name, said in taken.items() if said} == LATER
