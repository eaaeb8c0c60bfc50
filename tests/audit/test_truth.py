"""What an audit says of an alert is true: who is paged, who owns it, what silences it."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from registry.audit.directory import PeopleDirectory, directory_of
from registry.deployed.promql.compared import compared, milliseconds, window
from registry.deployed.promql.constant import always_fires
from tests.cli.conftest import Run, run

__all__ = ["run"]

AT = "2026-12-01T12:00:00Z"
REGISTRY = """\
opmodel: 1
name: parcels
stage: production
timezone: UTC
people:
  ana: {name: Ana Test, email: ana@parcels.example, contact: {phone: "+44 20 7946 0101"}}
  ben: {name: Ben Test, email: ben@parcels.example, contact: {phone: "+44 20 7946 0102"}}
  cyd: {name: Cyd Test, email: cyd@parcels.example, contact: {phone: "+44 20 7946 0103"}}
teams:
  payments: {name: Payments, lead: ana, members: [ana, ben], parent: shop}
  shop: {name: Shop, lead: ben}
  platform: {name: Platform, lead: cyd, members: [cyd]}
schedules:
  payments-oncall:
    team: payments
    rotations: [{name: primary, participants: [ana], start: 2026-01-05T09:00, every: 1w}]
  platform-oncall:
    team: platform
    rotations: [{name: primary, participants: [cyd], start: 2026-01-05T09:00, every: 1w}]
channels:
  room: {kind: slack, owner: ben, read_every: 1d}
bindings:
  pay-pager: {receiver: pay-pager, means: payments-oncall}
  plat-pager: {receiver: plat-pager, means: platform-oncall}
  pay-second: {receiver: pay-second, means: payments-oncall}
  hook: {receiver: hook, means: ana}
  room: {receiver: room, means: room}
"""
RECEIVERS = """\
receivers:
  - name: nobody
  - {name: pay-pager, pagerduty_configs: [{routing_key_file: /a}]}
  - {name: pay-second, pagerduty_configs: [{routing_key_file: /c}]}
  - {name: plat-pager, pagerduty_configs: [{routing_key_file: /b}]}
  - {name: log, webhook_configs: [{url: "http://log.parcels.example"}]}
  - {name: hook, webhook_configs: [{url: "http://hook.parcels.example"}]}
  - {name: room, slack_configs: [{channel: "#room", api_url_file: /s}]}
