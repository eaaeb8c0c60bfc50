"""`opmodel who`: whom an alert reaches at an instant, and where the chain breaks."""

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from registry.clock.civil import instant
from registry.model.runbooks import Runbook
from registry.output.terminal import width
from registry.paging.report import who_human, who_json
from registry.paging.who import who
from registry.schemas import schemas
from registry.workspace.load import load
from registry.workspace.policy import builtin
from tests.cli.conftest import Ran, Run
from tests.conftest import ROOT, sizes
from tests.paging.acme import ACME, AT, edited, without, write

COPILOT = str(ROOT / "examples" / "enterprise-copilot")
EXAMPLES = sorted(str(path.parent) for path in (ROOT / "examples").glob("*/opmodel.yaml"))
UNBREAKABLE = re.compile(r"[ .:`,()0-9a-zA-Z_/?#-]*")

Json = dict[str, Any]


@cache
def checker() -> Draft202012Validator:
    return Draft202012Validator(json.loads(schemas()["opmodel.who.v1.schema.json"]))


def told(ran: Ran) -> Json:
    """Read the answer; it is of its format, and breaks exactly where the exit code says so."""
    found: Json = json.loads(ran.out)
    assert [one.message for one in checker().iter_errors(found)] == []
    assert ran.code == (1 if found["breaks"] else 0)
    return found


def answer(run: Run, folder: str, subject: str = "alerts/drop", at: str = AT, *more: str) -> Json:
    (found,) = told(run("who", subject, folder, "--at", at, "--format", "json", *more))["answers"]
    return dict(found)


def reached(found: Json) -> list[tuple[str, str, list[str]]]:
    return [
        (hop["after"], hop["via"], [one["id"] for one in hop["people"]]) for hop in found["chain"]
    ]


# -- the answer ----------------------------------------------------------------------------------


def test_reads_as_the_answer_at_three_in_the_morning(run: Run) -> None:
    ran = run("who", "groundedness-drop", COPILOT, "--at", AT)
    assert ran.code == 0
    person, check = ran.out.index("Tom Reyes"), ran.out.index("CHECK FIRST")
    assert person < check < ran.out.index("SWITCHES")


def test_json_is_the_contract(run: Run) -> None:
    ran = run("who", "groundedness-drop", COPILOT, "--at", AT, "--format", "json")
    assert ran.out.isascii()
    found = told(ran)
    assert found["format"] == "opmodel.who.v1"
    assert found["at"] == AT
    assert found["subject"] == {"section": "alerts", "id": "groundedness-drop"}
    (one,) = found["answers"]
    alerts = Path(COPILOT, "alerts.yaml").read_text("utf-8").splitlines()
    assert one["alert"] == {
        "id": "groundedness-drop", "metric": "groundedness", "severity": "sev2",
        "response": "page", "path": "alerts.yaml",
        "line": alerts.index("  groundedness-drop:") + 1,
    }  # fmt: skip
    assert one["accountable"] == {"id": "priya", "name": "Priya Natarajan"}
    assert one["decision"] == "Roll back the last prompt or retrieval change."
    rota = Path(COPILOT, "oncall.yaml").read_text("utf-8").splitlines()
    first = one["chain"][0]
    assert first == {
        "after": "0m", "via": "ai-oncall", "shadows": [], "breaks": None, "path": "oncall.yaml",
        "line": rota.index("      - name: primary") + 1,
        "people": [{
            "id": "tom", "name": "Tom Reyes", "contact": ["phone", "slack", "email"],
            "until": "2026-11-30T09:00:00+01:00", "but": None,
        }],
    }  # fmt: skip
    assert [(hop["after"], hop["via"]) for hop in one["chain"]] == [
        ("0m", "ai-oncall"), ("15m", "incident-commander"), ("30m", "dana"),
    ]  # fmt: skip
    assert [(hop["run"], hop["after"]) for hop in one["repeats"]] == [
        (1, "45m"), (1, "1h"), (1, "1h15m"), (2, "1h30m"), (2, "1h45m"), (2, "2h"),
    ]  # fmt: skip
    assert one["notified"] == ["assistant-room"]
    assert one["respond_within"] == "1h"
    assert one["runbook"]["id"] == "groundedness-drop"
    assert one["runbook"]["first_checks"][0].startswith("Groundedness by intent and tenant")
    assert one["runbook"]["escalate_to"] == "security-lead"
    assert len(one["runbook"]["rollback"]) == len(one["runbook"]["resolved_when"]) == 3
    switches = {switch["id"]: switch for switch in one["kill_switches"]}
    assert switches["disable-hr-connector"]["operators_on_call"] == ["tom", "ines"]
    assert switches["disable-hr-connector"]["takes_effect_within"] == "5m"


def test_the_chain_hop_by_hop(run: Run, tmp_path: Path) -> None:
    found = answer(run, write(tmp_path / "acme"))
    assert reached(found) == [("0m", "day", ["ben"]), ("15m", "commander", ["cho"]),
                              ("30m", "head", ["dee"])]  # fmt: skip
    lines = ACME.splitlines()
    assert [lines[hop["line"] - 1].strip() for hop in found["chain"]] == [
        "- {name: primary, participants: [ana, ben], start: 2026-11-02T09:00, every: 1w}",
        "- {name: watch, participants: [cho], start: 2026-11-02T09:00, every: 1w}",
        "head: {title: Head, holder: dee}",
    ]
    assert [hop["people"][0]["until"] for hop in found["chain"]] == [
        "2026-11-30T09:00:00+01:00", None, None,
    ]  # fmt: skip
    assert [hop["people"][0]["contact"] for hop in found["chain"]] == [
        ["pager", "email"], ["teams"], ["email"],
    ]  # fmt: skip
    assert found["accountable"] == {"id": "dee", "name": "Dee Novak"}
    assert found["readers"] == {"room": "dee"}


def test_whoever_is_on_call_when_the_page_goes_out(run: Run, tmp_path: Path) -> None:
    """The alert fires ten minutes before the handoff; the repeats reach the next person."""
    folder = write(tmp_path / "acme")
    found = answer(run, folder, at="2026-11-30T08:50+01:00")
    assert reached(found)[0] == ("0m", "day", ["ben"])
    again = [hop["people"][0]["id"] for hop in found["repeats"] if hop["via"] == "day"]
    assert again == ["ana", "ana"]
    out = run("who", "drop", folder, "--at", "2026-11-30T08:50+01:00").out
    assert "\nAGAIN AFTER 45m\n  Ana Ruiz (ana)\n" in out
    assert "then the same again" not in out


def test_runs_that_are_alike_are_told_once(run: Run, tmp_path: Path) -> None:
    out = run("who", "drop", write(tmp_path / "acme"), "--at", AT).out
    assert out.count("Ben Okafor (ben)") == 1
    assert "\nthen the same again after 45m and 1h30m\n" in out
    many = write(tmp_path / "many", edited(("repeat: 2", "repeat: 9")))
    out = run("who", "drop", many, "--at", AT).out
    assert "\nthen the same again after 45m, 1h30m … 6h45m, 9 times\n" in out
    once = write(tmp_path / "once", edited(("repeat: 2", "repeat: 0")))
    assert "again" not in run("who", "drop", once, "--at", AT).out


