"""PagerDuty in Terraform files: what is written out, what only Terraform can tell, and any text."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given as when
from hypothesis import settings
from hypothesis import strategies as st

from registry.deployed.model import Deployed, PagerLayer
from registry.deployed.readers.pagerduty_terraform import READER, is_terraform, read
from registry.source.foreign import UnreadableError
from registry.source.hcl import EXPRESSION, MAX_SIZE, MAX_WORDS, REFERENCE, blocks
from tests.conftest import thirds
from tests.effort import ends

SAMPLE = """\
variable "zone" { default = "UTC" }
resource "pagerduty_user" "ada" {
  name  = "Ada \\"A\\" Obi" # comment
  email = "ada@acme.example"
}
data "pagerduty_user" "ben" { email = "ben@acme.example" }
resource "pagerduty_team" "search" { name = "Search" }
resource "pagerduty_team_membership" "ada" {
  user_id = pagerduty_user.ada.id
  team_id = pagerduty_team.search.id
}
resource "pagerduty_schedule" "primary" {
  name      = "Primary"
  time_zone = "Europe/Berlin"
  layer {
    name                         = "Base"
    start                        = "2026-01-05T09:30:00Z"
    rotation_virtual_start       = "2026-01-05T09:00:00Z"
    rotation_turn_length_seconds = 604800
    users                        = [pagerduty_user.ada.id, "${data.pagerduty_user.ben.id}", "PU9"]
    restriction {
      type              = "daily_restriction"
      start_time_of_day = "09:00:00"
      duration_seconds  = 28800
    }
    restriction {
      type              = "weekly_restriction"
      start_time_of_day = "10:00:00"
      start_day_of_week = 7
      duration_seconds  = 60
    }
  }
  layer {
    name                         = "Top"
    end                          = null
    rotation_virtual_start       = "2026-01-05T09:00:00Z"
    rotation_turn_length_seconds = 86400
    users                        = ["PU9"]
  }
}
resource "pagerduty_escalation_policy" "search" {
  name      = "Search pages"
  num_loops = 2
  rule {
    escalation_delay_in_minutes = 15
    target {
      type = "schedule_reference"
      id   = pagerduty_schedule.primary.id
    }
  }
  rule {
    escalation_delay_in_minutes = 10
    target { id = "PU9" }
  }
}
resource "pagerduty_service" "search" {
  name              = "Search"
  escalation_policy = pagerduty_escalation_policy.search.id
}
resource "pagerduty_service_integration" "prometheus" {
  service         = pagerduty_service.search.id
  integration_key = "hidden"
}
resource "pagerduty_tag" "x" { label = "x" }
resource "aws_sns_topic" "x" { name = "x" }
data "pagerduty_vendor" "prometheus" { name = "Prometheus" }
"""


def reasons(found: Deployed) -> list[tuple[int, str]]:
    return [(one.where.at.start.line, one.reason) for one in found.not_read]


@pytest.mark.no_cover
def test_a_file_of_everything() -> None:
    found = read("pd.tf", SAMPLE)
    assert [(one.id, one.name, one.email) for one in found.users] == [
        ("pagerduty_user.ada", 'Ada "A" Obi', "ada@acme.example"),
        ("data.pagerduty_user.ben", "", "ben@acme.example"),
    ]
    assert [(one.name, one.members) for one in found.groups] == [
        ("Search", ("pagerduty_user.ada",))
    ]
    (service,) = found.services
    assert (service.id, service.name) == ("pagerduty_service.search", "Search")
    assert service.policy == "pagerduty_escalation_policy.search"
    assert found.not_read == ()
    assert [one[1:] for one in found.skipped] == [
        ("data sources of PagerDuty", 1),
        ("integrations of services", 1),
        ("resources of PagerDuty of other kinds", 1),
    ]
    assert "hidden" not in repr(found)
    assert str(found.users[0].where) == "pd.tf:2"


def test_schedules_and_policies() -> None:
    found = read("pd.tf", SAMPLE)
    (schedule,) = found.schedules
    users = ("pagerduty_user.ada", "data.pagerduty_user.ben", "PU9")
    assert (schedule.id, schedule.zone, schedule.users) == (
        "pagerduty_schedule.primary",
        "Europe/Berlin",
        users,
    )
    anchor = "2026-01-05T09:00:00Z"
    hours = (("09:00:00", None, 28800), ("10:00:00", 7, 60))
    assert schedule.layers == (
        PagerLayer("Base", users, "2026-01-05T09:30:00Z", None, anchor, 604800, hours),
        PagerLayer("Top", ("PU9",), anchor, None, anchor, 86400),
    )
    (policy,) = found.policies
    assert policy.repeats == 2
    assert [(one.after_minutes, one.targets) for one in policy.steps] == [
        (0, (("schedule", "pagerduty_schedule.primary"),)),
        (15, (("user", "PU9"),)),
    ]


LAYER = """resource "pagerduty_schedule" "s" {{
  layer {{
    name = "L"
    rotation_virtual_start = "2026-01-05T09:00:00Z"
    rotation_turn_length_seconds = 86400
    users = ["PU9"]
    {}
  }}
}}"""


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("users = concat(var.a, [])", "its users"),
        ("users = [pagerduty_user.many[0].id]", "its users"),
        ("users = [pagerduty_user.ada.email]", "its users"),
        ("users = [var.user_id]", "its users"),
        ("users = [null]", "its users"),
        ("rotation_virtual_start = var.start", "when it begins"),
        ("rotation_turn_length_seconds = 60 * 60", "the length of a turn"),
        ("end = var.end", "when it ends"),
        ('restriction { type = "daily_restriction" }', "its restrictions"),
        (
            'restriction {\ntype = "weekly_restriction"\nstart_time_of_day = "09:00:00"\nduration_seconds = 9\n}',
            "its restrictions",
        ),
        ('dynamic "restriction" {\nfor_each = var.x\ncontent {}\n}', "its restrictions"),
    ],
)
def test_a_layer_that_only_terraform_can_tell(line: str, reason: str) -> None:
    found = read("pd.tf", LAYER.format(line))
    assert found.schedules[0].layers == ()
    assert (2, f"the layer `L`: {reason} cannot be told") in reasons(found)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (
            'module "pd" {\n  source = "pagerduty"\n}',
            1,
            "a module: what it declares cannot be told without Terraform",
        ),
        (
            'resource "pagerduty_user" "x" {\n  count = 2\n}',
            2,
            "`pagerduty_user.x` has `count`: which there are cannot be told without Terraform",
        ),
        (
            'resource "pagerduty_user" "x" {\n  name = "a ${var.b}"\n}',
            2,
            "`name` of a resource: only Terraform can tell it",
        ),
        (
            'resource "pagerduty_user" "x" {\n  name = ["a"]\n}',
            2,
            "`name` of a resource: only Terraform can tell it",
        ),
        (
            'resource "pagerduty_user" "x" {\n  name = <<E\na\nE\n}',
            2,
            "`name` of a resource: only Terraform can tell it",
        ),
        (
            'resource "pagerduty_service" "x" {\n  escalation_policy = local.p\n}',
            2,
            "`escalation_policy` of a resource: only Terraform can tell it",
        ),
        (
            'resource "pagerduty_schedule" "x" {\n  dynamic "layer" {}\n}',
            2,
            "a `layer` that is generated: only Terraform can tell it",
        ),
        (
            'resource "pagerduty_escalation_policy" "x" {\n  dynamic "rule" {}\n}',
            2,
            "a `rule` that is generated: only Terraform can tell it",
        ),
        (
            'resource "pagerduty_escalation_policy" "x" {\n  rule {\n    escalation_delay_in_minutes = var.d\n  }\n}',
            2,
            "when the rules after this one begin cannot be told",
        ),
        (
            'resource "pagerduty_escalation_policy" "x" {\n  rule {\n    escalation_delay_in_minutes = 1\n    target { type = "team" }\n  }\n}',
            4,
            "a target that is no user or schedule that can be told",
        ),
        ('# pagerduty\nresource "pagerduty_user" {', 2, "it is no Terraform from here on"),
        ("pagerduty\n" + "#" * MAX_SIZE, 1, "it is larger than 512 KB"),
        ("pagerduty\n" + "(" * MAX_WORDS, 1, "it has more than 40,000 words and marks"),
        ("pagerduty {" * 60 + "}" * 60, 1, "nested deeper than 50 levels"),
    ],
)
def test_what_is_not_read(text: str, line: int, reason: str) -> None:
    assert (line, reason) in reasons(read("pd.tf", text))


def test_a_membership_that_cannot_be_told() -> None:
    text = 'resource "pagerduty_team" "t" {}\nresource "pagerduty_team_membership" "m" {\n  user_id = each.value\n}'
    found = read("pd.tf", text)
    assert [(one.name, one.members) for one in found.groups] == [("pagerduty_team.t", ())]
    assert reasons(found) == [(3, "`user_id` of a resource: only Terraform can tell it")]


def test_a_file_without_pagerduty_is_counted() -> None:
    found = read("aws.tf", 'resource "aws_sns_topic" "x" {')
    assert [one[1:] for one in found.skipped] == [("Terraform files without PagerDuty", 1)]
    assert (is_terraform("a/pd.tf"), is_terraform("pd.tfvars")) == (True, False)
    assert READER.read_text is read


# ---- the language ----


@pytest.mark.parametrize(
    ("written", "text", "tag"),
    [
        ('"a"', "a", None),
        (r'"a\n\t\"\\\u00e9\U0001F600"', 'a\n\t"\\é😀', None),
        (r'"\q \u12 \ud800 \U11000000"', r"\q \u12 \ud800 \U11000000", None),
        ('"$${a} %%{b}"', "${a} %{b}", None),
        ("12", "12", None),
        ("-1.5", "-1.5", None),
        ("true", "true", None),
        ("null", None, None),
        ("a", "a", REFERENCE),
        ("a.b.c", "a.b.c", REFERENCE),
        ("(a.b)", "a.b", REFERENCE),
        ('"${a.b}"', "a.b", REFERENCE),
        ('"${"${a.b}"}"', "a.b", REFERENCE),
        ('a["b"].c', 'a["b"].c', EXPRESSION),
        ("a.b[0].c", "a.b[0].c", EXPRESSION),
        ("f(a)", "f(a)", EXPRESSION),
        ("1 + 2", "1 + 2", EXPRESSION),
        ("{a = 1}", "{a = 1}", EXPRESSION),
        ('"a${b}"', '"a${b}"', EXPRESSION),
        ('"%{ if a }x%{ endif }"', '"%{ if a }x%{ endif }"', EXPRESSION),
    ],
)
def test_values(written: str, text: str | None, tag: str | None) -> None:
    (block,) = blocks(f"x {{\n  y = {written}\n}}")
    value = block.attributes["y"]
    assert (value.text, value.tag) == (text, tag)
    assert value.at.start.line == 2


def test_lists_blocks_and_labels() -> None:
    (block,) = blocks('a "b" c {\n  d = ["x", [e.f]]\n  g {}\n  h "i" {}\n}')
    assert (block.kind, block.labels, [one.kind for one in block.each("g")]) == (
        "a",
        ("b", "c"),
        ["g"],
    )
    first, second = block.attributes["d"].items or ()
    assert (first.text, [one.text for one in second.items or ()]) == ("x", ["e.f"])
    assert [one.labels for one in block.blocks] == [(), ("i",)]
    with pytest.raises(UnreadableError, match="no Terraform"):
        blocks("a {")


PIECES = st.sampled_from(
    ["resource ", '"pagerduty_user" ', '"pagerduty_schedule" ', '"x" ', "{\n", "}\n", "name = ", '"a"\n', "layer {\n", "users = ", "[", "]",
     "pagerduty_user.x.id", "${", "(", ")", "\n", "<<E\n", "E\n", "\\", "# ", "/*", "*/", "dynamic ", "count = 1\n", "?", ":", "%{", "é"]
)  # fmt: skip


@settings(max_examples=60)
@when(st.lists(PIECES, max_size=30).map("".join))
def test_any_text(text: str) -> None:
    found = read("pd.tf", f"# pagerduty\n{text}")
    assert found == read("pd.tf", f"# pagerduty\n{text}")
    assert all(one.reason for one in found.not_read)


@pytest.mark.no_cover
@settings(max_examples=40)
@when(st.data())
def test_a_spoilt_file(data: st.DataObject) -> None:
    lines = SAMPLE.split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        lines[data.draw(st.integers(0, len(lines) - 1))] = data.draw(PIECES)
    assert any(read("pd.tf", "\n".join(["# pagerduty", *lines])))


@pytest.mark.parametrize(
    ("before", "opens", "closes"), [("", "(", ")"), ("", '"${', '}"'), ("(", '"${', '}"')]
)
def test_an_expression_that_is_nested_too_deep(before: str, opens: str, closes: str) -> None:
    written = f"{before}{opens * 60}a{closes * 60}{')' * len(before)}"
    (block,) = blocks(f"x {{\n  y = {written}\n}}")
    assert block.attributes["y"].tag == EXPRESSION


HOSTILE = [
    "(" * 100_000,
    "[" * 20_000,
    "[" * 5_000 + "]" * 5_000,
    "<<E\na = " * 10_000,
    '"' + "${" * 9_000,
    "/*" * 9_000,
    "1 " + "? 1 : 1 " * 4_000,
]


@pytest.mark.no_cover
@pytest.mark.parametrize("text", thirds(HOSTILE), ids=lambda text: text[:8])
def test_hostile_text_ends_soon(text: str) -> None:
    with ends():
        assert any(read("pd.tf", f"# pagerduty\na = {text}"))


def test_hcl_is_loaded_only_where_it_is_needed() -> None:
    code = "import sys, registry.deployed.readers.pagerduty_terraform as t; t.read('a.tf', 'x'); assert 'hcl2' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.corpus
def test_every_real_file(corpus: Path) -> None:
    counts: Counter[str] = Counter()
    for path in sorted(corpus.rglob("*.tf")):
        text = path.read_text(encoding="utf-8")
        found = read(path.name, text)
        counts.update(one.what for one in found.skipped)
        counts.update(one.reason for one in found.not_read)
        try:
            counts["blocks"] += len(blocks(text))
        except UnreadableError as error:
            counts[error.reason] += 1
    assert counts == {"Terraform files without PagerDuty": 29, "blocks": 134}
