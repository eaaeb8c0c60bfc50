"""What becomes of an alert between its rule and its receiver, from files to rows of the audit."""

from pathlib import Path

import pytest

from registry.audit.delivery import Deliveries, unsure
from registry.deployed.ingest import NamedFiles, ingest
from registry.deployed.model import Deployed, PlacedText, Relabel, Where
from registry.deployed.relabelling import relabelled
from registry.deployed.routing.labels import ABSENT, ANYTHING, Known, Labels, domain

HERE = Where("prometheus.yml")
OPEN = Labels({"team": Known("db"), "severity": Known("info")})
"""An alert of which two labels are known, and nothing of the others."""
SHUT = OPEN._replace(others=ABSENT)


def files(tmp_path: Path, **texts: str) -> Deployed:
    for name, text in texts.items():
        path = tmp_path / name.replace("__", "/").replace("_yml", ".yml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return ingest([NamedFiles("", str(tmp_path))], str(tmp_path)).deployed


def ways(deployed: Deployed) -> dict[str, tuple[str, tuple[str, ...]]]:
    found = Deliveries(deployed)
    judged = {one.name: found.way(one) for one in deployed.alerts}
    return {name: (way.verdict, way.names) for name, way in judged.items()}


# -- relabelling -------------------------------------------------------------------------------


def step(action: str, *sources: str, **fields: str | int) -> Relabel:
    return Relabel(HERE, action, sources)._replace(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "dropped"),
    [
        (step("drop", "severity", regex="info|none"), True),
        (step("drop", "severity", regex="inf"), False),
        (step("drop", "env", regex="dev"), None),
        (step("keep", "severity", regex="page"), True),
        (step("keep", "severity", regex="info"), False),
        (step("keep", "env", regex="prod"), None),
        (step("drop", "severity", "team", regex="info;db"), True),
        (step("drop", "severity", "env", regex="info;.*"), True),
        (step("drop", "severity", "env", regex="page;.*"), False),
        (step("drop", "severity", "env", regex="info;dev"), None),
        (step("drop", "severity", "env", regex="info;dev|.*"), None),
        (step("dropequal", "team", target="severity"), False),
        (step("keepequal", "team", target="severity"), True),
        (step("keepequal", "env", target="team"), None),
        (step("drop", "env", regex=".*"), True),
    ],
)
def test_what_is_dropped(one: Relabel, dropped: bool | None) -> None:
    assert relabelled(OPEN, [one], ()).dropped is dropped


def test_an_absent_label_is_empty() -> None:
    assert relabelled(SHUT, [step("drop", "env", regex="dev")], ()).dropped is False
    assert relabelled(SHUT, [step("keep", "env", regex="prod")], ()).dropped is True


@pytest.mark.parametrize(
    ("one", "label", "values"),
    [
        (step("replace", target="team", replacement="x"), "team", {"x"}),
        (step("replace", "severity", target="level"), "level", {"info"}),
        (step("replace", "severity", regex="(.).*", target="team", replacement="${1}-$1x"), "team",
         {"i-"}),
        (step("replace", "severity", regex="page", target="team", replacement="x"), "team", {"db"}),
        (step("replace", "env", regex="dev", target="team", replacement="x"), "team", {"db", "x"}),
        (step("replace", target="team", replacement=""), "team", {""}),
        (step("replace", "severity", target="$1", replacement="x"), "info", {"x"}),
        (step("uppercase", "team", target="team"), "team", {"DB"}),
        (step("lowercase", "env", target="team"), "team", None),
        (step("hashmod", "team", target="shard", modulus=1), "shard", {"0"}),
        (step("labeldrop", regex="te.*"), "team", {""}),
        (step("labeldrop", regex="replica"), "team", {"db"}),
        (step("labelkeep", regex="team|alertname"), "severity", {""}),
        (step("labelkeep", regex="team"), "env", {""}),
    ],
)  # fmt: skip
def test_what_labels_become(one: Relabel, label: str, values: set[str] | None) -> None:
    sent = relabelled(OPEN, [one], ["team", "severity", "env"])
    assert domain(sent.labels.of(label)).values == values
    assert sent.dropped is False


def test_a_map_of_labels() -> None:
    one = step("labelmap", regex="te(.*)")
    assert relabelled(SHUT, [one], ()).labels.of("am") == Known("db")
    assert relabelled(OPEN, [one], ()).labels.of("team") == ANYTHING


