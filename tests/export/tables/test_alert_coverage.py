"""Alert coverage: whom each alert reaches, and what is missing, said plainly."""

from collections.abc import Mapping

import pytest

from registry.checks.engine import Opened
from registry.export import export as exports
from tests.export.conftest import Open

WHO = """\
people:
  priya: {name: Priya Natarajan, email: priya@acme.example}
  tom: {name: Tom Reyes, contact: {slack: "@tom"}}
  mute: {name: Mute Example}
  nameless: {timezone: UTC}
  doubtful: {name: Doubtful Example, contact: none}
  mailed: {name: Mailed Example, contact: {email: mailed@acme.example}}
teams: {assistant: {name: Assistant, lead: priya, members: [priya]}}
roles:
  cto: {title: CTO, holder: tom}
  commander: {title: Incident commander, schedule: ic}
  vacant: {title: Data lead}
  quiet: {title: Quiet, schedule: silent}
  ring: {title: Ring, schedule: ring}
channels:
  room: {kind: slack, address: "#room", owner: cto, read_every: 4h}
  desk: {kind: ticket, owner: priya}
  inbox: {kind: email, address: all@acme.example}
schedules:
  ic: {rotations: [{name: a, participants: [priya, tom], start: 2026-11-02T09:00, every: 1w}]}
  silent: {rotations: [{name: a, participants: [mute], start: 2026-11-02T09:00, every: 1w}]}
  nobody: {}
  torn-ic: {rotations: [{name: a}]}
escalations:
  page: {steps: [{after: 0m, notify: [ic]}, {after: 15m, notify: [cto, mailed]}]}
  again: {repeat: 2, repeat_after: 5m, steps: [{after: 0m, notify: [commander]}]}
  once-more: {repeat: 1, repeat_after: 5m, steps: [{after: 0m, notify: [priya]}]}
  void: {steps: []}
  gap: {steps: [{after: 0m, notify: [ic]}, {after: 5m}, {after: 9m, notify: [nobody, vacant]}]}
  lost: {steps: [{after: 0m, notify: [ghost]}]}
  round: {steps: [{after: 0m, notify: [ring, assistant]}]}
  wordless: {steps: [{after: 0m, notify: [mute, silent]}]}
  broken: {steps: everybody}
  unread: just text
  hushed: {steps: [{after: 0m, notify: [quiet]}]}
  torn: {steps: [{after: 0m, notify: [nameless, doubtful]}]}
runbooks: {book: {title: Book}}
metrics: {m: {bucket: quality, response: page}}
"""
PAGE = {
    "metric": "m",
    "owner": "priya",
    "severity": "sev1",
    "response": "page",
    "when": "{above: 1}",
    "escalation": "page",
    "runbook": "book",
}
IC = "ic (Priya Natarajan, Tom Reyes)"
TICKET = {**PAGE, "response": "ticket", "escalation": None, "runbook": None}


def _row(opened: Open, alert: Mapping[str, str | None]) -> dict[str, str]:
    fields = ", ".join(f"{name}: {value}" for name, value in alert.items() if value is not None)
    found = opened(f"{WHO}alerts:\n  it: {{{fields}}}\n")
    table = exports.table(found.workspace, "alert-coverage")
    return dict(zip(table.headings, table.rows[0], strict=True))


def test_a_complete_alert(opened: Open) -> None:
    assert _row(opened, {**PAGE, "notify": "[room, desk]"}) == {
        "alert": "it",
        "metric": "m",
        "severity": "sev1",
        "response": "page",
        "when": "above 1",
        "owner": "priya",
        "person": "Priya Natarajan",
        "accountable": "",
        "escalation": "page",
        "reaches": "0m: ic (Priya Natarajan, Tom Reyes); 15m: Tom Reyes (CTO), Mailed Example",
        "channels": "room (slack, read by Tom Reyes (CTO) every 4h); "
        "desk (ticket, read by Priya Natarajan)",
        "runbook": "book",
        "missing": "",
    }


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{drops_by: 10%, over: 1h, for: 10m}", "drops by 10% over 1h for 10m"),
        ("{below: 0.95}", "below 0.95"),
        ('{expr: "up == 0", for: 5m}', "up == 0 for 5m"),
    ],
)
def test_condition(opened: Open, when: str, said: str) -> None:
    assert _row(opened, {**PAGE, "when": when})["when"] == said


