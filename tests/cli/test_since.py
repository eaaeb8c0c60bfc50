"""`opmodel check --since REF`: only what is new counts, and whatever git lacks is said."""

import json
from pathlib import Path

import pytest

from registry.cli import _reports
from tests.cli.conftest import AT, FAULTY, Ran, Run
from tests.cli.repository import commit, git, repository

SELECT = ("--select", "OM0,OM201", "--at", AT)
MORE = FAULTY.replace(
    "  spend:\n", "  clicks:\n    bucket: quality\n    response: analytics\n  spend:\n"
)


@pytest.fixture
def repo(faulty: Path) -> Path:
    """The faulty registry in a folder of a repository."""
    repository(faulty.parent)
    return faulty


def since(run: Run, repo: Path, *options: str, ref: str = "main") -> Ran:
    return run("check", str(repo), *SELECT, "--fail-on", "info", f"--since={ref}", *options)


def write(repo: Path, text: str) -> None:
    (repo / "opmodel.yaml").write_text(text, "utf-8")


def found(ran: Ran) -> list[str]:
    return [one["entity"]["id"] for one in json.loads(ran.out)["diagnostics"]]


def test_what_was_there_does_not_count(repo: Path, run: Run) -> None:
    ran = since(run, repo)
    assert ran.code == 0
    assert ran.out.startswith("new since main (2 known, 0 gone): 0 errors, 0 warnings, 0 info, ")


def test_lines_that_only_move_are_nothing_new(repo: Path, run: Run) -> None:
    write(repo, FAULTY.replace("metrics:\n", "# moved\n\n\nmetrics:\n"))
    assert since(run, repo).code == 0


def test_a_new_finding_counts_alone_in_every_format(repo: Path, run: Run, tmp_path: Path) -> None:
    write(repo, MORE)
    paths = {name: tmp_path / name for name in _reports.formats()}
    ran = since(run, repo, *(f"--report={name}={path}" for name, path in paths.items()))
    assert ran.code == 1
    assert "metric `clicks` has no owner" in ran.out
    assert "`spend`" not in ran.out
    for path in paths.values():
        text = path.read_text("utf-8")
        assert "clicks" in text
        assert "spend" not in text
    assert json.loads(paths["json"].read_text("utf-8"))["since"] == {
        "revision": "main", "known": 2, "gone": 0, "by_policy": 0, "nothing": None,
    }  # fmt: skip
    (run_,) = json.loads(paths["sarif"].read_text("utf-8"))["runs"]
    assert run_["properties"]["since"] == "main"
    assert "new since main (2 known, 0 gone): 0 errors, 1 warning" in paths["github"].read_text()


def test_the_work_tree_may_be_dirty_and_is_left_as_it_is(repo: Path, run: Run) -> None:
    write(repo, MORE)
    (repo / "untracked.yaml").write_text("metrics: {x: {bucket: cost, response: page}}\n")
    before = git(repo, "status", "--porcelain")
    index = (repo.parent / ".git" / "index").read_bytes()
    assert set(found(since(run, repo, "--format", "json"))) == {"clicks", "x"}
    assert git(repo, "status", "--porcelain") == before
    assert (repo.parent / ".git" / "index").read_bytes() == index


def test_a_reference_that_breaks_in_an_untouched_file_is_new(repo: Path, run: Run) -> None:
    (repo / "alerts.yaml").write_text(
        "alerts: {a: {metric: latency, severity: sev3, response: page}}\n"
    )
    commit(repo, "an alert")
    write(repo, FAULTY.replace("  latency:\n", "  slowness:\n"))
    ran = since(run, repo, "--format", "concise")
    assert "alerts.yaml:1:22: OM007" in ran.out


def test_a_second_equal_finding_is_new(repo: Path, run: Run) -> None:
    line = "# opmodel: ignore[OM999] for now\n"
    write(repo, FAULTY + line)
    commit(repo, "one comment")
    write(repo, FAULTY + "# a line more\n" + line)
    assert since(run, repo).code == 0
    write(repo, FAULTY + line + line)
    assert json.loads(since(run, repo, "--format", "json").out)["summary"]["warning"] == 1


def test_a_file_that_moves_takes_its_findings_with_it(repo: Path, run: Run) -> None:
    (repo / "a.yaml").write_text("x-note: nothing\n")
    commit(repo, "no entity")
    (repo / "teams").mkdir()
    (repo / "a.yaml").rename(repo / "teams" / "b.yaml")
    assert since(run, repo).code == 0


