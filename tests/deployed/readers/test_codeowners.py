"""CODEOWNERS: each line as GitHub reads it, and real files against what two libraries agree on."""

import csv
from pathlib import Path

import pytest
from hypothesis import given as when
from hypothesis import strategies as st

from registry.audit.codeowners import CodeOwned
from registry.deployed.model import CodeOwners, Deployed
from registry.deployed.readers.codeowners import MAX_SIZE, READER, is_code_owners, read
from tests.conftest import HOSTILE

NAME = "CODEOWNERS"


def owner(text: str, path: str, name: str = NAME) -> str | None:
    """Who owns a file by the lines of a text; empty for nobody, None where no line matches."""
    lines = CodeOwned(read(name, text).code_owners).of(path)
    return " ".join(one.value for line in lines for one in line.owners) if lines else None


def reasons(found: Deployed) -> list[tuple[int, str]]:
    return [(one.where.at.start.line, one.reason) for one in found.not_read]


def test_lines_comments_and_places() -> None:
    found = read(
        NAME, "# all\n\n*  @acme/all ada@acme.example # @none\r\n/a\\ b/\t@acme/space #x\n/c\n"
    )
    assert [(one.pattern, [text.value for text in one.owners]) for one in found.code_owners] == [
        ("*", ["@acme/all", "ada@acme.example"]),
        ("/a b/", ["@acme/space"]),
        ("/c", []),
    ]
    assert found.not_read == ()
    text = found.code_owners[0].owners[1]
    assert (text.where.at.start, text.where.at.end) == ((3, 14), (3, 30))
    assert [one.where.at.start for one in found.code_owners] == [(3, 1), (4, 1), (5, 1)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("!/a @acme/x", "GitHub's CODEOWNERS knows no `!`"),
        ("/a[bc] @acme/x", "CODEOWNERS knows no `[…]`"),
        ("\\#a @acme/x", "CODEOWNERS escapes nothing but spaces"),
        ("/a\\*b @acme/x", "CODEOWNERS escapes nothing but spaces"),
        ("/a b @acme/x", "`b` is no owner"),
        ("/a @", "`@` is no owner"),
        ("/a @@developer", "`@@developer` is no owner"),
        ("/a @acme/x#y", "`@acme/x#y` is no owner"),
        (f"/{'a' * 1000} @acme/x", "a pattern longer than 1,000 characters"),
    ],
)
def test_a_line_that_github_passes_over(line: str, reason: str) -> None:
    found = read(NAME, f"* @acme/all\n{line}\n")
    ((number, said),) = reasons(found)
    assert (number, said.partition(":")[0]) == (2, reason)
    assert said.endswith("counts for nothing")
    assert len(said) < 180
    assert [one.pattern for one in found.code_owners] == ["*"]


def test_an_escaped_space_before_the_owners_is_the_patterns() -> None:
    (line,) = read(NAME, "/a\\ @acme/x").code_owners
    assert (line.pattern, line.owners) == ("/a @acme/x", ())


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*", "a/b", True),
        ("/*", "a", True),
        ("/*", "a/b", False),
        ("*.js", "a/b.js", True),
        ("docs/*", "docs/a", True),
        ("docs/*", "docs/a/b", False),
        ("docs/*", "x/docs/a", False),
        ("apps/", "x/apps/y/z", True),
        ("apps/", "apps", False),
        ("/apps/", "x/apps/y", False),
        ("/apps", "apps/y", True),
        ("apps", "x/apps", True),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b/c", True),
        ("**/b", "x/y/b", True),
        ("a/**", "a/x/y", True),
        ("a**/b", "ax/b", True),
        ("a**/b", "ax/y/b", False),
        ("/A", "a", False),
        ("/a?c", "abc", True),
        ("/", "any/file", True),
        ("/a.c", "abc", False),
    ],
)
def test_what_a_pattern_matches(pattern: str, path: str, matches: bool) -> None:
    assert (owner(f"{pattern} @acme/x", path) == "@acme/x") is matches


def test_the_last_match_decides_and_none_removes() -> None:
    text = "* @acme/all\n/a/ @acme/a\n/a/b\n"
    assert [owner(text, one) for one in ("x", "a/x", "a/b")] == ["@acme/all", "@acme/a", ""]


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("CODEOWNERS", ""),
        (".github/CODEOWNERS", ""),
        ("docs/CODEOWNERS", ""),
        (".gitlab/CODEOWNERS", ""),
        ("../infra/.github/CODEOWNERS", "../infra"),
        ("infra/CODEOWNERS", "infra"),
    ],
)
def test_patterns_are_relative_to_the_repository(name: str, base: str) -> None:
    (line,) = read(name, "/rules/ @acme/x").code_owners
    assert line.base == base
    assert is_code_owners(name)
    file = f"{base}/rules/a.yml".lstrip("/")
    assert owner("/rules/ @acme/x", file, name) == "@acme/x"
    assert owner("/rules/ @acme/x", "other/rules/a.yml", name) is None