def test_pages_of_one_moment_stand_under_one_title(run: Run, tmp_path: Path) -> None:
    both = edited(("{after: 0m, notify: [day]}", "{after: 0m, notify: [day, commander]}"))
    out = run("who", "drop", write(tmp_path / "acme", both), "--at", AT).out
    assert out.count("PAGED NOW") == 1
    assert out.index("Ben Okafor") < out.index("Cho Min") < out.index("AFTER 15m")


def test_switches_of_the_runbook_then_of_the_failures(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "acme")
    found = answer(run, folder)["kill_switches"]
    assert [(one["id"], one["operators_on_call"]) for one in found] == [
        ("faq", ["ben", "dee"]), ("cut", ["cho"]),
    ]  # fmt: skip
    assert [one["takes_effect_within"] for one in found] == ["5m", None]
    out = run("who", "drop", folder, "--at", AT).out
    assert "  faq, acts within 5m\n    Answer from the FAQ only.\n" in out
    assert "    may flip it now: Ben Okafor, Dee Novak\n" in out


def test_a_ticket_says_where_it_lands(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "acme")
    ran = run("who", "overspend", folder, "--at", AT)
    assert ran.code == 0
    assert ran.out.startswith("overspend: sev3, files a ticket, respond within 4h\n")
    assert "\nLANDS IN\n  room, read by Dee Novak (dee) every 4h\n" in ran.out
    assert "  inbox, which no person reads\n" in ran.out
    found = answer(run, folder, "overspend")
    assert found["chain"] == found["repeats"] == []
    assert found["readers"] == {"room": "dee", "inbox": None}
    assert found["no_runbook"] == "it has no runbook"


def test_the_registry_s_own_severity_counts(run: Run, tmp_path: Path) -> None:
    own = ACME + "severities:\n  sev2: {respond_within: 7m}\n"
    assert answer(run, write(tmp_path / "own", own))["respond_within"] == "7m"


# -- what is asked about -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "alerts"),
    [
        ("drop", ["drop"]),
        ("metrics/grounded", ["drop"]),
        ("grounded", ["drop"]),
        ("quality", ["drop"]),
        ("ownership/cost", ["overspend"]),
        ("prompt", ["drop"]),
        ("components/store", ["drop"]),
    ],
)
def test_one_answer_for_each_alert_of_the_subject(
    run: Run, tmp_path: Path, subject: str, alerts: list[str]
) -> None:
    found = told(run("who", subject, write(tmp_path / "a"), "--at", AT, "--format", "json"))
    assert [one["alert"]["id"] for one in found["answers"]] == alerts
    assert found["subject"]["id"] == subject.rpartition("/")[2]


def test_several_answers_have_a_heading(run: Run) -> None:
    ran = run("who", "metrics/groundedness", COPILOT, "--at", AT)
    assert ran.out.startswith("metric groundedness: 2 alerts\nTue 24 Nov 2026 03:00 (UTC-05:00)\n")
    assert ran.out.count("(UTC-05:00)") == 1


@pytest.mark.parametrize(
    ("subject", "breaks"),
    [
        ("clicks", ["nobody owns it: it has no `owner`"]),
        ("metrics/read", []),
        ("metrics/idle", ["no alert speaks for the metric `idle`"]),
        ("spare", []),
        ("unmeasured", []),
        ("store", ["nobody answers for it: it belongs to no layer"]),
    ],
)
def test_no_alert_breaks_only_a_metric_that_is_to_have_one(
    run: Run, tmp_path: Path, subject: str, breaks: list[str]
) -> None:
    idle = "  idle: {bucket: cost, response: page, owner: ana}\n"
    read = "  read: {bucket: cost, response: analytics, owner: ana}\n"
    folder = write(tmp_path / "a", edited(
        ("  clicks:", f"{idle}{read}  clicks:"),
        ("  store:", "  spare: {kind: tool, layer: unmeasured}\n  store:"),
        ("  cost: {acc", "  unmeasured: {accountable: ana}\n  cost: {acc"),
        ("contained_by: [cut]", "contained_by: []"),
    ))  # fmt: skip
    found = told(run("who", subject, folder, "--at", AT, "--format", "json"))
    assert (found["answers"], found["breaks"]) == ([], breaks)
    ran = run("who", subject, folder, "--at", AT)
    assert ran.code == bool(breaks)
    assert "no alerts\n" in ran.out
    assert all(says in " ".join(ran.out.split()) for says in breaks)


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("dropp", "there is no entity `dropp`; did you mean `drop`?"),
        ("Ben Okafor", "there is no entity `Ben Okafor`; did you mean `ben` (Ben Okafor)?"),
        ("people/ben okafor", "no person `ben okafor`; did you mean `ben` (Ben Okafor)?"),
        ("roles/Ben Okafor", "no role `Ben Okafor`; the roles here are `commander` and `head`"),
        ("Commander ", "did you mean `commander` (Commander)?"),
        ("bne", "there is no entity `bne`; did you mean `ben`?"),
        ("\N{CJK UNIFIED IDEOGRAPH-674E}", "; the alerts here are `drop` and `overspend`"),
        ("metrics/drop", "there is no metric `drop`; it is an alert: `alerts/drop`"),
        ("alerts/", "there is no alert ``"),
        ("behaviour", "entity `behaviour`; the layer `quality` covers it"),
        ("alert/drop", "there is no section `alert`; did you mean `alerts`?"),
        ("\x1b[31mred", r"entity `\x1b[31mred`"),
    ],
)
def test_an_unknown_subject_exits_2(run: Run, tmp_path: Path, subject: str, says: str) -> None:
    ran = run("who", subject, write(tmp_path / "a"), "--at", AT)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert "\x1b" not in ran.err


