"""Custom rules of a policy: what they find, where, who else knows them, and what is wrong with them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.checks.engine import check
from registry.checks.report.sarif import REPORTER
from registry.checks.result import Result
from registry.diagnostic import Severity
from registry.output.style import Style
from registry.workspace.options import Options
from registry.workspace.own_rules import MOST
from tests.conftest import AT

MANIFEST = "opmodel: 1\nname: own\nstage: poc\npolicy: policy.yaml\n"
METRICS = """\
people: {ada: {name: Ada}}
metrics:
  late: {bucket: quality, owner: ada, response: page}
  lost:
    bucket: cost
    response: ticket
    owner: TODO
  odd: {bucket: none, response: ticket}
dashboards:
  depots: {metrics: [late]}
"""
RULE = {
    "name": "metric-without-dashboard", "section": "metrics",
    "assert": "dashboards.exists(d, id in d.metrics)", "message": "metric `{id}` is on no dashboard",
}  # fmt: skip
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def write_and_check(
        custom: object,
        select: str = "ACME,OM006,OM007,OM010",
        more: str = "",
        metrics: str = METRICS,
    ) -> Result:
        (tmp_path / "opmodel.yaml").write_text(MANIFEST)
        (tmp_path / "metrics.yaml").write_text(metrics)
        (tmp_path / "policy.yaml").write_text(f"extends: poc\ncustom: {json.dumps(custom)}\n{more}")
        return check(str(tmp_path), Options(AT, select=select))

    return write_and_check


def own(result: Result) -> list[str]:
    return [f"{one.code} {one.message}" for one in result.shown if "`none`" not in one.message]


def test_what_does_not_hold_is_found_at_the_entitys_key(run: Run) -> None:
    result = run({"ACME001": {**RULE, "help": "add it"}})
    (one,) = (found for found in result.diagnostics if found.code == "ACME001")
    assert (one.name, one.message) == (RULE["name"], "metric `lost` is on no dashboard")
    assert (one.severity, one.entity, one.field) == (Severity.WARNING, ("metrics", "lost"), None)
    assert (one.primary.location.file, one.primary.at.start) == ("metrics.yaml", (4, 3))
    assert (one.help, one.related[0].location.file) == ("add it", "policy.yaml")
    assert (result.rules_run, len(result.own_rules)) == (16, 1)


@pytest.mark.parametrize(
    ("field", "place"),
    [("bucket", (5, 13)), ("owner", (7, 12)), ("decision", (4, 3)), ("measured.by", (4, 3))],
)
def test_the_field_that_it_points_at(run: Run, field: str, place: tuple[int, int]) -> None:
    (one,) = run({"ACME001": {**RULE, "field": field}}, "ACME001").diagnostics[1:]
    assert one.primary.at.start == place
    assert one.field == tuple(field.split("."))


def test_fields_in_the_message(run: Run) -> None:
    message = "{id}: {bucket}, {owner}, {decision}, {slices}, {} and {{id}}"
    result = run({"ACME001": {**RULE, "message": message.replace("{} and ", "")}}, "ACME001")
    assert own(result) == ["ACME001 lost: cost, ?, nothing, nothing, {lost}"]
    long = METRICS.replace("bucket: cost", f"bucket: cost\n    decision: {'x' * 300}")
    result = run({"ACME001": {**RULE, "message": "{decision}"}}, "ACME001", metrics=long)
    assert own(result) == [f"ACME001 {'x' * 200} …"]


def test_a_pack_a_waiver_and_a_comment_speak_of_it_by_code_or_name(run: Run) -> None:
    custom = {"ACME001": RULE}
    assert own(run(custom, "ACME", "rules: {metric-without-dashboard: off}\n")) == []
    result = run(custom, "ACME", "rules: {ACME001: error}\n")
    assert [one.severity for one in result.diagnostics[1:]] == [Severity.ERROR]
    for rule in ("ACME001", RULE["name"]):
        waiver = (
            f"waivers: [{{rule: {rule}, entity: metrics/lost, reason: So, until: 2026-12-30}}]\n"
        )
        assert len(run(custom, "ACME", waiver).suppressed) == 1
        comment = METRICS.replace("  lost:", f"  lost:  # opmodel: ignore[{rule}] so")
        assert len(run(custom, "ACME", metrics=comment).suppressed) == 1


def test_a_severity_of_its_own(run: Run) -> None:
    assert own(run({"ACME001": {**RULE, "severity": "off"}}, "ACME")) == []
    assert own(run({"ACME001": {**RULE, "severity": False}}, "ACME")) == []
    result = run({"ACME001": {**RULE, "severity": "info"}}, "ACME")
    assert [one.severity for one in result.diagnostics[1:]] == [Severity.INFO]


def test_selected_and_ignored_by_name(run: Run) -> None:
    assert own(run({"ACME001": RULE}, "metric-without-dashboard")) != []
    assert own(run({"ACME001": RULE}, "OM010")) == []


@pytest.mark.parametrize(
    ("code", "change", "says"),
    [
        ("acme1", {}, "`acme1` is no code of a rule"),
        ("OM777", {}, "`OM777`: codes that begin with OM are opmodel's own"),
        ("ACME001", {"name": "Metric"}, "`Metric` is no name of a rule"),
        ("ACME001", {"name": "unpaged-metric"}, "the name `unpaged-metric` is that of OM204 already"),
        ("ACME001", {"section": "metrix"}, "there is no section `metrix`"),
        ("ACME001", {"assert": "self.ownr == null"}, "`metrics` have no field `ownr`"),
        ("ACME001", {"assert": "("}, "this is no CEL: it ends too soon"),
        ("ACME001", {"message": "{nothing}"}, "the message asks for `{nothing}`"),
        ("ACME001", {"field": "ownr"}, "`metrics` have no field `ownr`"),
        ("ACME001", {"field": "measured.ownr"}, "`metrics` have no field `measured.ownr`"),
        ("ACME001", {"field": "owner.name"}, "`metrics` have no field `owner.name`"),
        ("ACME001", {"assert": "self.decision.startsWith('a')"},
         "the expression of ACME001 fails on `metrics/late`: `startsWith` does not take null, and on 1 more"),
        ("ACME001", {"assert": "id != 'lost' || self.decision < 1"},
         "the expression of ACME001 fails on `metrics/lost`: `<` does not go between"),
        ("ACME001", {"assert": "[" + "1," * 99 + "1].map(a, a).all(a, " * 1 + "true)"}, None),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_once_at_its_line(
    run: Run, code: str, change: dict[str, str], says: str | None
) -> None:
    # what names a rule that is of no use is not told of that a second time
    more = f"rules: {{{code}: error}}\n" if code.startswith("ACME") else ""
    result = run({code: {**RULE, **change}}, "OM006,OM007" + ",ACME" * bool(more), more)
    wrong = [one for one in result.diagnostics if one.primary.location.file == "policy.yaml"]
    assert [says in one.message for one in wrong] == [True] if says else wrong == []
    assert all(one.code == "OM006" and one.primary.at.start.line == 2 for one in wrong)


@pytest.mark.no_cover
def test_an_endless_expression_ends(run: Run) -> None:
    hundred = "[" + "1," * 99 + "1]"
    endless = f"{hundred}.all(a, {hundred}.all(b, {hundred}.all(c, a + b + c > 0)))"
    (one,) = own(run({"ACME001": {**RULE, "assert": endless}}))
    assert one == (
        "OM006 the expression of ACME001 fails on `metrics/late`: it takes more than 1,000,000 steps"
    )


def test_a_rule_that_did_not_load_is_told_once(run: Run) -> None:
    comment = METRICS.replace("  lost:", "  lost:  # opmodel: ignore[ACME001] so")
    result = run({"ACME001": {"name": "a"}}, "OM", "rules: {ACME001: error}\n", comment)
    missing = [one for one in result.diagnostics if one.primary.location.file == "policy.yaml"]
    assert {one.code for one in missing} == {"OM005"}
    assert not [one for one in result.diagnostics if "no rule" in one.message]
    assert run({"ACME001": {"name": "a"}}, "ACME001").rules_run == 15
    assert run({"ACME001": {"name": "a"}}, "ACME").rules_run == 15


def test_more_rules_than_a_policy_may_have(run: Run) -> None:
    many = {
        f"ACME{number:03}": {**RULE, "name": f"n{number}", "assert": "true"}
        for number in range(MOST + 1)
    }
    (one,) = own(run(many, "OM006"))
    assert one == f"OM006 a policy may have {MOST} custom rules; this is one more"


def test_a_pack_defines_a_rule_of_its_base_anew(run: Run, tmp_path: Path) -> None:
    base = json.dumps({"ACME001": RULE, "ACME002": {**RULE, "name": "other", "assert": "true"}})
    (tmp_path / "base.yaml").write_text(f"extends: poc\ncustom: {base}\n")
    (tmp_path / "opmodel.yaml").write_text(MANIFEST)
    (tmp_path / "metrics.yaml").write_text(METRICS)
    again = json.dumps({"ACME001": {**RULE, "message": "anew {id}"}})
    (tmp_path / "policy.yaml").write_text(f"extends: base.yaml\ncustom: {again}\n")
    result = check(str(tmp_path), Options(AT, select="ACME"))
    assert own(result) == ["ACME001 anew lost"]
    assert result.rules_run == 17


def test_sarif_knows_it(run: Run) -> None:
    result = run({"ACME001": {**RULE, "help": "add it"}}, "ACME")
    rules = json.loads(REPORTER.render(result, Style()))["runs"][0]["tool"]["driver"]["rules"]
    (described,) = (one for one in rules if one["id"] == "ACME001")
    assert described["name"] == "metric-without-dashboard"
    assert "add it" in described["help"]["text"]
    assert described["shortDescription"]["text"] == "metric `{{id}}` is on no dashboard"


def test_what_a_base_says_of_its_rule_stands(tmp_path: Path) -> None:
    base = json.dumps({"ACME001": RULE, "ACME003": {"name": "broken"}})
    (tmp_path / "base.yaml").write_text(
        f"extends: poc\ncustom: {base}\nrules: {{ACME001: error}}\n"
    )
    (tmp_path / "opmodel.yaml").write_text(MANIFEST)
    (tmp_path / "metrics.yaml").write_text(METRICS)
    more = json.dumps({"ACME002": {**RULE, "name": "other"}})
    (tmp_path / "policy.yaml").write_text(f"extends: base.yaml\ncustom: {more}\n")
    found = check(str(tmp_path), Options(AT, select="ACME")).diagnostics
    own = [(one.code, one.severity) for one in found if one.code.startswith("ACME")]
    assert own == [("ACME001", Severity.ERROR), ("ACME002", Severity.WARNING)]


def test_two_rules_of_a_section_that_read_it_see_the_same(run: Run) -> None:
    asks = "size(metrics.filter(m, m.bucket == self.bucket)) == 1 || id == 'lost'"
    custom = {
        f"ACME00{number}": {**RULE, "name": f"n{number}", "assert": asks} for number in (1, 2)
    }
    result = run(
        custom, "ACME", metrics=METRICS.replace("  odd: {bucket: none, response: ticket}\n", "")
    )
    assert own(result) == []
    custom["ACME002"]["assert"] = "size(metrics) == 1"
    result = run(
        custom, "ACME", metrics=METRICS.replace("  odd: {bucket: none, response: ticket}\n", "")
    )
    assert [one.entity for one in result.shown] == [("metrics", "late"), ("metrics", "lost")]