def test_gitlab_sections() -> None:
    text = "* @acme/all\n[Docs][2] @acme/docs nobody\n*.md\n/b.md @acme/b # x\n^[Rules]\n/rules/\n/c @acme/c\n"
    found = read(NAME, text)
    assert [(one.pattern, [text.value for text in one.owners]) for one in found.code_owners] == [
        ("*", ["@acme/all"]),
        ("*.md", ["@acme/docs"]),
        ("/b.md", ["@acme/b"]),
        ("/c", ["@acme/c"]),
    ]
    assert reasons(found) == [
        (2, "`nobody` is no owner"),
        (6, "a pattern without owners, in a section without owners"),
    ]
    assert found.code_owners[1].owners[0].where.at.start == (2, 11)
    assert [one.section for one in found.code_owners] == ["codeowners", "Docs", "Docs", "Rules"]
    assert owner(text, "b.md") == "@acme/all @acme/b"
    assert owner(text, "c") == "@acme/all @acme/c"


def test_gitlab_sections_of_one_name_are_one() -> None:
    text = "[Docs] @acme/docs\n*.md\n[docs]\n/b.md @acme/b\n"
    assert owner(text, "b.md") == "@acme/b"


def test_gitlab_exclusions() -> None:
    text = "* @acme/all\n!*.rb @acme/x\n/special/*.rb @acme/ruby\n![ab]\n!\n[Q] @acme/q\n*.rb\n"
    assert owner(text, "a.py", ".gitlab/CODEOWNERS") == "@acme/all"
    assert owner(text, "special/a.rb", ".gitlab/CODEOWNERS") == "@acme/q", "nothing takes it back"
    assert [line for line, _ in reasons(read(".gitlab/CODEOWNERS", text))] == [4, 5]
    assert owner("* @acme/all\n!*.rb\n", "a.rb", ".gitlab/CODEOWNERS") is None


def test_a_file_that_is_too_large() -> None:
    assert reasons(read(NAME, "#" * (MAX_SIZE + 1))) == [
        (1, "GitHub loads no CODEOWNERS file larger than 3 MB")
    ]


def test_a_file_of_comments_is_counted() -> None:
    assert [one[1:] for one in read(NAME, "# nobody yet\n").skipped] == [
        ("CODEOWNERS files without a line", 1)
    ]


def test_which_files_are_read() -> None:
    assert READER.recognizes_name(".github/CODEOWNERS")
    assert not READER.recognizes_name("CODEOWNERS.md")
    assert READER.read_text is read


LINES = st.text("*/\\ #@[]^!a.b\t\n\r☂", max_size=60)


@when(LINES, st.text("ab/.* ", max_size=12))
def test_any_text(text: str, path: str) -> None:
    found = read(NAME, text)
    assert found == read(NAME, text)
    written = text.split("\n")
    for one in found.code_owners:
        start, end = one.where.at
        text = written[start.line - 1][start.column - 1 : end.column - 1].replace("\\ ", " ")
        assert text == "!" * one.excluded + one.pattern
    lines = CodeOwned(found.code_owners)
    assert set(lines.of(path)) <= set(found.code_owners)
    assert lines.of(path) is lines.of(path)


def test_the_hostile_file() -> None:
    found = read(NAME, (HOSTILE / "c01_CODEOWNERS").read_text(encoding="utf-8"))
    assert [line for line, _ in reasons(found)] == [4, 5, 7, 10, 12]
    (line,) = CodeOwned(found.code_owners).of("payments/a.txt")
    assert [one.value for one in line.owners] == ["@org/tab"]


@pytest.mark.corpus
def test_every_real_file(corpus: Path) -> None:
    wanted: dict[str, list[dict[str, str]]] = {}
    with (corpus / "ground_truth/codeowners_expected.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        for row in csv.DictReader(file):
            wanted.setdefault(row["codeowners"], []).append(row)
    for name, rows in wanted.items():
        found = read(NAME, (corpus / name).read_bytes().decode())
        assert found.not_read == (), name
        lines = CodeOwned(found.code_owners)
        for row in rows:
            line = next(iter(lines.of(row["path"])), None)
            said = (
                ("", "")
                if line is None
                else (" ".join(one.value for one in line.owners), str(line.where.at.start.line))
            )
            assert said == (row["owners"], row["line"]), row
    assert (len(wanted), sum(map(len, wanted.values()))) == (30, 2317)


@pytest.mark.corpus
def test_how_many_rules_real_files_have(corpus: Path) -> None:
    with (corpus / "ground_truth/codeowners_summary.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        for row in csv.DictReader(file):
            found = read(NAME, (corpus / row["codeowners"]).read_bytes().decode())
            assert len(found.code_owners) == int(row["rules"]), row
            assert all(isinstance(one, CodeOwners) for one in found.code_owners)