def test_a_map_of_named_labels_changes_no_other() -> None:
    one = step("labelmap", regex="old_(crew|tribe)")
    found = relabelled(OPEN, [one], ()).labels
    assert found.of("team") == Known("db")
    assert found.of("crew") == ANYTHING
    assert relabelled(SHUT, [one], ()).labels.of("crew") == ABSENT


def test_what_is_left_after_a_step_is_narrower() -> None:
    steps = [step("drop", "env", regex="dev"), step("drop", "env", regex="dev")]
    assert relabelled(OPEN, steps, ()).dropped is None
    steps = [step("keep", "env", regex="dev|prod"), step("drop", "env", regex="test")]
    found = relabelled(OPEN, steps, ())
    assert domain(found.labels.of("env")).values == {"dev", "prod"}


# -- what is loaded ----------------------------------------------------------------------------

RULES = "groups: [{name: g, rules: [{alert: A, expr: sum(up), labels: {team: db}}]}]\n"


@pytest.mark.parametrize(
    ("patterns", "is_loaded"),
    [
        ("[rules/*.yml]", True), ("[rules/r?.yml, x]", True), ("['rules/r[0-9].yml']", True),
        ("['rules/r[^0-9].yml']", False), ("[rules/*.yaml]", False), ("['*.yml']", False),
        ("[]", False), ("[/etc/prometheus/rules/*.yaml]", True), ("[../x/rules/*.yml]", False),
        ("[./rules/*]", True), ("['**/*.yml']", True), ("['*.yml', /etc/x/*.yml]", True),
    ],
)  # fmt: skip
def test_patterns_decide_what_is_loaded(tmp_path: Path, patterns: str, is_loaded: bool) -> None:
    text = f"rule_files: {patterns}\n"
    deployed = files(tmp_path, prometheus_yml=text, rules__r1_yml=RULES)
    (alert,) = deployed.alerts
    assert (alert.unloaded is None) == is_loaded
    assert len(deployed.unloaded) == (not is_loaded)


def test_unit_tests_of_rules_are_no_server(tmp_path: Path) -> None:
    tests = "rule_files: [other.yml]\nevaluation_interval: 1m\ntests: []\n"
    deployed = files(tmp_path, r_yml=RULES, r__tests_yml=tests)
    assert deployed.senders == deployed.unloaded == ()


def victoria(spec: str) -> str:
    return f"kind: VMAlert\nmetadata: {{name: v, namespace: n}}\nspec: {spec}\n"


@pytest.mark.parametrize(
    ("server", "group"),
    [
        ("rule_files: [r.yml]\n", ABSENT),
        ("scrape_configs: []\n", ANYTHING),  # it may scrape for a vmalert
        (victoria("{}"), Known("g")),
        (victoria("{extraArgs: {disableAlertgroupLabel: 'true'}}"), ABSENT),
    ],
)
def test_only_vmalert_adds_the_name_of_a_group(tmp_path: Path, server: str, group: Known) -> None:
    deployed = files(tmp_path, server_yml=server, r_yml=RULES)
    (alert,) = deployed.alerts
    assert Deliveries(deployed).labels(alert).of("alertgroup") == group


def test_each_rule_is_sent_by_the_server_that_loads_it(tmp_path: Path) -> None:
    server = "rule_files: [%s.yml]\nglobal: {external_labels: {env: %s}}\n"
    deployed = files(
        tmp_path,
        a__prometheus_yml=server % ("r", "prod"), b__prometheus_yml=server % ("r", "dev"),
        a__r_yml=RULES, b__r_yml=RULES.replace("A", "B"),
    )  # fmt: skip
    found = Deliveries(deployed)
    sent = {one.name: found.labels(one).of("env") for one in deployed.alerts}
    assert sent == {"A": Known("prod"), "B": Known("dev")}


MAP = (
    "kind: ConfigMap\nmetadata: {name: c}\ndata:\n  a.yml: |\n    "
    + RULES
    + "  b.yml: |\n    "
    + RULES.replace("A", "B")
)


