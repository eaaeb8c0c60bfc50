"""Markdown runbooks: front matter, the known headings, and the place of each part."""

from typing import Any

import pytest

from registry.source.composer import Composed
from registry.source.markdown import compose_markdown
from registry.span import KeyPath, Location, Part, Position, Span
from tests.effort import ends, is_linear

PAGE = """\
---
id: groundedness-drop
owner: priya
covers: [groundedness-drop]
---
# Groundedness drop

Read this first.

## First checks
- Look at the dashboard.
- Compare with
  yesterday.

## Hypotheses
1. If latency spiked too, check retrieval latency; compare with the hour before.
2. If nothing changed, check the alert.
3. Ask around.

## Mitigation
- `disable-hr-connector`
- Answer from the FAQ only, not `both-of-them` at once.

## Escalation
Call the security lead.

## Resolved when:
The score is back above 0.9.

It stays there for an hour.
"""


def read(text: str, file: str = "runbooks/a.md") -> Composed:
    return compose_markdown(text.encode(), file)


def runbook(text: str, file: str = "runbooks/a.md") -> dict[str, Any]:
    data = read(text, file).data
    assert data is not None
    ((entity,),) = (data["runbooks"].values(),)
    assert isinstance(entity, dict)
    return entity


def place(text: str, path: KeyPath, part: Part = "value") -> str:
    start, end = read(text).span(Location("runbooks/a.md", path, part))
    lines = text.split("\n")
    if start.line == end.line:
        return lines[start.line - 1][start.column - 1 : end.column - 1]
    first, *middle, last = lines[start.line - 1 : end.line]
    return "\n".join([first[start.column - 1 :], *middle, last[: end.column - 1]])


def test_a_whole_page() -> None:
    found = read(PAGE)
    assert found.problems == ()
    assert found.data == {
        "runbooks": {
            "groundedness-drop": {
                "owner": "priya",
                "covers": ["groundedness-drop"],
                "first_checks": ["Look at the dashboard.", "Compare with yesterday."],
                "hypotheses": [
                    {
                        "if": "latency spiked too",
                        "check": "retrieval latency",
                        "compare": "with the hour before",
                    },
                    {"if": "nothing changed", "check": "the alert"},
                    "Ask around.",
                ],
                "mitigations": [
                    {"switch": "disable-hr-connector"},
                    "Answer from the FAQ only, not `both-of-them` at once.",
                ],
                "resolved_when": ["The score is back above 0.9.", "It stays there for an hour."],
                "title": "Groundedness drop",
            }
        }
    }


def test_places() -> None:
    entity: KeyPath = ("runbooks", "groundedness-drop")
    assert place(PAGE, entity, "key") == "groundedness-drop"
    assert place(PAGE, (*entity, "owner")) == "priya"
    assert place(PAGE, (*entity, "covers", 0)) == "groundedness-drop"
    assert place(PAGE, (*entity, "title")) == "Groundedness drop"
    assert place(PAGE, (*entity, "first_checks"), "key") == "First checks"
    assert place(PAGE, (*entity, "first_checks", 0)) == "Look at the dashboard."
    assert place(PAGE, (*entity, "first_checks", 1)) == "Compare with\n  yesterday."
    assert place(PAGE, (*entity, "mitigations", 0, "switch")) == "`disable-hr-connector`"
    assert place(PAGE, (*entity, "resolved_when", 1)) == "It stays there for an hour."
    assert place(PAGE, (*entity, "rollback")) == "groundedness-drop", "absent: the entity's key"


def test_the_file_names_a_runbook_without_an_id() -> None:
    data = read("# Title\n", "docs/runbooks/queue-stuck.md").data
    assert data == {"runbooks": {"queue-stuck": {"title": "Title"}}}
    data = read("---\ntitle: Own\n---\n# Other\n", "runbooks/q.md").data
    assert data == {"runbooks": {"q": {"title": "Own"}}}
    data = read("---\nid: 404\n---\n", "runbooks/q.md").data
    assert data == {"runbooks": {"404": {}}}


def test_lines_may_end_with_cr_lf() -> None:
    assert read(PAGE.replace("\n", "\r\n")).data == read(PAGE).data
    assert read(PAGE.replace("\n", "\r\n")).nodes == read(PAGE).nodes


@pytest.mark.parametrize(
    "text", ["", "Only text.\n", "- a list\n", "---\n---\n", "---\n# x\n---\n"]
)
def test_no_runbook_at_all(text: str) -> None:
    assert read(text).data == {}


