"""`opmodel report` as it is typed: where the page goes, and what is put beside it."""

from pathlib import Path

import pytest

from tests.cli.conftest import AT, FAULTY, Run
from tests.conftest import ROOT, thirds

EXAMPLE = str(ROOT / "examples" / "enterprise-copilot")
RECORD = f"{EXAMPLE}/traces/broken.jsonl"


@pytest.mark.no_cover
def test_it_writes_one_file_and_says_so(run: Run) -> None:
    ran = run("report", EXAMPLE, "--at", AT, "-o", "report.html")
    assert ran == (0, "", "opmodel: wrote report.html\n")
    assert [path.name for path in Path().iterdir()] == ["report.html"]
    assert Path("report.html").read_bytes().startswith(b"<!doctype html>")


def test_findings_are_no_failure_of_the_page(run: Run, tmp_path: Path) -> None:
    (tmp_path / "opmodel.yaml").write_text(FAULTY + "alerts: {a: 7}\n")
    ran = run("report", str(tmp_path), "--at", AT, "-o", "report.html")
    assert ran.code == 0
    assert "1 entity could not be read" in ran.err
    assert "1 error, 16 warnings, 5 info, 1 accepted" in Path("report.html").read_text()


def test_without_a_file_it_is_printed_but_to_no_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.cli._delivery.is_shown", lambda: True)
    ran = run("report", EXAMPLE, "--at", AT)
    assert (ran.code, ran.out) == (2, "")
    assert "a page is not for a terminal; add -o report.html" in ran.err


@pytest.mark.no_cover
def test_it_follows_no_link(run: Run) -> None:
    Path("kept.txt").write_text("kept")
    Path("report.html").symlink_to("kept.txt")
    ran = run("report", EXAMPLE, "--at", AT, "-o", "report.html")
    assert ran.code == 2
    assert "is a symbolic link" in ran.err
    assert Path("kept.txt").read_text() == "kept"


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "given",
    thirds([
        (EXAMPLE, "--deployed"),
        ("--deployed", EXAMPLE),
        ("--deployed", f"{EXAMPLE}/deployed", EXAMPLE),
        (EXAMPLE, "--deployed", f"{EXAMPLE}/deployed"),
    ]),
)  # fmt: skip
def test_what_is_deployed_stands_beside_it(run: Run, given: tuple[str, ...]) -> None:
    assert run("report", *given, "--at", AT, "-o", "report.html").code == 0
    assert "Declared beside deployed" in Path("report.html").read_text()


@pytest.mark.parametrize("given", [(EXAMPLE, "--traces", RECORD), ("--traces", RECORD, EXAMPLE)])
def test_quality_over_time_stands_beside_it(run: Run, given: tuple[str, ...]) -> None:
    assert run("report", *given, "--at", AT, "-o", "report.html").code == 0
    page = Path("report.html").read_text()
    assert "The mean of 2 windows, from 0.55 to 0.92; 1 alert would have been sent" in page
    assert "OM920" not in page


def test_a_record_is_never_written_over(run: Run, tmp_path: Path) -> None:
    record = tmp_path / "traces.jsonl"
    record.write_bytes(Path(RECORD).read_bytes())
    ran = run("report", EXAMPLE, "--traces", str(record), "--at", AT, "-o", str(record))
    assert ran.code == 2
    assert "it would be written over" in ran.err
    assert record.read_bytes() == Path(RECORD).read_bytes()


def test_a_record_that_is_not_there_is_named(run: Run) -> None:
    ran = run("report", EXAMPLE, "--traces", "none.jsonl", "-o", "report.html")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "none.jsonl: No such file or directory" in ran.err
    assert not Path("report.html").exists()


def test_nothing_to_put_beside_it_is_said(run: Run) -> None:
    ran = run("report", str(ROOT / "examples" / "team-of-three"), "--deployed", "-o", "report.html")
    assert ran.code == 2
    assert "no folder `deployed/`" in ran.err
    assert not Path("report.html").exists()


def test_a_zone_is_checked(run: Run) -> None:
    ran = run("report", EXAMPLE, "--tz", "Europe/Berlim", "-o", "report.html")
    assert ran.code == 2
    assert "did you mean `Europe/Berlin`?" in ran.err
