"""What is written never takes the place of a file that was read, however that is spelt."""

import os
import shutil
from pathlib import Path

import pytest

from registry.source import folder
from tests.cli.conftest import Run

AT = "2026-11-23T09:00:00Z"
EXAMPLE = Path(__file__).parents[2] / "examples" / "enterprise-copilot"

WRITERS = [
    ("check", "--report", "json={}"),
    ("export", "role-matrix", "--format", "csv", "-o", "{}"),
    ("export", "release-checklist", "--format", "md", "-o", "{}"),
    ("oncall", "show", "--format", "json", "-o", "{}"),
    ("test", "-o", "{}"),
    ("report", "-o", "{}"),
    ("audit", "-o", "{}"),
]
READ = [
    "opmodel.yaml", "./alerts.yaml", "../ours/alerts.yaml", "who/../who/people.yaml",
    "scenarios/week.yaml", "runbooks/cost-anomaly.md", "deployed/alertmanager.yml", "linked.txt",
    "hard.txt", "policies/own.yaml", "policies/deep.json", "opmodel-baseline.yaml",
]  # fmt: skip


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A registry that is the working folder, with a policy, a schema and a baseline."""
    root = tmp_path / "ours"
    shutil.copytree(EXAMPLE, root)
    (root / "policies").mkdir()
    own = "extends: production\nextensions:\n"
    (root / "policies" / "own.yaml").write_text(own + "  people: policies/deep.json\n", "utf-8")
    (root / "policies" / "deep.json").write_text("{}", "utf-8")
    manifest = root / "opmodel.yaml"
    manifest.write_text(manifest.read_text("utf-8") + "policy: policies/own.yaml\n", "utf-8")
    baseline = "format: opmodel.baseline.v1\nentries: []\n"
    (root / "opmodel-baseline.yaml").write_text(baseline, "utf-8")
    (root / "linked.txt").symlink_to("opmodel.yaml")
    os.link(root / "alerts.yaml", root / "hard.txt")
    monkeypatch.chdir(root)
    return root


def contents(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("writer", WRITERS, ids=lambda one: " ".join(one[:2]))
def test_no_file_that_was_read_is_written_over(
    run: Run, ours: Path, writer: tuple[str, ...]
) -> None:
    before = contents(ours)
    for path in READ:
        ran = run(*(word.format(path) for word in writer), "--at", AT)
        assert (ran.code, ran.out) == (2, ""), path
        assert ran.err.endswith(
            "one of the files that are read: it would be written over; "
            "name another file; nothing is written\n"
        ), path
    assert contents(ours) == before


def test_a_workbook_takes_no_place_of_its_own_source(run: Run, ours: Path) -> None:
    os.link(ours / "metrics.yaml", ours / "book.xlsx")
    ran = run("export", "workbook", "-o", "book.xlsx", "--at", AT)
    assert (ran.code, ran.err) == (
        2,
        (
            "opmodel: book.xlsx is metrics.yaml, one of the files that are read: it would be written "
            "over; name another file; nothing is written\n"
        ),
    )


def test_what_a_file_is_told_as(run: Run, ours: Path) -> None:
    assert run("test", "-o", "alerts.yaml").err.startswith("opmodel: alerts.yaml is one of the ")
    assert run("test", "-o", "linked.txt").err.startswith("opmodel: linked.txt is opmodel.yaml, ")


def test_pages_take_no_place_of_a_file_that_was_read(run: Run, ours: Path) -> None:
    """A folder of pages is refused where it is read; here one page is a scenario by another name."""
    (ours / "pages").mkdir()
    assert run("export", "runbooks", "-o", "elsewhere", "--at", AT).code == 0
    os.link(ours / "scenarios" / "week.yaml", ours / "pages" / "cost-anomaly.md")
    ran = run("export", "runbooks", "-o", "pages", "--at", AT)
    assert ran.code == 2
    assert "cost-anomaly.md is scenarios/week.yaml, one of the files that are read" in ran.err
    assert run("export", "runbooks", "-o", "pages", "--at", AT, "--check").code == 1


def test_nothing_is_fixed_before_a_report_is_refused(run: Run, ours: Path) -> None:
    before = contents(ours)
    ran = run("check", "--fix", "--unsafe-fixes", "--report", "json=metrics.yaml", "--at", AT)
    assert ran.code == 2
    assert contents(ours) == before


def test_what_an_audit_reads_is_not_written_over(run: Run, ours: Path, tmp_path: Path) -> None:
    rules = tmp_path / "elsewhere.rules.yml"
    shutil.copy(ours / "deployed" / "safety.rules.yml", rules)
    people = tmp_path / "people.csv"
    people.write_text("id,active\npriya,yes\n", "utf-8")
    for path in (rules, people):
        before = path.read_bytes()
        ran = run("audit", "--rules", f"{tmp_path}/*.rules.yml", "--people", str(people), "-o",
                  str(path), "--at", AT)  # fmt: skip
        assert ran.code == 2
        assert f"{path} is one of the files that are read" in ran.err
        assert path.read_bytes() == before


def test_of_several_registries_no_file_is_written_over(
    run: Run, ours: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(EXAMPLE, other)
    report = f"json={other}/alerts.yaml"
    assert run("check", ".", str(other), "--report", report, "--at", AT).code == 2
    ran = run("export", "alert-coverage", ".", str(other), "-o", f"{other}/alerts.yaml",
              "--format", "csv", "--at", AT)  # fmt: skip
    assert ran.code == 2
    assert "alerts.yaml is one of the files that are read" in ran.err
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "opmodel.yaml").symlink_to(other / "opmodel.yaml")
    report = f"json={broken}/opmodel.yaml"
    ran = run("check", ".", str(broken), "--report", report, "--at", AT)
    assert ran.code == 2
    assert "is one of the files that are read" in ran.err


def test_a_policy_and_a_baseline_that_are_named_are_not_written_over(
    run: Run, ours: Path, tmp_path: Path
) -> None:
    named = tmp_path / "named.yaml"
    shutil.copy(ours / "opmodel-baseline.yaml", named)
    for option in ("--baseline", "--policy"):
        ran = run("check", option, str(named), "--report", f"json={named}", "--at", AT)
        assert ran.code == 2
        assert f"{named} is one of the files that are read" in ran.err


def test_what_an_earlier_run_wrote_is_replaced(run: Run, ours: Path) -> None:
    for _ in range(2):
        assert run("check", "--report", "json=found.json", "--at", AT).code == 0
        assert run("export", "runbooks", "-o", "pages", "--at", AT).code == 0
    ran = run("check", "--report", "json=opmodel.yaml/found.json", "--at", AT)
    assert ran.code == 2
    assert "cannot be written" in ran.err


def test_no_folder_is_looked_into_for_a_file_that_is_new(
    run: Run, ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The remembered answer of a check stays as soon as it was."""
    run("check", "--at", AT)
    monkeypatch.setattr(folder, "scan", lambda *_: pytest.fail("it is scanned"))
    monkeypatch.setattr("registry.cli._own_files.root_of", lambda _: pytest.fail("it is sought"))
    from registry.cli._own_files import refuse_own_files

    refuse_own_files(__import__("argparse").Namespace(directory=None), ["new.json", None])
