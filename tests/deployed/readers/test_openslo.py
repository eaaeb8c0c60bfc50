"""Objectives of OpenSLO, Sloth and Pyrra: whose they are; and real specifications."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as when

from registry.deployed.model import Deployed
from registry.deployed.readers.openslo import READER
from registry.source.foreign import UnreadableError, documents
from tests.deployed.readers.fuzzed import bears, given, parsed, spoilt, values


def slo(kind: str = "SLO", version: str = "openslo/v1", **metadata: Any) -> dict[str, Any]:
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": "web-availability", **metadata},
        "spec": {"service": "web"},
    }


def said(found: Deployed) -> list[tuple[str, tuple[str, ...], str | None]]:
    return [(one.kind, one.names, one.owner.value if one.owner else None) for one in found.owned]


SLOTH: dict[str, Any] = {
    "service": "web",
    "labels": {"owner": "search", "tier": "2"},
    "slos": [
        {"name": "fast", "labels": {"team": "edge"}},
        {"name": "up", "labels": {"owner": "edge"}},
        {},
    ],
}


@pytest.mark.parametrize(
    ("metadata", "owner"),
    [
        ({"labels": {"team": "search"}}, "search"),
        ({"labels": {"team": "search"}, "annotations": {"owner": "edge"}}, "edge"),
        ({"labels": {"acme.example/team": ["search"]}}, "search"),
        ({"labels": {"Owner": "search", "team": "edge"}}, "search"),
        ({"labels": {"owner": None}}, None),
        ({}, None),
    ],
)
def test_the_owner_of_an_objective(metadata: dict[str, Any], owner: str | None) -> None:
    found = given(READER, slo(**metadata))
    assert said(found) == [("slo", ("web-availability",), owner)]
    assert found.not_read == ()


def test_services_and_other_objects() -> None:
    items = [slo("Service", displayName="Web"), slo("AlertPolicy"), slo("AlertPolicy"), slo("SLI")]
    found = given(READER, items)
    assert said(found) == [("service", ("web-availability", "Web"), None)]
    assert [one[1:] for one in found.skipped] == [
        ("OpenSLO objects of the kind `AlertPolicy`", 2),
        ("OpenSLO objects of the kind `SLI`", 1),
    ]


def test_sloth_in_its_own_file_and_in_a_resource() -> None:
    resource = {"apiVersion": "sloth.slok.dev/v1", "kind": "PrometheusServiceLevel", "spec": SLOTH}
    for document in ({"version": "prometheus/v1", **SLOTH}, resource):
        found = given(READER, document)
        assert said(found) == [
            ("service", ("web",), "search"),
            ("slo", ("fast", "web-fast"), "search"),
            ("slo", ("up", "web-up"), "edge"),
        ]
        assert [one.reason for one in found.not_read] == [
            "an SLO without a name, or one that is a template"
        ]


def test_pyrra() -> None:
    found = given(
        READER,
        slo("ServiceLevelObjective", "pyrra.dev/v1alpha1", labels={"pyrra.dev/team": "search"}),
    )
    assert said(found) == [("slo", ("web-availability",), "search")]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (slo(version="openslo/v9"), "a version of OpenSLO that is not known"),
        (slo(name="{{ name }}"), "an SLO without a name, or one that is a template"),
        (slo(labels={"team": ["a", "b"]}), "`web-availability`: its owner is no single name"),
        (slo(labels={"team": "{{ team }}"}), "`web-availability`: its owner is no single name"),
        (slo(labels={"team": {"a": "b"}}), "`web-availability`: its owner is no single name"),
        (
            {"apiVersion": "sloth.slok.dev/v1", "kind": "PrometheusServiceLevel"},
            "a `PrometheusServiceLevel` without `spec`",
        ),
        (
            {"version": "prometheus/v1", "slos": []},
            "a service without a name, or one that is a template",
        ),
    ],
)
def test_what_is_not_read(document: Any, reason: str) -> None:
    found = given(READER, document)
    assert [one.reason for one in found.not_read] == [reason]
    assert not any(one.owner for one in found.owned)


@pytest.mark.parametrize(
    "document",
    [
        {"apiVersion": "v1", "kind": "Service"},
        {"version": "3", "services": {}},
        {"version": "prometheus/v1", "slos": "a"},
        {"kind": "SLO"},
        [1],
    ],
)
def test_other_programs_documents(document: Any) -> None:
    assert not any(map(READER.recognizes, parsed(document)))


@pytest.mark.no_cover
@when(spoilt([slo(labels={"team": ["a"]}), {"version": "prometheus/v1", **SLOTH}]))
def test_a_spoilt_specification(document: Any) -> None:
    bears(READER, document)


WORDS = {
    "apiVersion", "openslo/v1", "pyrra.dev/v1", "sloth.slok.dev/v1", "PrometheusServiceLevel", "kind", "SLO", "Service",
    "metadata", "name", "labels", "annotations", "team", "owner", "spec", "slos", "service", "version", "prometheus/v1",
    "displayName", "items",
}  # fmt: skip


@pytest.mark.no_cover
@when(values(WORDS))
def test_any_document(document: Any) -> None:
    bears(READER, document)
    bears(
        READER,
        {"version": "prometheus/v1", "labels": document, "slos": [document], "service": "web"},
    )


@pytest.mark.corpus
def test_every_real_specification(corpus: Path) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    owners: Counter[str] = Counter()
    not_read = []
    with (corpus / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["kind"] in {"openslo", "slo-sloth", "slo-pyrra"}
        ]
    for row in rows:
        try:
            found = list(documents((corpus / row["file"]).read_bytes()))
        except UnreadableError:
            counts[row["kind"], "unreadable"] += 1
            continue
        assert READER.read is not None
        everything = READER.read(row["file"], [one for one in found if READER.recognizes(one)])
        for one in everything.owned:
            counts[row["kind"], one.kind] += 1
            owners[row["kind"]] += one.owner is not None
        counts.update({(row["kind"], one.what): one.number for one in everything.skipped})
        not_read += [
            f"{one.where.file.rpartition('/')[2]}:{one.where.at.start.line}"
            for one in everything.not_read
        ]
    assert counts == {
        ("openslo", "service"): 21,
        ("openslo", "slo"): 8,
        ("slo-pyrra", "slo"): 20,
        ("slo-sloth", "service"): 18,
        ("slo-sloth", "slo"): 26,
    }
    assert owners == {"openslo": 2, "slo-sloth": 28, "slo-pyrra": 0}
    assert not_read == ["service.yaml:8", "v1.yaml:10", "v1.yaml:51"]


def test_what_is_promised() -> None:
    """A share and a percentage are the same; what is no number, or of two windows, is not told."""
    one = slo()
    one["spec"] |= {
        "description": " Fast. ",
        "timeWindow": [{"duration": "28d"}],
        "objectives": [{"target": 0.995}, {"targetPercent": 99.90}, {"target": "most"}],
    }
    two = slo()
    two["spec"] |= {"timeWindow": [{"duration": "7d"}, {"duration": "28d"}],
                    "objectives": [{"target": 0.9}]}  # fmt: skip
    pyrra = {"apiVersion": "pyrra.dev/v1alpha1", "kind": "ServiceLevelObjective",
             "metadata": {"name": "up"}, "spec": {"target": "99", "window": "4w"}}  # fmt: skip
    found = given(READER, [one, two, pyrra]).levels
    assert [(level.name, level.service, level.target, level.window) for level in found] == [
        ("web-availability-1", "web", "99.5", "28d"),
        ("web-availability-2", "web", "99.9", "28d"),
        ("web-availability-3", "web", None, "28d"),
        ("web-availability", "web", "90", None),
        ("up", "", "99", "4w"),
    ]
    assert found[0].title == "Fast."
    sloth = {
        "version": "prometheus/v1",
        "service": "web",
        "slos": [{"name": "up", "objective": 99.9}],
    }
    (level,) = given(READER, sloth).levels
    assert (level.name, level.service, level.target, level.window) == ("up", "web", "99.9", None)
