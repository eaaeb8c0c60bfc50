"""The whole assessment: the examples in every form, and the stage that a registry reaches."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

import registry.assess.report
from registry.assess.answer import Evidence
from registry.assess.assess import TOO_MANY, Assessment, assess, signs
from registry.assess.report import human, md
from registry.assess.report import json as json_form
from registry.assess.reporter import AssessmentReporter
from registry.assess.sign import Verdict
from registry.cli.main import main
from registry.output.formats import MACHINE_FORMATS
from registry.output.style import Style
from registry.plugins import catalogue
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from tests.assess.conftest import Assess
from tests.conftest import AT, ROOT

REPORTERS = catalogue(registry.assess.report, "REPORTER", AssessmentReporter)
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/opmodel.yaml"))
NOW = "2026-11-20T09:00:00Z"

each = pytest.mark.parametrize("reporter", REPORTERS, ids=lambda one: one.name)


def example(name: str) -> Assessment:
    options = Options(AT)
    return assess(open_registry(str(ROOT / "examples" / name), options), options)


def test_the_week_has_at_least_five_signs_and_the_copilot_none() -> None:
    week, copilot = example("representative-week"), example("enterprise-copilot")
    assert week.count(Verdict.TRUE) >= 5
    assert all(one.evidence for one in week.signs if one.verdict is Verdict.TRUE)
    assert week.is_operational
    assert copilot.count(Verdict.FALSE) == len(signs()) == 8
    assert not copilot.is_operational
    assert (copilot.declared, copilot.reached) == ("production", "production")
    assert (week.declared, week.reached) == ("production", None)


@pytest.mark.no_cover
def test_the_week_shows_all_four_patterns_with_their_evidence_and_the_copilot_none() -> None:
    week, copilot = example("representative-week"), example("enterprise-copilot")
    assert {one.id: one.verdict for one in week.patterns} == {
        "diffuse-ownership": Verdict.TRUE,
        "pager-gap": Verdict.TRUE,
        "runbook-absence": Verdict.TRUE,
        "cost-without-an-owner": Verdict.TRUE,
    }
    shown = {one.id: " / ".join(place.message for place in one.evidence) for one in week.patterns}
    assert "no row of `ownership` covers the layer `whole-system`" in shown["diffuse-ownership"]
    assert "`groundedness` pages nobody" in shown["pager-gap"]
    assert "no runbook covers `fallback-spike`" in shown["runbook-absence"]
    assert "`graham`, accountable for layer `cost`" in shown["cost-without-an-owner"]
    assert {one.verdict for one in copilot.patterns} == {Verdict.FALSE}
    assert not any(one.evidence for one in copilot.patterns)


def test_nothing_written_down_tells_of_no_pattern_that_is_not_there(assessed: Assess) -> None:
    verdicts = {one.id: one.verdict for one in assessed("people: {ana: {name: Ana}}\n").patterns}
    assert verdicts["pager-gap"] is Verdict.UNKNOWN
    assert verdicts["runbook-absence"] is Verdict.UNKNOWN
    assert verdicts["diffuse-ownership"] is Verdict.TRUE  # production asks for the row


def test_behaviour_that_pages_operations_alone_is_a_pager_gap(assessed: Assess) -> None:
    text = """
people: {ben: {name: Ben, skills: [prompts]}}
teams: {sre: {name: SRE, function: operations, lead: ben, members: [ben]}}
schedules:
  sre: {team: sre, rotations: [{name: a, participants: [ben], start: 2026-01-05T09:00, every: 1w}]}