def test_a_severity_that_rose_is_new_and_explained_by_the_policy(repo: Path, run: Run) -> None:
    write(repo, FAULTY.replace("stage: poc", "stage: production"))
    ran = since(run, repo, "--format", "json")
    assert found(ran) == ["latency", "spend"]
    told = json.loads(ran.out)["since"]
    assert (told["known"], told["by_policy"]) == (0, 2)
    assert "opmodel: 2 new findings come of the changed policy, and not of what it" in ran.err


def test_each_side_is_judged_by_its_own_waivers(repo: Path, run: Run) -> None:
    pack = "extends: poc\nwaivers:\n  - {rule: OM201, entity: metrics/spend, reason: r, until: 2026-12-24}\n"
    (repo / "policies").mkdir()
    (repo / "policies" / "own.yaml").write_text(pack)
    write(repo, FAULTY.replace("stage: poc", "stage: poc\npolicy: policies/own.yaml"))
    waived = since(run, repo, "--format", "json", "--show-suppressed")
    assert [one["suppressed"]["kind"] for one in json.loads(waived.out)["diagnostics"]] == [
        "waiver"
    ]
    assert (waived.code, json.loads(waived.out)["since"]["gone"]) == (0, 1)
    commit(repo, "waived")
    (repo / "policies" / "own.yaml").write_text("extends: poc\n")
    ran = since(run, repo, "--format", "json")
    assert found(ran) == ["spend"]
    assert json.loads(ran.out)["since"]["by_policy"] == 1
    assert "1 new finding comes of the changed policy" in ran.err


def test_a_comment_that_goes_makes_its_finding_new(repo: Path, run: Run) -> None:
    write(repo, FAULTY.replace("  # opmodel: ignore[OM201] owned from January on", ""))
    ran = since(run, repo, "--format", "json")
    assert found(ran) == ["refusals"]
    assert json.loads(ran.out)["since"]["by_policy"] == 0


def test_both_sides_look_equally_far_ahead(repo: Path, run: Run) -> None:
    rota = "schedules:\n  s: {rotations: [{name: a, participants: [priya], start: 2026-01-01, until: 2027-06-01, every: 1w}]}\n"
    (repo / "s.yaml").write_text(rota)
    (repo / "own.yaml").write_text("extends: poc\nsettings: {horizon: 7d}\n")
    write(repo, FAULTY.replace("stage: poc", "stage: poc\npolicy: own.yaml"))
    commit(repo, "short")
    (repo / "own.yaml").write_text("extends: poc\nsettings: {horizon: 365d}\n")
    ran = run("check", str(repo), "--select", "OM301", "--at", AT, "--since=HEAD", "--format=json")
    assert json.loads(ran.out)["summary"]["horizon"] == "365d"
    assert json.loads(ran.out)["diagnostics"] == []
    assert json.loads(ran.out)["since"]["known"] == 1


def test_a_policy_that_the_command_names_is_read_as_it_was(
    repo: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repo.parent)
    pack = repo.parent / "strict.yaml"
    pack.write_text("extends: poc\nrules: {OM201: {severity: off}}\n")
    commit(repo, "lenient")
    pack.write_text("extends: poc\nrules: {OM201: {severity: error}}\n")
    ran = since(run, repo, "--policy", "strict.yaml", "--format", "json")
    assert found(ran) == ["spend"]
    assert json.loads(ran.out)["since"]["by_policy"] == 1
    ran = since(run, repo, "--policy", "strict.yaml", "--format", "json", ref="HEAD~1")
    assert found(ran) == ["spend"]  # it was not there; the registry's own said a warning
    outside = repo.parent.parent / "outside.yaml"
    outside.write_text("extends: poc\nrules: {OM201: {severity: error}}\n")
    assert since(run, repo, "--policy", str(outside)).code == 0


