"""GOV.UK's repositories, from its repos.yml: which have an owner, and where their alerts go.

| what | found |
|---|---|
| entries in the file | 136 |
| of these, given again under the same name (one repository, three times) | 2 |
| repositories with nobody accountable: the file names teams and no person | 134 |
| repositories without one team | 0 |
| teams, none with a lead or a member in the file | 18 |
| repositories whose alerts go to a channel that no named person reads | 98 |
| channels that take them | 9 |

Every figure is counted a second time here, in plain lines over the source.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.corpus.conftest import Looked
from tests.corpus.convert_repos import convert

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def source(corpus: Path) -> Path:
    return corpus / "alphagov+govuk-developer-docs" / "data" / "repos.yml"


@pytest.fixture(scope="module")
def repos(source: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(source.read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def looked(
    source: Path, tmp_path_factory: pytest.TempPathFactory, look: Callable[[str], Looked]
) -> Looked:
    return look(convert(source, tmp_path_factory.mktemp("govuk")))


def test_a_repository_that_is_given_again_is_reported(
    looked: Looked, repos: list[dict[str, Any]]
) -> None:
    counts = Counter(repo["repo_name"] for repo in repos)
    repeated = [name for name, count in counts.items() for _ in range(count - 1)]
    said = [one.message for one in looked.found if one.code == "OM002"]
    assert len(repos) == 136
    assert len(said) == len(repeated) == 2
    assert all(f"`{name}`" in message for name, message in zip(repeated, said, strict=True))
    assert looked.notes == (
        "2 entries repeated or misnamed, and not in here: `opmodel check` says why",
    )


def test_every_repository_is_a_row_in_the_files_order(
    looked: Looked, repos: list[dict[str, Any]]
) -> None:
    names = list(dict.fromkeys(repo["repo_name"] for repo in repos))
    assert [row["layer"] for row in looked.rows] == names
    assert len(names) == 134


def test_nobody_accountable(looked: Looked, repos: list[dict[str, Any]]) -> None:
    names = {repo["repo_name"] for repo in repos}
    assert looked.about("OM102", "accountable") == sorted(names)
    assert {row["accountable"] for row in looked.rows} == {""}
    assert looked.about("OM103") == []


def test_every_repository_has_one_team(looked: Looked, repos: list[dict[str, Any]]) -> None:
    assert all(isinstance(repo["team"], str) and repo["team"] for repo in repos)
    assert looked.about("OM104") == []
    assert looked.about("OM007") == []
    teams = {repo["repo_name"]: repo["team"].lstrip("#") for repo in repos}
    assert {row["layer"]: row["team"] for row in looked.rows} == teams


def test_teams_without_people(looked: Looked, repos: list[dict[str, Any]]) -> None:
    teams = {repo["team"].lstrip("#") for repo in repos}
    assert looked.about("OM115", "lead") == sorted(teams)
    assert looked.about("OM115", "members") == sorted(teams)
    assert len(teams) == 18


def test_alerts_that_no_named_person_reads(looked: Looked, repos: list[dict[str, Any]]) -> None:
    alerted = sorted(repo["repo_name"] for repo in repos if "alerts_team" in repo)
    assert looked.about("OM209") == alerted
    assert looked.about("OM207", "owner") == alerted
    assert len(alerted) == 98


def test_alert_coverage_says_so_alert_by_alert(looked: Looked, repos: list[dict[str, Any]]) -> None:
    rooms = {
        repo["repo_name"]: f"alerts-{repo['alerts_team'].lstrip('#')}"
        for repo in repos
        if "alerts_team" in repo
    }
    assert {row["alert"]: row["missing"] for row in looked.alerts} == {
        name: f"no owner; no threshold; nobody reads `{room}`" for name, room in rooms.items()
    }
    assert {row["channels"] for row in looked.alerts} == {
        f"{room} (slack, nobody reads it)" for room in rooms.values()
    }
    assert len(set(rooms.values())) == 9


def test_nothing_else_is_reported_of_the_files_themselves(looked: Looked) -> None:
    codes = {one.code for one in looked.found if one.code.startswith("OM0")}
    assert codes == {"OM002"}
