"""Where a registry is, and what is said where there is none: the nearest one that there is."""

import os
from pathlib import Path

import pytest

from registry.errors import CannotRunError
from registry.model.format import MANIFEST
from registry.workspace.root import find_root, root_of


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def _help(folder: str | None) -> str:
    with pytest.raises(CannotRunError, match=f"there is no {MANIFEST}") as found:
        root_of(folder)
    return found.value.help


def _registry(*folders: str) -> None:
    for one in folders:
        Path(one).mkdir(parents=True)
        Path(one, MANIFEST).touch()


def test_none_at_all() -> None:
    assert _help(None) == "name the registry's folder; `opmodel init` makes one"
    assert _help(".") == _help(None)


def test_the_nearest_above_comes_first() -> None:
    _registry("a", "a/b/c/below")
    assert find_root("a/b/c") == os.path.abspath("a")
    assert _help("a/b/c") == "the nearest is in `a`: name that; `opmodel init` makes a new one"


def test_the_nearest_below_by_depth_then_name() -> None:
    _registry("x/y/z", "b/two", "a/two", "deep/deep/deep/deep")
    new = "name one of them; `opmodel init` makes a new one"
    assert _help(".") == f"registries are in `a/two`, `b/two` and `x/y/z`: {new}"
    assert _help(None) == _help(".")
    _registry("c/two", "a/two/inner", "d")
    assert _help(".") == f"registries are in `d`, `a/two`, `b/two` and 2 more: {new}"


def test_one_below_is_named_alone() -> None:
    _registry("svc/a/ops")
    assert _help(".") == "the nearest is in `svc/a/ops`: name that; `opmodel init` makes a new one"


def test_a_hidden_a_linked_and_a_deep_folder_are_not_looked_into(here: Path) -> None:
    _registry(".hidden", "a/b/c/d", "../elsewhere")
    (here / "linked").symlink_to(here.parent / "elsewhere")
    assert _help(".") == "name the registry's folder; `opmodel init` makes one"


def test_only_so_many_folders_are_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    _registry("a/x", "b/y/z")
    monkeypatch.setattr("registry.workspace.root._MOST", 1)
    assert _help(".") == "name the registry's folder; `opmodel init` makes one"


def test_a_folder_that_is_closed_to_us_offers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_: str) -> "os._ScandirIterator[str]":
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", closed)
    assert _help(".") == "name the registry's folder; `opmodel init` makes one"
