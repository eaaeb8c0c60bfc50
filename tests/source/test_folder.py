"""Which files are read, which are left out and counted, and which are refused."""

import errno
import os
import socket
from pathlib import Path

import pytest

from registry.diagnostic import Diagnostic
from registry.source import folder
from registry.source.folder import gather, leaves_root, odd_name, printable, read, scan
from registry.source.glob import Glob


def fill(root: Path, *names: str) -> str:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n")
    return str(root)


def test_what_is_read_by_default(tmp_path: Path) -> None:
    root = fill(
        tmp_path, "opmodel.yaml", "a.yaml", "b.yml", "c.txt", "teams/x/d.yaml", "runbooks/e.md",
        "docs/runbooks/f.md", "README.md", "docs/g.md", "teams/policies/h.yaml",
    )  # fmt: skip
    found = scan(root)
    assert found.names == (
        "a.yaml", "b.yml", "docs/runbooks/f.md", "opmodel.yaml", "runbooks/e.md",
        "teams/policies/h.yaml", "teams/x/d.yaml",
    )  # fmt: skip
    assert found.skipped == 0
    assert found.unmatched == ()
    assert found.others == ("README.md", "c.txt", "docs/g.md")


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    root = fill(
        tmp_path, "opmodel.yaml", "A.YAML", ".hidden.yaml", ".hidden/a.yaml", "policies/p.yaml",
        "schemas/s.yaml", "scenarios/t.yaml", "deployed/u.yml", "evals/v.yaml", "inner/opmodel.yaml",
        "inner/w/x.yaml", ".git/y.yaml", "own.yaml",
    )  # fmt: skip
    found = scan(root, apart=["own.yaml"])
    assert found.names == ("opmodel.yaml",)
    assert [one.name for one in found.left_out] == [
        ".hidden.yaml", ".hidden/a.yaml", "A.YAML", "deployed/u.yml", "evals/v.yaml",
        "inner/opmodel.yaml", "inner/w/x.yaml", "policies/p.yaml", "scenarios/t.yaml",
        "schemas/s.yaml",
    ]  # fmt: skip
    why = dict(found.left_out)
    assert why[".hidden/a.yaml"] == "its name, or its folder's, begins with a dot"
    assert why["A.YAML"] == "no pattern of `include` names it"
    assert why["evals/v.yaml"] == "`evals/` holds no registry files"
    assert why["inner/w/x.yaml"].startswith("its folder has an opmodel.yaml of its own")
    assert found.others == (
        "A.YAML", "deployed/u.yml", "evals/v.yaml", "inner/opmodel.yaml", "inner/w/x.yaml",
        "own.yaml", "policies/p.yaml", "scenarios/t.yaml", "schemas/s.yaml",
    )  # fmt: skip


def test_include_and_exclude(tmp_path: Path) -> None:
    root = fill(tmp_path, "opmodel.yaml", "teams/a.yaml", "teams/b.yaml", "c.yaml", "notes/d.md")
    found = scan(root, ["teams/*.yaml", "notes/*.md", "none/**"], ["**/b.yaml"])
    assert found.names == ("notes/d.md", "opmodel.yaml", "teams/a.yaml")
    assert found.left_out == (
        ("c.yaml", "no pattern of `include` names it"),
        ("teams/b.yaml", "`exclude` names it"),
    )
    assert found.unmatched == ("none/**",)
    assert scan(root, [], []).names == scan(root).names, "an empty include is the default"


def test_an_include_that_only_matches_what_is_excluded(tmp_path: Path) -> None:
    root = fill(tmp_path, "opmodel.yaml", "teams/a.yaml")
    assert scan(root, ["teams/*.yaml"], ["teams/**"]).unmatched == ("teams/*.yaml",)


def test_linked_and_deep_folders_are_counted(tmp_path: Path) -> None:
    root = fill(tmp_path, "opmodel.yaml", "teams/a.yaml")
    (tmp_path / "linked").symlink_to(tmp_path / "teams")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    deep = tmp_path.joinpath(*["d"] * 130)
    deep.mkdir(parents=True)
    found = scan(root)
    assert found.names == ("opmodel.yaml", "teams/a.yaml")
    ((name, why),) = found.left_out
    assert name.startswith("d/d/")
    assert why == "it lies below more than 128 folders"
    assert found.linked == ("linked/",)
    assert "linked" in found.others


@pytest.mark.parametrize(
    ("include", "exclude", "linked"),
    [
        ([], [], ("a/teams/",)),
        (["a/teams/*.yaml"], [], ("a/teams/",)),
        (["a/**"], [], ("a/teams/",)),
        (["?/t*s/x/*.yaml"], [], ("a/teams/",)),
        (["**"], [], ("a/teams/",)),
        (["a/teams"], [], ()),
        (["a/*.yaml"], [], ()),
        (["b/teams/*.yaml"], [], ()),
        ([], ["a/**"], ()),
        ([], ["a/teams/**"], ()),
        ([], ["**/other/**"], ("a/teams/",)),
    ],
)
def test_a_linked_folder_is_told_where_files_of_it_would_be_read(
    tmp_path: Path, include: list[str], exclude: list[str], linked: tuple[str, ...]
) -> None:
    root = fill(tmp_path, "opmodel.yaml", "b/teams/x.yaml")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "teams").symlink_to(tmp_path / "b")
    found = scan(root, include, exclude)
    assert found.linked == linked
    assert found.skipped >= (not linked)


