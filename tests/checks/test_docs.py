"""The generated documents: only their generated part changes, and a file without one is refused."""

import re
from pathlib import Path

import pytest

from registry.checks.catalogue import rules
from registry.checks.docs import (
    RULES,
    documents,
    family_table,
    pack,
    renewed,
    rule_page,
    rule_tables,
    write,
)
from registry.checks.format_docs import entities, format_page
from registry.checks.settings_docs import settings_part
from registry.model.fields import fields
from registry.model.format import STAGES
from registry.model.settings import Settings
from registry.source.links import read_page

BEGIN, END = "<!-- rules: begin (generated) -->", "<!-- rules: end -->"
README = f"before\n{BEGIN}\nold\n{END}\nafter\n"


def test_only_the_part_between_the_markers_changes() -> None:
    text = renewed(README, RULES, "made")
    assert text == f"before\n{BEGIN}\n\nmade\n\n{END}\nafter\n"
    assert renewed(text, RULES, "made") == text


@pytest.mark.parametrize("text", ["", BEGIN, END, f"{END}{BEGIN}", README * 2])
def test_a_page_without_its_markers_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="once each"):
        renewed(text, RULES, "made")


def test_every_setting_is_told_with_its_values() -> None:
    told = settings_part()
    assert re.findall(r"(?m)^### `(\w+)`$", told) == list(fields(Settings))
    blocks = dict(zip(fields(Settings), re.split(r"(?m)^### .*\n\n", told)[1:], strict=True))
    assert blocks["min_participants"].strip() == (
        "The fewest people that a rotation should have. Value: a whole number from 0 to 1000000.\n\n"
        "- poc `1`; pilot `2`; production `4`\n- read by OM304"
    )
    assert "- poc and pilot `90d`; production `400d`\n" in blocks["horizon"]
    assert "- `max`: The longest retention" in blocks["retention"]
    assert "- with `profile: service` at every stage `[]`" in blocks["behavioural_topics"]
    assert "service" not in blocks["max_shift"]
    assert {code for code in rules() for name in rules()[code].settings} == set(
        re.findall(r"OM\d{3}", told)
    )


def test_only_the_rules_of_a_pack_change() -> None:
    text = pack(
        "# mine\nsettings: {}\nrules:\n  OM001: {severity: off}\nwaivers: []\n", "poc", rules()
    )
    assert text.startswith("# mine\nsettings: {}\nrules:\n  OM001: {severity: error}\n")
    assert text.endswith("}\nwaivers: []\n")
    assert text.count("severity:") == len(rules())


@pytest.mark.parametrize("text", ["settings: {}\n", "rules: {}\nrules: {}\n"])
def test_a_pack_without_one_rules_part_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="one `rules:`"):
        pack(text, "poc", rules())


def test_a_table_has_a_row_for_each_rule_and_no_stray_pipe() -> None:
    rows = [line for line in rule_tables(rules()).split("\n") if line.startswith("| OM")]
    assert [row[2:7] for row in rows] == list(rules())
    assert {row.replace("\\|", "").count("|") for row in rows} == {7}


def test_writing_renews_what_is_stale(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text(README, "utf-8")
    page = README.replace("rules:", "settings:")
    (tmp_path / "docs" / "policies.md").write_text(page, "utf-8")
    for stage in STAGES:
        (tmp_path / "policies" / f"{stage}.yaml").write_text("rules: {}\n", "utf-8")
    write(tmp_path)
    assert all(path.read_text("utf-8") == text for path, text in documents(tmp_path).items())
    assert rule_tables(rules()) in (tmp_path / "docs" / "rules.md").read_text("utf-8")
    assert family_table(rules()) in (tmp_path / "README.md").read_text("utf-8")
    assert settings_part() in (tmp_path / "docs" / "policies.md").read_text("utf-8")


def test_each_family_leads_to_its_table() -> None:
    led = re.findall(
        r"^\| (OM\d) \| \[.*\]\(docs/rules\.md#(.*)\) \| (\d+) \|$", family_table(rules()), re.M
    )
    assert [family for family, *_ in led] == sorted({code[:3] for code in rules()})
    assert sum(int(number) for *_, number in led) == len(rules())
    assert {anchor for _, anchor, _ in led} <= read_page(rule_page(rules())).anchors


SHOWN = """\
# people: none
people:   # us
  # the first
  ana:
    name: Ana

    email: a@b.example
  # the second
  bo: {name: Bo}
# between
  cy:
    name: Cy
teams: {}
telemetry:
  reviewed: 2026-11-09
  approved_by: [ana]
"""


def test_entities_are_shown_as_a_file_has_them() -> None:
    assert list(entities(SHOWN, "people")) == [
        ["  ana:", "    name: Ana", "    email: a@b.example"],
        ["  bo: {name: Bo}"],
        ["  cy:", "    name: Cy"],
    ]
    assert list(entities(SHOWN, "telemetry")) == [
        ["  reviewed: 2026-11-09", "  approved_by: [ana]"]
    ]
    assert list(entities(SHOWN, "teams")) == list(entities(SHOWN, "roles")) == []


def test_a_part_that_is_long_or_leans_on_another_is_not_shown(tmp_path: Path) -> None:
    """The longest of those that are left is; what lies apart is no registry file."""
    root = tmp_path / "examples" / "enterprise-copilot"
    (root / "scenarios").mkdir(parents=True)
    (root / "scenarios" / "a.yaml").write_text("people:\n  never: {}\n", "utf-8")
    assert "part of:" not in format_page(tmp_path)
    long = "".join(f"    f{n}: x\n" for n in range(30))
    text = f"people:\n  a:\n{long}  b: {{name: *b}}\n  c: {{name: C}}\n  d:\n    name: D\n"
    (root / "people.yaml").write_text(text, "utf-8")
    shown = "<!-- part of: examples/enterprise-copilot/people.yaml -->\n```yaml\npeople:\n  d:\n    name: D\n```"
    assert shown in format_page(tmp_path)