def test_a_name_that_several_have_lists_them(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", edited(("name: Answers,", "name: Cho Min,")))
    ran = run("who", "cho min", folder, "--at", AT)
    says = "there is no entity `cho min`; did you mean `people/cho` or `teams/answers`?\n"
    assert (ran.code, ran.err) == (2, f"opmodel: {says}")


def test_a_name_is_suggested_beside_what_could_not_be_read(run: Run, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "a", edited(("name: Cho Min", "name: Cho")), broken="alerts:\n  Cho: [\n"
    )
    said = run("who", "Cho", folder, "--at", AT).err
    assert "there is no entity `Cho` in what loaded; did you mean `cho` (Cho)?" in said


def test_an_ambiguous_id_exits_2_and_lists_the_candidates(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ACME, more="components:\n  drop: {kind: tool}\n")
    ran = run("who", "drop", folder, "--at", AT)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(
        "`drop` stands in several sections; ask for `alerts/drop` or `components/drop`\n"
    )
    assert run("who", "alerts/drop", folder, "--at", AT).code == 0


def test_an_entity_that_did_not_load_exits_2(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", edited(("severity: sev2", "severity: sev9")))
    ran = run("who", "drop", folder, "--at", AT)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("the alert `drop` did not load; `opmodel check` says why\n")


def test_what_may_stand_in_a_broken_file_is_not_called_unknown(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ACME, broken="alerts:\n  lost: [\n")
    ran = run("who", "lost", folder, "--at", AT)
    assert ran.code == 2
    told = "1 thing did not load (`broken.yaml` could not be read), so that answers may lack them"
    assert told in ran.err
    assert "`lost` in what loaded; `opmodel check` says what did not load" in ran.err


@pytest.mark.parametrize("subject", ["grounded", "quality", "prompt", "store"])
def test_an_alert_that_did_not_load_is_missed(run: Run, tmp_path: Path, subject: str) -> None:
    folder = write(tmp_path / "a", edited(("severity: sev2", "severity: sev9")))
    ran = run("who", subject, folder, "--at", AT, "--format", "json")
    found = told(ran)
    says = "drop: this alert did not load, and whom it pages is not known"
    assert (found["answers"], found["breaks"][0]) == ([], says)


def test_a_metric_that_did_not_load_still_has_its_alerts(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", edited(("bucket: quality", "bucket: lost")))
    found = answer(run, folder, "quality")
    assert found["alert"]["id"] == "drop"
    assert found["decision"] is None


def test_no_alert_is_uncertain_where_one_may_not_have_loaded(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ACME, broken="alerts:\n  lost: {metric: grounded\n")
    (tmp_path / "a" / "opmodel.yaml").write_text(
        edited(("    metric: grounded", "    metric: spend"))
    )
    found = told(run("who", "grounded", folder, "--at", AT, "--format", "json"))
    assert found["breaks"][0].endswith("; one may stand in what did not load")


# -- when ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "tz", "person", "shown", "until"),
    [
        (AT, None, "ben", AT, "2026-11-30T09:00:00+01:00"),
        ("2026-11-24T09:00", "Europe/Berlin", "ben", "2026-11-24T09:00:00+01:00",
         "2026-11-30T09:00:00+01:00"),
        (AT, "Asia/Tokyo", "ben", "2026-11-24T17:00:00+09:00", "2026-11-30T17:00:00+09:00"),
        ("2026-11-05", "Asia/Tokyo", "ana", "2026-11-05T00:00:00+09:00",
         "2026-11-09T17:00:00+09:00"),
        ("2026-11-30T07:59:59.999999Z", None, "ben", "2026-11-30T07:59:59.999999+00:00",
         "2026-11-30T09:00:00+01:00"),
        ("2026-11-30T08:00:00Z", None, "ana", "2026-11-30T08:00:00+00:00",
         "2026-12-07T09:00:00+01:00"),
        (" 2026-11-24T09:00:00+01:00 ", None, "ben", "2026-11-24T09:00:00+01:00",
         "2026-11-30T09:00:00+01:00"),
        ("2999-12-31T23:59:59.999999Z", None, "ben", "2999-12-31T23:59:59.999999+00:00",
         "3000-01-06T09:00:00+01:00"),
    ],
)  # fmt: skip
def test_at_any_instant(
    run: Run, tmp_path: Path, at: str, tz: str | None, person: str, shown: str, until: str | None
) -> None:
    zone = ("--tz", tz) if tz else ()
    ran = run("who", "drop", write(tmp_path / "a"), "--at", at, "--format", "json", *zone)
    found = told(ran)
    assert found["at"] == shown
    (first,) = found["answers"][0]["chain"][0]["people"]
    assert (first["id"], first["until"]) == (person, until)


def test_the_heading_is_in_the_asker_s_clocks(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    out = run("who", "drop", folder, "--at", AT).out
    assert "\nTue 24 Nov 2026 03:00 (UTC-05:00)\n" in out
    assert "until Mon 30 Nov 09:00 Europe/Berlin\n" in out
    out = run("who", "drop", folder, "--at", AT, "--tz", "Asia/Kolkata").out
    assert "\nTue 24 Nov 2026 13:30 (UTC+05:30)\n" in out
    assert "until Mon 30 Nov 13:30 Asia/Kolkata\n" in out
    out = run("who", "drop", folder, "--at", "2026-12-29T08:00:01Z").out
    assert "\nTue 29 Dec 2026 08:00:01 (UTC+00:00)\n" in out
    assert "until Mon 04 Jan 2027 09:00 Europe/Berlin\n" in out


def test_left_out_it_is_now_in_the_registry_s_zone(run: Run, tmp_path: Path) -> None:
    ran = run("who", "drop", write(tmp_path / "a"), "--format", "json")
    assert re.search(r"\+0[12]:00$", told(ran)["at"])
    ran = run("who", "drop", write(tmp_path / "b", edited(("timezone: Europe/Berlin\n", ""))),
              "--format", "json")  # fmt: skip
    assert told(ran)["at"].endswith("+00:00")


def test_before_the_first_rotation_nobody_is_paged(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    found = answer(run, folder, at="1970-01-01T00:00Z")
    assert reached(found)[0] == ("0m", "day", [])
    says = "nobody is on call on `day` until Mon 02 Nov 2026 09:00 Europe/Berlin"
    assert found["breaks"][0] == found["chain"][0]["breaks"] == says
    out = run("who", "drop", folder, "--at", "1970-01-01T00:00Z").out
    assert "Thu 01 Jan 1970 00:00 (UTC+00:00)" in out


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("--at", "tomorrow"), "--at `tomorrow` is no instant"),
        (("--at", "2016-12-31T23:59:60Z"), "is in a leap second"),
        (("--at", "0001-01-01T00:00+14:00"), "is not within 1970 to 2999, in UTC"),
        (("--at", "9999-12-31T23:59-14:00"), "is not within 1970 to 2999, in UTC"),
        (("--at", "10000-01-01T00:00Z"), "is no instant"),
        (("--at", "0000-01-01T00:00Z"), "is no instant"),
        (("--tz", "Europe/Berln"), "did you mean `Europe/Berlin`?"),
        (("--format", "xml"), "invalid choice: 'xml'"),
    ],
)
def test_bad_usage_is_one_line(run: Run, tmp_path: Path, argv: tuple[str, ...], says: str) -> None:
    ran = run("who", "drop", write(tmp_path / "a"), *argv)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1


# -- where it breaks -----------------------------------------------------------------------------

GONE = "until: 2026-11-23"
HERE = "until: 2026-11-24"
AWAY = "away: [{from: 2026-11-24, to: 2026-11-24}]"
STEPS = """\
    steps:
      - {after: 0m, notify: [day]}
      - {after: 15m, notify: [commander]}
      - {after: 30m, notify: [head]}
"""
BACK = "away: [{from: 2026-11-20, to: 2026-11-23}]"


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ([("    escalation: page\n", "")],
         "it should page, and has no escalation: nobody is paged"),
        ([("    escalation: page\n", "    escalation: gone\n")], "`gone` does not exist"),
        ([("    escalation: page\n", "    escalation: room\n")],
         "`room` is a channel, which cannot be paged"),
        ([("    escalation: page\n", "    escalation: [page]\n")],
         "`escalation` of the alert `drop` did not load"),
        ([("{after: 0m, notify: [day]}", "{after: 0m, notify: [gone]}")], "`gone` does not exist"),
        ([("{after: 0m, notify: [day]}", "{after: 0m, notify: [page]}")],
         "`page` is an escalation, which cannot be paged"),
        ([("holder: dee", "covers: [x]")], "nobody holds `head`"),
        ([("holder: dee", "holder: gone")], "`gone` does not exist"),
        ([("holder: dee", "holder: answers")], "`answers` is a team, which cannot be paged"),
        ([("holder: dee", "holder: 7")],
         "`holder` of the role `head` did not load: who is paged is not certain"),
        ([("schedule: night", "schedule: gone")],
         "the schedule `gone`, which holds `commander`, does not exist"),
        ([("participants: [cho]", "participants: []")], "nobody is on call on `night` any more"),
        ([("start: 2026-11-02T09:00, every: 1w}\n  night",
           "start: 2026-11-25T09:00, every: 1w}\n  night")],
         "nobody is on call on `day` until Wed 25 Nov 2026 09:00 Europe/Berlin"),
        ([("participants: [ana, ben]", "participants: [ana, gone]")], "`gone` does not exist"),
        ([("    contact: {teams: cho.min}\n", "")],
         "`cho` has no contact: no page can reach them"),
        ([("    contact: {teams: cho.min}\n", "    contact: {fax: x}\n")],
         "`cho` did not load whole: `contact`"),
        ([("    name: Ben Okafor\n", f"    name: Ben Okafor\n    {GONE}\n")],
         "`ben` left on 2026-11-23"),
        ([("    name: Ben Okafor\n", f"    name: Ben Okafor\n    {AWAY}\n")],
         "`ben` is away until 2026-11-24"),
        ([("    name: Ben Okafor\n", "    name: Ben Okafor\n    away: [soon]\n")],
         "`ben` did not load whole: `away`"),
        ([("    name: Ben Okafor\n", "    nme: Ben Okafor\n")], "`ben` did not load"),
        ([("every: 1w}\n  night", "every: 1x}\n  night")],
         "`rotations` of the schedule `day` did not load: who is paged is not certain"),
        ([("timezone: America/New_York", "timezone: America/NewYork")],
         "`timezone` of the schedule `night` did not load: who is paged is not certain"),
        ([("timezone: Europe/Berlin", "timezone: Europe/Bern")],
         "the manifest's `timezone` did not load: who is paged is not certain"),
        ([("repeat: 2\n", "repeat: often\n")], "`repeat` of the escalation `page` did not load"),
        ([(STEPS, "    steps: []\n")],
         "the escalation `page` has no steps: nobody is paged"),
    ],
)  # fmt: skip
def test_breaks(run: Run, tmp_path: Path, changes: list[tuple[str, str]], says: str) -> None:
    folder = write(tmp_path / "a", edited(*changes))
    found = told(run("who", "drop", folder, "--at", AT, "--format", "json"))
    assert found["breaks"] == [f"drop: {says}"]
    assert found["answers"][0]["breaks"] == [says]
    ran = run("who", "drop", folder, "--at", AT)
    assert ran.code == 1
    assert f"BREAKS {says}" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    "change",
    [
        ("    name: Ben Okafor\n", f"    name: Ben Okafor\n    {HERE}\n"),
        ("    name: Ben Okafor\n", f"    name: Ben Okafor\n    {BACK}\n"),
        ("    name: Ana Ruiz\n", f"    name: Ana Ruiz\n    {GONE}\n"),
        ("  ana:\n", "  zoe: {name: Zoe}\n  ana:\n"),
    ],
)
def test_holds(run: Run, tmp_path: Path, change: tuple[str, str]) -> None:
    assert answer(run, write(tmp_path / "a", edited(change)))["breaks"] == []


