"""Backstage catalogues of eleven projects: owners that are groups, and owners that are nobody.

| catalogue | entities with an owner | a group (nobody in particular) | not in the catalogue |
|---|---|---|---|
| backstage-plugins | 5 | 4 | 1 |
| backstage-plugins-for-aws | 4 | 3 | 1 |
| demo | 3 | 0 | 3 |
| bancorocks-org-catalog | 4 | 4 | 0 |
| developer-portal | 4 | 3 | 1 |
| stacks | 8 | 0 | 8 |
| kafka-selfservice-backstage | 5 | 5 | 0 |
| catalog-importer | 2 | 2 | 0 |
| backstage-showcase | 11 | 11 | 0 |
| internal-developer-platform | 3 | 3 | 0 |
| eg-backstage-demo | 7 | 5 | 2 |
| all | 56 | 40 | 16 |

A catalogue goes by its repository's name. None names one person as the owner of anything. The
figures are those of the corpus's own table of entities, which was made with other means.
"""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.corpus.conftest import Looked
from tests.corpus.convert_backstage import convert, entities

pytestmark = pytest.mark.corpus

FIGURES = {
    "backstage-plugins": (5, 4, 1),
    "backstage-plugins-for-aws": (4, 3, 1),
    "demo": (3, 0, 3),
    "bancorocks-org-catalog": (4, 4, 0),
    "developer-portal": (4, 3, 1),
    "stacks": (8, 0, 8),
    "kafka-selfservice-backstage": (5, 5, 0),
    "catalog-importer": (2, 2, 0),
    "backstage-showcase": (11, 11, 0),
    "internal-developer-platform": (3, 3, 0),
    "eg-backstage-demo": (7, 5, 2),
}


@pytest.fixture(scope="module")
def truth(corpus: Path) -> list[dict[str, str]]:
    path = corpus / "ground_truth" / "backstage_entities.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_figures_are_of_every_catalogue(truth: list[dict[str, str]]) -> None:
    assert set(FIGURES) == {row["catalog"].partition("+")[2] for row in truth}
    assert [sum(column) for column in zip(*FIGURES.values(), strict=True)] == [56, 40, 16]


@pytest.fixture(params=FIGURES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def catalogue(name: str, corpus: Path) -> Path:
    (found,) = corpus.glob(f"*+{name}")
    return found


def test_owners(
    name: str,
    catalogue: Path,
    truth: list[dict[str, str]],
    tmp_path: Path,
    look: Callable[[str], Looked],
) -> None:
    known = [row for row in truth if row["catalog"] == catalogue.name]
    assert Counter(one["kind"] for one in entities(catalogue)) == Counter(
        row["kind"] for row in known
    )
    looked = look(convert(catalogue, tmp_path))
    owned = [row for row in known if row["has_owner"] == "1"]
    to_group = [row for row in owned if row["owner_resolves"] == "1"]
    assert all(row["owner_ref"].startswith("group:") for row in to_group)
    lost = [row for row in owned if row["owner_resolves"] == "0"]
    groups, unknown = looked.about("OM105"), looked.about("OM007", "accountable")
    assert (len(looked.rows), len(groups), len(unknown)) == FIGURES[name]
    assert (len(owned), len(to_group), len(lost)) == FIGURES[name]
    assert groups == _ids(to_group)
    assert unknown == _ids(lost)
    assert looked.about("OM104", "team") == _ids(lost)
    assert looked.about("OM102") == looked.about("OM103") == []
    _matrix(looked, to_group, lost)


def _ids(rows: list[dict[str, str]]) -> list[str]:
    return sorted(f"{row['kind'].lower()}.{(row['name'] or 'unnamed').lower()}" for row in rows)


def _matrix(looked: Looked, to_group: list[dict[str, str]], lost: list[dict[str, str]]) -> None:
    """Check that an owner who exists fills the cell, and one who does not has a marked column."""
    filled = [row["layer"] for row in looked.rows if row["accountable"]]
    assert sorted(filled) == _ids(to_group)
    marked = {heading for row in looked.rows for heading in row if heading.endswith(" (unknown)")}
    assert len(marked) == len({row["owner"] for row in lost})
    letters = [
        cell for row in looked.rows for heading, cell in row.items() if heading in marked and cell
    ]
    assert letters == ["A"] * len(lost)


def test_groups_without_members(
    catalogue: Path, tmp_path: Path, look: Callable[[str], Looked]
) -> None:
    groups, members = set(), set()
    for path in catalogue.rglob("*.yaml"):
        text = path.read_text("utf-8")
        for document in yaml.safe_load_all(text) if "kind: Group" in text or "User" in text else ():
            spec = (document or {}).get("spec") or {}
            if (document or {}).get("kind") == "Group":
                groups.add(document["metadata"]["name"].lower())
                members |= {document["metadata"]["name"].lower()} if spec.get("members") else set()
            if (document or {}).get("kind") == "User":
                members |= {one.lower().split("/")[-1] for one in spec.get("memberOf") or ()}
    looked = look(convert(catalogue, tmp_path))
    assert looked.about("OM115", "members") == sorted(groups - members)
    assert looked.about("OM115", "lead") == sorted(groups)
