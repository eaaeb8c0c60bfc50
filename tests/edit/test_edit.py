"""Changes to files: what was meant is read back, and every byte outside of it stays."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest

from registry.edit.change import FieldChange, FieldValue
from registry.edit.diff import unified
from registry.edit.edit import Edited, edit
from registry.edit.validity import invalid
from registry.workspace.open import Opened, open_registry
from registry.workspace.options import Options
from tests.conftest import AT, ROOT, sizes

Write = Callable[..., Opened]
MANIFEST = "opmodel: 1\nname: fixture\nstage: poc\n"
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/opmodel.yaml"))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files below a manifest, and open the registry that they make."""

    def write(files: dict[str, bytes | str], manifest: str = MANIFEST) -> Opened:
        (tmp_path / "opmodel.yaml").write_text(manifest, "utf-8")
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return open_registry(str(tmp_path), Options(AT))

    return write


def layer(field: str, value: FieldValue, id_: str = "a") -> FieldChange:
    return FieldChange("ownership", id_, field, value, "C7")


def after(opened: Opened, *changes: FieldChange, file: str = "a.yaml") -> str:
    """Make changes, of which none may be refused, and return a file's new text."""
    done = edit(opened, changes)
    assert done.refused == ()
    return done.after[file].decode()


CASES: list[tuple[str, str, str, FieldValue]] = [
    # what stands there, what is to stand there, the field, its new value
    ("a: {title: x, team: t}", "a: {title: Two words, team: t}", "title", "Two words"),
    ("a: {title: x, team: t}", 'a: {title: "a, b", team: t}', "title", "a, b"),
    ("a: {title: 'x'}", "a: {title: 'it''s'}", "title", "it's"),
    ('a: {title: "x"}', 'a: {title: "no"}', "title", "no"),
    ("a: {title: x}", 'a: {title: "no"}', "title", "no"),
    ("a: {title: x}", 'a: {title: "12"}', "title", "12"),
    ("a: {title: x}", 'a: {title: "a\\nb"}', "title", "a\nb"),
    ("a: {team: t}", "a: {title: x, team: t}", "title", "x"),
    ("a: {team: t}", "a: {team: t, responsible: [p, q]}", "responsible", ("p", "q")),
    ("a: {title: x, team: t}", "a: {team: t}", "title", None),
    ("a: {title: x, team: t}", "a: {title: x}", "team", None),
    ("a: {}", "a: {title: x}", "title", "x"),
    ("a: {accountable: p}", "a: {accountable: [p, q]}", "accountable", ("p", "q")),
    ("a: {accountable: [p, q]}", "a: {accountable: q}", "accountable", "q"),
    ("a: {informed: [p, q, r], team: t}", "a: {informed: [p, r], team: t}", "informed", ("p", "r")),
    ("a: {informed: [p, q]}", "a: {informed: [p]}", "informed", ("p",)),
    ("a: {informed: [p, q]}", "a: {informed: [q]}", "informed", ("q",)),
    ("a: {informed: [p]}", "a: {informed: [x, w, p]}", "informed", ("x", "w", "p")),
    ("a: {informed: []}", "a: {informed: [p]}", "informed", ("p",)),
    ("a: {informed: [p], team: t}", "a: {team: t}", "informed", ()),
    ("a:\n    title: x  # why\n    team: t", "a:\n    title: z  # why\n    team: t", "title", "z"),
    ("a:\n    team: t  # why", "a:\n    title: z\n    team: t  # why", "title", "z"),
    ("a:\n    title: x", "a:\n    title: x\n    team: t", "team", "t"),
    ("a:\n    title: x\n    team: t", "a:\n    title: x", "team", None),
    ("a:\n    title:\n    team: t", "a:\n    title: x\n    team: t", "title", "x"),
    ("a:\n    title: |\n      one\n      two\n    team: t",
     "a:\n    title: |\n      one\n\n      three\n    team: t", "title", "one\n\nthree\n"),
    ("a:\n    title: >-\n      one\n      two", "a:\n    title: >-\n      three four", "title", "three four"),
    ("a:\n    title: >-\n      one\n      two", 'a:\n    title: "a\\nb"', "title", "a\nb"),
    ("a:\n    informed:\n      - p  # one\n      # two\n      - q",
     "a:\n    informed:\n      # two\n      - q\n      - r", "informed", ("q", "r")),
    ("a:\n    informed:\n      - p", "a:\n    informed:\n      - x\n      - p", "informed", ("x", "p")),
    ("a:\n    informed:\n      - p\n    title: x", "a:\n    title: x", "informed", None),
    ("a:\n    informed:\n      - p", "a:\n    responsible:\n      - r\n    informed:\n      - p",
     "responsible", ("r",)),
    ("a:\n    accountable:\n      - p\n      - q\n    team: t", "a:\n    accountable: q\n    team: t",
     "accountable", "q"),
]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(("old", "new", "field", "value"), CASES)
def test_only_the_field_changes(
    write: Write, old: str, new: str, field: str, value: FieldValue, end: str
) -> None:
    text = "# é before\nownership:  # x\n  {}\n\n  # tail\n  z: {title: last}  # end\n"
    opened = write({"a.yaml": text.replace("{}", old, 1).replace("\n", end)})
    assert after(opened, layer(field, value)) == text.replace("{}", new, 1).replace("\n", end)


