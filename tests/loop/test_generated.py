"""What is generated, run: each alert reaches exactly whom `who` names at that instant.

Prometheus runs the rules of a hundred registries made up at random, Alertmanager their routes, each
below a branch of its own. Every alert fires; each receiver hears of it by a webhook in the place of
its own integration, which has secrets that nobody has here.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from registry.stack.generate import generate
from registry.stack.generator import Order
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from tests.loop import servers
from tests.stack.delivered import alerts, named, reached
from tests.stack.randoms import random_registry

EARLIEST, QUIET, LATEST = 12, 8, 120
"""Looks, a second apart: how many there are at least, how many must see nothing new, and at most."""


class Ran(NamedTuple):
    """A registry that is run: its order, and its configuration of Alertmanager."""

    name: str
    order: Order
    routes: Mapping[str, Any]


@pytest.mark.slow
def test_each_alert_reaches_whom_who_names(tmp_path: Path) -> None:
    servers.needed()
    now = datetime.now(UTC)
    ran = [_made(tmp_path, f"r{number}", now) for number in range(100)]
    series = [{"registry": one.name} for one in ran]
    with servers.Webhook(series, "opmodel_alert").listening() as hook, ExitStack() as stack:
        fired = _run(stack, tmp_path, ran, hook)
        heard = dict(hook.got)
    assert fired == sum(len(alerts(one.order)) for one in ran)
    wrong = []
    for one in ran:
        for alert in alerts(one.order):
            got = {
                receiver.removeprefix(f"{one.name} ")
                for (id_, labels), receivers in heard.items()
                if id_ == alert and ("registry", one.name) in labels
                for receiver in receivers
            }
            really, said = reached(one.order, got, now), named(one.order, alert, now)
            if really != said:
                wrong.append(f"{one.name} {alert}: {said} is named, and {really} reached")
    assert not wrong, "\n".join(wrong)
    assert sum(bool(named(one.order, alert, now).people) for one in ran for alert in alerts(one.order)) > 50  # fmt: skip


def _made(folder: Path, name: str, now: datetime) -> Ran:
    root = folder / name
    root.mkdir()
    registry = random_registry(Random(name), name, now)
    (root / "opmodel.yaml").write_text(json.dumps(registry), "utf-8")
    opened = open_registry(str(root), Options(now))
    for file, data in generate(opened, "prometheus", Options(now), "rules.yml").files.items():
        (root / file).write_bytes(data)
    made = generate(opened, "alertmanager", Options(now)).files["alertmanager.yml"]
    order = Order(opened.workspace, opened.policy, now, "")
    return Ran(name, order, YAML(typ="safe").load(made))


def _run(stack: ExitStack, folder: Path, ran: list[Ran], hook: servers.Webhook) -> int:
    """Run both servers until all alerts fire and nothing new is heard; return how many fire."""
    number = sum(len(alerts(one.order)) for one in ran)
    own, theirs = (f"127.0.0.1:{servers.port()}" for _ in range(2))
    (folder / "alertmanager.yml").write_text(json.dumps(_together(ran, hook.address)), "utf-8")
    (folder / "prometheus.yml").write_text(json.dumps(_server(ran, hook.address, theirs)), "utf-8")
    for name, address, arguments in (
        ("alertmanager", theirs, [
            "prometheus-alertmanager", f"--config.file={folder}/alertmanager.yml",
            "--storage.path=data", f"--web.listen-address={theirs}", "--cluster.listen-address=",
        ]),
        ("prometheus", own, [
            "prometheus", f"--config.file={folder}/prometheus.yml", "--storage.tsdb.path=data",
            f"--web.listen-address={own}",
        ]),
    ):  # fmt: skip
        ready = f"http://{address}/-/ready"
        stack.enter_context(servers.running(arguments, ready, folder / f"{name}-runs"))
    quiet = news = 0
    for waited in range(LATEST):
        if quiet >= QUIET and waited >= EARLIEST:
            break
        time.sleep(1)
        firing = servers.asked(f"http://{own}/api/v1/alerts")["data"]["alerts"]
        is_still = news == hook.news and all(one["state"] == "firing" for one in firing)
        is_still = is_still and len(firing) == number
        quiet, news = quiet + 1 if is_still else 0, hook.news
    return len(servers.asked(f"http://{own}/api/v1/alerts")["data"]["alerts"])


def _server(ran: list[Ran], series: str, alertmanager: str) -> dict[str, Any]:
    return {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [f"{one.name}/rules.yml" for one in ran],
        "scrape_configs": [{"job_name": "loop", "static_configs": [{"targets": [series]}]}],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]},
    }


def _together(ran: list[Ran], hook: str) -> dict[str, Any]:
    """Put all configurations into one, each below a branch, with names of its own."""
    heard = [{"url": f"http://{hook}/hook", "send_resolved": False}]
    names = [f"{one.name} {each['name']}" for one in ran for each in one.routes["receivers"]]
    silent = {f"{one.name} unrouted" for one in ran}
    return {
        "route": {
            "receiver": "rest",
            "group_wait": "500ms",
            "group_interval": "1s",
            "routes": [
                {"matchers": [f'registry="{one.name}"'], **_renamed(one.name, one.routes["route"])}
                for one in ran
            ],
        },
        "time_intervals": [
            {**each, "name": f"{one.name} {each['name']}"}
            for one in ran
            for each in one.routes.get("time_intervals", [])
        ],
        "receivers": [
            {"name": name, **({} if name in {*silent, "rest"} else {"webhook_configs": heard})}
            for name in ("rest", *names)
        ],
    }


def _renamed(name: str, route: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_each(name, route))


def _each(name: str, route: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, one in route.items():
        if key == "receiver":
            yield key, f"{name} {one}"
        elif key.endswith("_time_intervals"):
            yield key, [f"{name} {each}" for each in one]
        elif key == "routes":
            yield key, [_renamed(name, each) for each in one]
        else:
            yield key, one
