"""Every hostile text as it is, beside a valid registry: an error at the attack, and no more."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import HOSTILE, thirds
from tests.hostile.conftest import Checked

EXPECTED: dict[str, list[tuple[str, int]]] = {
    "d02_inline_ignore.yaml": [("OM011", 1), ("OM011", 2), ("OM003", 4), ("OM011", 5)],
    "d03_waivers.yaml": [("OM003", 1)],
    "k01_kill_switches.yaml": [("OM006", 2), ("OM002", 5)],
    "o01_csv_formula.yaml": [("OM006", 2), *[("OM014", n) for n in (7, 7, 22, 22, 23, 23)]],
    "o02_html_xss.yaml": [("OM006", 2), ("OM014", 14), ("OM003", 16), ("OM014", 20)],
    "o05_terminal_escape.yaml": [("OM006", 2), *[("OM014", n) for n in (2, 2, 2, 3, 3, 3)]],
    "o07_log_forging.yaml": [("OM006", 2)],
    "o08_prometheus_injection.yaml": [("OM003", 1)],
    "p01_path_traversal.yaml": [("OM003", 1), ("OM003", 17)],
    "p02_include_cycle_a.yaml": [("OM003", 1), ("OM006", 3)],
    "p02_include_cycle_b.yaml": [("OM003", 1)],
    "p03_reference_cycles.yaml": [("OM006", 2), ("OM006", 6), ("OM006", 9), ("OM003", 11)],
    "p04_escalation_void.yaml": [("OM006", 1), ("OM006", 3), ("OM006", 8)],
    "r01_redos.yaml": [("OM003", 1)],
    "r02_regex_dialect.yaml": [("OM003", 1)],
    "s02_pii.yaml": [("OM006", 2), ("OM006", 4)],
    "t01_schedule_overrides.yaml": [("OM006", 2)],
    "y01_billion_laughs.yaml": [("OM013", 5)],
    "y02_quadratic_alias.yaml": [("OM013", 19)],
    "y04_deep_block.yaml": [("OM013", 1)],
    "y05_deep_map.yaml": [("OM013", 1)],
    "y07_merge_bomb.yaml": [("OM013", n) for n in (3, 6, 9, 12, 15, 18, 21, 24, 24)],
    "y08_many_keys.yaml": [("OM006", 2)],
    "y10_huge_int.yaml": [("OM003", 1)],
    "y11_long_comment_lines.yaml": [("OM006", 3)],
    "y13_duplicate_keys.yaml": [("OM003", 1), ("OM002", 5)],
    "y14_duplicate_keys_quoted.yaml": [("OM003", 1), ("OM002", 3), ("OM002", 5)],
    "y16_anchor_reuse.yaml": [("OM013", 3)],
    "y17_python_tags.yaml": [("OM013", 1), ("OM013", 2), ("OM013", 3)],
    "y19_yaml11_traps.yaml": [("OM003", line) for line in range(1, 26)],
    "y20_yaml11_directive.yaml": [("OM001", 1)],
    "y22_multi_document.yaml": [("OM001", 5)],
    "y23_after_document_end.yaml": [("OM001", 6)],
    "y25_non_string_keys.yaml": [("OM003", 1), *[("OM006", n) for n in (2, 3, 4, 5, 7)]],
    "y26_comment_overlap.yaml": [("OM003", 1)],
    "y28_empty.yaml": [("OM016", 1)],
    "y29_only_comments.yaml": [("OM016", 1)],
    "y31_scalar_root.yaml": [("OM006", 1)],
    "y31b_missing_space.yaml": [("OM003", 1), ("OM003", 2)],
    "y33_dunder_keys.yaml": [("OM003", 1), ("OM003", 2), ("OM003", 3), ("OM006", 5)],
    "y34_bom_utf8.yaml": [("OM006", 2)],
    "y36_utf16le.yaml": [("OM001", 1)],
    "y37_utf16be_nobom.yaml": [("OM001", 1)],
    "y39_overlong_surrogate.yaml": [("OM001", 5)],
    "y40_nul.yaml": [("OM014", 5)],
    "y42_raw_escape.yaml": [("OM014", 3)],
    "y43_nel_ls_ps.yaml": [("OM014", 1)],
    "y45_cr_hidden.yaml": [("OM014", 1)],
    "y46_bidi.yaml": [("OM014", 3), ("OM014", 4)],
    "y48_zero_width_ids.yaml": [("OM014", 3), ("OM014", 5), ("OM014", 6)],
    "y49_nfc_nfd_ids.yaml": [("OM006", 2), ("OM003", 4)],
}


@pytest.mark.parametrize("name", thirds(EXPECTED))
def test_text(name: str, registry: Callable[..., Path], check: Callable[..., Checked]) -> None:
    found = check(registry({name: (HOSTILE / name).read_bytes()}))
    assert found.findings == EXPECTED[name]
    assert {path for _, path, _ in found.places} == {name}
    assert found.outcome.exit == 1


def test_no_text_is_left_out() -> None:
    texts = {one.name for one in HOSTILE.glob("*.yaml")}
    assert texts == set(EXPECTED)


def test_a_runbook_template_is_text(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    data = (HOSTILE / "o04_runbook_template.md").read_bytes()
    found = check(registry({"runbooks/o04.md": data}))
    assert found.findings == []
    assert found.report["summary"]["entities"] == 2
    assert found.outcome.output.count("\n") == 1


def test_each_file_is_listed_with_its_attack() -> None:
    with (HOSTILE / "hostile.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["file"].partition(":")[0] for row in csv.DictReader(file)}
    here = {one.name for one in HOSTILE.iterdir()}
    made = {"special.py", "test_paths.py", "test_files.py"}
    assert listed - here == made
    assert here - listed == {
        ".gitattributes",
        "README.md",
        "hostile.csv",
        "p02_include_cycle_b.yaml",
    }
