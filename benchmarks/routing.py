"""Print what routing costs, beside amtool: `python benchmarks/routing.py [--rules N] [--routes N]`.

Alerts of which some labels are known and some are not go through a large routing tree, all of them
in this process; amtool is called for a sample of them, with labels filled in, and the sample's CPU
time multiplied. The sample's answers must agree. The exit is 1 where they do not.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from registry.deployed.model import Integration, Matcher, Receiver, Route, Router, Where
from registry.deployed.routing.labels import ABSENT, Known, Labels
from registry.deployed.routing.matcher import parse
from registry.deployed.routing.refusal import Refusal
from registry.deployed.routing.shadow import unreachable
from registry.deployed.routing.symbolic import Symbolic
from registry.deployed.routing.tree import matched, walk

_HERE = Where("alertmanager.yml")
_REACH = 1 / 15
_PER_TEAM = (
    ['severity="page"'],
    ['severity=~"warning|info"', 'env!="prod"'],
    ['env=~"prod-.*"', 'severity!="page"'],
    ['service=~"api-.*|web-.*"'],
    ['service="billing"', 'env=~"prod|stage"'],
    ['alertname=~".*Latency.*"'],
    ['alertname=~"Disk.*|Memory.*"', 'severity="page"'],
    ['cluster!~"test-.*"'],
)
_Config = dict[str, object]


def configuration(routes: int) -> _Config:
    """Return an Alertmanager configuration of so many routes below its root."""
    teams: list[_Config] = [
        {"receiver": "log", "matchers": ['severity!=""'], "continue": True},
        {"receiver": "null", "matchers": ['alertname="Watchdog"']},
    ]
    left = routes - len(teams)
    while left > 0:
        number = len(teams)
        team = (
            f'team=~"team-{number}|squad-{number}"' if number % 4 == 0 else f'team="team-{number}"'
        )
        below = [
            {"receiver": f"team-{number}-{n}", "matchers": wants, "continue": n == 3}
            for n, wants in enumerate(_PER_TEAM[: left - 1])
        ]
        teams.append({"receiver": f"team-{number}", "matchers": [team], "routes": below})
        left -= 1 + len(below)
    root = {"receiver": "default", "routes": teams}
    names = sorted(set(_receivers(root)))
    webhook = [{"url": "http://127.0.0.1:9/"}]
    return {"route": root, "receivers": [{"name": n, "webhook_configs": webhook} for n in names]}


def alerts(rules: int, routes: int) -> list[Labels]:
    """Return what is known of so many alerts, no two alike; in a third it is all that is asked."""
    random = Random("alerts")
    teams = max(routes // (len(_PER_TEAM) + 1), 1)
    found = []
    for number in range(rules):
        name = random.choice(["Errors", "HighLatency", "DiskFull", "Memory", "Queue"])
        known = {
            "alertname": Known(f"{name}{number}"),
            "severity": Known(random.choice(["page", "warning", "info", "ticket"])),
        }
        if random.random() < 0.8:
            known["team"] = Known(f"team-{random.randrange(teams)}")
        if random.random() < 0.5:
            known["env"] = Known(random.choice(["prod", "prod-eu", "stage", ""]))
        if random.random() < 0.5:
            known["service"] = Known(f"{random.choice(['api', 'web', 'job'])}-{number}")
        if random.random() < 0.5:
            known["cluster"] = ABSENT
        found.append(Labels(known))
    return found


def _receivers(route: _Config) -> list[str]:
    below = route.get("routes", ())
    assert isinstance(below, (list, tuple))
    return [str(route["receiver"]), *(name for one in below for name in _receivers(one))]


def _router(config: _Config) -> Router:
    root = _route(config["route"])
    webhook = (Integration("webhook", _HERE),)
    names = {one.receiver for one in walk(root)}
    return Router(_HERE, "prometheus", root, {n: Receiver(n, _HERE, webhook) for n in names})


def _route(written: object) -> Route:
    assert isinstance(written, dict)
    matchers: list[Matcher] = []
    for text in written.get("matchers", ()):
        found = parse(text, _HERE)
        assert not isinstance(found, Refusal)
        matchers += found
    below = tuple(_route(one) for one in written.get("routes", ()))
    goes_on = bool(written.get("continue"))
    return Route(written["receiver"], _HERE, tuple(matchers), goes_on, routes=below)


def _asked(file: Path, labels: dict[str, str]) -> tuple[float, str]:
    """Return the CPU seconds of one call of amtool, and what it prints."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    texts = [f'{name}="{value}"' for name, value in labels.items()]
    command = ["amtool", "config", "routes", "test", f"--config.file={file}", *texts]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, done.stdout.strip()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the row, and return the exit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, default=10_000)
    parser.add_argument("--routes", type=int, default=1_000)
    parser.add_argument("--sample", type=int, default=100)
    options = parser.parse_args(arguments)
    config, asked = configuration(options.routes), alerts(options.rules, options.routes)

    before = time.process_time()
    router = _router(config)
    symbolic = Symbolic(router)
    judgements = [symbolic.judge(labels) for labels in asked]
    judged = time.process_time() - before
    hidden = unreachable(router.root)
    whole = time.process_time() - before
    verdicts = [one.verdict for one in judgements]
    said = {verdict: verdicts.count(verdict) for verdict in sorted(set(verdicts))}
    rough = sum(one.rough for one in judgements)
    print(
        f"{options.rules} alerts through {options.routes} routes: {said}, {rough} of them roughly"
    )
    print(
        f"ours: {judged:.2f} s of CPU; with {len(hidden)} unreachable routes found, {whole:.2f} s"
    )
    if shutil.which("amtool") is None:
        print("amtool is not installed: nothing to compare with")
        return 0
    return _compared(config, router, asked[: options.sample], whole, options.rules)


def _compared(
    config: _Config, router: Router, sample: list[Labels], ours: float, rules: int
) -> int:
    spent, wrong = 0.0, 0
    with tempfile.TemporaryDirectory(prefix="opmodel-bench-") as folder:
        file = Path(folder) / "alertmanager.json"
        file.write_text(json.dumps(config), encoding="utf-8")
        for one in sample:
            labels = {name: known.value or "" for name, known in one.known.items()}
            seconds, printed = _asked(file, labels)
            spent += seconds
            wrong += printed != ",".join(r.receiver for r in matched(router.root, labels))
    call = spent / len(sample)
    ratio = ours / (call * rules)
    print(
        f"amtool: {call * 1000:.1f} ms of CPU a call, of {len(sample)} calls; for {rules}, by"
        f" multiplication, {call * rules:.0f} s"
    )
    print(f"ratio 1/{1 / ratio:.0f}, to be reached 1/15: {'yes' if ratio <= _REACH else 'NO'}")
    print(f"answers that differ from amtool's in the sample: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