def test_the_rest_of_a_file_is_as_it_was(write: Write) -> None:
    text = "\ufeffownership:\n  a: {title:   x ,team: t   }   # odd\n  b:   {   }\n# end"
    assert after(write({"a.yaml": text}), layer("title", "z")) == text.replace("  x ", "  z ")


def test_several_fields_of_several_files_change_at_once(write: Write) -> None:
    files: dict[str, bytes | str] = {
        "a.yaml": "ownership:\n  a:\n    title: x\n    team: t\n",
        "b.yaml": "ownership:\n  b: {title: x, team: t}\n",
    }
    changes = (layer("title", None), layer("description", "d"), layer("team", "u", "b"))
    done = edit(write(files), changes)
    assert {name: data.decode() for name, data in done.after.items()} == {
        "a.yaml": "ownership:\n  a:\n    description: d\n    team: t\n",
        "b.yaml": "ownership:\n  b: {title: x, team: u}\n",
    }
    assert edit(write(files), changes[::-1]) == done


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ownership:\n  a:\n    team: t\n\n  b:\n    team: t\n# end\n",
         "ownership:\n  a:\n    team: t\n\n  b:\n    team: t\n\n  n:\n    title: x\n    informed: [p]\n# end\n"),
        ("ownership:\n    a: {team: t}\nmetrics: {}",
         "ownership:\n    a: {team: t}\n    n:\n      title: x\n      informed: [p]\nmetrics: {}"),
        ("ownership: {a: {team: t}}\n", "ownership: {a: {team: t}, n: {title: x, informed: [p]}}\n"),
        ("ownership:\n  a:\n    informed:\n    - p",
         "ownership:\n  a:\n    informed:\n    - p\n  n:\n    title: x\n    informed:\n    - p"),
    ],
)  # fmt: skip
def test_a_new_entity_follows_the_last_one(write: Write, old: str, new: str) -> None:
    changes = (layer("informed", ("p",), "n"), layer("title", "x", "n"))
    assert after(write({"a.yaml": old}), *changes) == new


@pytest.mark.parametrize(
    ("files", "manifest", "file", "wanted"),
    [
        ({}, MANIFEST, "opmodel.yaml", f"{MANIFEST}\nownership:\n  n:\n    title: x\n"),
        ({}, f"{MANIFEST}ownership:\n", "opmodel.yaml", f"{MANIFEST}ownership:\n  n:\n    title: x\n"),
        ({}, f"{MANIFEST}ownership: {{}}\n", "opmodel.yaml", f"{MANIFEST}ownership: {{n: {{title: x}}}}\n"),
        ({"p.yaml": "people: {p: {name: P}}\n"}, MANIFEST, "ownership.yaml", "ownership:\n  n:\n    title: x\n"),
        ({"p.yaml": "people: {p: {name: P}}\n"}, f"{MANIFEST}include: [p.yaml]", "opmodel.yaml",
         f"{MANIFEST}include: [p.yaml]\n\nownership:\n  n:\n    title: x"),
    ],
)  # fmt: skip
def test_a_new_section_gets_a_place(
    write: Write, files: dict[str, bytes | str], manifest: str, file: str, wanted: str
) -> None:
    assert after(write(files, manifest), layer("title", "x", "n"), file=file) == wanted


REFUSED = [
    ("ownership:\n  a: &x {title: y}\n  b: *x\n", "title", "is shared"),
    ("ownership:\n  a: {title: &t y}\n  b: {title: *t}\n", "title", "is shared"),
    ("ownership:\n  b: {title: &t y}\n  a: {title: *t}\n", "title", "is shared"),
    ("ownership:\n  a: {title: y}\n", "title", "nothing of it would be left"),
    ("ownership:\n  a:\n", "team", "not written as a mapping"),
    ("ownership:\n  a: {unowned: {reason: y}}\n", "unowned", "fields of its own"),
    ("ownership:\n  a: {informed: [&x p, *x]}\n", "informed", "by an alias"),
    ("ownership:\n  z: {team: x}\nownership:\n  a: {team: x}\n", "team", "no place of its own"),
]


