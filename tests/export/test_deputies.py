"""Whoever stands in for somebody is named wherever those are named who are paged, with the days.

Nobody stands in on shifts: a calendar names whoever is on call, and says that they are away.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from registry.checks.engine import Opened, open_registry
from registry.clock.civil import instant
from registry.export.export import table
from registry.export.publish import publish
from registry.export.reached import ReachedNames
from registry.export.site.report import report
from registry.paging.report import who_human, who_json
from registry.paging.who import who
from registry.workspace.names import DisplayNames
from registry.workspace.options import Options
from tests.export.site.conftest import Page

BEFORE = datetime(2026, 11, 10, 3, tzinfo=UTC)
DURING = datetime(2026, 12, 10, 3, tzinfo=UTC)
AFTER = datetime(2027, 1, 4, tzinfo=UTC)
TEXT = """\
opmodel: 1
name: away
stage: poc
timezone: Europe/Berlin
people:
  ann:
    name: Ann Adams
    contact: {phone: "1"}
    away:
      - {from: 2026-12-01, to: 2026-12-20, deputy: bob}
      - {from: 2027-02-01T09:00, to: 2027-02-01T17:30, deputy: cyd}
      - {from: 2027-03-01, to: 2027-03-02}
  bob: {name: Bob Burke, contact: {phone: "2"}, away: [{from: 2026-12-05, to: 2026-12-06}]}
  cyd: {name: Cyd Cole}
roles: {head: {title: Head, holder: ann}, duty: {title: Duty, schedule: rota}}
schedules:
  rota: {rotations: [{name: r, participants: [ann, bob], start: 2026-01-05T09:00, every: 1w}]}
metrics: {m: {bucket: cost, response: page, owner: ann}}
alerts:
  a: {metric: m, owner: ann, severity: sev1, response: page, escalation: e, runbook: r}
escalations: {e: {steps: [{after: 0m, notify: [ann]}, {after: 5m, notify: [head]}, {after: 9m, notify: [duty]}]}}
runbooks: {r: {title: Look, first_checks: [Look.], escalate_to: head, mitigations: [{switch: k}]}}
kill_switches: {k: {action: Stop., operators: [ann, duty]}}
gates: {g: {rollback: {when: It fails., to: The last., by: head}}}
"""
LATER = "Cyd Cole in their place from 2027-02-01 09:00 to 2027-02-01 17:30"
STILL = f"Bob Burke in their place from 2026-12-07 to 2026-12-20; {LATER}"
ALL = f"Bob Burke in their place from 2026-12-01 to 2026-12-04; {STILL}"


@pytest.fixture
def away(tmp_path: Path) -> Opened:
    (tmp_path / "opmodel.yaml").write_text(TEXT, "utf-8")
    return open_registry(str(tmp_path), Options(DURING))


def row(away: Opened, name: str, at: datetime) -> dict[str, str]:
    made = table(away.workspace, name, at=at)
    return dict(zip(made.headings, made.rows[0], strict=True))


@pytest.mark.parametrize(("at", "days"), [(BEFORE, ALL), (DURING, STILL), (AFTER, LATER)])
def test_tables_have_the_days_of_a_deputy_until_they_are_over(
    away: Opened, at: datetime, days: str
) -> None:
    covered = row(away, "alert-coverage", at)
    assert covered["reaches"] == (
        f"0m: Ann Adams ({days}); 5m: Ann Adams (Head; {days}); "
        "9m: Duty: rota (Ann Adams, Bob Burke)"
    )
    assert "Cyd Cole has no contact" in covered["missing"]
    assert row(away, "kill-switches", at)["operators"] == (
        f"Ann Adams ({days}); Duty: rota (Ann Adams, Bob Burke)"
    )


def test_who_may_flip_a_switch_now_is_the_deputy(away: Opened) -> None:
    assert row(away, "kill-switches", DURING)["now"] == (
        "Bob Burke for Ann Adams; Ann Adams (is away until 2026-12-20)"
    )
    assert row(away, "kill-switches", BEFORE)["now"] == "Ann Adams"


def test_pages_have_the_days_of_a_deputy(away: Opened) -> None:
    options = Options(AFTER)
    page = publish(away, "runbooks", "md", options, with_contacts=True).files["r.md"].decode()
    assert f"1. at once: Ann Adams ({LATER})" in page
    assert f"1. after 5m: Ann Adams (Head; {LATER})" in page
    assert f"- **Who may flip it**: Ann Adams ({LATER}); Duty: rota (Ann Adams, Bob Burke)" in page
    assert f"Call Ann Adams (Head; {LATER})." in page
    (checklist,) = publish(away, "release-checklist", "md", options).files.values()
    assert f"- **By**: Ann Adams (Head; {LATER})" in checklist.decode()


def test_how_to_reach_a_deputy_stands_on_the_page(away: Opened) -> None:
    page = publish(away, "runbooks", "md", Options(BEFORE), with_contacts=True).files["r.md"]
    assert "- Bob Burke: phone 2" in page.decode()


def asked(away: Opened) -> Any:
    return who(away.workspace, away.policy, ("alerts", "a"), instant(DURING))


def test_who_says_for_whom_somebody_is_called_and_flips(away: Opened) -> None:
    answer = json.loads(who_json.render(asked(away), DURING))["answers"][0]
    assert [hop.get("deputy_for") for hop in answer["chain"]] == ["ann", "ann", None]
    assert answer["runbook"]["called_in"] == [
        {"id": "bob", "name": "Bob Burke", "deputy_for": "ann"}
    ]
    (switch,) = answer["kill_switches"]
    assert switch["operators_on_call"] == ["bob", "ann"]
    assert switch["deputies_for"] == {"bob": "ann"}
    text = who_human.render(asked(away), DURING)
    assert "may flip it now: Bob Burke for Ann Adams, Ann Adams, who" in text
    assert "head: Bob Burke (bob) for Ann Adams" in text


def test_whoever_is_there_themselves_is_nobodys_deputy(away: Opened) -> None:
    on_shift = datetime(2026, 12, 16, tzinfo=UTC)
    found = who(away.workspace, away.policy, ("kill_switches", "k"), instant(on_shift))
    assert found.answers == ()
    told = row(away, "kill-switches", on_shift)["now"]
    assert told == "Bob Burke"


def test_the_page_of_the_report_says_for_whom(away: Opened) -> None:
    page = Page(report(away, Options(DURING)).content)
    assert "Bob Burke for Ann Adams" in " ".join(page.text.split())
    (chain,) = page.data["chains"]
    assert [step["people"][0][5] for step in chain["steps"]] == ["Ann Adams", "Ann Adams", ""]
    assert chain["runbook"]["called_in"][0][5] == "Ann Adams"
    assert chain["switches"][0]["operators"][0][5] == "Ann Adams"


def test_an_absence_to_the_end_of_the_calendar_has_a_deputy(tmp_path: Path) -> None:
    text = TEXT.replace("2026-12-20, deputy: bob", "9999-12-31, deputy: bob")
    (tmp_path / "opmodel.yaml").write_text(text, "utf-8")
    opened = open_registry(str(tmp_path), Options(DURING))
    told = ReachedNames(DisplayNames(opened.workspace), DURING).text("head")
    assert told == "Ann Adams (Head; Bob Burke in their place from 2026-12-07 to 9999-12-31)"
