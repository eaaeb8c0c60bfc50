"""A baseline's file: entries go and come, and every byte beside them stays."""

import pytest

from registry.edit.baseline import HEAD, changed
from registry.edit.change import CannotEditError
from registry.model.baseline import BaselineEntry


def entry(mark: str, **other: str) -> BaselineEntry:
    given = {"fingerprint": mark * 32, "code": "OM201", "severity": "error", "reason": "known"}
    return BaselineEntry.model_validate({**given, **other})


LINES = "    code: OM201\n    severity: error\n    reason: known\n"


def item(mark: str, indent: str = "  ") -> str:
    lines = f"  - fingerprint: {mark * 32}\n{LINES}"
    return "".join(f"{indent}{line[2:]}\n" for line in lines.splitlines())


START = "# ours\nformat: opmodel.baseline.v1\nentries:\n"
THREE = START + item("a") + "  # of b\n" + item("b") + "\n" + item("c") + "x-more: 1 # kept\n"


@pytest.mark.parametrize(
    ("gone", "rest"),
    [
        ({0}, START + "  # of b\n" + item("b") + "\n" + item("c") + "x-more: 1 # kept\n"),
        ({1}, START + item("a") + "\n" + item("c") + "x-more: 1 # kept\n"),
        ({2}, START + item("a") + "  # of b\n" + item("b") + "\n" + "x-more: 1 # kept\n"),
        ({0, 1}, START + "\n" + item("c") + "x-more: 1 # kept\n"),
        ({0, 1, 2}, START.replace("entries:", "entries: []") + "x-more: 1 # kept\n"),
    ],
)
def test_entries_go_with_the_comments_above_them(gone: set[int], rest: str) -> None:
    assert changed(THREE.encode(), gone, ()).decode() == rest


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", HEAD + "entries:\n" + item("d")),
        (START, START + item("d")),
        (START.replace("entries:", "entries: []"), START + item("d")),
        (START.replace("entries:", "entries: [] # none"), START.strip() + " # none\n" + item("d")),
        (START.replace("entries:\n", ""), START + item("d")),
        (START + item("a"), START + item("a") + item("d")),
        (START + item("a").rstrip("\n"), START + item("a") + item("d").rstrip("\n")),
        (START + item("a", ""), START + item("a", "") + item("d", "")),
        (START + item("a", "    "), START + item("a", "    ") + item("d", "    ")),
    ],
)
def test_new_entries_stand_behind_the_others_in_their_layout(before: str, after: str) -> None:
    assert changed(before.encode(), (), [entry("d")]).decode() == after


def test_one_stands_in_for_another() -> None:
    assert changed((START + item("a")).encode(), {0}, [entry("d")]).decode() == START + item("d")
    both = changed((START + item("a") + item("b")).encode(), {1}, [entry("d")]).decode()
    assert both == START + item("a") + item("d")


def test_line_ends_and_the_mark_of_a_file_stay() -> None:
    old = b"\xef\xbb\xbf" + (START + item("a") + item("b")).replace("\n", "\r\n").encode()
    new = changed(old, {0}, [entry("d")])
    assert new == b"\xef\xbb\xbf" + (START + item("b") + item("d")).replace("\n", "\r\n").encode()


def test_what_could_be_read_as_something_else_is_quoted() -> None:
    made = changed(b"", (), [entry("1", reason="no: it is # odd", owner="true")]).decode()
    assert f'fingerprint: "{"1" * 32}"' in made
    assert 'reason: "no: it is # odd"\n    owner: "true"\n' in made


def test_an_empty_baseline_is_one_that_loads() -> None:
    assert changed(b"", (), ()).decode() == HEAD + "entries: []\n"
    assert changed(START.encode(), (), ()).decode() == START


@pytest.mark.parametrize(
    "text",
    [
        START.replace("entries:", "entries: [{fingerprint: a}]"),
        START + item("a") + "x: [\n",
        START + item("a") + item("a") + "entries: []\n",
        "format: opmodel.baseline.v1\nentries: text\n",
        "format: opmodel.baseline.v1\nx-more: |\n  its last line is open",
        "format: opmodel.baseline.v1\nentries: &a\n" + item("a"),
    ],
)
def test_what_cannot_be_edited_is_left(text: str) -> None:
    with pytest.raises(CannotEditError):
        changed(text.encode(), {0}, [entry("d")])