@pytest.mark.parametrize(
    ("notify", "owner", "says"),
    [
        ("[inbox]", "head", "it lands only in `inbox`, which no person reads"),
        ("[]", "head", "it goes nowhere"),
        ("[lost]", "head", "it lands only in `lost`, which no person reads"),
        ("[room]", "[ana, ben]", "it lands only in `room`, which no person reads"),
        ("[room]", "{a: b}", "it lands only in `room`, which no person reads"),
        ("[room]", "gone", "it lands only in `room`, which no person reads"),
        ("{a: b}", "head", "`notify` of the alert `overspend` did not load"),
    ],
)
def test_a_ticket_that_nobody_reads_breaks(
    run: Run, tmp_path: Path, notify: str, owner: str, says: str
) -> None:
    text = edited(
        ("notify: [room, inbox]", f"notify: {notify}"), ("owner: head, r", f"owner: {owner}, r")
    )
    found = told(
        run("who", "overspend", write(tmp_path / "a", text), "--at", AT, "--format", "json")
    )
    assert found["breaks"] == [f"overspend: {says}"]


def test_a_reader_who_left_reads_nothing_and_one_who_is_away_will(run: Run, tmp_path: Path) -> None:
    lone = ("notify: [room, inbox]", "notify: [room]")
    for state, code in ((GONE, 1), (AWAY, 0)):
        text = edited(lone, ("    name: Dee Novak\n", f"    name: Dee Novak\n    {state}\n"))
        ran = run("who", "overspend", write(tmp_path / state[:5], text), "--at", AT)
        assert ran.code == code
        assert ("  room, read by Dee Novak, who left on 2026-11-23\n" in ran.out) is bool(code)


def test_a_step_that_leads_nowhere_is_decided_where_it_stands(run: Run, tmp_path: Path) -> None:
    """Placeholders in the list do not move the line that is told."""
    notify = "\n          - ".join(("        notify:", "TODO", "commander", "gone"))
    text = edited(("{after: 15m, notify: [commander]}", f"after: 15m\n{notify}"))
    found = answer(run, write(tmp_path / "a", text))
    hop = next(one for one in found["chain"] if one["via"] == "gone")
    assert text.splitlines()[hop["line"] - 1] == "          - gone"
    text = edited(("    escalation: page\n", "    escalation: gone\n"))
    (hop,) = answer(run, write(tmp_path / "b", text))["chain"]
    assert text.splitlines()[hop["line"] - 1] == "    escalation: gone"


