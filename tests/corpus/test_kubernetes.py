"""The Kubernetes community, from its sigs.yaml: who is accountable for which area.

| what | found |
|---|---|
| areas: 35 groups and their 236 subprojects | 271 |
| with several accountable people: every group, and 13 subprojects | 48 |
| with nobody named as accountable, all of them subprojects | 218 |
| with one accountable person | 5 |
| of these, where that person leads nothing else in the group | 4 |
| groups without one lead | 35 |
| areas with people accountable and nobody responsible | 33 |
| stakeholders that are no group | 0 |

Every figure is counted a second time here, in plain lines over the source.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.corpus.conftest import Looked
from tests.corpus.convert_sigs import convert

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def source(corpus: Path) -> Path:
    return corpus / "kubernetes+community" / "sigs.yaml"


@pytest.fixture(scope="module")
def groups(source: Path) -> list[dict[str, Any]]:
    data = yaml.safe_load(source.read_text("utf-8"))
    return [*data["sigs"], *data["workinggroups"], *data["committees"]]


@pytest.fixture(scope="module")
def looked(
    source: Path, tmp_path_factory: pytest.TempPathFactory, look: Callable[[str], Looked]
) -> Looked:
    return look(convert(source, tmp_path_factory.mktemp("kubernetes")))


def _subprojects(groups: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for group in groups:
        yield from group.get("subprojects") or ()


def test_every_area_is_a_row_in_the_files_order(
    looked: Looked, groups: list[dict[str, Any]]
) -> None:
    titles = []
    for group in groups:
        titles += [group["name"], *(one["name"] for one in group.get("subprojects") or ())]
    assert [row["title"] for row in looked.rows] == titles
    assert len(titles) == 271
    assert looked.notes == ()


def test_several_accountable(looked: Looked, groups: list[dict[str, Any]]) -> None:
    several = [group for group in groups if len(group["leadership"]["chairs"]) > 1]
    several += [one for one in _subprojects(groups) if len(one.get("leads") or ()) > 1]
    assert len(looked.about("OM103", "accountable")) == len(several) == 48


def test_nobody_accountable(looked: Looked, groups: list[dict[str, Any]]) -> None:
    without = [one for one in _subprojects(groups) if not one.get("leads")]
    assert len(looked.about("OM102", "accountable")) == len(without) == 218


def test_one_accountable(looked: Looked, groups: list[dict[str, Any]]) -> None:
    """The cell holds one name where one person is named, and nowhere else; of several it has all."""
    alone = [one["name"] for one in _subprojects(groups) if len(one.get("leads") or ()) == 1]
    filled = [row for row in looked.rows if row["accountable"]]
    assert [row["title"] for row in filled if "; " not in row["accountable"]] == alone
    assert len(alone) == 5


def test_every_accountable_person_has_a_letter(
    looked: Looked, groups: list[dict[str, Any]]
) -> None:
    named = sum(len(group["leadership"]["chairs"]) for group in groups)
    named += sum(len(one.get("leads") or ()) for one in _subprojects(groups))
    cells = [cell for row in looked.rows for cell in row.values()]
    assert cells.count("A") + cells.count("A/R") == named == 147


def test_accountable_and_responsible_at_once(looked: Looked, groups: list[dict[str, Any]]) -> None:
    """Chairs who are technical leads of the same group as well."""
    both = 0
    for group in groups:
        chairs, leads = (
            {one["github"].lower() for one in group["leadership"].get(kind) or ()}
            for kind in ("chairs", "tech_leads")
        )
        both += len(chairs & leads)
    cells = [cell for row in looked.rows for cell in row.values()]
    assert cells.count("A/R") == both


def test_owners_from_outside_the_group(looked: Looked, groups: list[dict[str, Any]]) -> None:
    outside = 0
    for group in groups:
        people = {
            one["github"].lower()
            for kind in ("chairs", "tech_leads")
            for one in group["leadership"].get(kind) or ()
        }
        for subproject in group.get("subprojects") or ():
            leads = [one["github"].lower() for one in subproject.get("leads") or ()]
            outside += len(leads) == 1 and leads[0] not in people
    assert len(looked.about("OM107")) == outside == 4


def test_no_group_has_one_lead(looked: Looked, groups: list[dict[str, Any]]) -> None:
    without = [group["dir"] for group in groups if len(group["leadership"]["chairs"]) != 1]
    assert looked.about("OM115", "lead") == sorted(without)
    assert looked.about("OM115", "members") == []
    assert len(without) == 35


def test_nobody_responsible(looked: Looked, groups: list[dict[str, Any]]) -> None:
    idle = [group for group in groups if not group["leadership"].get("tech_leads")]
    led = [one for one in _subprojects(groups) if one.get("leads")]
    assert len(looked.about("OM114")) == len(idle) + len(led) == 33


def test_every_stakeholder_is_a_group(looked: Looked, groups: list[dict[str, Any]]) -> None:
    names = {group["name"] for group in groups}
    named = [one for group in groups for one in group.get("stakeholder_sigs") or ()]
    assert set(named) <= names
    assert looked.about("OM007") == []
    cells = [cell for row in looked.rows for cell in row.values()]
    assert cells.count("C") == len(named)


def test_nothing_is_reported_of_the_files_themselves(looked: Looked) -> None:
    assert [one.code for one in looked.found if one.code.startswith("OM0")] == []
