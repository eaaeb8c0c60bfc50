"""Real organisations' routing, against what amtool 0.28.1 printed for it."""

import csv
import json
from pathlib import Path

import pytest

from registry.deployed.model import Route
from registry.deployed.readers.alertmanager import read
from registry.deployed.routing.shadow import unreachable
from registry.deployed.routing.tree import entry, matched
from registry.source.foreign import documents
from tests.conftest import HOSTILE

pytestmark = pytest.mark.corpus


def root_of(file: Path) -> Route:
    (router,) = read(file.name, list(documents(file.read_bytes()))).routers
    return entry(router)


def test_every_configuration(corpus: Path) -> None:
    truth = corpus / "ground_truth"
    with (truth / "alertmanager_configs.csv").open(encoding="utf-8", newline="") as file:
        configs = [row for row in csv.DictReader(file) if row["file"]]
    count, differences = 0, []
    for config in configs:
        root = root_of(corpus / config["config"])
        with (truth / config["file"]).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                count += 1
                ours = ",".join(r.receiver for r in matched(root, json.loads(row["labels_json"])))
                if ours != row["receivers_amtool_0.28.1"]:
                    differences.append((config["config"], row, ours))
    assert differences == []
    assert (count, len(configs)) == (1506, 35)


def test_a_route_that_an_earlier_one_hides() -> None:
    root = root_of(HOSTILE / "a02_am_shadowed.yml")
    assert [root.routes.index(one.route) for one in unreachable(root)] == [1]
    assert [one.receiver for one in matched(root, {"severity": "page"})] == ["default"]


def test_a_negative_matcher_takes_what_lacks_the_label() -> None:
    root = root_of(HOSTILE / "a05_am_negative_matcher.yml")
    assert [one.receiver for one in matched(root, {"severity": "page"})] == ["default"]