def test_a_linked_folder_in_a_place_that_is_not_read_is_left_out(tmp_path: Path) -> None:
    root = fill(tmp_path, "opmodel.yaml", ".hidden/x", "x/opmodel.yaml")
    for name in (".hidden/teams", "policies", "x/teams", ".teams"):
        (tmp_path / name).symlink_to(tmp_path)
    found = scan(root)
    assert found.linked == ()
    assert {".hidden/teams/", "policies/", "x/teams/", ".teams/"} <= dict(found.left_out).keys()


def test_a_closed_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = fill(tmp_path, "opmodel.yaml", "shut/a.yaml", ".shut/b.yaml", "away/c.yaml")
    usual = os.scandir

    def closed(path: str) -> "os._ScandirIterator[str]":
        if path.rstrip("/").endswith(("shut", "away")):
            raise PermissionError(errno.EACCES, "Permission denied")
        return usual(path)

    monkeypatch.setattr(os, "scandir", closed)
    assert scan(root).closed == ("away/", "shut/")
    assert scan(root, exclude=["away/**"]).closed == ("shut/",)


def test_a_root_that_cannot_be_listed(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        scan(str(tmp_path / "absent"))


@pytest.mark.parametrize(
    ("glob", "name", "matches"),
    [
        ("*.yaml", "a.yaml", True), ("*.yaml", "a/b.yaml", False), ("*.yaml", ".yaml", True),
        ("**/*.yaml", "a.yaml", True), ("**/*.yaml", "a/b/c.yaml", True),
        ("a/**", "a/b/c", True), ("a/**", "a", False), ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True), ("a/**/b", "a/xb", False), ("a**", "a/b", True),
        ("?.yaml", "é.yaml", True), ("?.yaml", "ab.yaml", False), ("?", "/", False),
        ("a.yaml", "axyaml", False), ("[a].yaml", "a.yaml", False), ("[a].yaml", "[a].yaml", True),
        ("**/a*b*c.yaml", "x/a1b2c.yaml", True), ("**/a*b*c.yaml", "x/a1/b2c.yaml", False),
        ("**/?/*é*.yaml", "x/中/aéb.yaml", True), ("**/?/*é*.yaml", "x/ab/aéb.yaml", False),
        ("*\n*.yaml", "a\nb.yaml", True), ("", "", True), ("*" * 1001, "a", False),
    ],
)  # fmt: skip
def test_glob(glob: str, name: str, *, matches: bool) -> None:
    assert Glob(glob).matches(name) is matches


def test_a_glob_over_a_name_that_is_no_text() -> None:
    name = os.fsdecode(b"x/bad\xff\xfe.yaml")
    assert Glob("**/*.yaml").matches(name)
    assert Glob("**/b*d*.y*l").matches(name)
    assert not Glob("**/b*d*.y*m").matches(name)


@pytest.mark.parametrize(
    "path",
    ["/a", "~/a", "\\a", "../a", "a/../b", "a\\..\\b", "C:a", "http://a", "a\0b", ".."],
)
def test_what_leaves_the_root(path: str) -> None:
    assert leaves_root(path)


@pytest.mark.parametrize("path", ["a", "./a", "a/b.yaml", "..a/b", "a..b", "-rf", "$(a)", "a b"])
def test_what_stays_below_the_root(path: str) -> None:
    assert not leaves_root(path)


def refused(root: Path, name: str) -> tuple[str, str]:
    found = read(str(root), name)
    assert isinstance(found, Diagnostic)
    return found.code, found.message


def test_read(tmp_path: Path) -> None:
    root = fill(tmp_path, "a.yaml", "b/c.yaml")
    (tmp_path / "empty.yaml").touch()
    assert read(root, "a.yaml") == ("a.yaml", b"# a.yaml\n")
    assert read(root, "b/c.yaml") == ("b/c.yaml", b"# b/c.yaml\n")
    assert read(root, "b//c.yaml") == ("b//c.yaml", b"# b/c.yaml\n")
    assert read(root, "empty.yaml") == ("empty.yaml", b"")