def test_a_config_map_names_its_own_files(tmp_path: Path) -> None:
    server = "  prometheus.yml: |\n    rule_files: [/etc/config/a.yml]\n"
    deployed = files(tmp_path, c_yml=MAP + server)
    assert [(one.name, one.unloaded is None) for one in deployed.alerts] == [
        ("A", True), ("B", False),
    ]  # fmt: skip
    assert [one.part for one in deployed.unloaded] == ["`b.yml`"]
    elsewhere = files(tmp_path, c_yml=MAP + server.replace("a.yml]", "c.yml]"))
    assert [one.unloaded for one in elsewhere.alerts] == [None, None]


RESOURCE = (
    "kind: PrometheusRule\nmetadata: {name: r, namespace: n, labels: {role: x}}\nspec:\n  " + RULES
)


@pytest.mark.parametrize(
    ("spec", "is_loaded"),
    [
        ("{}", False),
        ("{ruleSelector: {}}", True),
        ("{ruleSelector: {matchLabels: {role: x}}}", True),
        ("{ruleSelector: {matchLabels: {role: y}}}", False),
        ("{ruleSelector: {matchExpressions: [{key: role, operator: NotIn, values: [x]}]}}", False),
        ("{ruleSelector: {matchExpressions: [{key: other, operator: Exists}]}}", False),
        ("{ruleNamespaceSelector: {matchLabels: {kubernetes.io/metadata.name: m}}}", False),
        ("{ruleSelector: {}, ruleNamespaceSelector: {matchLabels: {tier: gold}}}", True),
    ],
)
def test_selectors_decide_what_is_loaded(tmp_path: Path, spec: str, is_loaded: bool) -> None:
    server = f"kind: Prometheus\nmetadata: {{name: p, namespace: n}}\nspec: {spec}\n"
    (alert,) = files(tmp_path, k_yml=f"{server}---\n{RESOURCE}").alerts
    assert (alert.unloaded is None) == is_loaded


def test_a_server_sets_the_namespace_that_it_enforces(tmp_path: Path) -> None:
    server = "kind: Prometheus\nmetadata: {name: p}\nspec: {ruleSelector: {}, enforcedNamespaceLabel: ns}\n"
    deployed = files(tmp_path, k_yml=f"{server}---\n{RESOURCE}")
    assert Deliveries(deployed).labels(deployed.alerts[0]).of("ns") == Known("n")


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("kind: Prometheus\nmetadata: {name: p, namespace: m}\nspec: {}\n", "prometheus", "m/p"),
        ("kind: Prometheus\nmetadata: {name: p, namespace: m}\nspec: {}\n", "prometheus_replica", ""),
        ("kind: Prometheus\nspec: {prometheusExternalLabelName: ''}\n", "prometheus", ""),
        ("kind: ThanosRuler\nspec: {labels: {env: prod}}\n", "env", "prod"),
        ("kind: VMAlert\nspec: {externalLabels: {env: prod}}\n", "env", "prod"),
        ("prometheus: {prometheusSpec: {externalLabels: {env: prod}}}\n", "env", "prod"),
        ("x: {prometheus: {prometheusSpec: {externalLabels: {env: prod}}}}\n", "env", "prod"),
        ("serverFiles: {prometheus.yml: {}}\nserver: {global: {external_labels: {env: prod}}}\n", "env",
         "prod"),
        ("vmalert: {spec: {externalLabels: {env: prod}}}\n", "env", "prod"),
        ("kind: HelmRelease\nspec: {values: {prometheus: {prometheusSpec: {externalLabels: {env: prod}}}}}\n",
         "env", "prod"),
    ],
)  # fmt: skip
def test_labels_of_operated_servers(tmp_path: Path, text: str, label: str, value: str) -> None:
    routes = f"route: {{receiver: a, routes: [{{matchers: ['{label}=\"x\"']}}]}}\nreceivers: [{{name: a}}]\n"
    deployed = files(tmp_path, k_yml=f"{text}---\n{RESOURCE}", am_yml=routes)
    (sender,) = deployed.senders
    assert sender.where.file == "k.yml"
    assert Deliveries(deployed).labels(deployed.alerts[0]).of(label) == Known(value)


# -- parts of routing --------------------------------------------------------------------------