"""


class Estate:
    """A registry with something deployed, to be audited."""

    def __init__(self, root: Path, run: Run) -> None:
        self.root, self.run = root, run
        self.write("opmodel.yaml", REGISTRY)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def rules(self, *rules: str, name: str = "rules.yml") -> None:
        self.write(f"deployed/{name}", "groups: [{name: g, rules: [" + ",\n".join(rules) + "]}]\n")

    def routes(self, route: str, more: str = "", name: str = "am.yml") -> None:
        self.write(f"deployed/{name}", f"route: {route}\n{RECEIVERS}{more}")

    def audit(self, *more: str) -> dict[str, Any]:
        ran = self.run("audit", str(self.root), "--at", AT, "--format", "json", *more)
        found: dict[str, Any] = json.loads(ran.out)
        return found | {"code": ran.code, "rows": {one["alert"]: one for one in found["alerts"]}}

    def codes(self, alert: str) -> list[str]:
        entity = {"section": "deployed", "id": alert}
        return [one["code"] for one in self.audit()["diagnostics"] if one["entity"] == entity]


@pytest.fixture
def estate(tmp_path: Path, run: Run) -> Estate:
    return Estate(tmp_path / "parcels", run)


def rule(name: str, expr: str = "sum(up) == 0", **labels: str) -> str:
    return json.dumps({"alert": name, "expr": expr, "labels": labels,
                       "annotations": {"runbook_url": f"https://w.example/{name}"}})  # fmt: skip


def ids(row: dict[str, Any]) -> list[str]:
    return [one["id"] for one in row["paged_now"]]


# -- inhibition ----------------------------------------------------------------------------------


def inhibit(source: str, target: str, *equal: str) -> str:
    return f"inhibit_rules: [{{source_matchers: ['{source}'], target_matchers: ['{target}'], equal: [{', '.join(equal)}]}}]\n"


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("inhibition", "named", "always"),
    [
        (inhibit('alertname="Dog"', 'severity="critical"', "cluster"), ["Dog"], ["Dog"]),
        (inhibit('alertname="Dog"', 'severity="critical"', "team"), [], []),
        (inhibit('alertname="Slow"', 'severity="critical"', "cluster"), ["Slow"], []),
        (inhibit('severity=~"critical|info"', 'severity="critical"'), ["Slow"], []),
        (inhibit('severity="critical"', 'severity="critical"'), [], []),
        (inhibit('severity="absent"', 'severity="critical"'), [], []),
        ("", [], []),
    ],
)
def test_what_inhibits(
    estate: Estate, inhibition: str, named: list[str], always: list[str]
) -> None:
    estate.rules(
        rule("Dog", "vector(1)", severity="none"),
        rule("Down", severity="critical", team="payments"),
        rule("Slow", severity="info"),
    )
    estate.routes("{receiver: pay-pager}", inhibition)
    row = estate.audit()["rows"]["Down"]
    assert row["may_be_inhibited_by"] == named
    assert row["always_inhibited_by"] == always
    assert ids(row) == ([] if always else ["ana"])
    codes = estate.codes("Down")
    assert ("OM918" in codes, "OM916" in codes) == (bool(always), bool(named) and not always)


def test_labels_of_series_may_be_equal(estate: Estate) -> None:
    estate.rules(
        rule("Down", "up == 0", severity="critical"), rule("Slow", "up == 0", severity="info")
    )
    estate.routes("{receiver: pay-pager}", inhibit('severity="critical"', 'severity="info"', "job"))
    rows = estate.audit()["rows"]
    assert rows["Slow"]["may_be_inhibited_by"] == ["Down"]
    assert rows["Down"]["may_be_inhibited_by"] == []


def test_who_while_others_fire(estate: Estate) -> None:
    estate.rules(rule("Down", severity="critical"), rule("Slow", severity="info"))
    estate.routes("{receiver: pay-pager}", inhibit('severity="critical"', 'severity="info"'))
    asked = ("who", "Slow", str(estate.root), "--at", AT)
    assert "PAGED NOW" in estate.run(*asked).out
    silent = estate.run(*asked, "--firing", "Down")
    assert (silent.code, "PAGED NOW" in silent.out) == (1, False)
    assert "it is silenced while `Down` fires" in " ".join(silent.out.split())
    assert estate.run(*asked, "--firing", "Gone").code == 2
    assert (
        "PAGED NOW"
        in estate.run("who", "Down", str(estate.root), "--at", AT, "--firing", "Slow").out
    )


@pytest.mark.parametrize(
    ("query", "always"),
    [
        ("vector(1)", True), ("1", True), ("vector(1) > 0", True), ("sum(up) or vector(0)", True),
        ("-vector(1)", True), ("sum(vector(1))", True), ("vector(time())", True),
        ("label_replace(vector(1), 'a', 'b', '', '')", True), ("vector(2) * 2 >= 4", True),
        ("(sum(up) or vector(0)) > 5", False), ("absent(up)", False), ("up", False),
        ("vector(0) > 0", False), ("vector(1) and on() up", False), ("vector(1) unless up", False),
        ("vector(1) / 0 > 1", False), ("vector(", False),
    ],
)  # fmt: skip
def test_what_always_fires(query: str, always: bool) -> None:
    assert always_fires(query) is always


# -- what is not sent ------------------------------------------------------------------------------

MAIN = """\
rule_files: [%s]
alerting:
  alert_relabel_configs: [%s]