def test_what_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "a.yaml", "b/c.yaml")
    (tmp_path / "link.yaml").symlink_to("a.yaml")
    (tmp_path / "dangling.yaml").symlink_to("nowhere")
    (tmp_path / "linked").symlink_to("b")
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "fifo.yaml")
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tmp_path)  # a socket's path has at most 107 bytes
        server.bind("socket.yaml")
    for name in ("link.yaml", "dangling.yaml", "linked/c.yaml", "a.yaml/c.yaml", "b/../a.yaml"):
        code, message = refused(tmp_path, name)
        assert code == "OM013"
        assert "symbolic link" in message
    assert refused(tmp_path, "folder.yaml") == ("OM013", "not read: a folder with a file's name")
    assert refused(tmp_path, "fifo.yaml") == ("OM013", "not read: no regular file")
    assert refused(tmp_path, "socket.yaml") == ("OM013", "not read: no regular file")
    assert refused(tmp_path, "absent.yaml")[0] == "OM001"
    assert refused(tmp_path, "nul\0.yaml")[0] == "OM001"
    assert refused(tmp_path / "absent", "a.yaml")[0] == "OM001"


def test_a_large_file_is_found_by_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "a.yaml")
    monkeypatch.setattr(folder, "MAX_FILE", 8)
    monkeypatch.setattr(os, "read", lambda *_: pytest.fail("it was read"))
    assert refused(tmp_path, "a.yaml")[0] == "OM013"


def test_short_reads_go_on_and_a_shrinking_file_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = fill(tmp_path, "a.yaml")
    usual = os.read
    monkeypatch.setattr(os, "read", lambda handle, size: usual(handle, min(size, 3)))
    assert read(root, "a.yaml") == ("a.yaml", b"# a.yaml\n")
    parts = iter([b"# a", b""])
    monkeypatch.setattr(os, "read", lambda *_: next(parts))
    assert read(root, "a.yaml") == ("a.yaml", b"# a")


def test_a_file_that_fails_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    fill(tmp_path, "a.yaml")
    monkeypatch.setattr(os, "read", fails)
    assert refused(tmp_path, "a.yaml") == ("OM001", "not read: Input/output error")


def test_a_file_that_is_closed_to_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = os.open

    def closed(path: str, flags: int, **others: int) -> int:
        if path == "a.yaml":
            raise PermissionError(errno.EACCES, "Permission denied")
        return usual(path, flags, **others)

    fill(tmp_path, "a.yaml")
    monkeypatch.setattr(os, "open", closed)
    assert refused(tmp_path, "a.yaml") == ("OM001", "not read: Permission denied")


def test_a_link_that_appears_after_the_listing(tmp_path: Path) -> None:
    root, outside = fill(tmp_path / "root", "teams/a.yaml"), tmp_path / "outside"
    fill(outside, "a.yaml")
    listed = scan(root).names
    (tmp_path / "root/teams").rename(tmp_path / "gone")
    (tmp_path / "root/teams").symlink_to(outside)
    assert listed == ("teams/a.yaml",)
    assert refused(tmp_path / "root", listed[0])[0] == "OM013"


def test_gather_leaves_no_handle_open(tmp_path: Path) -> None:
    names = [f"{folder}/{name}.yaml" for folder in ("a", "a/b", "c") for name in "xyz"]
    root = fill(tmp_path, *names, "top.yaml")
    (tmp_path / "linked.yaml").symlink_to("top.yaml")
    before = len(os.listdir("/proc/self/fd"))
    found = gather(root)
    assert len(os.listdir("/proc/self/fd")) == before
    assert list(found.files) == sorted([*names, "top.yaml", "linked.yaml"])
    assert {name for name, got in found.files.items() if isinstance(got, Diagnostic)} == {
        "linked.yaml"
    }


def test_a_folder_that_vanishes_does_not_mislead_the_next(tmp_path: Path) -> None:
    root = fill(tmp_path, "a/b/x.yaml", "x.yaml")
    with folder._FolderReader(root) as below:
        assert isinstance(below.read("a/absent/x.yaml"), Diagnostic)
        assert below.read("x.yaml") == ("x.yaml", b"# x.yaml\n")
        assert below.read("a/b/x.yaml") == ("a/b/x.yaml", b"# a/b/x.yaml\n")
        assert isinstance(below.read("a/x.yaml"), Diagnostic)


def test_names() -> None:
    assert printable("a b.yaml") == "a b.yaml"
    assert printable("nl\nx.yaml") == "nl\\nx.yaml"
    assert printable("esc\x1b.yaml") == "esc\\x1b.yaml"
    assert printable("bidi\u202e.yaml") == "bidi\\u202e.yaml"
    assert printable(os.fsdecode(b"bad\xff.yaml")) == "bad\\xff.yaml"
    assert odd_name("café.yaml") is None
    for name, says in (
        ("a\x1b.yaml", "U+001B (ESC)"), ("a\nb.yaml", "U+000A (line feed)"),
        ("a\xa0b.yaml", "U+00A0 (no-break space)"), (os.fsdecode(b"\xff"), "not UTF-8"),
    ):  # fmt: skip
        found = odd_name(name)
        assert found is not None
        assert found.code == "OM014"
        assert says in found.message
