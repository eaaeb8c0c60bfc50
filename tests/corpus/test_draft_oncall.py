"""Real schedules of a paging service, drafted into a registry: the same person at every instant."""

import csv
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pytest

from registry.clock.civil import instant
from registry.deployed.draft.draft import draft
from registry.deployed.ingest import NamedFiles, ingest
from registry.model.oncall import Schedule
from registry.model.people import Person
from registry.paging.pager import Pager, Place
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from registry.workspace.workspace import Workspace

pytestmark = pytest.mark.corpus

DATA = "firehydrant+signals-migrator/pager/testdata"
WITHOUT_ITS_USER = "schedules-pvjmuic"
"""Its only user is in none of the exported files, so that nobody can be drafted."""


def workspace(file: Path, corpus: Path, folder: Path) -> Workspace:
    users = sorted(file.parent.glob("users*.json"))
    found = ingest([NamedFiles("", str(one)) for one in (file, *users)], str(corpus))
    folder.mkdir()
    for name, content in draft(found.deployed, "drafted", "poc").files.items():
        (folder / name).write_bytes(content)
    opened = open_registry(str(folder), Options(datetime(2026, 11, 20, 9, tzinfo=UTC)))
    assert [one.message for one in opened.problems] == []
    return opened.workspace


def test_who_is_on_call(corpus: Path, tmp_path: Path) -> None:
    truth = corpus / "ground_truth" / "oncall_instants.csv"
    with truth.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if WITHOUT_ITS_USER not in row["schedule"]]
    asked = 0
    for number, (name, ones) in enumerate(groupby(rows, itemgetter("schedule"))):
        found = workspace(corpus / DATA / name, corpus, tmp_path / str(number))
        (schedule,) = found.all(Schedule)
        people = found.all(Person)
        ids = {one.contact.pager: id_ for id_, one in people.items() if one.contact is not None}
        for row in ones:
            at = instant(datetime.fromisoformat(row["instant_utc"]))
            hops = Pager(found, at).chain(schedule, Place("", 1))
            wanted = {ids[row["on_call"]]} if row["on_call"] else set()
            assert {one.id for hop in hops for one in hop.people} == wanted, row
            asked += 1
    assert asked == 1038