scrape_configs: []
"""
DROP = "{source_labels: [%s], regex: '%s', action: drop}"
WATCHDOG = rule("Watchdog", "vector(1)", severity="critical")
SLOW = rule("Slow", severity="warning")
PAY = "{receiver: nobody, routes: [{receiver: pay-pager, matchers: ['alertname=Slow']}]}"


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("files", "relabelling", "may", "always", "paged"),
    [
        ("'*.yml'", "", ["Watchdog"], ["Watchdog"], []),
        ("rules.yml", "", [], [], ["ana"]),
        ("'*.yml'", DROP % ("alertname", "Watchdog"), [], [], ["ana"]),
        ("'*.yml'", DROP % ("alertname, shard", "Watchdog;2"), ["Watchdog"], ["Watchdog"], []),
        ("other.yml", "", [], [], []),
        ("'*.yml'", DROP % ("alertname", "Slow"), [], [], []),
    ],
    ids=["sent", "source-not-loaded", "source-dropped", "source-kept", "not-loaded", "dropped"],
)
def test_only_what_is_sent_silences_and_pages(
    estate: Estate, files: str, relabelling: str, may: list[str], always: list[str],
    paged: list[str],
) -> None:  # fmt: skip
    estate.write("deployed/prometheus.yml", MAIN % (files, relabelling))
    estate.rules(SLOW)
    estate.rules(WATCHDOG, name="other.yml")
    estate.routes(PAY, inhibit("severity=critical", "severity=warning"))
    found = estate.audit()
    slow = found["rows"]["Slow"]
    assert (slow["may_be_inhibited_by"], slow["always_inhibited_by"]) == (may, always)
    assert ids(slow) == paged
    assert found["coverage"]["routed"]["count"] == len(paged)
    assert ("OM918" in estate.codes("Slow")) is bool(always)


def test_a_source_that_is_dropped_in_part_does_not_always_fire(estate: Estate) -> None:
    estate.write("deployed/prometheus.yml", MAIN % ("'*.yml'", DROP % ("shard", "2")))
    estate.rules(SLOW, rule("Watchdog", "up or vector(1)", severity="critical"))
    estate.routes(PAY, inhibit("severity=critical", "severity=warning"))
    rows = estate.audit()["rows"]
    assert rows["Watchdog"]["dropped"] is None
    assert rows["Slow"]["may_be_inhibited_by"] == ["Watchdog"]
    assert rows["Slow"]["always_inhibited_by"] == []
    asked = ("who", "Slow", str(estate.root), "--at", AT, "--firing", "Watchdog")
    assert "it may be silenced while `Watchdog` fires" in " ".join(estate.run(*asked).out.split())


def test_what_is_not_sent_silences_nothing_though_it_fires(estate: Estate) -> None:
    estate.write("deployed/prometheus.yml", MAIN % ("rules.yml", ""))
    estate.rules(SLOW)
    estate.rules(WATCHDOG, name="other.yml")
    estate.routes(PAY, inhibit("severity=critical", "severity=warning"))
    said = estate.run("who", "Slow", str(estate.root), "--at", AT, "--firing", "Watchdog").out
    assert "silenced" not in said
    assert "PAGED NOW\n  Ana Test (ana)" in said


def test_of_several_routers_none_gets_series_that_are_dropped(estate: Estate) -> None:
    estate.write("deployed/prometheus.yml", MAIN % ("'*.yml'", DROP % ("shard", "2")))
    estate.rules(rule("Slow", "errors > 5"))
    for name in ("am.yml", "other-am.yml"):
        estate.routes("{receiver: pay-pager}", name=name)
    found = estate.audit()
    slow = found["rows"]["Slow"]
    assert slow["dropped"] is None
    assert (slow["receivers"]["verdict"], slow["paged_now"]) == ("depends", [])
    assert found["coverage"]["paging"] == {"count": 0, "unknown": 1, "percent": None}


def test_what_is_not_sent_differs_in_nothing_that_it_pages(estate: Estate) -> None:
    estate.write("more.yaml", """\
metrics: {slow: {bucket: reliability, response: page, owner: ana}}
escalations: {pay: {steps: [{after: 0m, notify: [payments-oncall]}]}}
alerts:
  slow: {metric: slow, severity: sev1, response: page, escalation: pay}
