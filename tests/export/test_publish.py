"""Publications where they end up: folders written whole or not at all, compared, and refused."""

import os
from pathlib import Path

import pytest

from registry.cli._command import Parser
from registry.cli.export import arguments
from registry.cli.main import main
from registry.errors import CannotRunError
from registry.export.export import exporters, writers
from registry.export.publish import form_for, publishers
from registry.output.files import write_all
from registry.output.table import Writer
from tests.conftest import ROOT

COPILOT = str(ROOT / "examples" / "enterprise-copilot")
AT = ("--at", "2026-11-20T09:00:00Z")

Capture = pytest.CaptureFixture[str]


def export(capsys: Capture, *argv: str) -> tuple[int, str, str]:
    code = main(["export", *argv])
    out, err = capsys.readouterr()
    return code, out, err


def test_writes_a_folder_and_finds_it_current(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "new" / "pages"
    wrote = (0, "", f"opmodel: wrote 11 files below {out}\n")
    assert export(capsys, "runbooks", COPILOT, "-o", str(out)) == wrote
    names = sorted(path.name for path in out.iterdir())
    assert "index.md" in names
    assert "groundedness-drop.md" in names
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    assert export(capsys, "runbooks", COPILOT, "-o", str(out), "--check") == (0, "", "")
    assert export(capsys, "runbooks", COPILOT, "-o", str(out)) == wrote
    assert before == {path.name: path.stat().st_mtime_ns for path in out.iterdir()}


def test_check_says_which_page_differs(tmp_path: Path, capsys: Capture) -> None:
    export(capsys, "runbooks", COPILOT, "-o", str(tmp_path))
    (tmp_path / "data-leak.md").write_text("mine", "utf-8")
    (tmp_path / "p0-failure.md").unlink()
    (tmp_path / "old.md").write_bytes((tmp_path / "index.md").read_bytes())
    (tmp_path / "own.md").write_text("# Notes of our own\n", "utf-8")
    (tmp_path / "folder.md").mkdir()
    code, out, err = export(capsys, "runbooks", COPILOT, "-o", str(tmp_path), "--check")
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        f"opmodel: {tmp_path}/data-leak.md is not what the registry says now: export it anew",
        f"opmodel: {tmp_path}/old.md is left over from before: delete it",
        f"opmodel: {tmp_path}/p0-failure.md is missing: export it anew",
    ]
    assert (tmp_path / "data-leak.md").read_text("utf-8") == "mine"
    code, _, err = export(capsys, "runbooks", COPILOT, "-o", str(tmp_path))
    assert (code, err.count("\n"), "old.md is left over" in err) == (0, 2, True)
    assert (tmp_path / "own.md").read_text("utf-8") == "# Notes of our own\n"


def test_check_of_nothing_says_every_page(tmp_path: Path, capsys: Capture) -> None:
    code, _, err = export(capsys, "playbooks", COPILOT, "-o", str(tmp_path / "no"), "--check")
    assert code == 1
    assert err.count("is missing") == err.count("\n") == 20
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("name", ["runbooks", "playbooks"])
def test_a_folder_must_be_named(capsys: Capture, name: str) -> None:
    code, out, err = export(capsys, name, COPILOT)
    assert (code, out) == (2, "")
    assert f"export {name}: it is a folder of pages, and no folder is named; add -o DIR" in err


def test_reviews_go_to_standard_output_or_a_file(tmp_path: Path, capsys: Capture) -> None:
    code, out, _ = export(capsys, "reviews", COPILOT, *AT)
    assert (code, out.partition("\n")[0][:4]) == (0, "<!--")
    code, out, _ = export(capsys, "reviews", COPILOT, *AT, "--format", "ics")
    assert (code, out.partition("\n")[0].strip()) == (0, "BEGIN:VCALENDAR")
    path = str(tmp_path / "reviews.ics")
    assert export(capsys, "reviews", COPILOT, *AT, "-o", path)[0] == 0
    assert Path(path).read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert export(capsys, "reviews", COPILOT, *AT, "-o", path, "--check")[0] == 0
    later = ("--at", "2026-11-21T09:00:00Z")
    code, _, err = export(capsys, "reviews", COPILOT, *later, "-o", path, "--check")
    assert (code, "is not what the registry says now" in err) == (1, True)
    assert export(capsys, "reviews", COPILOT, *AT, "--tz", "Asia/Tokyo")[1].count("Asia/Tokyo")


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["runboks", COPILOT], "did you mean `runbooks`?"),
        (
            ["pages", COPILOT],
            "it is one of alert-coverage, dashboards, duties, ",
        ),
        (
            ["reviews", COPILOT, "--format", "csv"],
            "reviews has no form `csv`; it is one of md, ics",
        ),
        (["role-matrix", COPILOT, "--format", "ics"], "there is no table format `ics`"),
        (["runbooks", COPILOT, "-o", "x", "--by", "team"], "runbooks has no `--by team`"),
        (["reviews", COPILOT, "--check"], "no file is named; add -o PATH"),
        (["runbooks", COPILOT, "-o", os.devnull], "cannot be written"),
    ],
)
def test_what_cannot_be_exported(capsys: Capture, argv: list[str], says: str) -> None:
    code, out, err = export(capsys, *argv)
    assert (code, out) == (2, "")
    assert says in err


