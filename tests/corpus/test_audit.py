"""The deployed configuration of real organisations, audited against a registry drafted from it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.audit.audit import audit
from registry.deployed.draft.draft import draft
from registry.deployed.ingest import NamedFiles, ingest
from registry.workspace.open import open_registry
from registry.workspace.options import Options

pytestmark = pytest.mark.corpus

FIGURES = ("alerts", "owned", "runbook", "routed", "unknown_query", "unknown_way")
FOUND = {
    "Kuadrant+kuadrant-operator": (9, 0, 0, 0, 0, 9),
    "alphagov+govuk-helm-charts": (74, 0, 56, 0, 0, 0),
    "alphagov+paas-cf": (68, 0, 0, 68, 0, 0),
    "alphagov+prometheus-aws-configuration-beta": (22, 0, 17, 18, 0, 0),
    "m-lab+prometheus-support": (73, 0, 0, 73, 0, 0),
    "openshift+managed-cluster-config": (167, 0, 19, 36, 0, 0),
    "pingcap+tidb-ansible": (94, 0, 0, 94, 0, 0),
    "prometheus-operator+kube-prometheus": (140, 0, 139, 0, 0, 0),
    "redhat-appstudio+o11y": (171, 2, 132, 0, 0, 171),
    "samber+awesome-prometheus-alerts": (954, 0, 0, 0, 0, 954),
    "strimzi+strimzi-kafka-operator": (54, 0, 0, 54, 0, 0),
}
"""Of each organisation: its alerts, and how many of them have an owner whom the draft could name, a
runbook, a way to somebody whatever the series are, a query or a way that cannot be told. A drafted
registry names no owner that the files do not."""


@pytest.mark.parametrize("name", FOUND)
def test_an_organisation(name: str, corpus: Path, tmp_path: Path) -> None:
    folders = [corpus / name, corpus / "_derived" / name]
    asked = [NamedFiles("", str(folder)) for folder in folders if folder.is_dir()]
    found = ingest(asked, str(corpus))
    for file, content in draft(found.deployed, name, "poc").files.items():
        (tmp_path / file).write_bytes(content)
    options = Options(datetime(2026, 11, 20, 9, tzinfo=UTC))
    opened = open_registry(str(tmp_path), options)
    assert [one.message for one in opened.problems] == []
    counts = audit(opened, found, options).joined.counts
    assert tuple(counts[figure] for figure in FIGURES) == FOUND[name]