""")  # fmt: skip
    estate.write("deployed/prometheus.yml", MAIN % ("other.yml", ""))
    estate.rules(rule("Slow", severity="critical"))
    estate.routes(PAY)
    found = estate.audit()["rows"]["Slow"]
    assert (found["loaded"], found["receivers"]["verdict"], found["differs"]) == (
        False,
        "never",
        [],
    )


# -- routing -------------------------------------------------------------------------------------


def test_of_several_routers_none_is_certain(estate: Estate) -> None:
    estate.rules(rule("Down", severity="critical"))
    estate.routes("{receiver: pay-pager}", name="east.yml")
    estate.routes("{receiver: room}", name="west.yml")
    row = estate.audit()["rows"]["Down"]
    assert (row["receivers"]["verdict"], ids(row)) == ("depends", [])
    assert row["receivers"]["names"] == ["pay-pager", "room"]
    estate.routes("{receiver: pay-second}", name="west.yml")
    row = estate.audit()["rows"]["Down"]
    assert (row["receivers"]["verdict"], ids(row)) == ("depends", ["ana"]), "each of them pages Ana"
    said = estate.run("who", "Down", str(estate.root), "--at", AT).out
    assert "PAGED NOW\n  Ana Test (ana)" in said


TAPPED = "{{receiver: nobody, routes: [{{receiver: {0}, continue: true}}, {{matchers: [team=pay], receiver: room}}]}}"


@pytest.mark.parametrize(
    ("receiver", "routed", "codes"), [("log", 0, True), ("room", 0, True), ("plat-pager", 1, False), ("hook", 1, False)]
)  # fmt: skip
def test_a_tap_is_no_destination(estate: Estate, receiver: str, routed: int, codes: bool) -> None:
    estate.rules(rule("Full", severity="warning", team="x"))
    estate.routes(TAPPED.format(receiver))
    assert estate.audit()["coverage"]["routed"]["count"] == routed
    assert ("OM902" in estate.codes("Full")) is codes


def test_a_tap_beside_a_way_that_depends(estate: Estate) -> None:
    estate.rules(
        rule("Full", "up == 0", severity="warning"), rule("Pay", severity="warning", team="pay")
    )
    estate.routes(TAPPED.format("log"))
    found = estate.audit()
    assert found["coverage"]["routed"]["count"] == 1, "of Full some series pass the log alone"
    assert found["rows"]["Full"]["receivers"]["verdict"] == "depends"


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "route",
    [
        "{receiver: nobody, routes: [{receiver: room, continue: true}]}",
        "{receiver: nobody, routes: [{matchers: [team=pay], receiver: log}, {receiver: room, continue: true}]}",
        "{receiver: nobody, routes: [{matchers: [team=x], receiver: room, continue: true}]}",
    ],
)
def test_what_is_no_tap(estate: Estate, route: str) -> None:
    estate.rules(rule("Full", severity="warning", team="x"))
    estate.routes(route)
    assert "OM902" not in estate.codes("Full")


def test_what_a_weak_page_may_reach_is_named(estate: Estate) -> None:
    estate.rules(rule("Down", "up == 0", severity="critical"))
    estate.routes("{receiver: nobody, routes: [{matchers: [prod=true], receiver: room}]}")
    (found,) = (one for one in estate.audit()["diagnostics"] if one["code"] == "OM912")
    assert found["message"] == (
        "the deployed alert `Down` is `critical` and pages nobody: it may go to `room`, or to "
        "`nobody`, which notifies nobody, and it may reach nobody"
    )
    assert "PAGED NOW" not in estate.run("who", "deployed/Down", str(estate.root), "--at", AT).out


def test_nothing_is_sent_without_an_integration(estate: Estate) -> None:
    estate.write("opmodel.yaml", REGISTRY + "  none: {receiver: nobody, means: payments-oncall}\n")
    estate.rules(rule("Down", severity="critical", team="payments"))
    estate.routes("{receiver: nobody}")
    found = estate.audit()
    assert (found["rows"]["Down"]["receivers"]["verdict"], ids(found["rows"]["Down"])) == (
        "never",
        [],
    )
    assert found["coverage"]["paging"] == {"count": 0, "unknown": 0, "percent": 0.0}
    said = estate.run("who", "deployed/Down", str(estate.root), "--at", AT)
    assert (said.code, "PAGED NOW" in said.out, "Ana" in said.out.partition("owner:")[0]) == (
        1,
        False,
        False,
    )


def test_a_muted_page_to_a_person(estate: Estate) -> None:
    estate.rules(rule("Down", severity="critical"))
    estate.routes(
        "{receiver: room, routes: [{receiver: hook, matchers: [severity=critical], mute_time_intervals: [ever]}]}",
        "time_intervals: [{name: ever, time_intervals: [{}]}]\n",
    )
    found = estate.audit()
    assert ids(found["rows"]["Down"]) == []
    assert found["rows"]["Down"]["receivers"]["muted_now"] == ["hook"]
    assert "OM909" in [one["code"] for one in found["diagnostics"]]


def test_who_gives_the_runbook_that_a_rule_names_and_whoever_leads_its_team(
    estate: Estate,
) -> None:
    estate.rules(rule("Down", team="payments"))
    found = json.loads(
        estate.run("who", "Down", str(estate.root), "--at", AT, "--format", "json").out
    )
    (answer,) = found["answers"]
    assert found["owner"]["id"] == "ana"
    assert answer["runbook"]["url"] == "https://w.example/Down"
    assert answer["breaks"] == ["no routing was read: whom it reaches is not known"]


def test_one_is_paged_always_and_another_perhaps(estate: Estate) -> None:
    estate.rules(rule("Down", "up == 0"))
    estate.routes(
        "{receiver: room, routes: [{receiver: hook, continue: true},"
        " {receiver: pay-pager, matchers: [zone=a], continue: true},"
        " {receiver: plat-pager, matchers: [zone=b]}]}"
    )
    assert ids(estate.audit()["rows"]["Down"]) == ["ana"]
    said = estate.run("who", "deployed/Down", str(estate.root), "--at", AT)
    assert said.code == 1
    assert "it may page Cyd Test (cyd), by `plat-pager`, or not" in said.out
    assert "by `pay-pager`" not in said.out  # who is paged anyhow


def test_unknown_is_not_zero(estate: Estate) -> None:
    estate.rules(rule("Down", team="payments"), rule("Slow", team="payments"))
    coverage = estate.audit()["coverage"]
    for figure in ("routed", "paging"):
        assert coverage[figure] == {"count": 0, "unknown": 2, "percent": None}
    assert coverage["owned"] == {"count": 2, "unknown": 0, "percent": 100.0}
    said = estate.run("audit", str(estate.root), "--at", AT).out
    assert "unknown  reach somebody whatever the series are (cannot be told of 2)" in said
    assert "0.0%  reach" not in said
    assert "0.0%  page" not in said


def test_of_a_template_nothing_is_told(estate: Estate) -> None:
    """As it stands no server takes it; what it is made into may reach somebody."""
    text = "groups: [{name: g, rules: [{alert: Down, expr: up == 0, for: <%= x %>}]}]\n"
    estate.routes("{receiver: pay-pager}")
    (estate.root / "deployed" / "rules.yml").write_text(text)
    found = estate.audit()
    row = found["rows"]["Down"]
    assert (row["loaded"], row["receivers"]["verdict"], row["paged_now"]) == (False, "unknown", [])
    for figure in ("routed", "paging"):
        assert found["coverage"][figure] == {"count": 0, "unknown": 1, "percent": None}
    (refused,) = [one for one in found["diagnostics"] if one["code"] == "OM914"]
    assert refused["message"].endswith("is it a template that was not rendered?")
    assert "never fire" not in refused["message"]
    assert "OM902" not in {one["code"] for one in found["diagnostics"]}
    said = estate.run("who", "deployed/Down", str(estate.root), "--at", AT)
    assert "no server loads it" in said.out
    assert "no routing" not in said.out


def test_what_an_unread_server_could_change_is_counted(estate: Estate) -> None:
    estate.rules(rule("Down"), rule("Up", zone="a"))
    estate.routes("{receiver: nobody, routes: [{receiver: pay-pager, matchers: [zone=a]}]}")
    found = estate.audit()
    assert found["rows"]["Down"]["assumes_no_external_labels"] is True
    (one,) = [each for each in found["diagnostics"] if each["code"] == "OM902"]
    assert one["message"].endswith(", if its server adds no label that a route asks for")
    for form in ("human", "md"):
        said = estate.run("audit", str(estate.root), "--at", AT, "--format", form).out
        assert re.search(r"\b1 .*label.*server", said)


# -- owners --------------------------------------------------------------------------------------


def test_each_finding_falls_to_the_owner_of_its_own_rule(estate: Estate) -> None:
    bare = "{{alert: Full, expr: sum(up) == 0, labels: {{team: {0}}}}}"
    estate.rules(bare.format("payments"), name="pay.yml")
    estate.rules(bare.format("platform"), bare.format("payments"), name="plat.yml")
    estate.routes("{receiver: room}")
    found = estate.audit("--select", "OM908")["diagnostics"]
    assert [(one["path"], one["line"], one["owner"]) for one in found] == [
        ("deployed/pay.yml", 1, "payments"),
        ("deployed/plat.yml", 1, "platform"),
        ("deployed/plat.yml", 2, "payments"),
    ]


CATALOGUE = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: pay, annotations: {prometheus.io/alert: "PayDown, PaySlow"}}
spec: {type: service, owner: payments}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: every, annotations: {prometheus.io/alert: all}}
spec: {type: service, owner: platform}
"""


