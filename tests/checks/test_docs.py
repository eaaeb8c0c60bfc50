"""The generated documents: only their generated part changes, and a file without one is refused."""

import re
from pathlib import Path

import pytest

from registry.checks.catalogue import rules
from registry.checks.docs import (
    BEGIN,
    END,
    documents,
    family_table,
    pack,
    readme,
    rule_page,
    rule_tables,
    write,
)
from registry.model.format import STAGES
from registry.source.links import read_page

README = f"before\n{BEGIN}\nold\n{END}\nafter\n"


def test_only_the_part_between_the_markers_changes() -> None:
    text = readme(README, rules())
    assert text == f"before\n{BEGIN}\n\n{family_table(rules())}\n\n{END}\nafter\n"
    assert readme(text, rules()) == text


@pytest.mark.parametrize("text", ["", BEGIN, END, f"{END}{BEGIN}", README * 2])
def test_a_readme_without_its_markers_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="once each"):
        readme(text, rules())


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
    for stage in STAGES:
        (tmp_path / "policies" / f"{stage}.yaml").write_text("rules: {}\n", "utf-8")
    write(tmp_path)
    assert all(path.read_text("utf-8") == text for path, text in documents(tmp_path).items())
    assert rule_tables(rules()) in (tmp_path / "docs" / "rules.md").read_text("utf-8")
    assert family_table(rules()) in (tmp_path / "README.md").read_text("utf-8")


def test_each_family_leads_to_its_table() -> None:
    led = re.findall(
        r"^\| (OM\d) \| \[.*\]\(docs/rules\.md#(.*)\) \| (\d+) \|$", family_table(rules()), re.M
    )
    assert [family for family, *_ in led] == sorted({code[:3] for code in rules()})
    assert sum(int(number) for *_, number in led) == len(rules())
    assert {anchor for _, anchor, _ in led} <= read_page(rule_page(rules())).anchors
