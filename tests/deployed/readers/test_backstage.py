"""Backstage's catalogue: references in full, owners, groups and users; and real catalogues."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as when

from registry.deployed.model import Deployed
from registry.deployed.readers.backstage import READER
from registry.source.foreign import documents
from tests.deployed.readers.fuzzed import bears, given, parsed, spoilt, values


def entity(kind: str, name: Any, spec: Any = None, **metadata: Any) -> dict[str, Any]:
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": kind,
        "metadata": {"name": name, **metadata},
        "spec": spec or {},
    }


def reasons(found: Deployed) -> list[str]:
    return [one.reason for one in found.not_read]


@pytest.mark.parametrize(
    ("owner", "reference"),
    [
        ("search", "group:default/search"),
        ("Search", "group:default/search"),
        ("user:ada", "user:default/ada"),
        ("acme/search", "group:acme/search"),
        ("Group:Acme/Search", "group:acme/search"),
    ],
)
def test_an_owner_is_written_out_in_full(owner: str, reference: str) -> None:
    (one,) = given(READER, entity("Component", "web", {"owner": owner})).owned
    assert (one.kind, one.name, one.owner and one.owner.value) == ("component", "web", reference)


def test_the_namespace_of_an_entity_is_its_owners() -> None:
    (one,) = given(READER, entity("API", "web", {"owner": "search"}, namespace="Acme")).owned
    assert one.owner is not None
    assert (one.kind, one.owner.value) == ("api", "group:acme/search")


def test_the_names_that_an_alert_may_use() -> None:
    annotations = {
        "pagerduty.com/service-id": "PX1",
        "pagerduty.com/integration-key": "hidden",
        "github.com/project-slug": "acme/web-shop",
        "backstage.io/kubernetes-id": "web",
        "prometheus.io/rule": "memUsage|component,cpuUsage",
        "prometheus.io/alert": "all",
        "argocd/app-name": "{{ name }}",
    }
    found = given(
        READER,
        entity("Component", "web", {"owner": "a"}, title="Web shop", annotations=annotations),
    )
    assert found.owned[0].names == ("web", "Web shop", "PX1", "web-shop", "memUsage", "cpuUsage")
    assert "hidden" not in repr(found)


def test_named_alerts() -> None:
    annotations = {"prometheus.io/alert": "WebDown, WebSlow"}
    (one,) = given(READER, entity("Resource", "db", annotations=annotations)).owned
    assert (one.names, one.owner) == (("db", "WebDown", "WebSlow"), None)


def test_groups_and_users() -> None:
    team = {
        "type": "team",
        "profile": {"displayName": "Search"},
        "members": ["ada", "user:acme/Ben", "ada"],
    }
    person = {
        "profile": {"displayName": "Ada Obi", "email": "ada@acme.example"},
        "memberOf": ["search", "acme/x"],
    }
    items = [
        entity("Group", "Search", team),
        entity("User", "ada", person),
        entity("User", "ben", title="Ben"),
    ]
    found = given(READER, {"items": items})
    (group,) = found.groups
    assert (group.name, group.title) == ("group:default/search", "Search")
    assert group.members == ("user:default/ada", "user:acme/ben")
    ada, ben = found.catalogue_users
    assert ada[0] == "user:default/ada"
    assert ada[2:] == ("Ada Obi", "ada@acme.example", ("group:default/search", "group:acme/x"))
    assert ben[2:] == ("Ben", None, ())


def test_what_is_left_aside() -> None:
    template = entity("Template", "${{ values.name }}") | {
        "apiVersion": "scaffolder.backstage.io/v1beta3"
    }
    items = [
        template,
        entity("Location", "all"),
        entity("location", "more"),
        entity("Recipe", "soup"),
        entity("Recipe", "tea", {"owner": "a"}),
    ]
    found = given(READER, items)
    assert [one[1:] for one in found.skipped] == [
        ("entities of kinds that nobody owns", 1),
        ("locations that lead to other files", 2),
        ("scaffolder templates", 1),
    ]
    assert [(one.kind, one.name) for one in found.owned] == [("recipe", "tea")]
    assert found.not_read == ()


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (entity("Component", None), "an entity of the kind `Component` without a name"),
        (entity("Component", ["a"]), "an entity of the kind `Component` without a name"),
        (
            entity("Component", "${{ values.name }}"),
            "a name that is a template: it was not rendered",
        ),
        (
            entity("Component", "a", {"owner": "${{ user }}"}),
            "`a`: a reference that is a template: it was not rendered",
        ),
        (
            entity("Component", "a", {"owner": "x:y:z"}),
            "`a`: a group that is no reference to an entity",
        ),
        (
            entity("Component", "a", {"owner": {"name": "b"}}),
            "`a`: a group that is no reference to an entity",
        ),
        (entity("Group", "a", {"members": [[]]}), "`a`: a user that is no reference to an entity"),
    ],
)
def test_what_is_not_read(document: Any, reason: str) -> None:
    found = given(READER, document)
    assert reasons(found) == [reason]
    assert not any(one.owner for one in found.owned)


def test_places() -> None:
    text = b"apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata:\n  name: web\nspec:\n  owner: search\n"
    assert READER.read is not None
    (one,) = READER.read("a.yaml", list(documents(text))).owned
    assert one.owner is not None
    assert (str(one.where), str(one.owner.where), one.owner.where.at.start.column) == (
        "a.yaml:4",
        "a.yaml:6",
        10,
    )


@pytest.mark.parametrize(
    "document",
    [
        {"apiVersion": "v1", "kind": "Component"},
        {"apiVersion": "backstage.io/v1alpha1"},
        {"apiVersion": "notbackstage.io/v1", "kind": "User"},
        [],
        "Component",
    ],
)
def test_other_programs_documents(document: Any) -> None:
    assert not any(map(READER.recognizes, parsed(document)))


SAMPLE = [
    entity(
        "Component",
        "web",
        {"owner": "search"},
        title="Web",
        annotations={"prometheus.io/rule": "a|b"},
    ),
    entity("Group", "search", {"members": ["ada"], "profile": {"displayName": "S"}}),
    entity("User", "ada", {"memberOf": ["search"], "profile": {"email": "ada@acme.example"}}),
]


@when(spoilt(SAMPLE))
def test_a_spoilt_catalogue(document: Any) -> None:
    bears(READER, document)


WORDS = {
    "apiVersion", "backstage.io/v1alpha1", "kind", "Component", "Group", "User", "Location", "metadata", "name", "spec",
    "owner", "members", "memberOf", "profile", "email", "annotations", "prometheus.io/rule", "items", "namespace", "title",
}  # fmt: skip


@pytest.mark.no_cover
@when(values(WORDS))
def test_any_document(document: Any) -> None:
    bears(READER, document)
    bears(
        READER,
        {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Group",
            "metadata": document,
            "spec": document,
        },
    )


@pytest.mark.corpus
def test_every_real_catalogue(corpus: Path) -> None:
    wanted: Counter[tuple[str, str, str, str]] = Counter()
    with (corpus / "ground_truth/backstage_entities.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        for row in csv.DictReader(file):
            wanted[row["catalog"], row["kind"].lower(), row["name"], row["owner_ref"]] += 1
    nameless = ("incident-io+catalog-importer", "api", "", "group:default/engineering")
    assert wanted.pop(nameless) == 1  # Backstage refuses it; so it is not read
    kinds = {kind for _, kind, _, _ in wanted}
    got: Counter[tuple[str, str, str, str]] = Counter()
    aside: Counter[str] = Counter()
    not_read = []
    with (corpus / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        names = [row["file"] for row in csv.DictReader(file) if row["kind"] == "backstage-catalog"]
    for name in names:
        catalogue = name.partition("/")[0]
        assert READER.read is not None
        found = READER.read(
            name,
            [one for one in documents((corpus / name).read_bytes()) if READER.recognizes(one)],
        )
        for thing in found.owned:
            if thing.kind in kinds:
                got[
                    catalogue, thing.kind, thing.name, thing.owner.value if thing.owner else ""
                ] += 1
            else:
                aside[thing.kind] += 1
        for one in (*found.groups, *found.catalogue_users):
            kind, _, rest = one.name.partition(":")
            got[catalogue, kind, rest.partition("/")[2], ""] += 1
        aside.update({one.what: one.number for one in found.skipped})
        not_read += found.not_read
    assert got == wanted
    assert aside == {
        "airesource": 6,
        "locations that lead to other files": 19,
        "scaffolder templates": 4,
    }
    assert [str(one.where) for one in not_read] == [
        "incident-io+catalog-importer/docs/backstage/catalog-info.yaml:2"
    ]
    assert len(names) == 69