def test_a_catalogue_names_the_alert(estate: Estate) -> None:
    estate.rules(*map(rule, ("PayDown", "PaySlow", "pay", "all")))
    estate.write("deployed/catalog.yaml", CATALOGUE)
    rows = estate.audit()["rows"]
    owners = [one["owner"] and one["owner"]["id"] for one in rows.values()]
    assert owners == ["payments", "payments", None, None]


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("value", "query", "owner"),
    [
        ("{{ $labels.squad }}", 'up{squad="payments"} == 0', "payments"),
        ("{{.Labels.squad}}", 'up{squad="payments"} == 0', "payments"),
        ("{{ $labels.squad }}", "up == 0", None),
        ("{{ $labels.squad }}-x", 'up{squad="payments"} == 0', None),
        ("{{ .Values.team }}", "up == 0", "platform"),
    ],
)
def test_a_templated_owner(estate: Estate, value: str, query: str, owner: str | None) -> None:
    bound = '  t: {label: team, value: "{{ .Values.team }}", means: platform}\n'
    estate.write("opmodel.yaml", REGISTRY + bound)
    estate.rules(rule("Down", query, team=value))
    found = estate.audit()["rows"]["Down"]["owner"]
    assert (found and found["id"]) == owner


def test_a_weak_owner_is_said_to_be_weak(estate: Estate) -> None:
    estate.rules(rule("Down"))
    estate.write("deployed/CODEOWNERS", "* @parcels/payments\n")
    found = estate.audit()
    assert found["rows"]["Down"]["owner"] == {
        "id": "payments",
        "source": "codeowners",
        "weak": True,
    }
    assert found["coverage"]["owned"]["count"] == 0
    (weak,) = (one for one in found["diagnostics"] if one["code"] == "OM901")
    assert weak["message"].endswith("to an owner but its file's code owners (`payments`)")
    assert weak["owner"] is None


@pytest.mark.parametrize(
    ("team", "agrees"), [("payments", True), ("shop", True), ("platform", False)]
)
def test_a_team_within_a_team_agrees(estate: Estate, team: str, agrees: bool) -> None:
    alerts = """\
metrics: {up: {bucket: reliability, response: page, owner: ana}}
alerts: {down: {metric: up, owner: ana, severity: sev1, response: page}}
"""
    estate.write("opmodel.yaml", REGISTRY + alerts)
    estate.rules(rule("Down", team=team))
    assert ("OM907" in estate.codes("Down")) is not agrees