@pytest.mark.parametrize(
    ("escalation", "said"),
    [
        ("ic", IC),
        ("nobody", "nobody (nobody)"),
        ("void", "nobody"),
        (
            "again",
            f"0m: Incident commander: {IC}; all of it 2 times more, 5m after the last step",
        ),
        ("once-more", "0m: Priya Natarajan; all of it once more, 5m after the last step"),
        (
            "gap",
            f"0m: {IC}; 5m: nobody; 9m: nobody (nobody), Data lead (vacant)",
        ),
        ("lost", "0m: ghost (unknown)"),
        ("ghost", "ghost (unknown)"),
        ("round", "0m: Ring (whoever is on call: Ring), Assistant"),
    ],
)
def test_reaches(opened: Open, escalation: str, said: str) -> None:
    assert _row(opened, {**PAGE, "escalation": escalation})["reaches"] == said


@pytest.mark.parametrize(
    ("field", "value", "missing"),
    [
        ("escalation", None, "no escalation: it pages nobody"),
        ("escalation", "ghost", "escalation `ghost` does not exist"),
        ("escalation", "unread", "escalation `unread` could not be read"),
        ("escalation", "broken", "the steps of `broken` could not be read"),
        ("escalation", "nobody", "`nobody` reaches nobody"),
        ("escalation", "void", "its escalation has no steps: it pages nobody"),
        ("escalation", "gap", "step 5m reaches nobody; step 9m reaches nobody"),
        ("escalation", "lost", "step 0m pages `ghost`, who does not exist"),
        (
            "escalation",
            "round",
            "step 0m pages `ring`, held by `ring`, which is a role, which cannot be paged; step 0m pages `assistant`, which is a team, which cannot be paged",
        ),
        ("escalation", "wordless", "Mute Example has no contact"),
        ("escalation", "hushed", "Mute Example has no contact"),
        ("escalation", "torn", ""),
        ("escalation", "5", "`escalation` could not be read"),
        ("escalation", "torn-ic", ""),
        ("owner", None, "no owner"),
        ("owner", "[priya, tom]", "the owner is 2 names (`priya`, `tom`)"),
        ("owner", "assistant", "the owner is a team, `assistant`"),
        ("owner", "commander", "the owner is a role that a schedule holds, `commander`"),
        ("owner", "ghost", "owner `ghost` does not exist"),
        ("owner", "vacant", "the owner `vacant` is vacant"),
        ("owner", "{}", "`owner` could not be read"),
        ("when", None, "no threshold"),
        ("when", "5", "`when` could not be read"),
        ("runbook", None, "no runbook"),
        ("runbook", "ghost", "runbook `ghost` does not exist"),
        ("metric", "ghost", "metric `ghost` does not exist"),
        ("notify", "[inbox]", "nobody reads `inbox`"),
        ("notify", "[ghost]", "channel `ghost` does not exist"),
    ],
)
def test_missing(opened: Open, field: str, value: str | None, missing: str) -> None:
    assert _row(opened, {**PAGE, field: value})["missing"] == missing


@pytest.mark.parametrize(
    ("field", "value", "missing"),
    [
        ("notify", None, "no channel and no escalation: nobody hears of it"),
        ("notify", "[desk]", ""),
        ("escalation", "ic", ""),
        ("notify", "[inbox]", "nobody reads `inbox`"),
        ("notify", "5", "`notify` could not be read"),
    ],
)
def test_missing_of_a_ticket(opened: Open, field: str, value: str, missing: str) -> None:
    assert _row(opened, {**TICKET, field: value})["missing"] == missing


def test_an_alert_that_failed_to_load_says_so(opened: Open) -> None:
    row = _row(opened, {"metric": "m"})
    assert row.pop("missing") == "(not read: `opmodel check` says why)"
    assert {heading for heading, cell in row.items() if cell} == {"alert"}


def test_what_an_unreadable_file_may_hold_is_not_said_to_be_absent(opened: Open) -> None:
    text = f"{WHO}alerts:\n  it: {{metric: m, severity: sev3, response: ticket, runbook: other}}\n"
    found = opened(text, torn="runbooks: {other: {title: Other}\n")
    table = exports.table(found.workspace, "alert-coverage")
    assert "runbook `other` could not be read" in table.rows[0][-1]


def test_nobodys_contact_is_shown(example: Opened) -> None:
    for with_contacts in (False, True):
        content = exports.export(
            example, "alert-coverage", "csv", with_contacts=with_contacts
        ).content
        assert b"7946" not in content
        assert b"@acme.example" not in content
        assert b"Priya Natarajan" in content


def test_the_clean_example_misses_nothing(example: Opened) -> None:
    table = exports.table(example.workspace, "alert-coverage")
    assert len(table.rows) > 20
    assert {row[-1] for row in table.rows} == {""}