def test_pages_are_not_written_where_they_would_be_read(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "opmodel.yaml").write_text(
        "opmodel: 1\nname: x\nstage: poc\nexclude: [out/**]\nrunbooks: {r: {}}\n", "utf-8"
    )
    root = str(tmp_path)
    for folder in ("runbooks", "docs/runbooks", "./a/../runbooks/"):
        code, _, err = export(capsys, "runbooks", root, "-o", str(tmp_path / folder))
        assert (code, "would read" in err) == (2, True)
    for folder in ("docs", "out/runbooks", "."):
        assert export(capsys, "runbooks", root, "-o", str(tmp_path / folder))[0] == 0
    assert export(capsys, "runbooks", root, "-o", str(tmp_path / "docs"), "--check")[0] == 0


def test_notes_say_what_is_missing(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "opmodel.yaml").write_text(
        "opmodel: 1\nname: x\nstage: poc\nrunbooks: {r: 7}\n", "utf-8"
    )
    code, _, err = export(capsys, "runbooks", str(tmp_path), "-o", str(tmp_path / "out"))
    assert code == 0
    assert "1 entity could not be read" in err


def test_forms() -> None:
    reviews = publishers()["reviews"]
    assert form_for(reviews, None, None) == "md"
    assert form_for(reviews, "a/b.ICS", None) == "ics"
    assert form_for(reviews, "a/b.txt", None) == "md"
    assert form_for(reviews, "a/b.ics", "md") == "md"
    with pytest.raises(CannotRunError, match="no form `csv`"):
        form_for(reviews, None, "csv")


def test_the_command_takes_every_form_and_name() -> None:
    parser = Parser("export")
    arguments(parser)
    choices = next(one.choices for one in parser._actions if one.dest == "format")
    forms = {form for one in publishers().values() for form in one.formats}
    assert set(choices or ()) == forms | set(writers())
    assert all(isinstance(one, Writer) for one in writers().values())
    assert not exporters().keys() & publishers().keys()


# -- whole or not at all -------------------------------------------------------------------------

PAGES = {"a.md": b"new a", "b.md": b"new b", "sub/c.md": b"new c"}


def test_write_all_replaces_and_adds(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"old a")
    os.chmod(tmp_path / "a.md", 0o600)
    write_all(str(tmp_path), PAGES)
    assert {name: (tmp_path / name).read_bytes() for name in PAGES} == PAGES
    assert (tmp_path / "a.md").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "b.md", "sub"]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_write_all_undoes_what_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    (tmp_path / "a.md").write_bytes(b"old a")
    replace, calls = os.replace, iter(range(1, 99))

    def full_disk(source: str, target: str) -> None:
        if next(calls) == number:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(CannotRunError, match="No space left"):
        write_all(str(tmp_path), PAGES)
    assert [path.name for path in tmp_path.rglob("*")] == ["a.md"]
    assert (tmp_path / "a.md").read_bytes() == b"old a"


def test_write_all_stops_before_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_bytes(b"old a")
    (tmp_path / "b.md").symlink_to("a.md")
    with pytest.raises(CannotRunError, match="symbolic link"):
        write_all(str(tmp_path), PAGES)
    (tmp_path / "b.md").unlink()
    os.mkfifo(tmp_path / "b.md")
    with pytest.raises(CannotRunError, match="no regular file"):
        write_all(str(tmp_path), PAGES)
    (tmp_path / "b.md").unlink()
    calls = iter(range(99))

    def no_room(handle: int) -> None:
        if next(calls) == 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(CannotRunError, match="No space left"):
        write_all(str(tmp_path), PAGES)
    assert [path.name for path in tmp_path.rglob("*")] == ["a.md"]
    assert (tmp_path / "a.md").read_bytes() == b"old a"


def test_write_all_undoes_when_it_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(source: str, target: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        write_all(str(tmp_path), PAGES)
    assert list(tmp_path.iterdir()) == []