# -- declared against deployed -------------------------------------------------------------------

DECLARED = """\
metrics: {up: {bucket: reliability, response: page, owner: ana}}
alerts:
  down:
    {metric: up, owner: ana, severity: sev1, response: page, when: {above: 5%, for: 5m, over: 10m},
     escalation: payments-oncall}
"""


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("expr", "wait", "receiver", "differs"),
    [
        ("rate(e[10m]) > 0.05", "5m", "pay-pager", {}),
        ("0.05 < rate(e[10m])", "300s", "pay-second", {}),
        ("rate(e[10m]) > 5", "5m", "pay-pager", {}),
        ("rate(e[10m]) > 0.5", "5m", "pay-pager", {"when.above": "> 0.5"}),
        ("rate(e[10m]) > 0.5 / 10", "5m", "pay-pager", {}),
        ("rate(e[10m]) < 0.05", "5m", "pay-pager", {"when.above": "< 0.05"}),
        ("rate(e[1h]) > 0.05", "0s", "pay-pager", {"when.over": "1h", "when.for": "0s"}),
        ("rate(e[1h]) > 2 * rate(e[10m])", "1h", "pay-pager", {}),
        ("rate(e[10m]) > 0.05", "5m", "plat-pager", {"escalation": "platform-oncall"}),
        ("rate(e[10m]) > 0.05", "5m", "room", {"escalation": None}),
        ("rate(e[10m]) > 0.05", "5m", "log", {}),
    ],
)
def test_what_differs(
    estate: Estate, expr: str, wait: str, receiver: str, differs: dict[str, str | None]
) -> None:
    estate.write("opmodel.yaml", REGISTRY + DECLARED)
    estate.rules(json.dumps({"alert": "Down", "expr": expr, "for": wait}))
    estate.routes(f"{{receiver: {receiver}}}")
    row = estate.audit()["rows"]["Down"]
    assert {one["field"]: one["deployed"] for one in row["differs"]} == differs
    assert ("OM913" in estate.codes("Down")) is bool(differs)
    assert row["not_compared"] == (["when"] if "2 *" in expr else [])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("a > 5", (">", 5.0)), ("(5 <= a)", (">=", 5.0)), ("a < -(2)", ("<", -2.0)), ("a == 1", None),
        ("a > b", None), ("1 > bool 2", None), ("a > 5 and b > 1", None), ("a", None), ("(", None),
        ("a > 14 * 100", (">", 1400.0)), ("a > 1 / 4", (">", 0.25)), ("a > 2 ^ 10 - 7 % 4", (">", 1021.0)),
        ("a > 1 / 0", None), ("a > (-1) ^ 0.5", None), ("a > 2 ^ 99999", None), ("a > time()", None),
        ("time() > 5", None), ("a > bool 1", None), ("a > 1 < bool 2", None), ("5 + 5 > 1 or a", None),
    ],
)  # fmt: skip
def test_what_is_compared(query: str, found: tuple[str, float] | None) -> None:
    assert compared(query) == found


def test_lengths_of_time() -> None:
    assert [milliseconds(one) for one in ("1h30m", "5ms", "0", "", "5", "x1s")] == [
        5_400_000, 5, 0, None, None, None,
    ]  # fmt: skip
    assert window('a{x="[5m]"}[1h:1m] + b[1h]') == 3_600_000
    assert window("a[1h] + b[2h]") is None
    assert window("a") is None


# -- what was read -------------------------------------------------------------------------------


def test_no_alert_at_all(estate: Estate) -> None:
    estate.write("opmodel.yaml", REGISTRY + DECLARED)
    estate.write("deployed/rules.yml", "groups: [{name: g, rules: [{record: a, expr: b}]}]\n")
    found = estate.audit("--fail-on", "never")
    assert (found["code"], found["declared_not_deployed"]) == (1, ["down"])
    codes = [one["code"] for one in found["diagnostics"]]
    assert ("OM917" in codes, "OM906" in codes) == (True, False)
    assert estate.audit("--allow-unread", "--fail-on", "error")["code"] == 0


@pytest.mark.no_cover
@pytest.mark.parametrize("form", ["sarif", "github", "concise"])
def test_forms_for_pipelines(estate: Estate, form: str) -> None:
    estate.rules(rule("Down", severity="critical"))
    estate.routes("{receiver: nobody}")
    ran = estate.run("audit", str(estate.root), "--at", AT, "--format", form)
    assert ran.code == 1
    assert "OM902" in ran.out
    assert "deployed/rules.yml" in ran.out


