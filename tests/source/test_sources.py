"""The texts behind a workspace: places, values, lines, and what escapes hide."""

from pathlib import Path

import pytest

from registry.source.sources import Source, Sources
from registry.span import FILE_START, KeyPath, Location, Position
from registry.workspace.load import load
from tests.effort import is_linear

TEXT = "people:\n  a: {name: 'A B', away: [{from: 2026-01-01}, x]}\n"
SOURCES = Sources({"a.yaml": Source("a.yaml", TEXT.encode())})


def test_spans_lines_and_values() -> None:
    at = Location("a.yaml", ("people", "a", "name"))
    assert SOURCES.span(at).start == (2, 13)
    assert SOURCES.line("a.yaml", 2) == TEXT.split("\n")[1]
    assert SOURCES.value(at) == "A B"
    assert SOURCES.value(Location("a.yaml", ("people", "a", "away", 0))) == {"from": "2026-01-01"}
    assert SOURCES.value(Location("a.yaml", ("people", "a", "away", 7))) is None
    assert SOURCES.value(Location("a.yaml", ("people", "a", "name", "x"))) is None
    assert SOURCES.span(Location("b.yaml", ("x",))) == FILE_START
    assert SOURCES.line("b.yaml", 1) == ""
    assert SOURCES.value(Location("b.yaml")) is None


@pytest.mark.parametrize(
    ("text", "path", "names"),
    [
        ("a: [{id: x, name: y}]", ("a", 0, "q"), ("a", "x", "q")),
        ("a: [{name: y}]", ("a", 0), ("a", "y")),
        ("a: [{title: z, id: 5}]", ("a", 0), ("a", "z")),
        ("a: [b, c]", ("a", 1), ("a", "c")),
        ("a: [7]", ("a", 0), ("a", "7")),
        ("a: [~]", ("a", 0), ("a", "0")),
        ("a: [b]", ("a", 4), ("a", "4")),
        ("a: [{q: 1, p: 2}]", ("a", 0), ("a", "[('p', 2), ('q', 1)]")),
        ("a: [[b]]", ("a", 0, 0), ("a", "['b']", "b")),
    ],
)
def test_stable_names(text: str, path: KeyPath, names: tuple[str, ...]) -> None:
    sources = Sources({"a.yaml": Source("a.yaml", text.encode())})
    assert sources.stable(Location("a.yaml", path), 0) == names
    assert sources.stable(Location("a.yaml", path), 1) == names[1:]
    assert Sources({}).stable(Location("a.yaml", ("a", 0)), 0) == ("a", "0")


def test_whose_text_a_position_is_in() -> None:
    source = Source("a.yaml", TEXT.encode())
    assert source.path_at(Position(2, 13)) == ("people", "a", "name")
    assert source.path_at(Position(2, 17)) == ("people", "a", "name")
    assert source.path_at(Position(2, 18)) == ()
    assert source.path_at(Position(2, 7)) == ("people", "a", "name"), "its key"
    assert source.path_at(Position(1, 1)) == ("people",)
    assert Source("a.yaml", b"# a\n").path_at(Position(1, 1)) == ()
    assert Source("a.yaml", b" a: b\n").path_at(Position(1, 1)) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r'a: "x\e[2J"', [("value", 1, 4)]),
        (r'a: "x\u202ey\u2069"', [("value", 1, 4)]),
        (r'"a\u200b": b', [("key", 1, 1)]),
        (r'a: ["\0", "\x07"]', [("value", 1, 5), ("value", 1, 11)]),
        (r'a: "\r"', [("value", 1, 4)]),
        (r'a: "\r\n\t\u00e4\u00a0"', []),
        (r"a: '\e'", []),
        (r"a: \e", []),
        ('a: "\x1b" # \\e', []),
        ('a: "\u200b"\nb: "\\e"\r\nc: d\r\n', [("value", 2, 4)]),
        (r'a: "x"', []),
    ],
)
def test_what_escapes_hide(text: str, found: list[tuple[str, int, int]]) -> None:
    hidden = Source("a.yaml", text.encode()).escaped()
    assert [(at.part, *span.start) for at, span, _ in hidden] == found


def test_whose_entity_a_place_is_in(tmp_path: Path) -> None:
    (tmp_path / "opmodel.yaml").write_text(
        "opmodel: 1\nname: a\nstage: poc\ntelemetry: {reviewed: 2026-01-01}\npeople: {p: {name: P}}\n"
    )
    (tmp_path / "b.yaml").write_text("people: {p: {name: again}}\nx-a: b\n")
    workspace = load(str(tmp_path)).workspace
    at = workspace.entity_at
    assert at(Location("opmodel.yaml", ("people", "p", "name"))) == (None, ("people", "p", "name"))
    assert at(Location("b.yaml", ("people", "p", "name"))) == (("people", "p"), ("name",))
    assert at(Location("b.yaml", ("people",))) == (None, ("people",))
    assert at(Location("opmodel.yaml", ("telemetry", "reviewed"))) == (
        ("telemetry", "telemetry"),
        ("reviewed",),
    )
    assert at(Location("opmodel.yaml", ("stage",))) == (None, ("stage",))
    assert at(Location("opmodel.yaml")) == (None, ())


def test_a_line_is_cut_once_for_all_findings_in_it() -> None:
    def show(size: int) -> None:
        found = Sources({"a.yaml": Source("a.yaml", b"a: " + b"b" * size)})
        assert len({id(found.line("a.yaml", 1)) for _ in range(size)}) == 1

    assert is_linear(show, 1000, 4000)
