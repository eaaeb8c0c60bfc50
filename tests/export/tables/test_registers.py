"""The registers for the wall: kill switches, dashboards and severities, and what each row lacks."""

from registry.export import export as exports
from tests.conftest import AT
from tests.export.conftest import Open

WHO = """\
people:
  priya: {name: Priya Natarajan, email: priya@acme.example}
  gone: {name: Gil Orth, until: 2025-01-31}
roles: {lead: {title: Lead, holder: priya}}
schedules:
  rota: {rotations: [{name: a, participants: [priya], start: 2026-01-05T09:00Z, every: 1w}]}
"""


def rows(opened: Open, name: str, text: str) -> list[dict[str, str]]:
    """The table's rows by heading."""
    read = opened(WHO + text)
    made = exports.table(read.workspace, name, policy=read.policy, at=AT)
    return [dict(zip(made.headings, row, strict=True)) for row in made.rows]


def missing(opened: Open, name: str, text: str) -> list[str]:
    return [row["missing"] for row in rows(opened, name, text)]


def test_a_switch_says_who_may_flip_it_now(opened: Open) -> None:
    whole, limited = rows(
        opened,
        "kill-switches",
        "kill_switches:\n"
        "  stop: {action: Stop it., operators: [rota, gone], owner: lead, drilled: 2026-11-01}\n"
        "  hold: {effect: human-review, scope: {risk: high}, operators: [lead], owner: priya,"
        " drilled: 2026-11-01, takes_effect_within: 5m, flag: f}\n",
    )
    assert whole["operators"] == "rota (Priya Natarajan); Gil Orth"
    assert whole["now"] == "Priya Natarajan; Gil Orth (left on 2025-01-31)"
    assert (whole["kept_by"], whole["missing"]) == ("Priya Natarajan", "")
    assert (limited["scope"], limited["effect"]) == ("risk = high", "human-review")
    assert (limited["takes_effect_within"], limited["flag"]) == ("5m", "f")


def test_what_a_switch_lacks(opened: Open) -> None:
    assert missing(
        opened,
        "kill-switches",
        "kill_switches:\n"
        "  bare: {}\n"
        "  left: {operators: [gone], owner: priya, drilled: 2025-01-01}\n"
        "  torn: {operators: 5, owner: [], drilled: soon}\n"
        "  lost: 7\n",
    ) == [
        "nobody may flip it; never drilled; no one person keeps it working",
        "nobody who may flip it can be reached now; drilled more than 90d ago",
        "`drilled` could not be read; `operators` could not be read; no one person keeps it working",
        "(not read: `opmodel check` says why)",
    ]


def test_what_a_dashboard_lacks(opened: Open) -> None:
    metric = "metrics: {m: {bucket: quality, response: ticket, owner: priya}}\n"
    whole = "{audience: lead, read_every: 1w, decision: Go., metrics: [m], owner: priya}"
    found = rows(
        opened, "dashboards", f"{metric}dashboards:\n  whole: {whole}\n  bare: {{}}\n"
        "  torn: {audience: lead, read_every: never, owner: [priya, lead]}\n  lost: 7\n",
    )  # fmt: skip
    idle = "nothing is decided by it; it shows no metric; no one person keeps it"
    assert found[0]["read_by"] == "Priya Natarajan (Lead)"
    assert [one["missing"] for one in found] == [
        "",
        f"nobody reads it; nothing says how often it is read; {idle}",
        f"`read_every` could not be read; {idle}",
        "(not read: `opmodel check` says why)",
    ]


def test_severities_are_the_registrys_over_the_policys(opened: Open) -> None:
    found = rows(
        opened,
        "severities",
        "severities:\n  sev1: {criteria: An outage., mitigate_within: 1h}\n  sev2: 7\n"
        "  sev3: {criteria: [], detect_within: soon}\n"
        "metrics: {m: {bucket: quality, response: page, owner: priya}}\n"
        "alerts:\n"
        "  a: {metric: m, severity: sev1, response: page, escalation: rota}\n"
        "  b: {metric: m, severity: sev1, response: ticket}\n",
    )
    assert [one["severity"] for one in found] == ["sev1", "sev2", "sev3", "sev4"]
    assert found[0] | {"severity": ""} == {
        "severity": "", "criteria": "An outage.", "respond_within": "5m", "detect_within": "",
        "mitigate_within": "1h", "alerts": "2", "paging": "1", "missing": "",
    }  # fmt: skip
    assert [one["missing"] for one in found[1:]] == [
        "(not read: `opmodel check` says why)",
        "`criteria` could not be read; `detect_within` could not be read",
        "",
    ]


def test_a_table_without_an_instant_is_of_this_hour(opened: Open) -> None:
    read = opened(WHO + "kill_switches: {stop: {operators: [priya], owner: priya}}\n")
    made = exports.table(read.workspace, "kill-switches")
    assert made.rows[0][8] == "Priya Natarajan"