# -- people and rotas ----------------------------------------------------------------------------


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("table", "gone"),
    [
        ("id,active\nana,yes\nben,true\ncyd,no\n", ["cyd"]),
        ("Login;Last Day\nana;\nben;2026-11-30\ncyd;2026-12-01\n", ["ben"]),
        (
            "email\tstatus\nANA@parcels.example\tactive\nben@parcels.example\tSuspended\n",
            ["ben", "cyd"],
        ),
        (
            "\ufeffid,email,active\nx,ana@parcels.example,1\nben,,0\nben,,1\ncyd,cyd@parcels.example\n",
            [],
        ),
        ("sep=;\n\nE-Mail;Account enabled\nAna <ana@parcels.example>;True\nmailto:ben@parcels.example;False\n",
         ["ben", "cyd"]),
        ("id,last day\nana,30.11.2026\nben,2026/11/30\ncyd,20261130\n", ["ana", "ben", "cyd"]),
        ("id,last day\nana,11/30/2026\nben,12/1/2026\ncyd,11/11/2026\n", ["ana", "cyd"]),
        ("id,last day\nana,30-11-2026\nben,01-12-2026\ncyd,\n", ["ana"]),
        ("id,last day\nana,30 Nov 2026\nben,\"December 1, 2026\"\ncyd,n/a\n", ["ana"]),
        ("id,last day\nana,2026-11-30T23:59:59Z\nben,9999-12-31\ncyd,-\n", ["ana"]),
    ],
)  # fmt: skip
def test_who_has_left(estate: Estate, table: str, gone: list[str]) -> None:
    estate.rules(rule("Down", severity="critical"))
    estate.write("people.csv", table)
    found = estate.audit("--people", str(estate.root / "people.csv"))["diagnostics"]
    assert [one["entity"]["id"] for one in found if one["code"] == "OM919"] == gone


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("", "no column is called `id` or `email`"),
        ("id,name\na,b\n", "no column is called `active` or `last day`"),
        ("id,active\n", "it lists nobody"),
        ("id,active\n\nana,aktiv\n", "line 3: `aktiv` does not say whether somebody is active"),
        ("id,last day\nana,soon\n", "line 2: `soon` is no day: write it as 2026-11-30"),
        ("id,last day\nana,2026-11-31\n", "line 2: `2026-11-31` is no day"),
        ("id,last day\nana,30 Nov 26\n", "line 2: `30 Nov 26` is no day"),
        ("id,last day\nana,30 Nub 2026\n", "line 2: `30 Nub 2026` is no day"),
        (
            "id,last day\nana,3/3/2026\nben,3/4/2026\n",
            "line 3: in `3/4/2026` it cannot be told which is the day",
        ),
        ('id,active\n"a\n' + "x" * 200_000, "it is no table: "),
    ],
)
def test_a_directory_that_cannot_be_told(estate: Estate, table: str, says: str) -> None:
    estate.rules(rule("Down"))
    estate.write("people.csv", table)
    ran = estate.run("audit", str(estate.root), "--people", str(estate.root / "people.csv"))
    assert (ran.code, says in ran.err) == (2, True)
    assert estate.run("audit", str(estate.root), "--people", "/gone.csv").code == 2
    assert directory_of(b"\xff", "x") == "it is not UTF-8"


def test_a_directory_as_a_spreadsheet_writes_it() -> None:
    found = directory_of("id\tactive\nana\tno\n".encode("utf-16"), "x")
    assert isinstance(found, PeopleDirectory)
    assert found.by_id["ana"].is_gone(date(2026, 1, 1))


def pager(*entries: tuple[str, str, str], users: str = "ana cyd") -> str:
    named = [
        {"id": f"P{one}", "name": one, "email": f"{one}@parcels.example"} for one in users.split()
    ]
    rendered = [
        {"user": {"id": f"P{who}"}, "start": start, "end": end} for who, start, end in entries
    ]
    layer = {"name": "main", "start": "2026-01-05T09:00:00Z", "rotation_virtual_start": "2026-01-05T09:00:00Z",
             "rotation_turn_length_seconds": 604800, "users": [{"user": {"id": f"P{users.split(maxsplit=1)[0]}"}}]}  # fmt: skip
    schedule = {"id": "PPAY", "name": "Pay rota", "time_zone": "Etc/UTC", "schedule_layers": [layer],
                "users": [], "final_schedule": {"rendered_schedule_entries": rendered}}  # fmt: skip
    policy = {"id": "PPOL", "name": "Pay policy", "escalation_rules": [
        {"escalation_delay_in_minutes": 5, "targets": [{"id": "PPAY", "type": "schedule_reference"}]}]}  # fmt: skip
    service = {"id": "PSVC", "name": "Payments", "escalation_policy": {"id": "PPOL"}}
    return json.dumps(
        {
            "users": named,
            "schedules": [schedule],
            "escalation_policies": [policy],
            "services": [service],
        }
    )


WEEK = ("2026-12-01T00:00:00Z", "2026-12-08T00:00:00Z")


