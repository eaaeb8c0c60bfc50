"""The page says what the registry says, leaks nothing, and is the same each time."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.clock.civil import instant
from registry.export.edition import Edition
from registry.export.site import findings, matrix
from registry.export.site import report as reports
from registry.export.site.alerts import PageAlert, alerts
from registry.export.site.deployed import (
    DEPENDS,
    NOBODY_HEARS,
    OTHER,
    SAME,
    UNDECLARED,
    UNTOLD,
)
from registry.export.site.entities import PageEntities
from registry.export.site.epoch import milliseconds
from registry.export.site.plain import PlainText, parted
from registry.export.site.report import ALONE, report
from registry.paging.who import answers
from registry.workspace.open import Opened
from registry.workspace.options import Options
from tests.conftest import ROOT
from tests.export.conftest import EXAMPLE
from tests.export.site.conftest import OPTIONS, Page, Read

Open = Callable[..., Opened]


# -- the answer ----------------------------------------------------------------------------------


@pytest.mark.no_cover
def test_the_answer_comes_first(example: Opened, read: Read) -> None:
    text = read(example).text
    assert "15 of 15 alerts that page reach a person who knows what to do." in text
    assert "No chain breaks, and no rule of the policy production finds an error." in text
    assert "No alert of this registry" not in text
    assert "nobody is on call, or can be reached" not in text


def test_what_is_wrong_is_counted(faulty: Opened, read: Read) -> None:
    text = read(faulty).text
    assert "2 of 5 alerts that page reach a person who knows what to do." in text
    assert "1 metric that should page has no alert that does: mute." in text
    for figure in ("reach a person 3 of 5", "have instructions 2 of 5", "have a switch 1 of 5"):
        assert figure in text
    assert "Olga Alt left on 2026-10-01" in text
    assert "On 3 of 3 schedules nobody is on call, or can be reached, at some time" in text
    assert "No chain breaks" not in text


def test_a_registry_without_anything_says_so(opened: Open, read: Read) -> None:
    text = read(opened()).text
    for lack in (
        "No alert of this registry pages anybody.",
        "This registry has no alert.",
        "This registry has no row of ownership.",
        "This registry has no schedule.",
    ):
        assert lack in text


def test_one_of_each_is_singular(opened: Open, read: Read) -> None:
    text = read(opened(
        "people: {priya: {name: Priya, email: p@acme.example}}\n"
        "metrics: {a: {bucket: cost, response: page}, b: {bucket: cost, response: page},"
        " c: {bucket: cost, response: page}}\n"
        "alerts: {one: {metric: a, severity: sev1, response: page, escalation: priya}}\n"
    )).text  # fmt: skip
    assert "0 of 1 alert that pages reaches a person who knows what to do." in text
    assert "2 metrics that should page have no alert that does: b, c." in text


def test_what_did_not_load_is_said(opened: Open, read: Read) -> None:
    found = opened(
        "alerts: {one: {metric: a, severity: loud, response: page}, two: 7}\n"
        "metrics: {a: {bucket: cost, response: page}}\n"
        "schedules: {s: {rotations: 5}, t: 7}\n"
    )
    page = read(found)
    assert "1 alert did not load: whom they page is not known." not in page.text
    assert "2 alerts did not load: whom they page is not known." in page.text
    assert "The schedule t could not be read" in page.text
    assert "could not be read, so what stands there is missing here" in page.text
    assert "should page" not in page.text.partition("The worst gaps")[0]
    states = {page.called(n): row[5] for n, row in enumerate(page.data["entities"])}
    assert states["alerts/one"] == states["alerts/two"] == 1


# -- chains --------------------------------------------------------------------------------------


def test_a_chain_leads_from_metric_to_switch(faulty: Opened, read: Read) -> None:
    page = read(faulty)
    chain = _chain(page, "fine")
    assert page.called(chain["metric"][1]) == "metrics/ground"
    assert [step["after"] for step in chain["steps"]] == ["0m", "15m"]
    assert [one[0] for one in chain["steps"][0]["people"]] == ["Priya Natarajan"]
    assert [one[0] for one in chain["steps"][0]["shadows"]] == ["Tom Reyes"]
    assert chain["repeats"] == 1
    assert chain["told"][0][2][0] == "Priya Natarajan"
    assert chain["runbook"]["first"] == ["Compare `prompts`"]
    assert chain["runbook"]["escalate_to"][0] == "Priya Natarajan"
    switches = {page.called(one["id"][1]): one for one in chain["switches"]}
    assert switches["kill_switches/off"]["within"] == "5m"
    assert switches["kill_switches/gone"]["but"] == "there is no such switch"
    assert chain["breaks"] == []
    assert chain["is_told"]


@pytest.mark.no_cover
def test_a_chain_says_where_it_breaks(faulty: Opened, read: Read) -> None:
    page = read(faulty)
    assert _chain(page, "broken")["breaks"] == ["nobody holds `free`", "`nowhere` does not exist"]
    assert _chain(page, "broken")["steps"][1]["via"] == ["nowhere (unknown)", -1]
    assert _chain(page, "nobody")["metric"] == ["absent", page.number("metrics/absent")]
    assert not _chain(page, "untold")["is_told"]
    assert _chain(page, "phased")["is_told"]
    assert _chain(page, "dropped")["told"][0][2] is None


def test_alerts_stand_the_worst_first(faulty: Opened, read: Read) -> None:
    text = read(faulty).text.partition("Alerts, from metric to switch")[2]
    words = [
        "the page breaks",
        "no instructions",
        "the ticket is lost",
        "answered",
        " ticket spend",
    ]
    places = [text.index(word) for word in words]
    assert places == sorted(places)


def _chain(page: Page, alert: str) -> dict[str, object]:
    number = page.number(f"alerts/{alert}")
    return next(one for one in page.data["chains"] if one["alert"] == number)


# -- matrix, calendar ----------------------------------------------------------------------------


@pytest.mark.no_cover
@pytest.mark.parametrize(("widest", "form"), [(40, "role"), (1, "team"), (0, "function")])
def test_the_matrix_is_in_a_form_that_fits(
    faulty: Opened, read: Read, monkeypatch: pytest.MonkeyPatch, widest: int, form: str
) -> None:
    monkeypatch.setattr(matrix, "WIDEST", widest)
    page = read(faulty)
    assert ("table", "class", f"matrix by-{form}") in page.attributes
    assert ("td", "class", "heat A") in page.attributes
    assert "nobody is accountable; no team" in page.text


@pytest.mark.no_cover
def test_the_matrix_has_no_column_of_gaps_where_there_is_none(example: Opened, read: Read) -> None:
    assert "AccountableMissing" not in read(example).text


def test_the_calendar_says_when_nobody_is(faulty: Opened, read: Read) -> None:
    page = read(faulty)
    text = page.text.partition("On call, the next four weeks")[2]
    assert "every Friday 18:00–Monday 09:00" in text
    assert "left Olga Alt who has left beyond four weeks 28d" in text
    assert "Tom Reyes on call, who is away, from Mon 2026-11-23 00:00" in text
    shapes = {page.called(one["schedule"]): one for one in page.data["schedules"]}
    assert list(shapes) == ["schedules/left", "schedules/weekdays", "schedules/away"]
    first = shapes["schedules/weekdays"]["shifts"][0]
    assert first[:2] == [page.data["at"], milliseconds(_at(2026, 11, 20, 17))]
    assert [page.called(n) for n in first[2] + first[3]] == ["people/priya", "people/tom"]
    assert shapes["schedules/left"]["lost"][0][2] == "left"


def test_clocks_are_those_of_the_bundled_database(opened: Open, read: Read) -> None:
    zones = read(opened()).data["zones"]
    offsets = {name: history for history, names in zones for name in names.split()}
    assert offsets["Europe/Berlin"][0][1] == 3_600_000
    assert offsets["Asia/Kolkata"][0][1] == 19_800_000
    assert len(offsets) > 500


@pytest.mark.no_cover
def test_a_change_of_clocks_within_the_weeks_is_known(example: Opened) -> None:
    options = OPTIONS._replace(at=datetime(2026, 10, 10, tzinfo=UTC))
    zones = Page(report(example, options).content).data["zones"]
    offsets = {name: history for history, names in zones for name in names.split()}
    change = milliseconds(_at(2026, 10, 25, 1))
    assert offsets["Europe/Berlin"][1] == [change, 3_600_000]
    assert offsets["Europe/Berlin"][0][1] == 7_200_000


@pytest.mark.no_cover
@pytest.mark.parametrize("zone", [None, "Asia/Tokyo"])
def test_times_are_in_the_readers_zone_or_one_that_is_named(
    example: Opened, read: Read, zone: str | None
) -> None:
    page = read(example, ALONE, zone)
    assert page.data["zone_named"] is (zone is not None)
    assert page.data["zone"] == (zone or "Europe/Berlin")
    assert f"Until ({zone or 'Europe/Berlin'})" in page.text


def _at(*parts: int) -> int:
    return instant(datetime(*parts, tzinfo=UTC))  # type: ignore[misc]


# -- findings ------------------------------------------------------------------------------------


def test_findings_fall_to_whoever_owns_what_they_are_about(faulty: Opened, read: Read) -> None:
    page = read(faulty)
    owners = [name for name, _ in page.data["owners"]]
    by_code: dict[str, set[str]] = {}
    for owner, code, *_ in page.data["findings"]:
        by_code.setdefault(code, set()).add(owners[owner])
    assert by_code["OM101"] == {"The registry itself"}
    assert by_code["OM319"] == {"Nobody is named"}
    assert by_code["OM301"] == {"Priya Natarajan"}
    assert by_code["OM109"] == {"Nobody is named"}
    assert "Web platform" in owners
    assert page.text.index("Nobody is named") < page.text.index("Findings, by owner")


@pytest.mark.no_cover
def test_what_does_not_fit_the_page_comes_when_it_is_asked_for(
    faulty: Opened, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = read(faulty)
    monkeypatch.setattr(reports, "MOST", 2)
    monkeypatch.setattr(reports, "FEW", 0)
    monkeypatch.setattr(findings, "WRITTEN", 10)
    page = read(faulty)
    assert (
        "The first 2 of 7 alerts, the worst first; the search above finds the others." in page.text
    )
    assert "more: opmodel assess names them" in page.text
    assert ("details", "data-owner", "0") in page.attributes
    assert ("details", "data-owner", "0") not in whole.attributes
    assert page.data == whole.data
    assert len(page.text) < len(whole.text)


# -- deployed ------------------------------------------------------------------------------------


def test_declared_stands_beside_deployed(tmp_path: Path) -> None:
    page = _written(tmp_path, str(EXAMPLE), "--deployed")
    assert "Declared beside deployed" in page.text
    assert "Not all that is deployed could be read" in page.text
    assert "when.above: 2%, deployed > 0.05" in page.text
    said = {one[0]: one[2] for one in page.data["deployed"]}
    assert said["RetryRise"] == "reaches nobody"
    assert said["FallbackSpike"] == "depends on the series"
    assert said["Watchdog"] == "not declared"
    assert said["ErrorRateHigh"] == "not as declared"
    assert said["AccessViolation"] == "fine"
    order = [one[2] for one in page.data["deployed"]]
    assert (
        order.index("reaches nobody") < order.index("depends on the series") < order.index("fine")
    )
    assert NOBODY_HEARS < UNTOLD < DEPENDS < UNDECLARED < OTHER < SAME
    codes = {one[1] for one in page.data["findings"]}
    assert any(code.startswith("OM9") for code in codes)


@pytest.mark.no_cover
def test_nothing_deployed_is_not_fine(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yml"
    rules.write_text("groups: [{name: g, rules: [{record: up, expr: up}]}]\n")
    page = _written(tmp_path, str(EXAMPLE), "--deployed", str(rules))
    assert "No deployed alert was read." in page.text
    assert "Declared, and nowhere deployed" in page.text


@pytest.mark.no_cover
def test_without_an_alertmanager_nobody_can_tell(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yml"
    rules.write_text(
        "groups: [{name: g, rules: [{alert: Slow, expr: up == 0, labels: {team: ml}}]}]\n"
    )
    page = _written(tmp_path, str(EXAMPLE), "--deployed", str(rules))
    assert [one[2] for one in page.data["deployed"]] == ["cannot be told"]


def _written(tmp_path: Path, *given: str) -> Page:
    from registry.cli.main import main

    path = tmp_path / "report.html"
    line = ["report", *given, "--at", "2026-11-20T09:00:00Z", "-o", str(path)]
    assert main(line) == 0
    return Page(path.read_bytes())


# -- what may be shown ---------------------------------------------------------------------------

_PRIVATE = ("7946 0018", "priya@acme.example", "U0PRIYA", "U0TOM", "olga@")


def test_contacts_stay_behind(faulty: Opened, read: Read) -> None:
    content = report(faulty, OPTIONS).content.decode()
    assert [one for one in _PRIVATE if one in content] == []
    assert "Telephone numbers and addresses are left out." in content


def test_contacts_are_shown_to_those_who_ask(faulty: Opened) -> None:
    content = report(faulty, OPTIONS, with_contacts=True).content.decode()
    assert [one for one in _PRIVATE if one not in content] == []
    assert "hand this page round with care" in content


def test_a_secret_is_starred_out(opened: Open) -> None:
    secret = "ghp_" + "a1B2" * 9
    found = opened(
        f"metrics: {{m: {{bucket: cost, response: page, definition: 'see {secret}'}}}}\n"
    )
    assert secret not in report(found, OPTIONS).content.decode()


def test_only_two_texts_of_ours_run_or_style_the_page(faulty: Opened, read: Read) -> None:
    page = read(faulty)
    for kind, directive in (("script", "script-src"), ("style", "style-src")):
        digest = base64.b64encode(hashlib.sha256(page.kept[kind].encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in page.policy
    assert page.policy.startswith("default-src 'none'; ")
    assert "unsafe" not in page.policy
    assert page.tags.count("script") == 2
    assert page.tags.count("style") == 1
    assert [one for one in page.attributes if one[1].startswith("on") or one[1] == "style"] == []
    assert {one[0] for one in page.links()} == {"#"}
    assert page.tags.index("meta") < page.tags.index("style")


HOSTILE_NAMES = (
    "</script><script>document.title='pwned'</script>",
    "<img src=x onerror=\"document.title='pwned'\">",
    "<!--<script>", "]]>", "{{ 7 * 7 }}{% raw %}", "`<b>`", "javascript:alert(1)",
    "=HYPERLINK(\"http://evil.example\")", "\u202egnp.exe", "a\u0000b\u001b[31m\u0007", "\u2028\u2029",
    "x" * 32_768, "-->", "'\"><svg onload=alert(1)>", "&lt;script&gt;", "$&${1}",
)  # fmt: skip
"""Names of people, teams, metrics and alerts that would like to be more than that."""


def hostile_registry() -> str:
    """Put each name wherever a person may write one."""
    lines: dict[str, list[str]] = {
        one: []
        for one in ("people", "teams", "roles", "ownership", "metrics", "runbooks", "alerts")
    }
    for number, text in enumerate(HOSTILE_NAMES):
        said = json.dumps(text)
        mail = f"p{number}@acme.example"
        lines["people"].append(f"p{number}: {{name: {said}, email: {mail}}}")
        lines["teams"].append(f"t{number}: {{name: {said}, members: [p{number}]}}")
        lines["roles"].append(f"r{number}: {{title: {said}, holder: p{number}}}")
        lines["ownership"].append(
            f"l{number}: {{title: {said}, accountable: p{number}, team: t{number}}}"
        )
        about = f"definition: {said}, decision: {said}, owner: p{number}"
        lines["metrics"].append(f"m{number}: {{bucket: cost, response: page, {about}}}")
        lines["runbooks"].append(f"b{number}: {{title: {said}, first_checks: [{said}]}}")
        lines["alerts"].append(
            f"a{number}: {{metric: m{number}, severity: sev1, response: page, owner: {said},"
            f" escalation: p{number}, runbook: b{number}, notify: [{said}], when: {{expr: {said}}}}}"
        )
    return "".join(
        f"{section}:\n" + "".join(f"  {line}\n" for line in rows) for section, rows in lines.items()
    )


@pytest.mark.no_cover
def test_hostile_names_are_text(opened: Open, read: Read, example: Opened) -> None:
    found = opened(hostile_registry())
    assert [one.message for one in found.problems if one.code in {"OM001", "OM002"}] == []
    page = read(found)
    assert set(page.tags) <= set(read(example).tags) | {"code", "details", "summary"}
    assert page.tags.count("script") == 2
    assert [one for one in page.attributes if one[1].startswith("on") or one[1] == "style"] == []
    assert {one[0] for one in page.links()} == {"#"}
    assert "<" not in page.kept["script application/json"]
    assert "document.title='pwned'" in page.text
    assert "\\u202egnp.exe" in page.text
    raw = report(opened(hostile_registry()), OPTIONS).content
    assert not re.search(
        "[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069\u2028\u2029]", raw.decode()
    )
    longest = max(len(row[2]) for row in page.data["entities"])
    assert longest <= 120
    assert any("x" * 32_768 in str(fields) for fields in page.data["fields"])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("plain", (("plain", False),)),
        ("`a` and `b`", (("a", True), (" and ", False), ("b", True))),
        ("one ` alone", (("one ` alone", False),)),
    ],
)
def test_ids_in_messages_are_parted(text: str, parts: object) -> None:
    assert parted(text) == parts


# -- the same each time --------------------------------------------------------------------------


@pytest.mark.slow
def test_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.html"
        line = ["report", str(EXAMPLE), "--deployed", "--at", "2026-11-20T09:00Z", "-o", str(path)]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "LC_ALL": "C"}
        subprocess.run(
            [sys.executable, "-m", "registry", *line], cwd=ROOT, env=environment, check=True,
            capture_output=True,
        )  # fmt: skip
        made.append(path.read_bytes())
    assert made[0] == made[1]


@pytest.mark.no_cover
def test_every_entity_is_there_to_be_found(example: Opened, read: Read) -> None:
    data = read(example).data
    known = [row for row in data["entities"] if row[5] != 2]
    assert len(known) == example.workspace.count()
    assert len(data["fields"]) == len(data["entities"])
    assert max(data["references"]) < len(data["entities"])


def test_signs_that_do_not_apply_are_told_so(opened: Open) -> None:
    page = Page(report(opened("profile: service\n"), OPTIONS).content)
    text = " ".join(page.text.split())
    assert re.search(r"0 of 8 are true, [1-8] do not apply\.", text)
    assert "does not apply" in text


def test_a_page_that_waits_or_is_left_out_is_told_so(opened: Open) -> None:
    text = """