BASE = """kind: Secret
metadata: {name: alertmanager-main, namespace: mon}
stringData:
  alertmanager.yaml: |
    route: {receiver: base, routes: [{matchers: ['team="db"'], receiver: own}]}
    receivers: [{name: base, webhook_configs: [{url: 'http://x.example'}]},
                {name: own, webhook_configs: [{url: 'http://y.example'}]}]
"""
PART = """kind: AlertmanagerConfig
metadata: {name: c, namespace: n, labels: {role: x}}
spec:
  route: {receiver: r, matchers: [{name: team, value: db}]}
  receivers: [{name: r, webhookConfigs: [{url: 'http://z.example'}]}]
"""
VICTORIA = """kind: VMAlertmanagerConfig
metadata: {name: c, namespace: n}
spec:
  route: {receiver: r, matchers: ['team="db"']}
  receivers: [{name: r, webhook_configs: [{url: 'http://z.example'}]}]
"""
SPACED = RESOURCE.replace("sum(up)", "'sum by (namespace) (up{namespace=\"n\"})'")
MAIN = "kind: Alertmanager\nmetadata: {name: main, namespace: mon}\nspec: "
ALL = "{alertmanagerConfigNamespaceSelector: {}, "
OWN = ("always", ("own",))
JOINED = ("always", ("n/c/r", "own"))


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("spec", "rule", "way"),
    [
        (None, SPACED, JOINED),
        (None, RESOURCE, OWN),
        ("{}", SPACED, OWN),  # without a selector the operator takes none
        ("{alertmanagerConfigSelector: {}}", SPACED, OWN),  # and only of its own namespace
        ("{alertmanagerConfigSelector: {}, alertmanagerConfigNamespaceSelector: {}}", SPACED, JOINED),
        (ALL + "alertmanagerConfigSelector: {matchLabels: {role: x}}}", SPACED, JOINED),
        (ALL + "alertmanagerConfigSelector: {matchLabels: {role: y}}}", SPACED, OWN),
        (ALL + "alertmanagerConfigSelector: {}, alertmanagerConfigMatcherStrategy: {type: None}}",
         RESOURCE, JOINED),
        (ALL + "alertmanagerConfigSelector: {}, alertmanagerConfigMatcherStrategy:"
         " {type: OnNamespaceExceptForAlertmanagerNamespace}}", RESOURCE, OWN),
    ],
)  # fmt: skip
def test_a_part_stands_below_the_root(
    tmp_path: Path, spec: str | None, rule: str, way: tuple[str, tuple[str, ...]]
) -> None:
    owner = f"---\n{MAIN}{spec}\n" if spec is not None else ""
    deployed = files(tmp_path, k_yml=f"{PART}---\n{BASE}---\n{rule}{owner}")
    assert len(deployed.routers) == 1
    assert ways(deployed) == {"A": way}
    selected = deployed.routers[0].root.routes[0].receiver == "n/c/r"
    assert selected == (not deployed.skipped)


def test_a_part_may_be_the_base(tmp_path: Path) -> None:
    owner = MAIN.replace("mon", "n") + "{alertmanagerConfiguration: {name: c}}\n"
    deployed = files(tmp_path, k_yml=f"{PART}---\n{owner}---\n{RESOURCE}")
    assert ways(deployed) == {"A": ("always", ("n/c/r",))}


def test_a_part_that_is_the_base_need_not_be_selected(tmp_path: Path) -> None:
    base = PART.replace("name: c, namespace: n, labels: {role: x}", "name: b, namespace: mon")
    base = base.replace(", matchers: [{name: team, value: db}]", "")
    owner = MAIN + ALL + "alertmanagerConfigSelector: {matchLabels: {role: x}}, "
    owner += "alertmanagerConfiguration: {name: b}}\n"
    deployed = files(tmp_path, k_yml=f"{PART}---\n{base}---\n{owner}---\n{SPACED}")
    assert ways(deployed) == {"A": ("always", ("n/c/r",))}
    assert (len(deployed.routers), deployed.routers[0].root.receiver) == (1, "mon/b/r")


def test_a_part_without_a_route_inhibits_below_the_root(tmp_path: Path) -> None:
    part = (
        "kind: AlertmanagerConfig\nmetadata: {name: i, namespace: n}\nspec: {inhibitRules: [{}]}\n"
    )
    deployed = files(tmp_path, k_yml=f"{part}---\n{BASE}---\n{SPACED}")
    (router,) = deployed.routers
    assert [one.receiver for one in router.root.routes] == ["own"]
    assert [[each.value for each in one.source] for one in router.inhibitions] == [["n"]]