def test_an_escalation_may_be_a_schedule(run: Run, tmp_path: Path) -> None:
    text = edited(("    escalation: page\n", "    escalation: night\n"))
    found = answer(run, write(tmp_path / "a", text))
    assert reached(found) == [("0m", "night", ["cho"])]
    assert found["breaks"] == found["repeats"] == []


def test_an_alert_that_nobody_owns_has_nobody_accountable(run: Run, tmp_path: Path) -> None:
    text = (
        without("owner", "drop")
        .replace("accountable: head", "team: answers")
        .replace("    response: page\n    owner: ana\n", "    response: page\n")
    )
    folder = write(tmp_path / "a", text)
    assert answer(run, folder)["accountable"] is None
    assert "\naccountable: nobody\n" in run("who", "drop", folder, "--at", AT).out


def test_an_accountable_who_left_is_said_to_have(run: Run, tmp_path: Path) -> None:
    text = edited(("    name: Dee Novak\n", f"    name: Dee Novak\n    {GONE}\n"))
    out = run("who", "drop", write(tmp_path / "a", text), "--at", AT).out
    assert "\naccountable: Dee Novak (dee), as head, who left on 2026-11-23\n" in " ".join(
        out.split(" ")
    ).replace("\n  ", " ")


# -- whose it is ---------------------------------------------------------------------------------

MORE = """
channels:
  mail: {kind: email, owner: cho}
severities:
  sev2: {respond_within: 1h}
runbooks:
  idle: {title: Idle, owner: head}
  unowned: {title: Unowned}
  shared: {title: Shared, owner: [ana, ben]}
  of-team: {title: Of a team, owner: answers}
  of-turns: {title: Of those who take turns, owner: commander}
incidents:
  late: {title: Late, severity: sev2, commander: head}
budgets:
  month: {metric: spend, owner: ben, limit: 10, period: monthly}
"""


def charged(run: Run, folder: str, subject: str) -> Json:
    return told(run("who", subject, folder, "--at", AT, "--format", "json"))


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("subject", "owner", "accountable", "code"),
    [
        ("alerts/drop", "ana", "dee", 0),
        ("metrics/spend", "ana", "ana", 1),
        ("ownership/quality", None, "dee", 0),
        ("components/prompt", None, "dee", 0),
        ("channels/mail", "cho", None, 0),
        ("runbooks/idle", "dee", None, 0),
        ("runbooks/unowned", None, None, 1),
        ("runbooks/shared", None, None, 1),
        ("runbooks/of-team", None, None, 1),
        ("runbooks/of-turns", None, None, 1),
        ("incidents/late", "dee", None, 0),
        ("budgets/month", "ben", "ana", 0),
        ("people/ana", "ana", None, 0),
        ("roles/head", "dee", None, 0),
        ("roles/commander", "cho", None, 0),
        ("teams/answers", "cho", None, 0),
        ("teams/empty", None, None, 1),
        ("schedules/day", None, None, 0),
        ("escalations/page", None, None, 0),
        ("severities/sev2", None, None, 0),
    ],
)
def test_who_owns_it_and_who_answers_for_its_row(
    run: Run, tmp_path: Path, subject: str, owner: str | None, accountable: str | None, code: int
) -> None:
    folder = write(
        tmp_path / "a", edited(("  page:\n    repeat", "  page:\n    approved_by: head\n    repeat"),
                               ("notify: [room, inbox]", "notify: [inbox]")), more=MORE
    )  # fmt: skip
    found = charged(run, folder, subject)
    assert [found[who] and found[who]["id"] for who in ("owner", "accountable")] == [
        owner, accountable,
    ]  # fmt: skip
    ran = run("who", subject, folder, "--at", AT)
    assert ran.code == code == bool(found["breaks"])
    names = {"ana": "Ana Ruiz", "ben": "Ben Okafor", "cho": "Cho Min", "dee": "Dee Novak"}
    assert all(names[one] in ran.out for one in (owner, accountable) if one)


def test_an_owner_stands_at_its_place_and_the_row_says_team_and_responsible(
    run: Run, tmp_path: Path
) -> None:
    row = "  cost: {accountable: ana, team: answers, responsible: [ben, head]}"
    text = edited(("  cost: {accountable: ana}", row))
    found = charged(run, write(tmp_path / "a", text), "overspend")
    assert found["owner"] == {
        "id": "ana", "name": "Ana Ruiz", "path": "opmodel.yaml",
        "line": text[: text.index("  overspend:")].count("\n") + 3,
    }  # fmt: skip
    assert found["accountable"]["line"] == text[: text.index("  cost: {acc")].count("\n") + 1
    assert (found["team"], found["responsible"]) == ("answers", ["ben", "head"])


@pytest.mark.parametrize(
    ("subject", "change", "says"),
    [
        ("runbooks/idle", ("name: Dee Novak\n    email", f"name: Dee Novak\n    {GONE}\n    email"),
         "`dee`, who owns it, left on 2026-11-23"),
        ("quality", ("name: Dee Novak\n    email", f"name: Dee Novak\n    {GONE}\n    email"),
         "`dee`, who answers for it, left on 2026-11-23"),
        ("dee", ("name: Dee Novak\n    email", f"name: Dee Novak\n    {GONE}\n    email"),
         "`dee`, who owns it, left on 2026-11-23"),
        ("roles/head", ("head: {title: Head, holder: dee}", "head: {title: Head}"),
         "nobody owns it: it has no `holder`"),
        ("runbooks/idle", ("head: {title: Head, holder: dee}", "head: {title: Head}"),
         "nobody owns it: nobody holds `head`"),
        ("runbooks/idle", ("head: {title: Head, holder: dee}", "head: {title: Head, holder: eve}"),
         "nobody owns it: `eve`, who holds `head`, does not exist"),
        ("runbooks/idle", ("    name: Dee Novak\n", "    nam: Dee Novak\n"),
         "`dee`, who owns it, did not load"),
        ("prompt", ("  prompt: {kind: prompt, layer: quality}", "  prompt: {kind: prompt, layer: no}"),
         "nobody answers for it: the layer `no` does not exist"),
        ("prompt", ("  quality: {accountable: head,", "  quality: {unowned: {until: 2027-01-31},"),
         "nobody answers for it: the layer `quality` is unowned on purpose until 2027-01-31"),
        ("quality", ("  quality: {accountable: head,", "  quality: {accountable: [ana, ben],"),
         "nobody answers for it: its `accountable` is 2 names (`ana`, `ben`)"),
        ("quality", ("  quality: {accountable: head,", "  quality: {accountable: 7,"),
         "nobody answers for it: `accountable` of the layer `quality` did not load"),
    ],
)  # fmt: skip
def test_nobody_owns_it_says_why(
    run: Run, tmp_path: Path, subject: str, change: tuple[str, str], says: str
) -> None:
    folder = write(tmp_path / "a", edited(change), more=MORE)
    found = charged(run, folder, subject)
    assert says in found["breaks"]
    ran = run("who", subject, folder, "--at", AT)
    assert ran.code == 1
    assert f"BREAKS {says}" in " ".join(ran.out.split())