people:
  ann: {name: Ann, contact: {phone: "1"}}
  bob: {name: Bob, contact: {phone: "2"}}
holidays: {never: {dates: [2020-01-01]}}
escalations:
  held: {hours: {days: [mon], from: "09:00", to: "17:00"}, steps: [{after: 0m, notify: [ann]}]}
  skips:
    steps:
      - {after: 0m, notify: [ann], hours: {days: [sun], from: "01:00", to: "02:00"}}
      - {after: 5m, notify: [bob, ann], pick: one}
  never:
    holidays: [never]
    hours: {days: [hol], from: "09:00", to: "17:00"}
    steps: [{after: 0m, notify: [ann]}]
metrics: {m: {bucket: cost, response: page, owner: ann}}
alerts:
  a: {metric: m, owner: ann, severity: sev1, response: page, escalation: held}
  b: {metric: m, owner: ann, severity: sev1, response: page, escalation: skips}
  c: {metric: m, owner: ann, severity: sev1, response: page, escalation: never}
"""
    saturday = Options(datetime(2026, 11, 28, 12, tzinfo=UTC))
    page = Page(report(opened(text), saturday).content)
    assert "held until Mon 2026-11-30 09:00" in " ".join(page.text.split())
    held, skips, never = (chain["steps"] for chain in page.data["chains"])
    monday = 1000 * int(datetime(2026, 11, 30, 9, tzinfo=UTC).timestamp())
    assert [(one["held"], one["left_out"], one["in_turn"]) for one in held] == [(monday, "", False)]
    assert [(one["left_out"], one["in_turn"]) for one in skips] == [
        ("skipped", False), ("", True), ("", True)
    ]  # fmt: skip
    assert [one["left_out"] for one in never] == ["never"]
    listed = {
        one.alert[0]: [name for name, *_ in one.now] for one in _alerts(opened(text), saturday)
    }
    assert listed == {"a": ["Ann"], "b": ["Bob", "Ann"], "c": []}


def _alerts(opened: Opened, options: Options) -> tuple[PageAlert, ...]:
    edition = Edition(opened.workspace, opened.policy, options.at)
    entities = PageEntities(edition, PlainText(edition))
    return alerts(entities, answers(opened.workspace, opened.policy, instant(options.at)))
