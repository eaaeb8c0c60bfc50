"""What files hold is kept by their content, in parts; what is lost of it is read again."""

from pathlib import Path

import pytest

from registry.source import pack, seen
from registry.source.cache import KEPT, Cache
from registry.source.pack import Outline, Pack

TEAM = {"teams": {"t": {"name": "T"}}, "telemetry": {"reviewed": "2026-01-01"}}
OUTLINE = Outline((("teams", ("t",)), ("telemetry", ("telemetry",))), (), ())
ONE, TWO = "1" * 40, "2" * 40


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    monkeypatch.setattr(seen, "_RACY", -(10**18))
    pack._program.cache_clear()
    return Cache(str(tmp_path / "cache"))


def kept(cache: Cache, *keys: str) -> Pack:
    """Keep plain files of these digests, and return what is then read."""
    one = Pack(cache, "root")
    for key in keys:
        one.put_plain(key, OUTLINE, TEAM)
    one.save(keys)
    return Pack(cache, "root")


def test_a_plain_file_is_known_by_its_outline_and_by_section(cache: Cache) -> None:
    one = kept(cache, ONE)
    assert one.is_kept
    assert one.is_begun
    assert one.outline(ONE) == OUTLINE
    assert one.section(ONE, "teams") == {"t": {"name": "T"}}
    assert one.section(ONE, "telemetry") == {"telemetry": {"reviewed": "2026-01-01"}}
    assert (one.outline(TWO), one.section(TWO, "teams"), one.whole(ONE)) == (None, None, None)


def test_what_is_put_now_is_had_before_it_is_saved(cache: Cache) -> None:
    one = Pack(cache, "root")
    assert not one.is_begun
    one.put_plain(ONE, OUTLINE, TEAM)
    assert one.section(ONE, "teams") == {"t": {"name": "T"}}


def test_any_other_file_is_kept_whole(cache: Cache) -> None:
    one = Pack(cache, "root")
    one.put_whole(ONE, {"persons": 1})
    one.save([ONE])
    again = Pack(cache, "root")
    assert again.whole(ONE) == {"persons": 1}
    assert again.outline(ONE) is None


def test_another_registry_and_another_program_have_their_own(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(cache, ONE)
    assert Pack(cache, "elsewhere").outline(ONE) is None
    monkeypatch.setattr(pack, "_program", lambda: "another")
    assert Pack(cache, "root").outline(ONE) is None


def test_a_file_as_it_was_before_is_kept_once_more(cache: Cache) -> None:
    keys = [f"{number:040}" for number in range(5)]
    for key in keys:
        found = kept(cache, key)
    assert [key for key in keys if found.outline(key)] == keys[3:]
    assert [key for key in keys if found.section(key, "teams")] == keys[3:]


def test_what_was_taken_out_does_not_stay(cache: Cache, tmp_path: Path) -> None:
    whole = {"people": {"p": {"name": "Olga Alt", "until": "2026-01-01"}}}
    first = Pack(cache, "root")
    first.put_plain(ONE, Outline((("people", ("p",)),), (), ()), whole)
    first.put_whole(TWO, {"people": {"q": {"name": "Tom Reyes"}}})
    first.save([ONE, TWO])

    def holds(name: bytes) -> bool:
        return any(name in one.read_bytes() for one in (tmp_path / "cache").iterdir())

    assert holds(b"Olga Alt")
    assert holds(b"Tom Reyes")
    Pack(cache, "root").save([])
    assert holds(b"Olga Alt"), "what has changed is told from it"
    assert not holds(b"Tom Reyes")
    Pack(cache, "root").save([])
    assert not holds(b"Olga Alt")


def test_an_outline_of_nonsense_is_removed(cache: Cache) -> None:
    one = Pack(cache, "root")
    one._new["outlines"] = {ONE: 7}
    one.save([])
    Pack(cache, "root").save([])
    assert ONE not in Pack(cache, "root")._part("outlines")


def test_the_parts_of_all_registries_are_bounded(
    cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KEPT, "files-", 4)
    for number in range(3):
        one = Pack(cache, f"root-{number}")
        one.put_plain(ONE, OUTLINE, TEAM)
        one.save([ONE])
    assert len(list((tmp_path / "cache").iterdir())) == 4


def test_only_parts_with_something_new_are_written(cache: Cache, tmp_path: Path) -> None:
    kept(cache, ONE)
    before = {one.name: one.stat().st_ino for one in (tmp_path / "cache").iterdir()}
    assert len(before) == 3
    one = Pack(cache, "root")
    assert one.outline(ONE) == OUTLINE
    one.put_plain(TWO, Outline((("teams", ("u",)),), (), ()), {"teams": {"u": {"name": "U"}}})
    one.save([ONE, TWO])
    after = {one.name: one.stat().st_ino for one in (tmp_path / "cache").iterdir()}
    assert sum(before[name] != after[name] for name in before) == 2, "the outlines and one part"


def test_nothing_is_kept_by_a_program_that_has_only_just_been_changed(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "_RACY", 10**20)
    pack._program.cache_clear()
    assert not kept(cache, ONE).is_kept
    monkeypatch.setattr(seen, "_RACY", -(10**18))
    pack._program.cache_clear()
    assert kept(cache, ONE).is_kept


def test_without_a_cache_nothing_is_known() -> None:
    one = Pack(Cache(None), "root")
    assert not one.is_kept
    one.save([ONE])
    assert one.outline(ONE) is None