metrics: {grounded: {bucket: quality, response: page, owner: ben}}
alerts: {drop: {metric: grounded, severity: sev2, response: page, escalation: sre, owner: ben}}
"""
    gap = next(one for one in assessed(text).patterns if one.id == "pager-gap")
    assert gap.verdict is Verdict.TRUE
    assert [place.file for place in gap.evidence] == ["opmodel.yaml"]
    assert "sre" in gap.because


ROWS = (
    ("ownership: {money: {covers: [cost], accountable: [ana, ben]}}\n", "names 2 accountable"),
    ("ownership: {cost: {accountable: ana}, money: {team: t}}\n", ""),
)


@pytest.mark.parametrize(("text", "because"), ROWS)
def test_only_the_row_of_the_cost_says_that_cost_has_no_owner(
    assessed: Assess, text: str, because: str
) -> None:
    people = "people: {ana: {name: Ana}, ben: {name: Ben}}\nteams: {t: {name: T}}\n"
    cost = assessed(people + text).patterns[-1]
    assert cost.verdict is (Verdict.TRUE if because else Verdict.UNKNOWN)
    assert because in cost.because


@pytest.mark.no_cover
@pytest.mark.parametrize("name", EXAMPLES)
def test_evidence_stands_where_it_says(name: str) -> None:
    opened = open_registry(str(ROOT / "examples" / name), Options(AT))
    for place in places(example(name)):
        lines = opened.workspace.sources.files[place.file].lines
        assert 1 <= place.line <= len(lines)
        assert 1 <= place.column <= len(lines[place.line - 1])
        assert place.message


def places(found: Assessment) -> list[Evidence]:
    of_signs = [place for one in found.signs for place in one.evidence]
    rules = [rule for one in found.stages for rule in one.blocking]
    return of_signs + [place for rule in rules for place in rule.places]


@pytest.mark.no_cover
@pytest.mark.parametrize("name", EXAMPLES)
def test_json_keeps_to_its_schema(name: str) -> None:
    found = json.loads(json_form.render(example(name), Style()))
    assert found["format"] == "opmodel.assess.v1"
    Draft202012Validator(MACHINE_FORMATS["opmodel.assess.v1"]).validate(found)
    counts = [found["summary"][one.value] for one in Verdict]
    assert sum(counts) == len(found["signs"]) == 8


# -- the stage -----------------------------------------------------------------------------------

BARE = "people: {ana: {name: Ana, email: ana@acme.example}}\n"


def test_an_empty_registry_reaches_nothing(assessed: Assess) -> None:
    found = assessed("")
    assert found.reached is None
    assert [one.stage for one in found.ahead] == ["poc", "pilot", "production"]
    assert all(one.errors for one in found.stages)


def test_a_file_that_cannot_be_read_reaches_nothing(assessed: Assess) -> None:
    assert assessed(BARE, stage="poc").reached == "poc"
    assert assessed(BARE, stage="poc", broken="metrics: {x: [}\n").reached is None


def test_reached_is_told_apart_from_declared(assessed: Assess) -> None:
    found = assessed(BARE)
    assert (found.declared, found.reached) == ("production", "poc")
    assert [one.stage for one in found.ahead] == ["pilot", "production"]
    counts = [rule.number for one in found.ahead for rule in one.blocking]
    assert sum(counts) == sum(one.errors for one in found.ahead) > 10
    for one in found.stages:
        numbers = [rule.number for rule in one.blocking]
        assert numbers == sorted(numbers, reverse=True)
        assert all(1 <= len(rule.places) <= min(rule.number, 3) for rule in one.blocking)


def test_a_pack_of_ones_own_counts_at_every_stage(assessed: Assess) -> None:
    pack = "extends: production\nrules: {OM109: {severity: error}}\n"
    roles = "roles: {cto: {title: CTO}}\n"
    assert assessed(BARE + roles, stage="poc").reached == "poc"
    found = assessed("policy: policies/own.yaml\n" + BARE + roles, policies__own=pack)
    assert found.reached is None
    assert {one.policy for one in found.stages} == {"policies/own.yaml"}
    codes = [{rule.code for rule in one.blocking} for one in found.stages]
    assert all("OM109" in one for one in codes)
    assert codes[0] != codes[2]


def test_a_pack_named_on_the_command_line_counts_at_every_stage(
    assessed: Assess, tmp_path: Path
) -> None:
    pack = tmp_path / "mine.yaml"
    pack.write_text("rules: {OM109: {severity: error}}\n", "utf-8")
    roles = "exclude: [mine.yaml]\nroles: {cto: {title: CTO}}\n"
    assert assessed(BARE + roles, stage="poc", policy=str(pack)).reached is None
    assert assessed(BARE + roles, stage="poc", policy="poc").reached == "poc"


def test_a_suppression_for_the_declared_stage_blocks_no_other(assessed: Assess) -> None:
    lone = (
        "schedules:\n  # opmodel: ignore[OM304] two more join in spring\n"
        "  s: {rotations: [{name: a, participants: [ana], start: 2026-01-05T09:00, every: 1w}]}\n"
    )
    strict = "extends: production\nrules: {OM010: {severity: error}}\n"
    own = "policy: policies/own.yaml\n" + BARE
    for rule, idle in (("OM304", False), ("OM201", True)):
        found = assessed(own + lone.replace("OM304", rule), policies__own=strict)
        codes = {one.stage: {rule.code for rule in one.blocking} for one in found.stages}
        assert ("OM010" in codes["production"]) == idle
        assert "OM010" not in codes["poc"] | codes["pilot"]


def test_three_signs_are_too_many() -> None:
    week = example("representative-week")
    for number in range(len(week.signs) + 1):
        some = week._replace(signs=week.signs[:number])
        assert some.is_operational == (number >= TOO_MANY == 3)
        assert bool(some.conclusion) == some.is_operational


# -- forms ---------------------------------------------------------------------------------------


NASTY = "\u202e<script>alert(1)</script> {{ x }} [a](javascript:x) `b` \x1b[2K\n# c | d"


def nasty() -> Assessment:
    found = example("representative-week")
    place = Evidence(NASTY, ("incidents", "x"), "a\n::error file=x::b/\u202e.yaml", 1, 1)
    signs_ = tuple(
        one._replace(because=NASTY, step=NASTY, evidence=(place,)) for one in found.signs
    )
    stages = tuple(
        one._replace(policy=NASTY, blocking=tuple(
            rule._replace(name="x", places=(place,)) for rule in one.blocking[:1]))
        for one in found.stages
    )  # fmt: skip
    return found._replace(registry=NASTY, signs=signs_, stages=stages)


@pytest.mark.no_cover
@each
@pytest.mark.parametrize("color", [True, False])
def test_nothing_acts_on_a_terminal(reporter: AssessmentReporter, color: bool) -> None:
    text = reporter.render(nasty(), Style(color=color))
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text) if color else text
    assert {char for char in plain if not char.isprintable() and char != "\n"} == set()
    assert not any(line.startswith("::") for line in plain.splitlines())
    text.encode("utf-8")


def test_json_holds_what_no_json_text_can() -> None:
    found = nasty()._replace(registry="a\ud800b\x7f")
    text = json_form.render(found, Style())
    assert text.isascii()
    assert json.loads(text)["registry"] == "a\\ud800b\x7f"


@pytest.mark.no_cover
def test_color_is_the_only_difference_of_color() -> None:
    plain, colored = (human.render(nasty(), Style(color=one)) for one in (False, True))
    assert "\x1b" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


@pytest.mark.no_cover
def test_markdown_shows_and_runs_nothing() -> None:
    html = (
        MarkdownIt("commonmark", {"html": True}).enable("table").render(md.render(nasty(), Style()))
    )
    tags = set(re.findall(r"<(/?[a-z][a-z0-9]*)", html))
    allowed = {"h1", "h2", "h3", "p", "ul", "li", "strong", "em", "code", "table", "thead",
               "tbody", "tr", "th", "td"}  # fmt: skip
    assert {tag.strip("/") for tag in tags} <= allowed
    assert "{{" not in md.render(nasty(), Style())
    assert "alert(1)" in html


# -- the command ---------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(["assess", *argv])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_sign_is_no_finding(capsys: pytest.CaptureFixture[str]) -> None:
    week = str(ROOT / "examples" / "representative-week")
    code, out, err = run(capsys, week, "--at", NOW)
    assert (code, err) == (0, "")
    assert "Of 8 signs: 8 true, 0 false, 0 cannot be told." in out
    assert "Stage: declares production, reaches none" in out


@pytest.mark.no_cover
def test_formats(capsys: pytest.CaptureFixture[str]) -> None:
    copilot = str(ROOT / "examples" / "enterprise-copilot")
    found: dict[str, Any] = {}
    for form in ("json", "md"):
        code, found[form], _ = run(
            capsys, copilot, "--format", form, "--at", "2026-11-20T10:00:00", "--tz",
            "Europe/Berlin", "--color", "always",
        )  # fmt: skip
        assert code == 0
    assert json.loads(found["json"])["at"] == NOW
    assert found["md"].startswith("# Assessment of enterprise-copilot\n")
    assert "\x1b" not in found["md"]


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["nowhere"], "nowhere does not exist"),
        ([".", "--format", "yaml"], "--format"),
        ([".", "--at", "soon"], "soon"),
        ([".", "--tz", "Europe/Berln"], "Europe/Berlin"),
    ],
)
def test_what_cannot_run(capsys: pytest.CaptureFixture[str], argv: list[str], says: str) -> None:
    code, out, err = run(capsys, *argv)
    assert (code, out) == (2, "")
    assert says in err


SERVICE = """\
opmodel: 1
name: svc
stage: poc
profile: service
people: {mei: {name: Mei Lin}}
components: {db: {kind: database}}
incidents:
  short: {title: Rows were gone, severity: sev2, started: 2026-11-10T08:00Z, detected: 2026-11-10T09:00Z,
    detected_by: customer, cause: {component: db}}