@pytest.mark.parametrize("place", ["", "accepted.yaml", "../accepted.yaml"])
def test_a_baseline_is_read_as_it_was(repo: Path, run: Run, place: str) -> None:
    """What it accepted then is not new where it still does, and is where it no longer does."""
    options = ("--baseline", str(repo / place)) if place else ()
    create = ("baseline", "create", str(repo), *options, "--select", "OM201", "--at", AT)
    assert run(*create).code == 0
    now = since(run, repo, *options)
    outside = place.startswith("..")  # such a file has no revision, and is read as it is
    gone, silenced = (0, 0) if outside else (1, 1)
    assert now.out.startswith(f"new since main (1 known, {gone} gone): 0 errors")
    assert f"{silenced} baselined" in now.out
    commit(repo.parent, "accepted")
    assert since(run, repo, *options).out.startswith("new since main (1 known, 0 gone): 0 errors")
    file = repo / (place or "opmodel-baseline.yaml")
    file.write_text("format: opmodel.baseline.v1\nentries: []\n")
    new = found(since(run, repo, *options, "--format", "json"))
    assert len(new) == (0 if outside else 1)


def test_a_registry_that_was_not_there_is_all_new(repo: Path, run: Run) -> None:
    other = repo.parent / "other"
    other.mkdir()
    (other / "opmodel.yaml").write_text(FAULTY, "utf-8")
    ran = since(run, other)
    assert ran.code == 1
    assert "new since main, which had no registry to compare with: 0 errors, 1 warning" in ran.out
    assert ran.err == ("opmodel: the registry was not there at main: every finding counts as new\n")
    git(repo.parent, "rm", "-q", "faulty/opmodel.yaml")
    git(repo.parent, "commit", "-qm", "gone")
    repo.mkdir()
    write(repo, FAULTY)
    assert "was not there at main: every" in since(run, repo).err


def test_a_registry_that_could_not_be_opened_is_all_new(repo: Path, run: Run) -> None:
    (repo / "opmodel.yaml").unlink()
    (repo / "opmodel.yaml").symlink_to("../elsewhere.yaml")
    commit(repo, "a link")
    (repo / "opmodel.yaml").unlink()
    write(repo, FAULTY)
    ran = since(run, repo)
    assert ran.code == 1
    assert "could not be opened as it was at main (" in ran.err
    assert "/tmp" not in ran.err


@pytest.mark.parametrize("ref", ["nope", "-x", "--output=x", "main..HEAD", "HEAD:faulty", "a b"])
def test_a_revision_that_is_none(repo: Path, run: Run, ref: str) -> None:
    ran = since(run, repo, ref=ref)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"opmodel: --since: there is no git revision `{ref}`; name a commit, a tag or a branch\n"
    )


@pytest.mark.no_cover
@pytest.mark.parametrize("ref", ["HEAD", "v1", "HEAD~0", "main@{0}"])
def test_revisions_are_written_as_git_writes_them(repo: Path, run: Run, ref: str) -> None:
    git(repo, "tag", "-a", "v1", "-m", "one")
    write(repo, MORE)
    assert found(since(run, repo, "--format", "json", ref=ref)) == ["clicks"]
    tree = git(repo, "rev-parse", "HEAD^{tree}")
    assert found(since(run, repo, "--format", "json", ref=tree)) == ["clicks"]


def test_three_dots_are_the_merge_base(repo: Path, run: Run) -> None:
    git(repo, "checkout", "-qb", "topic")
    git(repo, "checkout", "-q", "main")
    write(repo, FAULTY.replace("  spend:", "  spend:\n    owner: priya"))
    commit(repo, "main moves on")
    git(repo, "checkout", "-q", "topic")
    assert since(run, repo).code == 1
    assert since(run, repo, ref="main...").code == 0
    assert "no git revision `nope`" in since(run, repo, ref="nope...").err
    git(repo, "checkout", "-q", "--orphan", "other")
    commit(repo, "unrelated")
    assert "`main` and `HEAD` have no common ancestor here" in since(run, repo, ref="main...").err


def test_no_repository_and_no_git_are_said(
    faulty: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(faulty.parent.parent))
    ran = since(run, faulty)
    assert (ran.code, ran.out) == (2, "")
    assert "is in no git repository" in ran.err
    monkeypatch.setenv("PATH", "")
    assert "--since: git cannot be run" in since(run, faulty).err


def test_a_folder_outside_the_work_tree_is_said(repo: Path, run: Run) -> None:
    inside = repo.parent / ".git" / "registry"
    inside.mkdir()
    (inside / "opmodel.yaml").write_text(FAULTY, "utf-8")
    assert "is no part of a git work tree" in since(run, inside).err


