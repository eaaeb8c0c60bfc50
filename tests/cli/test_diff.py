"""`opmodel diff`: what is compared, how it exits, and what is refused."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import AT, FAULTY, Ran, Run
from tests.cli.repository import commit, git, repository
from tests.conftest import ROOT

BEFORE, AFTER = (str(ROOT / "tests" / "compare" / side) for side in ("before", "after"))


@pytest.fixture
def repo(faulty: Path) -> Path:
    """The faulty registry on `main`, and with an owner more on `topic`, which is checked out."""
    repository(faulty.parent)
    git(faulty, "checkout", "-qb", "topic")
    owned = FAULTY.replace("  spend:\n", "  spend:\n    owner: priya\n")
    (faulty / "opmodel.yaml").write_text(owned, "utf-8")
    commit(faulty, "owned")
    return faulty


def diff(run: Run, *argv: str) -> Ran:
    return run("diff", *argv, "--at", AT)


def sides(run: Run, *argv: str) -> tuple[str, str, list[str]]:
    ran = diff(run, *argv, "--format", "json")
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)
    return found["before"], found["after"], [one["entity"]["id"] for one in found["ownership"]]


NOW = "the files as they are"


@pytest.mark.parametrize(
    ("argv", "named"),
    [
        (("main", "topic", "faulty"), ("main", "topic")),
        (("main..topic", "faulty"), ("main", "topic")),
        (("main..", "faulty"), ("main", "HEAD")),
        (("main...topic", "faulty"), ("the merge base of main and topic", "topic")),
        (("main...", "faulty"), ("the merge base of main and HEAD", "HEAD")),
        (("main", "faulty"), ("main", "faulty")),
        (("main", "HEAD", "faulty"), ("main", "HEAD")),
        (("HEAD~1", "HEAD", "faulty"), ("HEAD~1", "HEAD")),
    ],
)
def test_sides_are_revisions_or_folders(
    repo: Path, run: Run, argv: tuple[str, ...], named: tuple[str, str]
) -> None:
    assert sides(run, *argv) == (*named, ["spend"])


def test_without_a_folder_it_is_the_registry_that_we_are_in(
    repo: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repo)
    assert sides(run, "main") == ("main", NOW, ["spend"])
    assert sides(run, "main", "topic") == ("main", "topic", ["spend"])
    assert sides(run, "topic", ".") == ("topic", ".", [])
    assert sides(run, "..topic") == ("HEAD", "topic", [])


def test_a_folder_is_meant_before_a_revision_of_its_name(repo: Path, run: Run) -> None:
    git(repo, "branch", "faulty", "main")
    assert sides(run, "faulty", "faulty") == ("faulty", "faulty", [])
    assert sides(run, "refs/heads/faulty", "faulty")[2] == ["spend"]


def test_a_dirty_tree_counts_where_files_are_named(repo: Path, run: Run) -> None:
    (repo / "opmodel.yaml").write_text(FAULTY, "utf-8")
    assert sides(run, "main", "faulty")[2] == []
    assert sides(run, "main", "HEAD", "faulty")[2] == ["spend"]


def test_what_was_not_there_is_all_new(repo: Path, run: Run) -> None:
    new = repo.parent / "new"
    new.mkdir()
    (new / "opmodel.yaml").write_text(FAULTY, "utf-8")
    ran = diff(run, "main", "new", "--format", "json")
    assert ran.err == "opmodel: the registry was not there at main: everything counts as new\n"
    found = json.loads(ran.out)
    owned = [(one["change"], one["entity"]["id"]) for one in found["ownership"]]
    assert owned == [("lost", "refusals"), ("lost", "spend"), ("new", "latency")]
    assert found["findings"]["gone"] == []
    assert "OM201" in {one["code"] for one in found["findings"]["new"]}
    ran = diff(run, "topic", "main", "new")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "opmodel: diff: the registry was not there at main; name a revision that has it\n"
    )


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("nope", "faulty"), "diff: there is no git revision `nope`"),
        (("main", "nope", "faulty"), "diff: there is no git revision `nope`"),
        (("main...nope", "faulty"), "diff: there is no git revision `nope`"),
        (("main..topic", "faulty", "faulty"), "`main..topic` names both sides already"),
        (("main", "faulty", "faulty"), "faulty and faulty are both folders"),
        (("main", "topic"), "no registry: there is no opmodel.yaml here"),
        (("main", "faulty", "--fail-on", "all"), "--fail-on names `all`; it is of findings"),
        (("main", "faulty", "--horizon", "soon"), "--horizon soon"),
        ((), "the following arguments are required: OLD"),
    ],
)
def test_what_is_refused(repo: Path, run: Run, argv: tuple[str, ...], says: str) -> None:
    ran = run("diff", *argv)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("old", "new", "fail_on", "code"),
    [
        (BEFORE, AFTER, "", 0),
        (BEFORE, AFTER, "findings", 1),
        (BEFORE, AFTER, "ownership", 1),
        (BEFORE, AFTER, "paging", 1),
        (BEFORE, AFTER, "findings,paging", 1),
        (AFTER, AFTER, "findings, ownership, paging", 0),
    ],
)
def test_exit_code(run: Run, old: str, new: str, fail_on: str, code: int) -> None:
    assert diff(run, old, new, "--fail-on", fail_on).code == code


def test_findings_that_are_gone_fail_nothing(repo: Path, run: Run) -> None:
    assert diff(run, "main", "faulty", "--fail-on", "findings,paging").code == 0
    assert diff(run, "main", "faulty", "--fail-on", "ownership").code == 1


def test_people_read_the_gravest_first(run: Run) -> None:
    out = diff(run, BEFORE, AFTER).out
    heads = [line for line in out.splitlines()[3:] if line and not line.startswith(" ")]
    assert heads[:4] == [
        "Nobody is paged", "Nobody may flip a kill switch", "Nobody owns", "New errors",
    ]  # fmt: skip
    assert out.startswith("What changes in parcels from ")
    assert "\x1b[1m" in diff(run, BEFORE, AFTER, "--color", "always").out


def test_times_are_told_where_they_are_asked_for(run: Run) -> None:
    out = diff(run, BEFORE, AFTER, "--tz", "America/New_York").out
    assert "Fri 2026-11-20 04:00 – Thu 2027-02-18 04:00 America/New_York" in out
    line = next(one for one in out.splitlines() if "`late-at-night`" in one)
    assert "(America/New_York): first 2026-11-20 14:00-05:00" in line
    page = diff(run, BEFORE, AFTER, "--tz", "America/New_York", "--format", "markdown").out
    assert "(America/New_York): first 2026-11-20 14:00-05:00" in page


def test_moved_lines_change_nothing(repo: Path, run: Run) -> None:
    text = (repo / "opmodel.yaml").read_text("utf-8")
    people, _, metrics = text.partition("metrics:")
    (repo / "more.yaml").write_text(f"# moved\nmetrics:{metrics}", "utf-8")
    (repo / "opmodel.yaml").write_text(people, "utf-8")
    ran = diff(run, "topic", "faulty", "--fail-on", "findings,ownership,paging")
    assert ran.code == 0
    assert "Nothing changes in who owns" in ran.out


def test_a_policy_that_changed_is_noted(repo: Path, run: Run) -> None:
    stricter = (repo / "opmodel.yaml").read_text("utf-8").replace("stage: poc", "stage: pilot")
    (repo / "opmodel.yaml").write_text(stricter, "utf-8")
    for form in ("human", "markdown"):
        out = diff(run, "topic", "faulty", "--format", form, "--horizon", "3d").out
        assert "come of the changed policy" in out
        assert "the horizon is 3d, shorter than a week" in out