@pytest.mark.parametrize(("text", "field", "says"), REFUSED)
def test_what_needs_a_person_is_refused(write: Write, text: str, field: str, says: str) -> None:
    value: FieldValue = None if "left" in says else ("q",) if field == "informed" else "q"
    done = edit(write({"a.yaml": text}), (layer(field, value),))
    assert done.after == {}
    assert [one.where for one in done.refused] == ["C7"]
    assert says in done.refused[0].message


def test_what_can_be_changed_is_beside_what_cannot(write: Write) -> None:
    text = "ownership:\n  a: {title: &t y, team: t}\n  b: {title: *t, team: t}\n"
    changes = (layer("title", "x"), layer("team", "u"), layer("team", "u", "b"))
    done = edit(write({"a.yaml": text}), changes)
    assert done.after["a.yaml"].decode() == text.replace("team: t", "team: u")
    assert len(done.refused) == 1


def test_what_stands_in_the_way_of_a_new_file_is_left(write: Write, tmp_path: Path) -> None:
    write({"p.yaml": "people: {p: {name: P}}\n"})
    (tmp_path / "ownership.yaml").symlink_to("p.yaml")
    opened = open_registry(str(tmp_path), Options(AT))
    assert list(edit(opened, (layer("title", "x", "n"),)).after) == ["opmodel.yaml"]


def test_an_alias_in_a_list_is_left(write: Write) -> None:
    text = "ownership:\n  z: {team: &t t}\n  a: {informed: [p, *t]}\n"
    done = edit(write({"a.yaml": text}), (layer("informed", ("p", "q")),))
    assert "by an alias" in done.refused[0].message


def test_a_file_that_was_not_read_is_left(write: Write) -> None:
    opened = write({"a.yaml": "ownership:\n  a: {title: y}\n", "b.yaml": "ownership: [\n"})
    assert after(opened, layer("title", "x")) == "ownership:\n  a: {title: x}\n"
    assert opened.workspace.blind is False


PAGE = "---\ntitle: Foo\nowner: a # k\n---\n# Hello\n\ntext\n"


@pytest.mark.parametrize(
    ("page", "field", "value", "wanted"),
    [
        (PAGE, "owner", "b", PAGE.replace("owner: a", "owner: b")),
        (PAGE, "reviewed", "2026-11-01", PAGE.replace(" # k\n", " # k\nreviewed: 2026-11-01\n")),
        ("# Hello\n", "owner", "b", "---\nowner: b\n---\n\n# Hello\n"),
        ("# Hello\r\n", "owner", "b", "---\r\nowner: b\r\n---\r\n\r\n# Hello\r\n"),
        ("---\n---\n# Hello\n", "owner", "b", "---\nowner: b\n---\n# Hello\n"),
    ],
)
def test_a_page_has_its_front_matter_changed(
    write: Write, page: str, field: str, value: str, wanted: str
) -> None:
    change = FieldChange("runbooks", "r", field, value)
    assert after(write({"runbooks/r.md": page}), change, file="runbooks/r.md") == wanted


HEADED = "---\nowner: a\n---\nIntro\n\n## Hello  ##\n\n## First checks\n- Look\n"


@pytest.mark.parametrize(
    ("page", "title", "wanted"),
    [
        ("# Hello\n", "Bye", "# Bye\n"),
        ("# Hello\r\n\r\n# First checks\r\n- a\r\n", "Bye: a `b` #1", None),
        (HEADED, "Bye, *all*", HEADED.replace("Hello", "Bye, *all*")),
        ("\ufeff#   Hello\n", "# 1", "\ufeff#   # 1\n"),
    ],
)
def test_a_heading_that_is_the_title_is_changed_in_its_place(
    write: Write, page: str, title: str, wanted: str | None
) -> None:
    change = FieldChange("runbooks", "r", "title", title)
    opened = write({"runbooks/r.md": page})
    assert after(opened, change, file="runbooks/r.md") == (wanted or page.replace("Hello", title))


def test_a_heading_and_the_front_matter_change_in_one_edit(write: Write) -> None:
    opened = write({"runbooks/r.md": HEADED})
    changes = tuple(
        FieldChange("runbooks", "r", field, value)
        for field, value in (("owner", "b"), ("title", "Bye"))
    )
    wanted = HEADED.replace("owner: a", "owner: b").replace("Hello", "Bye")
    assert after(opened, *changes, file="runbooks/r.md") == wanted