VMAIN = "kind: VMAlertmanager\nmetadata: {name: main, namespace: mon}\nspec: "


@pytest.mark.parametrize(
    ("spec", "asked"),
    [
        ("{}", None),
        ("{configSelector: {}}", None),
        ("{configNamespaceSelector: {}}", ["namespace", "team"]),
        ("{selectAllByDefault: true}", ["namespace", "team"]),
        ("{selectAllByDefault: true, disableNamespaceMatcher: true}", ["team"]),
        ("{selectAllByDefault: true, enforcedNamespaceLabel: ns}", ["ns", "team"]),
        (
            "{selectAllByDefault: true, enforcedTopRouteMatchers: ['a=b']}",
            ["namespace", "team", "a"],
        ),
    ],
)
def test_what_victoria_asks_of_its_parts(
    tmp_path: Path, spec: str, asked: list[str] | None
) -> None:
    base = BASE.replace("alertmanager-main", "vmalertmanager-main-config")
    deployed = files(tmp_path, k_yml=f"{VICTORIA}---\n{base}---\n{VMAIN}{spec}\n---\n{SPACED}")
    (router,) = deployed.routers
    found = [[each.label for each in one.matchers] for one in router.root.routes[1:]]
    assert found == ([asked] if asked is not None else [])


@pytest.mark.parametrize(
    ("spec", "is_loaded"),
    [("{}", False), ("{ruleSelector: {}}", True), ("{selectAllByDefault: true}", True),
     ("{ruleNamespaceSelector: {}}", True)],
)  # fmt: skip
def test_what_victoria_loads(tmp_path: Path, spec: str, is_loaded: bool) -> None:
    server = f"kind: VMAlert\nmetadata: {{name: p, namespace: n}}\nspec: {spec}\n"
    rule = RESOURCE.replace("PrometheusRule", "VMRule")
    (alert,) = files(tmp_path, k_yml=f"{server}---\n{rule}").alerts
    assert (alert.unloaded is None) == is_loaded


@pytest.mark.parametrize(
    ("spared", "is_enforced"),
    [
        ("excludedFromEnforcement: [{resource: prometheusrules, namespace: n, name: r}]", False),
        ("excludedFromEnforcement: [{resource: prometheusrules, namespace: n}]", False),
        ("excludedFromEnforcement: [{resource: prometheusrules, namespace: n, name: x}]", True),
        ("excludedFromEnforcement: [{resource: probes, namespace: n}]", True),
        ("prometheusRulesExcludedFromEnforce: [{ruleNamespace: n, ruleName: r}]", False),
    ],
)
def test_rules_that_an_enforced_label_spares(
    tmp_path: Path, spared: str, is_enforced: bool
) -> None:
    spec = f"{{ruleSelector: {{}}, enforcedNamespaceLabel: ns, {spared}}}"
    deployed = files(tmp_path, k_yml=f"kind: Prometheus\nspec: {spec}\n---\n{RESOURCE}")
    assert ("ns" in deployed.alerts[0].labels) == is_enforced


@pytest.mark.parametrize(
    ("goals", "actions"),
    [
        ("[{alertRelabelings: [{action: drop, sourceLabels: [a]}]}]", ["labeldrop", "drop"]),
        ("[{alertRelabelings: [{action: drop, sourceLabels: [a]}]}, {name: x}]", None),
        ("[{name: x}, {name: y}]", ["labeldrop"]),
    ],
)
def test_relabelling_for_one_alertmanager(
    tmp_path: Path, goals: str, actions: list[str] | None
) -> None:
    text = f"kind: Prometheus\nspec: {{alerting: {{alertmanagers: {goals}}}}}\n"
    (sender,) = files(tmp_path, k_yml=text).senders
    steps = sender.relabelling
    assert (None if steps is None else [one.action for one in steps]) == actions


def test_labels_that_the_operator_keeps_for_itself(tmp_path: Path) -> None:
    text = "kind: Prometheus\nmetadata: {name: p, namespace: m}\nspec: {externalLabels: {prometheus: x}}\n"
    (sender,) = files(tmp_path, k_yml=text).senders
    assert sender.external_labels["prometheus"].value == "m/p"


