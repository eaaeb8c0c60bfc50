"""The cache can only save time: whatever it holds, a check's answer is the same."""

import os
from pathlib import Path

import pytest

from registry.source.cache import KEPT, Cache, digest

KEY = digest("a")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_what_was_put_is_got(place: Path) -> None:
    cache = Cache(str(place))
    assert cache.get(KEY) is None
    cache.put(KEY, b"payload")
    assert cache.get(KEY) == b"payload"
    assert Cache(str(place)).get(KEY) == b"payload"
    assert [one.name for one in place.iterdir()] == [KEY], "no temporary file is left"
    assert place.stat().st_mode & 0o777 == 0o700
    assert (place / KEY).stat().st_mode & 0o077 == 0


def test_no_folder_means_no_cache() -> None:
    cache = Cache(None)
    assert not cache.is_kept
    cache.put(KEY, b"payload")
    cache.trim()
    assert cache.get(KEY) is None


def test_every_damaged_byte_is_noticed(place: Path) -> None:
    cache = Cache(str(place))
    cache.put(KEY, b"payload")
    whole = (place / KEY).read_bytes()
    for index in range(len(whole)):
        (place / KEY).write_bytes(whole[:index] + bytes([whole[index] ^ 1]) + whole[index + 1 :])
        assert cache.get(KEY) is None, index
        (place / KEY).write_bytes(whole[:index])
        assert cache.get(KEY) is None, index
    (place / KEY).write_bytes(whole + b"x")
    assert cache.get(KEY) is None
    (place / KEY).write_bytes(whole)
    assert cache.get(KEY) == b"payload"


def test_an_entry_under_another_name_is_foreign(place: Path) -> None:
    cache = Cache(str(place))
    cache.put(KEY, b"payload")
    (place / KEY).rename(place / digest("b"))
    assert cache.get(digest("b")) is None


def test_links_devices_and_folders_are_foreign(place: Path, tmp_path: Path) -> None:
    cache = Cache(str(place))
    cache.put(KEY, b"payload")
    (place / KEY).rename(tmp_path / "real")
    (place / KEY).symlink_to(tmp_path / "real")
    assert cache.get(KEY) is None
    (place / KEY).unlink()
    os.mkfifo(place / KEY)
    assert cache.get(KEY) is None
    (place / KEY).unlink()
    (place / KEY).mkdir()
    assert cache.get(KEY) is None
    cache.put(KEY, b"payload")
    assert cache.get(KEY) is None
    assert [one.name for one in place.iterdir()] == [KEY], "what could not be stored leaves nothing"


def test_another_users_entry_is_foreign(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(str(place))
    cache.put(KEY, b"payload")
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert cache.get(KEY) is None
    other = Cache(str(place))
    other.put(digest("b"), b"payload")
    assert not (place / digest("b")).exists(), "a folder of another user is not used at all"


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777, 0o720])
def test_a_folder_that_others_can_write_to_is_not_used(mode: int, place: Path) -> None:
    Cache(str(place)).put(KEY, b"payload")
    place.chmod(mode)
    assert Cache(str(place)).get(KEY) is None


def test_a_linked_folder_is_not_used(place: Path, tmp_path: Path) -> None:
    Cache(str(place)).put(KEY, b"payload")
    (tmp_path / "link").symlink_to(place)
    assert Cache(str(tmp_path / "link")).get(KEY) is None


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert Cache(str(tmp_path / "file")).get(KEY) is None
    assert Cache(str(tmp_path / "file" / "below")).get(KEY) is None


def test_a_folder_that_vanishes(place: Path) -> None:
    cache = Cache(str(place))
    place.rmdir()
    cache.put(KEY, b"payload")
    cache.trim()
    assert cache.get(KEY) is None


def test_a_full_disk_is_no_error(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    cache = Cache(str(place))
    monkeypatch.setattr(os, "replace", full)
    cache.put(KEY, b"payload")
    assert list(place.iterdir()) == []
    monkeypatch.setattr(os, "unlink", full)
    cache.put(KEY, b"payload")
    assert cache.get(KEY) is None


def test_trim_keeps_the_newest(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KEPT, "", 2)
    cache = Cache(str(place))
    for age, name in enumerate("abcd"):
        cache.put(digest(name), b"x")
        os.utime(place / digest(name), (1000 - age, 1000 - age))
    cache.trim()
    assert {one.name for one in place.iterdir()} == {digest("a"), digest("b")}


def test_digest_tells_lists_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("a") != digest("a", "")
    assert digest("a") == digest(b"a")
    assert digest("\udcff") == digest(b"\xff")
    assert len(digest()) == 40
