"""Files are written whole or not at all."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from registry.errors import CannotRunError
from registry.output.files import make_folder, read_if_there, write_all, write_new, write_whole


def test_writes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_whole(str(path), b"one")
    write_whole(str(path), b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_alone_is_in_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_whole("a", b"one")
    write_new("", {"b/c": b"two"})
    assert (tmp_path / "a").read_bytes() == b"one"
    assert (tmp_path / "b" / "c").read_bytes() == b"two"


def test_mode_is_what_the_umask_leaves_or_what_the_file_had(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(str(tmp_path / "new"), b"")
        (tmp_path / "old").touch(0o600)
        write_whole(str(tmp_path / "old"), b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "old").stat().st_mode) == 0o600


@pytest.mark.parametrize("function", ["os.replace", "os.fsync", "os.chmod", "tempfile.mkstemp"])
@pytest.mark.parametrize(
    "error", [OSError(28, "full"), PermissionError(13, "no"), KeyboardInterrupt]
)
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    error: BaseException,
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(function, fail)
        expected = CannotRunError if isinstance(error, OSError) else KeyboardInterrupt
        with pytest.raises(expected):
            write_whole(str(path), b"new")
        with pytest.raises(expected) as raised:
            write_new(str(tmp_path), {"sub/b": b"1", "c": b"2"}) if function != "os.replace" else (
                write_whole(str(path), b"new")
            )
        if isinstance(error, OSError):
            assert "cannot be written: " in str(raised.value)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", ["link", "dangling", "folder", "pipe"])
def test_refuses_what_is_no_regular_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(tmp_path / "target")
    if kind == "link":
        (tmp_path / "target").write_bytes(b"kept")
    with pytest.raises(CannotRunError, match=r"is a symbolic link|is no regular file"):
        write_whole(str(path), b"new")
    assert not (tmp_path / "target").exists() or (tmp_path / "target").read_bytes() == b"kept"


def test_two_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    texts = [bytes([65 + n]) * 100_000 for n in range(4)]
    writers = [
        threading.Thread(target=lambda text=text: [write_whole(str(path), text) for _ in range(20)])
        for text in texts
    ]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert path.read_bytes() in texts
    assert list(tmp_path.iterdir()) == [path]


def test_two_new_at_once_overwrite_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = os.link

    def later(source: str, target: str) -> None:
        Path(target).write_bytes(b"theirs")
        link(source, target)

    monkeypatch.setattr("os.link", later)
    with pytest.raises(CannotRunError, match="File exists"):
        write_new(str(tmp_path), {"a": b"ours"})
    assert (tmp_path / "a").read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_reads_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    assert read_if_there(str(tmp_path / "a")) == b"x"
    assert read_if_there(str(tmp_path / "b")) is None
    with pytest.raises(CannotRunError, match="cannot be read"):
        read_if_there(str(tmp_path))


def test_no_folder_is_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "below").symlink_to("../real")
    for call in (
        lambda: write_all(str(tmp_path / "link"), {"a.md": b"a"}),
        lambda: write_all(f"{tmp_path}/link/", {"a.md": b"a"}),
        lambda: write_all(str(tmp_path / "out"), {"a.md": b"a", "below/b.md": b"b"}),
        lambda: make_folder(str(tmp_path / "link")),
    ):
        with pytest.raises(CannotRunError, match="is a symbolic link"):
            call()
    assert [one.name for one in tmp_path.rglob("*.md")] == []


@pytest.mark.parametrize("mark", [".git", "opmodel.yaml", ""])
def test_no_folder_above_is_a_link_that_a_checkout_brought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    """It is one where the folder is a checkout or a registry, or is the working folder."""
    elsewhere, checkout = tmp_path / "elsewhere", tmp_path / "checkout"
    elsewhere.mkdir()
    (checkout / "deep").mkdir(parents=True)
    (checkout / "deep" / "docs").symlink_to(elsewhere)
    if mark:
        (checkout / mark).touch()
    else:
        monkeypatch.chdir(checkout)
    path = checkout / "deep" / "docs" / "a.md"
    for call in (
        lambda: write_whole(str(path), b"a"),
        lambda: write_whole(os.path.relpath(path), b"a"),
        lambda: write_whole(str(path.parent / "new" / "a.md"), b"a"),
        lambda: write_whole(f"{path.parent}/../a.md", b"a"),
        lambda: write_new(str(path.parent), {"a.md": b"a"}),
        lambda: write_all(str(path.parent / "new"), {"a.md": b"a"}),
        lambda: make_folder(str(path.parent / "new")),
    ):
        with pytest.raises(CannotRunError, match="is a symbolic link"):
            call()
    assert list(elsewhere.iterdir()) == []


def test_a_link_of_the_machine_s_own_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write_whole(str(tmp_path / "link" / "a.md"), b"a")
    assert (tmp_path / "real" / "a.md").read_bytes() == b"a"


def test_folders_are_made_or_none_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_folder(str(tmp_path / "a" / "b"))
    assert (tmp_path / "a" / "b").is_dir()
    mkdir = os.mkdir

    def fail(path: str) -> None:
        if path.endswith("z"):
            raise OSError(28, "full")
        mkdir(path)

    monkeypatch.setattr("os.mkdir", fail)
    with pytest.raises(CannotRunError, match="cannot be written"):
        make_folder(str(tmp_path / "x" / "y" / "z"))
    assert not (tmp_path / "x").exists()


BROKEN_OFF = """
import os, signal, sys, time
from registry.output import files
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever was inherited
signal.signal(signal.SIGHUP, signal.SIG_DFL)
real, seen = os.{where}, []

def broken(*given, **options):
    seen.append(given)
    if len(seen) == {turn}:
        os.kill(os.getpid(), signal.{signal})
        time.sleep(0.01)
    return real(*given, **options)

os.{where} = broken
files.write_all(sys.argv[1], {{name: b"new" for name in "abc"}})
"""


@pytest.mark.parametrize(
    ("where", "turn", "signal", "wanted"),
    [
        # while the new files are made beside the old ones
        ("fsync", 1, "SIGKILL", b"old"), ("fsync", 3, "SIGKILL", b"old"), ("fsync", 2, "SIGTERM", b"old"),
        ("chmod", 3, "SIGINT", b"old"), ("replace", 1, "SIGKILL", b"old"),
        # between two that take the old ones' places: all do first, or all are put back
        ("replace", 2, "SIGTERM", b"new"), ("replace", 3, "SIGHUP", b"new"), ("replace", 2, "SIGINT", b"old"),
    ],
)  # fmt: skip
def test_who_is_ended_in_the_middle_leaves_all_or_none(
    tmp_path: Path, where: str, turn: int, signal: str, wanted: bytes
) -> None:
    for name in "abc":
        (tmp_path / name).write_bytes(b"old")
    program = BROKEN_OFF.format(where=where, turn=turn, signal=signal)
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], check=False, capture_output=True
    )
    assert done.returncode != 0
    assert [(tmp_path / name).read_bytes() for name in "abc"] == [wanted] * 3