def test_a_repository_that_git_does_not_trust_or_cannot_read_is_said(
    repo: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert "safe.directory" in since(run, repo).err
    monkeypatch.delenv("GIT_TEST_ASSUME_DIFFERENT_OWNER")
    (repo.parent / ".git" / "config").write_text("[nonsense\n")
    assert "git cannot read the repository: fatal: bad config" in since(run, repo).err


def test_a_shallow_clone_says_how_to_deepen_it(repo: Path, run: Run, tmp_path: Path) -> None:
    old = git(repo, "rev-parse", "HEAD")
    write(repo, MORE)
    commit(repo, "second")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repo.parent}", str(shallow))
    ran = since(run, shallow / "faulty", ref=old)
    assert ran.code == 2
    assert "the clone is shallow: `git fetch --unshallow`" in ran.err
    assert since(run, shallow / "faulty", ref="HEAD").code == 0
    assert "have no common ancestor here; the clone" not in since(run, shallow, ref="HEAD...").err


def test_hooks_environment_does_not_lead_elsewhere(
    repo: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", "index")
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path))
    assert since(run, repo).code == 0


def test_names_that_are_odd_to_git_are_read(repo: Path, run: Run) -> None:
    odd = repo.parent / "ä :(top)*\n"
    odd.mkdir()
    (odd / "opmodel.yaml").write_text(FAULTY, "utf-8")
    (odd / "\udce9\t.yaml").write_text("metrics: {x: {bucket: cost, response: page}}\n")
    commit(repo, "odd names")
    assert since(run, odd).out.startswith("new since main (4 known, 0 gone): 0 errors")


def test_links_and_large_files_are_refused_on_both_sides(repo: Path, run: Run) -> None:
    (repo / "link.yaml").symlink_to("/etc/passwd")
    (repo / "folder").symlink_to("..")
    with open(repo / "large.yaml", "wb") as file:
        file.truncate(16 * 1024 * 1024 + 1)
    commit(repo, "odd files")
    ran = since(run, repo)
    assert ran.out.startswith("new since main (5 known, 0 gone): 0 errors")
    assert ran.code == 0


def test_files_of_other_names_count_where_the_manifest_includes_them(repo: Path, run: Run) -> None:
    write(repo, FAULTY.replace("stage: poc", 'stage: poc\ninclude: ["**/*.opm"]'))
    (repo / "more.opm").write_text("metrics: {x: {bucket: cost, response: page}}\n")
    (repo / "picture.png").write_bytes(b"\x89PNG")
    commit(repo, "others")
    assert since(run, repo).out.startswith("new since main (3 known, 0 gone): 0 errors")


def test_a_submodule_is_read_from_its_own_clone(repo: Path, run: Run, tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.mkdir()
    (part / "p.yaml").write_text("metrics: {x: {bucket: cost, response: page}}\n")
    repository(part)
    git(repo, "submodule", "add", "-q", str(part), "part")
    commit(repo, "a part")
    assert since(run, repo).out.startswith("new since main (3 known, 0 gone): 0 errors")
    head = git(part, "rev-parse", "HEAD")
    (repo / "part" / "p.yaml").write_text("metrics: {y: {bucket: cost, response: page}}\n")
    assert found(since(run, repo, "--format", "json")) == ["y"]
    assert since(run, repo / "part").code == 2  # no registry of its own
    lacking = head.translate(str.maketrans("0123456789abcdef", "123456789abcdef0"))
    git(repo, "update-index", "--cacheinfo", f"160000,{lacking},faulty/part")
    git(repo, "commit", "-qm", "never pushed")
    ran = since(run, repo)
    assert ran.code == 2
    assert "the clone of the submodule `part` lacks the revision" in ran.err
    for one in sorted((repo / "part").rglob("*"), reverse=True):
        one.unlink() if one.is_file() else one.rmdir()
    assert since(run, repo).code == 0
    (repo / "part").rmdir()
    (repo / "part").symlink_to(part)
    assert " --> part/:1:1 (this folder)" in since(run, repo).out


def test_a_linked_folder_counts_only_where_it_is_new(repo: Path, run: Run) -> None:
    (repo.parent / "shared").mkdir()
    (repo / "teams").symlink_to(repo.parent / "shared")
    commit(repo.parent, "A linked folder")
    assert since(run, repo).out.startswith("new since main (3 known, 0 gone): 0 errors")
    (repo / "roles").symlink_to(repo.parent / "shared")
    assert " --> roles/:1:1 (this folder)" in since(run, repo).out