def test_a_role_that_a_schedule_holds_is_whoever_is_on_call(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", edited(("{title: Commander, schedule: night}",
                                           "{title: Commander, schedule: day}")))  # fmt: skip
    assert charged(run, folder, "commander")["owner"]["id"] == "ben"
    (nobody,) = told(run("who", "commander", folder, "--at", "2026-10-01T00:00Z", "--format", "json")
                     )["breaks"]  # fmt: skip
    assert nobody.startswith("nobody holds it now: nobody is on call on `day` until")


def test_what_falls_to_somebody_is_grouped_by_what_it_means(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    found = charged(run, folder, "dee")
    assert [(one["section"], one["id"], one["field"], one["meaning"], one["through"])
            for one in found["duties"]] == [
        ("roles", "head", "holder", "holds", None),
        ("channels", "room", "owner", "owns", "head"),
        ("ownership", "quality", "accountable", "answers for", "head"),
        ("escalations", "page", "steps/2/notify/0", "is paged", "head"),
        ("kill_switches", "faq", "operators/1", "operates", "head"),
    ]  # fmt: skip
    out = run("who", "people/dee", folder, "--at", AT).out
    assert out.startswith("person dee\n")
    assert "\nIS PAGED\n  escalation page, as head\n    opmodel.yaml:" in out
    titles = [line for line in out.splitlines() if line.isupper()]
    assert titles == ["PERSON", "ANSWERS FOR", "OWNS", "HOLDS", "IS PAGED", "OPERATES"]
    assert [one["id"] for one in charged(run, folder, "roles/head")["duties"]] == [
        "room", "quality", "page", "faq",
    ]  # fmt: skip
    assert charged(run, folder, "teams/empty")["duties"] == []
    assert "Nothing falls to them." in run("who", "empty", folder, "--at", AT).out
    assert "duties" not in charged(run, folder, "drop")


def test_a_bare_id_has_ranks(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ACME, more="""
runbooks:
  ana: {title: Of the same id as a person}
  spend: {title: Of the same id as a metric}
  leak: {title: Of the same id as a failure}
""")  # fmt: skip
    assert charged(run, folder, "ana")["subject"]["section"] == "people"
    assert charged(run, folder, "spend")["subject"]["section"] == "metrics"
    ran = run("who", "leak", folder, "--at", AT)
    assert ran.code == 2
    assert "ask for `runbooks/leak` or `failures/leak`" in ran.err


@pytest.mark.no_cover
@pytest.mark.parametrize("every", sizes(5, 1))
def test_every_entity_of_the_examples_has_an_answer_that_fits_a_phone(every: int) -> None:
    workspace, at = load(COPILOT).workspace, datetime.fromisoformat(AT)
    for section, ids in workspace.entities.items():
        for id_ in list(ids)[::every]:
            found = who(workspace, builtin("production"), (section, id_), instant(at))
            assert list(checker().iter_errors(json.loads(who_json.render(found, at)))) == []
            lines = who_human.render(found, at).splitlines()
            long = [one for one in lines if width(one) > who_human.WIDTH]
            assert all(UNBREAKABLE.fullmatch(one) for one in long), (section, id_)


def test_the_same_owner_in_the_answer_the_table_and_the_page(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", edited(("    owner: ana\n    severity: sev2",
                                           "    owner: head\n    severity: sev2"),
                                          ("quality: {accountable: head", "quality: {accountable: ben"),
                                          ))  # fmt: skip
    found = charged(run, folder, "drop")
    assert (found["owner"]["id"], found["accountable"]["id"]) == ("dee", "ben")
    rows = json.loads(run("export", "alert-coverage", folder, "--format", "json").out)["rows"]
    named = [rows[0][column] for column in ("owner", "person", "accountable")]
    assert named == ["head", "Dee Novak", "Ben Okafor"]
    run("export", "runbooks", folder, "-o", str(tmp_path / "pages"))
    page = (tmp_path / "pages" / "drop.md").read_text("utf-8")
    assert "**Owner**: Dee Novak (Head)" in page
    assert "**Answers for its layer**: Ben Okafor" in page


# -- what they do --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("    runbook: drop\n", ""), "it has no runbook"),
        (("    runbook: drop\n", "    runbook: gone\n"), "there is no runbook `gone`"),
        (("    runbook: drop\n", "    runbook: {a: b}\n"),
         "`runbook` of the alert `drop` did not load"),
        (("    title: Groundedness fell\n", "    title: Fell\n    reviewed: soon\n"), None),
    ],
)  # fmt: skip
def test_no_runbook_says_why(
    run: Run, tmp_path: Path, change: tuple[str, str], says: str | None
) -> None:
    folder = write(tmp_path / "a", edited(change))
    found = answer(run, folder)
    assert found["no_runbook"] == says
    assert (found["runbook"] is None) is (says is not None)
    out = run("who", "drop", folder, "--at", AT).out
    assert (f"\nNO RUNBOOK: {says}\n" in out) is (says is not None)


def test_an_external_runbook_is_its_link_first(tmp_path: Path) -> None:
    found = load(write(tmp_path / "a", edited(("first_checks: [Is it one slice?, What went live?]",
                                               "first_checks: []"))))  # fmt: skip
    url = "https://runbooks.acme.example/" + "groundedness-fell/" * 4
    vars(found.workspace.all(Runbook)["drop"])["url"] = url
    at = datetime.fromisoformat(AT)
    answered = who(found.workspace, builtin("production"), ("alerts", "drop"), instant(at))
    out = who_human.render(answered, at)
    assert f"\nRUNBOOK\n  {url}\n" in out
    assert out.index(url) < out.index("MITIGATE")
    assert "NO RUNBOOK" not in out
    assert "says nothing" not in out
    assert json.loads(who_json.render(answered, at))["answers"][0]["runbook"]["url"] == url


def test_a_runbook_that_did_not_load_is_not_missing(run: Run, tmp_path: Path) -> None:
    text = edited(("runbooks:\n  drop:\n", "runbooks:\n  drop: [\n"))
    head, _, rest = text.partition("runbooks:\n")
    runbooks, _, tail = rest.partition("kill_switches:\n")
    folder = write(tmp_path / "a", f"{head}kill_switches:\n{tail}", broken="runbooks:\n" + runbooks)
    found = answer(run, folder)
    assert found["no_runbook"] == "`drop` did not load"