def test_a_lone_carriage_return_ends_no_line() -> None:
    page = compose_markdown(b"\r\r# A\n\x00\n# First checks\n- one\r- two\n", "a.md")
    (checks,) = (node for path, node in page.nodes.items() if path[-1:] == (0,))
    assert checks.value == Span(Position(4, 3), Position(4, 12))


def test_front_matter_that_does_not_end_is_text() -> None:
    assert read("---\nowner: priya\n").data == {}
    assert runbook("---\nowner: priya\n\n# Title\n") == {"title": "Title"}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("---\nowner: [priya\n---\n# T\n", "OM001", 2),
        ("---\nowner: a\nowner: b\n---\n# T\n", "OM002", 3),
        ("---\n- a\n---\n# T\n", "OM006", 2),
        ("---\nfirst_checks: [a]\n---\n## First checks\n- b\n", "OM002", 4),
    ],
)
def test_faults(text: str, code: str, line: int) -> None:
    (found,) = read(text).problems
    assert (found.code, found.primary.at.start.line) == (code, line)
    assert [label.at.start.line for label in found.related] == (
        [2] if line == 3 and code == "OM002" else []
    )


def test_the_first_of_two_lists_under_one_name_goes_on_in_the_second() -> None:
    text = "## Rollback\n- a\n## Rollback\n- b\n"
    assert runbook(text)["rollback"] == ["a", "b"]
    assert place(text, ("runbooks", "a", "rollback", 1)) == "b"


def test_a_heading_with_nothing_of_its_own_has_the_lists_below_it() -> None:
    below = "### Retrieval\n- a\n#### Index\n- b\n### Model\nLook at it.\n"
    assert runbook(f"## First checks\n{below}## Notes\n- x\n")["first_checks"] == [
        "a", "b", "Look at it.",
    ]  # fmt: skip
    assert runbook(f"## First checks\n- own\n{below}")["first_checks"] == ["own"]
    known = "## First checks\n### Rollback\n- back\n### Model\n- c\n"
    assert runbook(known) == {"title": "First checks", "first_checks": [], "rollback": ["back"]}


def test_the_front_matters_title_is_the_place_of_a_page_without_headings() -> None:
    entity: KeyPath = ("runbooks", "a")
    assert place("---\ntitle: Own\n---\nText.\n", entity, "key") == "Own"
    assert place("---\ntitle: Own\n---\n# Other\n", entity, "key") == "Other"


def test_lists_in_lists_belong_to_their_item() -> None:
    assert runbook("## Rollback\n- a\n  - b\n  - c\n- d\n")["rollback"] == ["a b c", "d"]


def test_a_list_before_any_heading_and_an_empty_item() -> None:
    assert runbook("- x\n\n# T\n\n## Rollback\n-\n- a\n") == {"title": "T", "rollback": ["a"]}


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("IF a, CHECK b", {"if": "a", "check": "b"}),
        ("If a, check b, compare c.", {"if": "a", "check": "b", "compare": "c"}),
        (
            "If a, check b; compare c; then d.",
            {"if": "a", "check": "b", "compare": "c", "then": "d"},
        ),
        ("If a, check b; then c; then d", {"if": "a", "check": "b", "then": "c; then d"}),
        (
            "If a, check b; compare c; compare d",
            {"if": "a", "check": "b", "compare": "c; compare d"},
        ),
        ("If a, b, check c, check d.", {"if": "a, b", "check": "c, check d"}),
        ("If a then b", "If a then b"),
    ],
)
def test_hypotheses(item: str, value: object) -> None:
    assert runbook(f"## Hypotheses\n- {item}\n")["hypotheses"] == [value]


def test_aliases_of_the_front_matter() -> None:
    text = "---\nx-a: &a {b: c}\nx-d: *a\n---\n# T\n"
    assert place(text, ("runbooks", "a", "x-d", "b")) == "c"


@pytest.mark.parametrize(
    ("start", "piece", "many"),
    [
        ("## Hypotheses\n- if ", "a, check b; compare c ", 20_000),
        ("## Rollback\n", "> ", 50_000),
        ("## Rollback\n", "- ", 50_000),
        ("## Rollback\n- ", "[", 100_000),
        ("# ", "`", 100_000),
    ],
)
def test_hostile_pages_take_linear_time(start: str, piece: str, many: int) -> None:
    def page(size: int) -> None:
        assert read(f"{start}{piece * size}x\n").data is not None

    with ends():
        page(many)
    assert is_linear(page, many // 40, many // 10)


def test_bytes_that_are_no_text() -> None:
    assert compose_markdown(b"# T \xff\n", "runbooks/a.md").data is not None
