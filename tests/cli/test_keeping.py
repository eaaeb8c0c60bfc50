"""Who watches a run: what is read, listed, written or asked without being noted."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from registry.cli._keeping import _Watch
from registry.source import seen
from tests.conftest import ROOT


def told(event: str, *args: Any, cache: str = "/the/cache") -> seen.Notes:
    notes = seen.Notes(sys.maxsize)
    _Watch(notes, cache).see(event, args)
    return notes


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("open", ("/elsewhere/a", "r", 0)), ("open", (b"/elsewhere/a", "r", 0)),
        ("open", (Path("/elsewhere/a"), "r", 0)), ("open", ("a", None, os.O_RDONLY)),
        ("open", ("/elsewhere/a", "w", os.O_WRONLY)), ("open", (str(ROOT / "a"), "a", os.O_APPEND)),
        ("open", (0, "r", 0)), ("open", (object(), "r", 0)), ("os.listdir", (7,)),
        ("os.listdir", (None,)), ("os.scandir", ("/elsewhere",)), ("subprocess.Popen", ("git",)),
        ("socket.connect", ()), ("open", ("/the/cache-of-others", "r", 0)),
    ],
)  # fmt: skip
def test_what_may_be_anything_is_a_doubt(event: str, args: tuple[Any, ...]) -> None:
    notes = told(event, *args)
    assert len(notes.doubts) == 1
    assert notes.program == {}


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("open", ("/elsewhere/a.pyc", "r", 0)), ("open", (b"/elsewhere/a.pyc", "w", os.O_CREAT)),
        ("open", ("/lib/__pycache__/a.cpython-311.pyc.1234", None, os.O_WRONLY | os.O_CREAT)),
        ("open", (5, "w", os.O_WRONLY)), ("open", ("/the/cache/x", "r", 0)),
        ("open", ("/the/cache/x", "w", os.O_WRONLY | os.O_CREAT)), ("os.scandir", ("/the/cache",)),
        ("import", ("os", None)), ("builtins.id", (1,)),
    ],
)  # fmt: skip
def test_what_is_known_is_none(event: str, args: tuple[Any, ...]) -> None:
    notes = told(event, *args)
    assert (notes.doubts, notes.program) == ([], {})


@pytest.mark.parametrize(
    "path",
    [str(ROOT / "policies" / "poc.yaml"), os.path.join(sys.prefix, "a"), os.__file__, "/usr/share",
     "/etc/localtime"],
)  # fmt: skip
def test_the_program_and_the_system_are_known_by_their_last_change(path: str) -> None:
    notes = told("open", path, "r", 0)
    assert (notes.doubts, [*notes.program], notes.items) == ([], [path], [])


def test_folders_of_the_program_are_known_by_the_names_in_them() -> None:
    for path in (str(ROOT / "registry"), str(ROOT / "registry" / "checks" / "rules"), "/usr/share"):
        notes = told("os.listdir", path)
        assert (notes.doubts, [*notes.program], notes.items) == ([], [], [f"n{path}"])
    installed = next(one for one in sys.path if one.endswith("site-packages"))
    notes = told("os.listdir", installed)
    assert (notes.doubts, [*notes.program], notes.items) == ([], [installed], [])


def test_a_watcher_is_in_nobodys_way() -> None:
    class Odd:
        def __fspath__(self) -> str:
            raise RuntimeError("no path")

    os.PathLike.register(Odd)
    assert told("open", Odd(), "r", 0).doubts == ["open: no path"]
    assert told("open").doubts == ["open: tuple index out of range"]


def test_where_modules_are_looked_for_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))
    path = str(tmp_path / "lib" / "a" / "b.txt")
    assert [*told("open", path, "r", 0).program] == [path]


def test_what_is_noted_is_not_told_again(tmp_path: Path) -> None:
    notes = seen.Notes(sys.maxsize)
    watch = _Watch(notes, "/the/cache")
    with seen.noted(notes), seen.opening(), seen.opening():
        watch.see("open", (str(tmp_path), "r", 0))
    assert notes.doubts == []
    notes.mark(str(tmp_path))
    watch.see("open", (str(tmp_path), "r", 0))
    assert notes.doubts == []
    watch.see("open", (str(tmp_path / "a"), "r", 0))
    assert len(notes.doubts) == 1


def test_code_is_all_that_is_loaded_but_for_pythons_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "made_up", type(sys)("made_up"))
    found = seen.code()
    assert str(ROOT / "registry" / "source" / "seen.py") in found
    assert pytest.__file__ in found
    assert os.__file__ not in found