@pytest.mark.parametrize(
    ("bound", "exported", "differs"),
    [
        ("PPAY", pager(), False),
        ("Pay rota", pager(("cyd", *WEEK)), True),
        ("PPAY", pager(("ana", *WEEK)), False),
        ("Payments", pager(("cyd", *WEEK)), True),
        ("PPAY", pager(users="cyd"), True),
        ("PPAY", pager(users="stranger"), True),
        ("Other", pager(("cyd", *WEEK)), False),
    ],
)
def test_whether_the_rotas_differ(estate: Estate, bound: str, exported: str, differs: bool) -> None:
    estate.write(
        "opmodel.yaml", REGISTRY + f"  rota: {{service: {bound}, means: payments-oncall}}\n"
    )
    estate.rules(rule("Down"))
    estate.write("deployed/pager.json", exported)
    found = [one for one in estate.audit()["diagnostics"] if one["code"] == "OM930"]
    assert [(one["entity"]["id"], one["owner"]) for one in found] == [
        ("payments-oncall", "payments")
    ] * differs
    if differs and bound == "Pay rota":
        assert found[0]["message"] == (
            "from Tue 2026-12-01 12:00 UTC the pager's `Pay rota` has `cyd` on call, and "
            "`payments-oncall` has `ana`: they differ once in four weeks, for 6d12h"
        )


SPACES = """\
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Namespace, metadata: {name: pay, annotations: {parcels.example/team: payments}}}
  - {apiVersion: v1, kind: Namespace, metadata: {name: cron, annotations: {parcels.example/room: x}}}
  - {apiVersion: v1, kind: Namespace, metadata: {}}
"""


def test_a_namespace_names_the_owner(estate: Estate) -> None:
    estate.write("opmodel.yaml", REGISTRY + "  ns: {namespace_annotation: parcels.example/team}\n")
    estate.write("deployed/ns.yaml", SPACES)
    for space in ("pay", "cron", "other"):
        estate.write(f"deployed/{space}.yaml", json.dumps({
            "apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule",
            "metadata": {"name": "r", "namespace": space},
            "spec": {"groups": [{"name": "g", "rules": [{"alert": f"Down{space}", "expr": "sum(up) == 0"}]}]},
        }))  # fmt: skip
    found = estate.audit()
    owners = {name: one["owner"] for name, one in found["rows"].items()}
    assert owners == {
        "Downpay": {"id": "payments", "source": "namespace", "weak": False},
        "Downcron": None,
        "Downother": None,
    }
    assert found["not_read"] == [
        {"path": "deployed/ns.yaml", "line": 6, "reason": "a namespace without a name"}
    ]


# -- the report ----------------------------------------------------------------------------------


def test_of_many_teams_the_silent_ones_are_all_shown(estate: Estate) -> None:
    teams = "".join(f"  t{n}: {{name: T{n}, lead: ana}}\n" for n in range(40))
    estate.write("opmodel.yaml", REGISTRY.replace("teams:\n", "teams:\n" + teams))
    estate.rules(*(rule(f"Down{n}", severity="critical", team=f"t{n}") for n in range(40)))
    quiet = ", ".join(f'{{matchers: [team="t{n}"], receiver: nobody}}' for n in range(30))
    estate.routes(f"{{receiver: pay-pager, routes: [{quiet}]}}")
    text = estate.run("audit", str(estate.root), "--at", AT).out
    lines = text.splitlines()
    assert sum(line.split()[:3] == ["1", "1", "1"] for line in lines) == 30
    assert (
        "and 10 more owners, no alert of whom is known to reach nobody: 0 errors, 20 warnings"
        not in text
    )
    assert any(line.startswith("and 10 more owners, no alert of whom") for line in lines)
    silent = text.partition("error[OM902]")[2].partition("\nerror[")[0].partition("\nwarning[")[0]
    assert all(f"Down{n}" in silent for n in range(30)), "no alert that reaches nobody is left out"
    assert max(map(len, lines)) <= 200
    page = estate.run("audit", str(estate.root), "--at", AT, "--format", "md").out
    assert page.count("OM902") == 1


def test_junit_has_a_case_for_each_alert(estate: Estate) -> None:
    estate.rules(rule("Down", severity="critical"), rule("Fine & well", team="payments"))
    estate.routes(
        '{receiver: nobody, routes: [{matchers: [team="payments"], receiver: pay-pager}]}'
    )
    ran = estate.run("audit", str(estate.root), "--at", AT, "--format", "junit")
    suite = ET.fromstring(ran.out)
    cases = {one.attrib["name"]: one for one in suite}
    assert (ran.code, suite.attrib["failures"]) == (1, "1")
    failure = cases["Down"].find("failure")
    assert failure is not None
    assert "OM902" in str(failure.text)
    assert cases["Fine & well"].find("failure") is None