def test_an_empty_runbook_says_so(run: Run, tmp_path: Path) -> None:
    head, _, rest = ACME.partition("runbooks:\n")
    tail = rest[rest.index("kill_switches:") :]
    folder = write(tmp_path / "a", f"{head}runbooks:\n  drop: {{}}\n{tail}")
    out = run("who", "drop", folder, "--at", AT).out
    assert "\nCHECK FIRST\n  The runbook says nothing.\n" in out
    for title in ("MITIGATE", "ROLL BACK", "ESCALATE TO", "RESOLVED WHEN"):
        assert title not in out


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("commander", "commander: Cho Min (cho)"),
        ("dee", "Dee Novak (dee)"),
        ("page", "page: Ben Okafor (ben)"),
        ("empty-watch", "empty-watch: nobody now"),
    ],
)
def test_escalates_to_people(run: Run, tmp_path: Path, target: str, shown: str) -> None:
    text = edited(("escalate_to: commander", f"escalate_to: {target}"),
                  ("schedules:\n", "schedules:\n  empty-watch: {}\n"))  # fmt: skip
    out = run("who", "drop", write(tmp_path / "a", text), "--at", AT).out
    assert f"\nESCALATE TO\n  {shown}\n" in out


@pytest.mark.parametrize(
    ("changes", "but", "shown"),
    [
        ([("  faq:\n", "  fax:\n")], "there is no such switch", "there is no such switch"),
        ([("  faq:\n", "  faq:\n    effect: boom\n    disables: 3\n")], None, "may flip it now"),
        ([("operators: [day, head]", "operators: {a: b}")],
         "`operators` of the kill switch `faq` did not load", "did not load"),
        ([("operators: [day, head]", "operators: []")], None, "nobody may flip it now"),
    ],
)  # fmt: skip
def test_a_switch_of_which_something_is_not_known(
    run: Run, tmp_path: Path, changes: list[tuple[str, str]], but: str | None, shown: str
) -> None:
    folder = write(tmp_path / "a", edited(*changes))
    (switch,) = (one for one in answer(run, folder)["kill_switches"] if one["id"] == "faq")
    assert switch["but"] == but
    assert shown in " ".join(run("who", "drop", folder, "--at", AT).out.split())


def test_a_switch_that_did_not_load_is_not_missing(run: Run, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "a", edited(("  cut: {disables: [store], operators: [commander]}", "  cut: 7"))
    )
    (switch,) = (one for one in answer(run, folder)["kill_switches"] if one["id"] == "cut")
    assert switch["but"] == "it did not load"
    assert ACME.splitlines()[switch["line"] - 1].startswith("  leak:")


def test_an_operator_who_is_away_is_said_to_be(run: Run, tmp_path: Path) -> None:
    text = edited(("    name: Dee Novak\n", f"    name: Dee Novak\n    {AWAY}\n"))
    out = run("who", "drop", write(tmp_path / "a", text), "--at", AT).out
    assert "may flip it now: Ben Okafor, Dee Novak, who is away until 2026-11-24" in (
        " ".join(out.split())
    )


# -- how it looks --------------------------------------------------------------------------------


def subjects(folder: str) -> list[str]:
    from registry.checks.engine import open_registry
    from registry.workspace.options import Options
    from tests.conftest import AT as CHECKED

    workspace = open_registry(folder, Options(CHECKED)).workspace
    return [f"{section}/{id_}" for section in ("alerts", "metrics", "ownership", "components")
            for id_ in workspace.entities.get(section, {})]  # fmt: skip


@pytest.mark.no_cover
@pytest.mark.parametrize("every", sizes(20, 1))
@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: Path(path).name)
def test_every_answer_of_the_examples_fits_a_phone(run: Run, folder: str, every: int) -> None:
    seen = 0
    for subject in subjects(folder)[::every]:
        ran = run("who", subject, folder, "--at", AT)
        assert ran.code in {0, 1}
        for line in ran.out.splitlines():
            assert width(line) <= 60 or " " not in line.strip(), line
            assert line == line.rstrip()
        if subject.startswith("alerts/"):
            told(run("who", subject, folder, "--at", AT, "--format", "json"))
        seen += 1
    assert seen * every > 10


def test_nothing_that_strangers_wrote_acts_on_the_terminal(run: Run, tmp_path: Path) -> None:
    nasty = r'"Ben\e[2J\u202eOkafor\n\u200b"'
    text = edited(("name: Ben Okafor", f"name: {nasty}"),
                  ("[Is it one slice?, What went live?]", r'["a\u0007b", "c\rd\u0085e"]'),
                  ("decision: Roll back.", r'decision: "x\u009by"'))  # fmt: skip
    folder = write(tmp_path / "a", text)
    out = run("who", "drop", folder, "--at", AT).out
    assert r"Ben\x1b[2J\u202eOkafor" in out
    assert r"1. a\x07b" in out
    assert r"decision: x\x9by" in out
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", out)
    assert answer(run, folder)["chain"][0]["people"][0]["name"] == "Ben\x1b[2J\u202eOkafor\n\u200b"


def test_wide_characters_wrap_by_columns(run: Run, tmp_path: Path) -> None:
    words = "検索の設定が直前の一時間に変更されたかどうかを確認してください。" * 3
    text = edited(("Is it one slice?", words), ("name: Ben Okafor", f"name: {'王' * 40}"))
    out = run("who", "drop", write(tmp_path / "a", text), "--at", AT).out
    assert max(map(width, out.splitlines())) <= 60
    assert words in "".join(out.split())
    assert "王" * 40 in "".join(out.split())


def test_what_would_be_copied_is_never_cut(run: Run, tmp_path: Path) -> None:
    url = "https://wiki.acme.example/" + "runbook/" * 10 + "index.html"
    long_id = "a" * 128
    text = edited(("Is it one slice?", f"Open {url} first"), ("  cho:", f"  {long_id}:"),
                  ("lead: cho", f"lead: {long_id}"), ("[cho]", f"[{long_id}]"))  # fmt: skip
    out = run("who", "drop", write(tmp_path / "a", text), "--at", AT).out
    lines = [line.strip() for line in out.splitlines()]
    assert url in lines
    assert f"({long_id})" in lines


def test_contacts_are_shown_only_when_asked_for(run: Run, tmp_path: Path) -> None:
    text = edited(("Is it one slice?", "Call +44 20 7946 0018 or mail help@acme.example"))
    folder = write(tmp_path / "a", text)
    plain = run("who", "drop", folder, "--at", "2026-11-16T12:00Z")
    asked = run("who", "drop", folder, "--at", "2026-11-16T12:00Z", "--with-contacts")
    assert "    by phone, slack, email\n" in plain.out
    assert "acme.example" not in plain.out
    assert "7946" not in plain.out
    assert "Call [phone hidden] or mail [e-mail hidden]" in plain.out
    for value in (
        "    phone: +34 91 000 0001\n",
        "    slack: @ana\n",
        "    email: ana@acme.example\n",
    ):
        assert value in asked.out
    assert "Call +44 20 7946 0018 or mail help@acme.example" in asked.out
    found = answer(run, folder, at="2026-11-16T12:00Z")
    assert "acme.example" not in json.dumps(found)
    assert "addresses" not in found["chain"][0]["people"][0]
    (first,) = answer(run, folder, "drop", "2026-11-16T12:00Z", "--with-contacts")["chain"][0][
        "people"
    ]
    assert first["addresses"] == {
        "phone": "+34 91 000 0001", "slack": "@ana", "email": "ana@acme.example",
    }  # fmt: skip