@pytest.mark.parametrize("flag", ["'a=b,c=d'", "['a=b', 'c=d']"])
def test_labels_in_a_flag_of_vmalert(tmp_path: Path, flag: str) -> None:
    text = f"kind: VMAlert\nspec: {{extraArgs: {{external.label: {flag}}}}}\n"
    (sender,) = files(tmp_path, k_yml=text).senders
    assert {key: one.value for key, one in sender.external_labels.items()} == {"a": "b", "c": "d"}


MISTAKEN = RULES.replace("sum(up)", "'sum(up[5m])'")


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ({}, ["r.yml: vmalert"]),
        ({"vm_yml": RESOURCE.replace("PrometheusRule", "VMRule")}, []),
        ({"vm_yml": "kind: VMAlert\nspec: {selectAllByDefault: true}\n"}, []),
        ({"vm_yml": "kind: VMAlertmanager\nspec: {}\n"}, []),
        ({"vm_yml": RULES.replace("name: g", "name: g, concurrency: 2")}, []),
        ({"prometheus_yml": "rule_files: [r.yml]\n"}, ["r.yml: "]),
    ],
)
def test_a_query_of_wrong_types_is_rather_a_mistake(
    tmp_path: Path, others: dict[str, str], told: list[str]
) -> None:
    deployed = files(tmp_path, r_yml=MISTAKEN, **others)
    assert [f"{one.where.file}: {one.taker}" for one in deployed.unloaded] == told
    reasons = [one.reason for one in deployed.unloaded]
    assert all(
        "would refuse it: the query of `A` does not parse: expected type" in one for one in reasons
    )


def test_victoria_places_its_parts_last(tmp_path: Path) -> None:
    base = BASE.replace("alertmanager-main", "vmalertmanager-main-config")
    deployed = files(tmp_path, k_yml=f"{VICTORIA}---\n{base}---\n{SPACED}")
    assert [one.receiver for one in deployed.routers[0].root.routes] == ["own", "n-c-r"]
    assert ways(deployed) == {"A": OWN}


def test_a_part_without_its_base_is_unknown(tmp_path: Path) -> None:
    deployed = files(tmp_path, k_yml=f"{PART}---\n{RESOURCE}")
    assert ways(deployed)["A"][0] == "unknown"


def test_only_the_first_document_is_a_rule_file(tmp_path: Path) -> None:
    both = f"{RULES}---\n{RULES.replace('A', 'B')}"
    deployed = files(tmp_path, prometheus_yml="rule_files: [r.yml]\n", r_yml=both)
    assert [(one.name, one.unloaded) for one in deployed.alerts] == [
        ("A", None), ("B", "Prometheus reads only the first document of a file; only vmalert takes it"),
    ]  # fmt: skip


def test_a_receiver_of_some_series_is_not_certain(tmp_path: Path) -> None:
    server = (
        "rule_files: [r.yml]\nalerting: {alert_relabel_configs:"
        " [{source_labels: [env], regex: dev, action: drop}]}\n"
    )
    rules = RULES.replace("sum(up)", "up")
    routes = "route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [{url: 'http://x.example'}]}]\n"
    deployed = files(tmp_path, prometheus_yml=server, r_yml=rules, am_yml=routes)
    (alert,) = deployed.alerts
    found = Deliveries(deployed)
    sent = found.sent(alert)
    assert (sent.dropped, sent.by and str(sent.by.where)) == (None, "prometheus.yml:2")
    way = unsure(found.way(alert, sent.labels), HERE)
    assert (way.verdict, way.is_covered, [one.certain for one in way.reached]) == (
        "depends", False, [False],
    )  # fmt: skip
    assert way.because[-1] == "nobody: prometheus.yml:1 drops some series"


def test_what_unknown_servers_could_change(tmp_path: Path) -> None:
    routes = """route: {receiver: a, routes: [{matchers: ['env="prod"'], receiver: b}]}
receivers: [{name: a, webhook_configs: [{url: 'http://x.example'}]}, {name: b}]
"""
    deployed = files(tmp_path, am_yml=routes, r_yml=RULES)
    found = Deliveries(deployed)
    (alert,) = deployed.alerts
    labels = found.labels(alert)
    way = found.way(alert, labels)
    assert (way.verdict, found.assumes(alert, labels, way)) == ("always", True)
    own = alert._replace(labels={**alert.labels, "env": PlacedText("prod", HERE)})
    labels = found.labels(own)
    assert not found.assumes(own, labels, found.way(own, labels))
