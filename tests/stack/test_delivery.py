"""Registries made up at random: their alerts go, by amtool, where `who` says, and the audit agrees.

Hours are left to the audit here, for amtool knows no time; `tests/loop` runs the servers.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from ruamel.yaml import YAML

from registry.audit.audit import audit
from registry.deployed.ingest import default, ingest
from registry.stack.generate import generate
from registry.stack.generator import Order
from registry.workspace.open import Opened, open_registry
from registry.workspace.options import Options
from tests.conftest import sizes
from tests.stack.delivered import alerts, named, reached
from tests.stack.programs import ran
from tests.stack.randoms import random_registry

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


def opened(folder: Path, seed: str) -> Opened:
    folder.mkdir()
    made = random_registry(Random(seed), "r", NOW)
    (folder / "opmodel.yaml").write_text(json.dumps(made), "utf-8")
    found = open_registry(str(folder), Options(NOW))
    assert found.problems == ()
    return found


@pytest.mark.no_cover
@pytest.mark.parametrize("number", sizes(4, 40))
def test_amtool_sends_each_alert_to_whom_it_names(number: int, tmp_path: Path) -> None:
    for one in range(number):
        folder = tmp_path / str(one)
        own = opened(folder, f"amtool {one}")
        made = generate(own, "alertmanager", Options(NOW)).files["alertmanager.yml"]
        (folder / "alertmanager.yml").write_bytes(made)
        order = Order(own.workspace, own.policy, NOW, "")
        closed = {each["receiver"] for each in YAML(typ="safe").load(made)["route"]["routes"]
                  if "active_time_intervals" in each}  # fmt: skip
        for alert in alerts(order):
            done = ran(folder, "amtool", "config", "routes", "test", "--config.file=alertmanager.yml",
                       f"alertname={alert}", "severity=sev2")  # fmt: skip
            got = [name for name in done.stdout.strip().split(",") if name != "unrouted"]
            assert done.returncode == 0, done.stderr
            assert reached(order, set(got), NOW) == named(order, alert, NOW), (alert, got, closed)


@pytest.mark.no_cover
@pytest.mark.parametrize("number", sizes(10, 100))
def test_the_audit_pages_whom_who_names_and_finds_nothing(number: int, tmp_path: Path) -> None:
    for one in range(number):
        folder = tmp_path / str(one)
        own = opened(folder, f"audit {one}")
        (folder / "deployed").mkdir()
        for name in ("prometheus", "alertmanager"):
            for file, data in generate(own, name, Options(NOW)).files.items():
                (folder / "deployed" / file).write_bytes(data)
        found = audit(own, ingest(default(str(folder)), str(folder)), Options(NOW))
        told = {each.code for each in found.result.diagnostics}
        assert told <= {"OM908"}, [each.message for each in found.result.diagnostics]
        order = Order(own.workspace, own.policy, NOW, "")
        for row in found.joined.rows:
            people = {each.id for each in row.paged_now}
            assert people == named(order, row.alert.name, NOW).people, (row.alert.name, one)