@pytest.mark.parametrize(
    ("page", "title", "says"),
    [
        ("# Hello\n", None, "under a heading"),
        ("# Hello\n", "[x](javascript:alert(1))", "cannot be changed to this"),
        ("# Hello\n", "<script>", "cannot be changed to this"),
        ("# Hello\n", "Bye #", "would say something else"),
        ("# Hello\n", "Bye\nall", "would say something else"),
        ("# Hello\n", "First checks", "would say something else"),
        ("Hello\nall\n=====\n", "Bye", "cannot be changed to this"),
    ],
)
def test_a_title_that_a_heading_cannot_hold_is_refused(
    write: Write, page: str, title: FieldValue, says: str
) -> None:
    done = edit(write({"runbooks/r.md": page}), (FieldChange("runbooks", "r", "title", title),))
    assert done.after == {}
    assert says in done.refused[0].message


def test_what_else_stands_under_a_heading_is_left_to_its_page(write: Write) -> None:
    opened = write({"runbooks/r.md": HEADED})
    done = edit(opened, (FieldChange("runbooks", "r", "first_checks", ("Think",)),))
    assert done.after == {}
    assert "under a heading" in done.refused[0].message


def test_a_diff_is_one_that_patch_takes() -> None:
    before = {"a.yaml": b"a: 1\nb: 2", "n.yaml": b""}
    lines = list(unified(before, {"a.yaml": b"a: 1\nb: 3\x0b", "n.yaml": b"c: 1\n"}))
    assert lines == [
        "--- a/a.yaml", "+++ b/a.yaml", "@@ -1,2 +1,2 @@", " a: 1", "-b: 2",
        "\\ No newline at end of file", "+b: 3\x0b", "\\ No newline at end of file",
        "--- /dev/null", "+++ b/n.yaml", "@@ -0,0 +1 @@", "+c: 1",
    ]  # fmt: skip


def test_what_would_not_load_is_told(write: Write) -> None:
    opened = write(
        {
            "a.yaml": "people: {p: {name: P}}\nmetrics: {m: {bucket: cost, response: page, owner: gone}}\n"
        }
    )
    changes = (
        FieldChange("metrics", "m", "bucket", "costs", "A1"),
        FieldChange("metrics", "m", "owner", "q", "A2"),
        FieldChange("metrics", "m", "owner", "p", "A3"),
        FieldChange("metrics", "m", "fields", ("nothing",), "A4"),
        FieldChange("metrics", "n", "owner", "p", "A5"),
        FieldChange("metrics", "m", "definition", "what", "A6"),
    )
    assert [one.where for one in invalid(opened.workspace, changes)] == ["A1", "A2", "A5"]


@pytest.mark.no_cover
@pytest.mark.parametrize("every", sizes(25, 1))
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_every_scalar_of_an_example_can_be_changed(example: Path, every: int) -> None:
    """Each title and owner, in whatever layout: only its line differs."""
    opened = open_registry(str(example), Options(AT))
    tried = 0
    for section, field in (("ownership", "title"), ("metrics", "owner"), ("runbooks", "owner")):
        for id_, one in list(opened.workspace.entities[section].items())[::every]:
            if getattr(one, field) is None:
                continue
            done: Edited = edit(opened, (FieldChange(section, id_, field, "someone"),))
            assert done.refused == (), id_
            ((file, new),) = done.after.items()
            lines = zip(done.before[file].split(b"\n"), new.split(b"\n"), strict=True)
            assert sum(old != changed for old, changed in lines) == 1
            tried += 1
    assert tried * every > 5


@pytest.mark.parametrize(
    "gone", [set(one) for size in (1, 2, 3) for one in combinations("tdma", size)]
)
@pytest.mark.parametrize("joint", [", ", " ,  ", ",\n    "])
def test_any_fields_go_from_between_braces(write: Write, gone: set[str], joint: str) -> None:
    fields = {"t": "title: x", "d": "description: y", "m": "team: t", "a": "accountable: p"}
    names = {letter: text.partition(":")[0] for letter, text in fields.items()}
    opened = write({"a.yaml": f"ownership:\n  a: {{{joint.join(fields.values())}}}\n"})
    text = after(opened, *(layer(names[one], None) for one in gone))
    kept = [text for letter, text in fields.items() if letter not in gone]
    assert text == f"ownership:\n  a: {{{joint.join(kept)}}}\n"