"""


def test_of_a_service_the_signs_of_a_model_do_not_apply(tmp_path: Path) -> None:
    (tmp_path / "opmodel.yaml").write_text(SERVICE, "utf-8")
    options = Options(AT)
    found = assess(open_registry(str(tmp_path), options), options)
    foreign = {one.id for one in found.signs if one.verdict is Verdict.FOREIGN}
    assert foreign == {
        "unclear-quality-owner", "no-reader-on-call", "no-behavioural-runbook",
        "cost-read-too-late",
    }  # fmt: skip
    assert {one.because for one in found.signs if one.verdict is Verdict.FOREIGN} == {
        "a system of the profile service has no model in it"
    }
    assert found.signs[0].verdict is Verdict.TRUE, "an incident of a database counts"
    patterns = {one.id: one.verdict for one in found.patterns}
    assert patterns["runbook-absence"] is Verdict.FOREIGN
    assert patterns["pager-gap"] is Verdict.UNKNOWN
    assert "4 not applicable" in human.REPORTER.render(found, Style())
    assert "*does not apply*" in md.REPORTER.render(found, Style())
    made = json.loads(json_form.REPORTER.render(found, Style()))
    Draft202012Validator(MACHINE_FORMATS["opmodel.assess.v1"]).validate(made)
    assert made["summary"]["does-not-apply"] == 4
    (tmp_path / "opmodel.yaml").write_text(SERVICE.replace("service", "ai"), "utf-8")
    other = assess(open_registry(str(tmp_path), options), options)
    assert other.count(Verdict.FOREIGN) == 0
    assert other.signs[0].verdict is not Verdict.TRUE
    assert "does not apply" not in human.REPORTER.render(other, Style())


def test_what_is_accepted_is_not_reached(tmp_path: Path) -> None:
    (tmp_path / "opmodel.yaml").write_text(SERVICE, "utf-8")
    options = Options(AT)
    before = assess(open_registry(str(tmp_path), options), options)
    assert main(["baseline", "create", str(tmp_path), "--at", NOW, "--owner", "mei"]) == 0
    opened = open_registry(str(tmp_path), options)
    assert opened.baseline.entries
    assert assess(opened, options).stages == before.stages
