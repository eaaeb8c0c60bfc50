"""Real rule files and Alertmanager configurations, held against what their own programs say."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.deployed.model import Deployed, Skipped
from registry.deployed.reader import Reader
from registry.deployed.routing.tree import matched, walk
from registry.source.foreign import UnreadableError, documents

pytestmark = pytest.mark.corpus

NEWER = {
    "conf.mattermost-default-webhook-url-file.yml": "Mattermost came after 0.28",
    "conf.mattermost-default-webhook-url.yml": "Mattermost came after 0.28",
    "conf.smtp-password-global-and-local.yml": "fields that came after 0.28",
    "conf.telegram-default-bot-token-file.yml": "global Telegram tokens came after 0.28",
    "conf.telegram-default-bot-token.yml": "global Telegram tokens came after 0.28",
    "conf.wechat-default-api-secret-file.yml": "files of WeChat secrets came after 0.28",
    "route_labels.yml": "routes with labels came after 0.28",
    "simple.yml": "fields that came after 0.28",
    "alertmanager-config.yaml": "an AlertmanagerConfig resource, which amtool does not read",
}
"""Configurations that amtool 0.28.1 refuses for a reason that is none of ours."""


def rows(corpus: Path, name: str) -> Iterator[dict[str, str]]:
    with (corpus / "ground_truth" / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def read(reader: Reader, corpus: Path, name: str) -> Deployed:
    found = [one for one in documents((corpus / name).read_bytes()) if reader.recognizes(one)]
    assert reader.read is not None
    return reader.read(name, found)


def recording(skipped: tuple[Skipped, ...]) -> int:
    return sum(one.number for one in skipped if one.what == "recording rules")


def test_every_rule_file_has_its_alerts(corpus: Path) -> None:
    from registry.deployed.readers.prometheus import READER

    alerts = unread = 0
    for row in rows(corpus, "rule_files.csv"):
        if row["container"] == "UNPARSEABLE":
            with pytest.raises(UnreadableError):
                read(READER, corpus, row["file"])
            unread += 1
            continue
        found = read(READER, corpus, row["file"])
        assert len(found.alerts) == int(row["alerts"] or 0), row["file"]
        assert recording(found.skipped) == int(row["recording"] or 0), row["file"]
        alerts += len(found.alerts)
    assert (alerts, unread) == (3904, 5)


def test_every_label_of_every_alert(corpus: Path) -> None:
    from registry.deployed.readers.prometheus import READER

    known: dict[str, list[tuple[str, str, list[tuple[str, str]]]]] = {}
    for row in rows(corpus, "alerts.csv"):
        labels = [pair for pair in json.loads(row["labels_json"]).items() if pair[1]]
        group = "" if row["group"] == "None" else row["group"]
        known.setdefault(row["file"], []).append((group, row["alert"], sorted(labels)))
    for name, wanted in known.items():
        found = [
            (one.group, one.name, sorted((key, text.value) for key, text in one.labels.items()))
            for one in read(READER, corpus, name).alerts
        ]
        assert sorted(found) == sorted(wanted), name


def test_every_alertmanager_configuration(corpus: Path) -> None:
    from registry.deployed.readers.alertmanager import READER

    cases = valid = 0
    for row in rows(corpus, "alertmanager_configs.csv"):
        if not (corpus / row["config"]).is_file():
            continue
        found = read(READER, corpus, row["config"])
        if row["check_028"] != "True":
            newer = row["config"].rpartition("/")[2] in NEWER
            assert (not found.routers and bool(found.not_read)) or newer, row["config"]
            continue
        valid += 1
        (router,) = found.routers
        routes = list(walk(router.root))
        silent = {name for name, one in router.receivers.items() if not one.integrations}
        unused = set(router.receivers) - {one.receiver for one in routes}
        assert len(routes) == int(row["routes"]), row["config"]
        assert len(router.receivers) == int(row["receivers"]), row["config"]
        assert silent == set(json.loads(row["receivers_without_integration"])), row["config"]
        assert unused == set(json.loads(row["receivers_unreferenced"])), row["config"]
        for case in rows(corpus, row["file"]):
            labels = json.loads(case["labels_json"])
            ways = ",".join(one.receiver for one in matched(router.root, labels))
            assert ways == case["receivers_amtool_0.28.1"], (row["config"], labels)
            cases += 1
    assert (valid, cases) == (35, 1506)


def test_every_alert_through_its_own_organisation(corpus: Path) -> None:
    from registry.deployed.readers.alertmanager import READER

    roots = {}
    number = 0
    for row in rows(corpus, "alert_routing.csv"):
        if row["config"] not in roots:
            (router,) = read(READER, corpus, row["config"]).routers
            roots[row["config"]] = router.root
        labels = json.loads(row["labels_json"])
        ways = ",".join(one.receiver for one in matched(roots[row["config"]], labels))
        assert ways == row["receivers"], (row["config"], labels)
        number += 1
    assert number == 672