def test_a_contact_s_own_address_goes_before_the_other(run: Run, tmp_path: Path) -> None:
    found = answer(run, write(tmp_path / "a"), "drop", AT, "--with-contacts")
    addresses = found["chain"][0]["people"][0]["addresses"]
    assert addresses == {"pager": "p-ben", "email": "ben-night@acme.example"}


@pytest.mark.parametrize("form", ["human", "json"])
def test_a_secret_is_never_printed(run: Run, tmp_path: Path, form: str) -> None:
    secret = "ghp_" + "a1B2" * 9
    text = edited(("Is it one slice?", f"curl -H {secret} it"),
                  ("Answer from the FAQ only.", f"Use {secret}."),
                  ("decision: Roll back.", f"decision: With {secret}."))  # fmt: skip
    ran = run("who", "drop", write(tmp_path / "a", text), "--at", AT, "--format", form)
    assert ran.code == 0
    assert secret[4:12] not in ran.out
    assert "*" * 40 in ran.out


@pytest.mark.parametrize(
    ("choice", "colored"), [("always", True), ("never", False), ("auto", False)]
)
def test_color(run: Run, tmp_path: Path, choice: str, colored: bool) -> None:
    text = edited(("    name: Ben Okafor\n", f"    name: Ben Okafor\n    {AWAY}\n"))
    folder = write(tmp_path / "a", text)
    out = run("who", "drop", folder, "--at", AT, "--color", choice).out
    assert ("\x1b[1;31mBREAKS `ben` is away until 2026-11-24\x1b[0m\n" in out) is colored
    plain = run("who", "drop", folder, "--at", AT).out
    assert re.sub(r"\x1b\[[0-9;]*m", "", out) == plain


def test_the_same_bytes_every_time(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    for form in ("human", "json"):
        argv = ("who", "quality", folder, "--at", AT, "--format", form)
        assert run(*argv) == run(*argv)


def test_a_machine_that_differs_is_said_on_standard_error(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from registry.clock.tzif import EPOCH
    from registry.oncall.machine import ClockDifference

    monkeypatch.setattr(
        "registry.cli._asked.differences",
        lambda zones, start, end: [ClockDifference(zones[0], EPOCH, 0, 1)],
    )
    ran = run("who", "drop", write(tmp_path / "a"), "--at", AT)
    assert (
        "from 1970-01-01 on, this machine's own time zones differ for America/New_York" in ran.err
    )
    assert "America/New_York" not in ran.out


# -- who stands in, and who is picked ------------------------------------------------------------

DEPUTISED = "away: [{from: 2026-11-23, to: 2026-11-29, deputy: cho}]"


def test_a_deputy_is_paged_for_whoever_is_away(run: Run, tmp_path: Path) -> None:
    text = edited(
        ("    email: dee@acme.example\n", f"    email: dee@acme.example\n    {DEPUTISED}\n"),
        ("escalate_to: commander", "escalate_to: dee"),
    )
    folder = write(tmp_path / "a", text)
    found = answer(run, folder)
    assert reached(found)[2] == ("30m", "head", ["cho"])
    hop = found["chain"][2]
    assert hop["deputy_for"] == "dee"
    assert hop["people"][0]["until"] == "2026-11-30T00:00:00+01:00"
    assert text.splitlines()[hop["line"] - 1].strip() == DEPUTISED
    assert all("deputy_for" not in one for one in found["chain"][:2])
    called_in = [{"id": "cho", "name": "Cho Min", "deputy_for": "dee"}]
    assert found["runbook"]["called_in"] == called_in
    assert "cho" in found["kill_switches"][0]["operators_on_call"]
    ran = run("who", "alerts/drop", folder, "--at", AT)
    assert ran.code == 0
    assert (
        "  Cho Min (cho)\n    by teams\n    for Dee Novak (dee), who is away until 2026-11-29\n"
        "    as head until Mon 30 Nov 00:00 Europe/Berlin\n" in ran.out
    )
    after = answer(run, folder, "alerts/drop", "2026-11-30T00:00:00+01:00")
    assert reached(after)[2] == ("30m", "head", ["dee"])


def test_who_is_paged_by_name_has_a_deputy_too(run: Run, tmp_path: Path) -> None:
    text = edited(
        ("    email: dee@acme.example\n", f"    email: dee@acme.example\n    {DEPUTISED}\n"),
        ("- {after: 30m, notify: [head]}", "- {after: 30m, notify: [dee]}"),
    )
    ran = run("who", "alerts/drop", write(tmp_path / "a", text), "--at", AT)
    assert (
        "    for Dee Novak (dee), who is away until 2026-11-29\n"
        "    until Mon 30 Nov 00:00 Europe/Berlin\n" in ran.out
    )


def test_one_of_those_that_a_step_names_is_picked(run: Run, tmp_path: Path) -> None:
    text = edited(
        (
            "- {after: 15m, notify: [commander]}",
            "- {after: 15m, notify: [commander, dee], pick: one}",
        ),
    )
    folder = write(tmp_path / "a", text)
    found = answer(run, folder)
    assert [one.get("pick") for one in found["chain"]] == [None, "one", "one", None]
    assert found["breaks"] == []
    out = run("who", "alerts/drop", folder, "--at", AT).out
    assert "AFTER 15m\n  one of these, in turn; which cannot be told:\n  Cho Min (cho)\n" in out
    assert out.index("Dee Novak (dee)") < out.index("AFTER 30m")


def test_one_who_may_be_picked_and_reaches_nobody_breaks_the_chain(
    run: Run, tmp_path: Path
) -> None:
    folder = write(tmp_path / "a", edited(
        ("- {after: 15m, notify: [commander]}", "- {after: 15m, notify: [vacant, dee], pick: one}"),
        ("  head: {title: Head", "  vacant: {title: Vacant}\n  head: {title: Head"),
    ))  # fmt: skip
    assert answer(run, folder)["breaks"] == ["nobody holds `vacant`"]


def test_every_time_is_told_in_the_zone_that_was_asked_for(run: Run, tmp_path: Path) -> None:
    """When a gap ends, too: it is told in a sentence."""
    text = edited(
        ("[ana, ben], start", '[ana], hours: {days: [sat], from: "09:00", to: "17:00"}, start'),
    )
    folder = write(tmp_path / "a", text)
    for zone, until in (
        (None, "Sat 28 Nov 2026 09:00 Europe/Berlin"),
        ("Asia/Tokyo", "Sat 28 Nov 2026 17:00 Asia/Tokyo"),
    ):
        asked = ("--tz", zone) if zone else ()
        ran = run("who", "alerts/drop", folder, "--at", AT, *asked, "--format", "json")
        assert told(ran)["breaks"] == [f"drop: nobody is on call on `day` until {until}"]
