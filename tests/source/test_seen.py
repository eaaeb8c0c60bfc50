"""What a run has seen is noted so that it can be looked at again: the same now, or not."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry.source import evidence, folder, seen


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield
    for one in Path().glob("closed*"):
        one.chmod(0o700)


def noted(does: Callable[[], object]) -> seen.Notes:
    notes = seen.Notes(0)
    with seen.noted(notes):
        does()
    assert evidence.now(notes.items) == notes.digest, "nothing has changed since"
    return notes


def is_changed(notes: seen.Notes) -> bool:
    return evidence.now(notes.items) != notes.digest


def test_nobody_notes_what_is_not_asked_for() -> None:
    Path("a").write_text("a")
    assert [one.name for one in seen.entries(".")] == ["a"]
    assert seen.lexists("a")
    assert seen.is_file("a")
    assert not seen.is_folder("a")
    assert seen.real("a") == str(Path("a").resolve())
    seen.file("a", b"a")
    seen.mark("a")
    seen.hour(1)
    seen.doubt("no")
    with seen.opening():
        assert os.path.exists("a")


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 200_000])
def test_a_file_is_what_it_holds(size: int) -> None:
    Path("a").write_bytes(b"x" * size)
    notes = noted(lambda: folder.read(".", "a"))
    assert evidence.content("a") == b"x" * size
    Path("a").write_bytes(b"x" * size + b"y")
    assert is_changed(notes)


def test_a_file_that_was_not_there() -> None:
    notes = noted(lambda: folder.read("below", "a"))
    Path("below").mkdir()
    assert noted(lambda: folder.read("below", "a")).items == ["fbelow/a"]
    Path("below/a").touch()
    assert is_changed(notes)


def test_a_file_that_is_a_link() -> None:
    Path("real").write_text("real")
    Path("a").symlink_to("real")
    notes = noted(lambda: folder.read(".", "a"))
    Path("a").unlink()
    Path("real").rename("a")
    assert is_changed(notes)


def test_a_name_that_is_none() -> None:
    notes = seen.Notes(0)
    with seen.noted(notes):
        folder.read(".", "a\0b")
        assert not seen.lexists("a\0b")
    assert notes.doubts == ["no path of this system"]


def test_what_is_no_file_is_a_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo("pipe")
    notes = seen.Notes(0)
    with seen.noted(notes):
        folder.read(".", "pipe")
    assert notes.doubts == ["./pipe is no file that can be read"]


def test_a_file_that_the_system_stops_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a").write_text("a")
    monkeypatch.setattr(folder, "_regular", lambda *_: os.stat("nowhere"))
    notes = seen.Notes(0)
    with seen.noted(notes):
        folder.read(".", "a")
    assert is_changed(notes), "it can be read now"


KINDS: dict[str, Callable[[], object]] = {
    "a file": lambda: Path("all/a").touch(),
    "a folder": lambda: Path("all/a").mkdir(),
    "a pipe": lambda: os.mkfifo("all/a"),
    "a link to a file": lambda: Path("all/a").symlink_to("../file"),
    "a link to a folder": lambda: Path("all/a").symlink_to("."),
    "a link in a circle": lambda: Path("all/a").symlink_to("a"),
    "nothing": lambda: None,
}


def test_a_folder_is_the_names_and_kinds_in_it() -> None:
    Path("file").touch()
    digests = {}
    for kind, make in KINDS.items():
        for one in (Path("all/a"), Path("all")):
            if one.is_symlink() or one.is_file() or one.is_fifo():
                one.unlink()
            elif one.is_dir():
                one.rmdir()
        Path("all").mkdir()
        make()
        digests[kind] = noted(lambda: seen.entries("all")).digest
    assert len(set(digests.values())) == len(KINDS)


def test_a_link_that_the_system_does_not_follow() -> None:
    class Entry:
        name = "a"

        def is_file(self, **_: object) -> bool:
            return False

        def is_symlink(self) -> bool:
            return True

        def is_dir(self, *, follow_symlinks: bool = True) -> bool:
            if follow_symlinks:
                raise OSError(40, "Too many levels of symbolic links")
            return False

    assert evidence.entries([Entry()]) == b"a/@!"  # type: ignore[list-item]


def test_a_folder_that_cannot_be_listed() -> None:
    def look() -> None:
        with pytest.raises(FileNotFoundError):
            seen.entries("nowhere")

    notes = noted(look)
    Path("nowhere").mkdir()
    assert is_changed(notes)


def test_a_folder_of_the_program_is_the_names_in_it() -> None:
    def look() -> None:
        for _ in range(2):
            notes.names(os.path.abspath("."))
        notes.names(os.path.abspath("nowhere"))

    notes = seen.Notes(0)
    look()
    assert [one[0] for one in notes.items] == ["n", "n"]
    Path("__pycache__").mkdir()
    assert not is_changed(notes), "what Python compiles changes nothing"
    Path("a").touch()
    assert is_changed(notes)
    Path("a").unlink()
    assert not is_changed(notes)
    Path("nowhere").mkdir()
    assert is_changed(notes)


@pytest.mark.parametrize("ask", [seen.lexists, seen.is_file, seen.is_folder])
def test_a_place_is_what_lies_there(ask: Callable[[str], bool]) -> None:
    digests = set()
    Path("file").touch()
    for make in ("touch", "mkdir", "link to a file", "link to a folder", "dead link", "nothing"):
        one = Path("a")
        if one.is_symlink() or one.is_file():
            one.unlink()
        elif one.is_dir():
            one.rmdir()
        if make in {"touch", "mkdir"}:
            getattr(one, make)()
        elif make != "nothing":
            one.symlink_to({"link to a file": "file", "link to a folder": "."}.get(make, "dead"))
        digests.add(noted(lambda: ask("a")).digest)
    assert len(digests) == 6


def test_a_way_is_where_a_path_really_leads() -> None:
    Path("one").mkdir()
    Path("two").mkdir()
    Path("link").symlink_to("one")
    notes = noted(lambda: seen.real("link"))
    Path("link").unlink()
    Path("link").symlink_to("two")
    assert is_changed(notes)


def test_a_file_of_the_program_is_its_last_change() -> None:
    Path("a").touch()
    notes = seen.Notes(10**19)
    with seen.noted(notes):
        seen.mark("a")
        seen.mark("a")
        seen.mark("absent")
    here = os.getcwd()
    assert [*notes.program] == [f"{here}/a", f"{here}/absent"]
    assert notes.doubts == []
    assert evidence.changes(notes.program) == [x for one in notes.program.values() for x in one]
    os.utime("a", (0, 0))
    assert evidence.changes([f"{here}/a"]) != notes.program[f"{here}/a"]
    assert evidence.changes([f"{here}/absent"]) == [-2]


def test_what_is_younger_than_the_run_is_a_doubt() -> None:
    Path("a").touch()
    notes = seen.Notes(0)
    notes.mark(os.path.abspath("a"))
    assert notes.doubts == [f"{os.path.abspath('a')} has only just been changed"]


def test_pieces_of_evidence_are_told_apart() -> None:
    def total(*parts: bytes | OSError) -> bytes:
        made = evidence.Sum()
        for one in parts:
            made.add(one) if isinstance(one, bytes) else made.miss(one)
        return made.digest()

    gone = OSError(2, "No such file or directory")
    several = [
        total(), total(b""), total(b"", b""), total(b"ab"), total(b"a", b"b"), total(gone),
        total(b"-2\n"), total(OSError()), total(gone, gone),
    ]  # fmt: skip
    assert len(set(several)) == len(several)
