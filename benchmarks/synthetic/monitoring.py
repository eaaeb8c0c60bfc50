"""What a company's monitoring runs: Prometheus rules, an Alertmanager, and the registry of both.

Some rules set the labels by which the tree routes, some leave them to their series, and the tree
asks for labels of both kinds, as trees do that have grown for years.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from synthetic.document import Entity, Fields, RegistryFile, Value, render_fields
from synthetic.oncall_shapes import weekly
from synthetic.team import person
from synthetic.vocabulary import person_id, product_id

_ROUTES_A_TEAM = 13
"""A team's branch and its namespaces' branch, whole."""

_PEOPLE_A_TEAM = 4
_RULES_A_GROUP = 10
_GROUPS_A_FILE = 5

_CLUSTERS = ("prod-eu", "prod-us", "prod-ap", "stage-eu", "dev-eu")
_SEVERITIES = ("page", "critical", "warning", "warning", "ticket", "info")
_RUNBOOKS = "https://runbooks.acme.example"

_SYMPTOMS = (
    "ErrorRateHigh", "LatencyHigh", "QueueGrowing", "PodsRestarting", "TargetDown", "DiskFull",
    "CertificateExpires", "MemoryHigh", "ReplicasMissing", "JobFailed", "NoTraffic", "CacheMisses",
)  # fmt: skip

_QUERIES = (
    (
        "sum by (namespace, job)"
        ' (rate(http_requests_total{{code=~"5..", namespace="{space}"}}[5m]))'
        ' / sum by (namespace, job) (rate(http_requests_total{{namespace="{space}"}}[5m])) > 0.0{n}'
    ),
    (
        "histogram_quantile(0.99, sum by (le, namespace, job, cluster)"
        ' (rate(request_seconds_bucket{{job="{job}"}}[5m]))) > 0.{n}'
    ),
    'sum by (namespace, job) (increase(worker_failures_total{{job=~"{team}-.*"}}[1h])) > {n}',
    'max by (cluster, namespace, pod) (kube_pod_restarts{{namespace=~"{team}-.*"}}) > {n}',
    'up{{job="{job}"}} == 0',
    'sum by (job) (queue_length{{job="{job}", cluster!~"dev-.*"}}) > {n}00',
    'absent(up{{job="{job}", namespace="{space}"}})',
    "sum(rate(cache_misses_total[10m])) > {n}",
    'avg without (instance, pod) (memory_used_ratio{{namespace="{space}"}}) > 0.9{n}',
    'count by (team, cluster) (probe_success{{team="{team}"}} == 0) > {n}',
    'kube_job_failed{{namespace="{space}"}} * on (namespace) group_left (team) owners > 0',
    '(disk_free_bytes{{job="{job}"}} / disk_size_bytes) < 0.{n} and disk_read_only == 0',
)


def registry_files(routes: int, seed: int) -> Iterator[RegistryFile]:
    """Yield the registry's files: for each team its people, its ways to be paged, its bindings."""
    for ordinal, team in enumerate(_teams(routes)):
        random = Random(f"{seed}/registry/{ordinal}")
        people = range(ordinal * _PEOPLE_A_TEAM, (ordinal + 1) * _PEOPLE_A_TEAM)
        entities = (*_who(team, people, random), *_paged(team, people, random), *_bindings(team))
        yield RegistryFile(f"teams/{team}.yaml", f"Team {team}, and who is paged for it", entities)


def deployed_files(
    rules: int, routes: int, seed: int, *, bare: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield path and text of each deployed file: so many rules, and a tree of so many routes.

    Of a `bare` estate the rules set no label at all: every one is left to the series.
    """
    yield "deployed/alertmanager.yml", render_fields(_alertmanager(routes))
    teams = _teams(routes)
    size = _RULES_A_GROUP * _GROUPS_A_FILE
    for number, first in enumerate(range(0, rules, size)):
        team = teams[number % len(teams)]
        random = Random(f"{seed}/rules/{number}")
        some = [_rule(team, at, random) for at in range(first, min(first + size, rules))]
        if bare:
            some = [_bare(rule, first + at) for at, rule in enumerate(some)]
        groups = [
            {"name": f"{team}-{at // _RULES_A_GROUP}", "rules": some[at : at + _RULES_A_GROUP]}
            for at in range(0, len(some), _RULES_A_GROUP)
        ]
        yield f"deployed/rules/{number:04}-{team}.yml", render_fields({"groups": groups})


def _teams(routes: int) -> list[str]:
    return [product_id(ordinal) for ordinal in range(max(routes // _ROUTES_A_TEAM, 1))]


# -- the registry --------------------------------------------------------------------------------


def _who(team: str, people: range, random: Random) -> Iterator[Entity]:
    ids = [person_id(ordinal) for ordinal in people]
    for ordinal, id_ in zip(people, ids, strict=True):
        yield Entity("people", id_, person(ordinal, random))
    fields: Fields = {"name": team.title(), "function": "engineering", "lead": ids[0]}
    yield Entity("teams", team, {**fields, "members": ids})


def _paged(team: str, people: range, random: Random) -> Iterator[Entity]:
    ids = [person_id(ordinal) for ordinal in people]
    chat: Fields = {"kind": "slack", "address": f"#{team}", "owner": ids[1], "read_every": "1d"}
    yield Entity("channels", f"{team}-chat", chat)
    schedule: Fields = {"team": team, **weekly(ids, "Europe/Berlin", random)}
    yield Entity("schedules", f"{team}-week", schedule)
    steps = [{"after": "0m", "notify": [f"{team}-week"]}, {"after": "15m", "notify": [ids[0]]}]
    yield Entity("escalations", f"{team}-page", {"team": team, "steps": steps})


def _bindings(team: str) -> Iterator[Entity]:
    for kind in ("page", "chat"):
        fields: Fields = {"receiver": f"{team}-{kind}", "means": f"{team}-{kind}"}
        yield Entity("bindings", f"{team}-{kind}-receiver", fields)
    yield Entity("bindings", f"{team}-label", {"label": "team", "value": team, "means": team})


# -- the tree ------------------------------------------------------------------------------------


def _alertmanager(routes: int) -> Fields:
    """Return a configuration with exactly so many routes below the root."""
    teams = _teams(routes)
    left = iter(range(routes))
    top = list(_cut(_top(teams), left))
    names = {"default", "null", "audit-log", *(f"{team}-{kind}" for team in teams
                                              for kind in ("page", "chat"))}  # fmt: skip
    return {
        "route": {"receiver": "default", "group_by": ["alertname"], "routes": top},
        "receivers": [_receiver(name) for name in sorted(names)],
        "inhibit_rules": [
            {
                "source_matchers": ['severity="critical"'],
                "target_matchers": ['severity="warning"'],
                "equal": ["namespace", "alertname"],
            }
        ],
        "time_intervals": [
            {"name": "nights", "time_intervals": [{"times": [_times("00:00", "07:00")]}]},
            {"name": "office", "time_intervals": [{"weekdays": ["monday:friday"],
                                                   "times": [_times("08:00", "18:00")]}]},
        ],
    }  # fmt: skip


def _times(start: str, end: str) -> Fields:
    return {"start_time": start, "end_time": end}


def _receiver(name: str) -> Fields:
    if name == "null":
        return {"name": name}
    if name.endswith("-page"):
        return {"name": name, "pagerduty_configs": [{"routing_key_file": f"/etc/keys/{name}"}]}
    return {"name": name, "webhook_configs": [{"url": f"https://chat.acme.example/{name}"}]}


def _cut(routes: Iterator[Fields], left: Iterator[int]) -> Iterator[Fields]:
    """Yield routes, parents first, until as many are written as there shall be."""
    for route in routes:
        if next(left, None) is None:
            return
        below = route.get("routes", ())
        assert isinstance(below, Sequence)
        children = list(_cut((one for one in below if isinstance(one, Mapping)), left))
        yield (
            {**route, "routes": children}
            if children
            else {key: value for key, value in route.items() if key != "routes"}
        )


def _top(teams: Sequence[str]) -> Iterator[Fields]:
    yield _route("null", 'alertname=~"Watchdog|InfoInhibitor"')
    yield _route("audit-log", 'severity=~"page|critical"', **{"continue": True})
    yield _route("null", 'severity="none"')
    for number, team in enumerate(teams):
        yield _by_team(team, number)
    for number, team in enumerate(teams):
        yield _by_namespace(team, number)
    # What is left makes up the exact count.
    for number in range(10 * _ROUTES_A_TEAM):
        yield _route("default", f'service="legacy-{number}"')


def _by_team(team: str, number: int) -> Fields:
    want = f'team=~"{team}|{team}-squad"' if number % 4 == 0 else f'team="{team}"'
    quiet = {"mute_time_intervals": ["nights"]} if number % 5 == 0 else {}
    day = {"active_time_intervals": ["office"]} if number % 7 == 0 else {}
    return _route(
        f"{team}-chat", want,
        routes=[
            _route(f"{team}-page", 'severity=~"page|critical"', routes=[
                _route(f"{team}-chat", 'cluster=~"dev-.*|stage-.*"'),
                _route(f"{team}-page", f'namespace!~"{team}-.*"', **quiet),
            ]),
            _route(f"{team}-chat", 'severity="warning"', 'cluster!~"dev-.*"',
                   **{"continue": number % 3 == 0}, **day),
            _route("null", 'severity=~"info|none"'),
        ],
    )  # fmt: skip


def _by_namespace(team: str, number: int) -> Fields:
    want = f'namespace="{team}-api"' if number % 3 == 0 else f'namespace=~"{team}-.*"'
    return _route(
        f"{team}-chat", want, 'team=""' if number % 2 else 'team!="platform"',
        **{"continue": number % 6 == 0},
        routes=[
            _route(f"{team}-page", 'severity=~"page|critical"', 'cluster!="dev-eu"', routes=[
                _route(f"{team}-chat", 'service=~".*-batch"'),
                _route(f"{team}-chat", 'job!~"[a-z].*"', 'cluster=~"prod-.*"'),
            ]),
            _route("default", f'namespace="{team}-sandbox"'),
            _route("null", 'severity="info"', **{"continue": number % 4 == 0}),
        ],
    )  # fmt: skip


def _route(receiver: str, *matchers: str, **more: Value) -> Fields:
    kept = {key: value for key, value in more.items() if value is not False}
    return {"receiver": receiver, "matchers": list(matchers), **kept}


# -- the rules -----------------------------------------------------------------------------------


def _bare(rule: Fields, number: int) -> Fields:
    """Return a rule without labels, on an expression that passes all of its series' labels on."""
    kept = {key: value for key, value in rule.items() if key != "labels"}
    return {**kept, "expr": f"some_metric_{number} > {number}"}


def _rule(team: str, number: int, random: Random) -> Fields:
    """Return a rule with up to four labels of its own; the others are left to its series."""
    symptom = random.choice(_SYMPTOMS)
    where = {
        "team": team,
        "space": f"{team}-{random.choice(('api', 'worker', 'batch', 'sandbox'))}",
        "job": f"{team}-{random.choice(('api', 'worker', 'gateway', 'store'))}",
    }
    expr = random.choice(_QUERIES).format(**where, n=random.randint(1, 9))
    labels = {
        "severity": random.choice(_SEVERITIES),
        "team": team,
        "service": f"{where['job']}-{random.randint(1, 3)}",
        "cluster": random.choice(_CLUSTERS),
    }
    own = {name for name, share in zip(labels, (0.9, 0.6, 0.4, 0.1), strict=True)
           if random.random() < share}  # fmt: skip
    annotations = {
        "summary": f"{symptom} in {where['space']}: {{{{ $value }}}} of {{{{ $labels.job }}}}",
        "runbook_url": f"{_RUNBOOKS}/{team}/{symptom.lower()}",
    }
    if random.random() < 0.2:
        del annotations["runbook_url"]
    rule: dict[str, Value] = {"alert": f"{symptom}{number}", "expr": expr, "for": "10m"}
    if own:
        rule["labels"] = {name: value for name, value in labels.items() if name in own}
    return {**rule, "annotations": annotations}
