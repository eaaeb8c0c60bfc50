"""The references of every entity as edges: all of them, from the model alone, each at its place."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.model.fields import references
from registry.model.sections import SECTIONS
from registry.workspace.edges import Edges
from registry.workspace.load import load
from registry.workspace.references import named
from tests.conftest import ROOT
from tests.effort import calls
from tests.workspace.test_references import ENTITIES, HEAD, entity, fields

EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/opmodel.yaml"))
Found = dict[str, tuple[str, str, str | None, int]]


@pytest.fixture
def edges(tmp_path: Path) -> Callable[..., Edges]:
    def write_and_load(text: str, **more: str) -> Edges:
        (tmp_path / "opmodel.yaml").write_text(HEAD)
        for name, content in {"a": text, **more}.items():
            (tmp_path / f"{name}.yaml").write_text(content, "utf-8")
        return Edges(load(str(tmp_path)).workspace)

    return write_and_load


def told(found: Edges) -> Found:
    return {
        f"{one.section}/{one.id}/{one.field}": (
            one.meaning, one.target, one.found_in, found.place(one)[1],
        )
        for one in found.all
    }  # fmt: skip


@pytest.mark.no_cover
@pytest.mark.parametrize(("section", "path", "reference"), list(fields()), ids=str)
def test_every_referring_field_is_an_edge(
    section: str, path: tuple[str | int, ...], reference: object, edges: Callable[..., Edges]
) -> None:
    raw, place = entity(section, path, "ghost")
    row = SECTIONS[section]
    others = {"metrics": {"m": ENTITIES["metrics"]}} if section != "metrics" else {}
    found = edges(json.dumps({section: raw if row.single else {"e": raw}, **others}))
    (edge,) = [one for one in found.all if one.target == "ghost"]
    assert (edge.section, edge.id, edge.path) == (section, section if row.single else "e", place)
    assert (edge.reference, edge.found_in) == (reference, None)
    assert edge.is_key == (path[-1] == "*key")
    assert edge.name == next(str(key) for key in reversed(path) if key not in {"*", "*key"})


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_references_are_those_that_are_written(example: Path) -> None:
    """Counted again from the data, which no walk over entities has seen."""
    workspace = load(str(example)).workspace
    written = {
        (section, id_, path, name)
        for section, row in SECTIONS.items()
        for id_ in workspace.entities[section]
        for steps, reference in references(row.model)
        for path, name in named(workspace.raw(section, id_), steps, ())
        if name not in reference.words
    }
    found = Edges(workspace)
    assert {(one.section, one.id, one.path, one.target) for one in found.all} == written
    assert all(one.found_in in one.reference.sections or one.reference.dangles for one in found.all)
    assert sum(map(len, found.by_source.values())) == len(found.all) == len(written)
    assert sum(map(len, found.by_target.values())) == len(found.all)
    assert all(found.of(*node) == edges for node, edges in found.by_source.items())
    assert found.of("people", "not-there") == ()


def test_one_entity_is_asked_without_the_others(edges: Callable[..., Edges]) -> None:
    def asked(size: int) -> int:
        people = ", ".join(f"p{number}: {{name: P}}" for number in range(size))
        found = edges(
            f"people: {{{people}}}\n"
            "teams:\n" + "".join(f"  r{n}: {{name: R, lead: p{n}}}\n" for n in range(size))
        )
        assert [one.target for one in found.of("teams", "r7")] == ["p7"]
        return calls(lambda: found.of("teams", "r7"))

    assert asked(500) == asked(50) < 200


def test_places_and_targets(edges: Callable[..., Edges]) -> None:
    found = told(edges(
        "people: {ana: {name: A}, ben: {}}\n"
        "teams:\n"
        "  t:\n"
        "    name: T\n"
        "    lead: t\n"
        "    members:\n"
        "      - TODO\n"
        "      - 7\n"
        "      - ana\n"
        "      - ben\n"
        "      - ana\n"
        "fields: {m: {group: slice}}\n"
        "metrics: {metric: {bucket: cost, response: page}}\n"
        "stores: {s: {kind: logs, access: [everyone, ana]}}\n"
        "alerts:\n"
        "  a:\n"
        "    metric: metric\n"
        "    severity: sev1\n"
        "    response: page\n"
        "    owner: [ana, nobody]\n"
        "    slice:\n"
        "      m: x\n"
    ))  # fmt: skip
    assert found == {
        "teams/t/lead": ("leads", "t", "teams", 5),
        "teams/t/members/2": ("member of", "ana", "people", 9),
        "teams/t/members/3": ("member of", "ben", "people", 10),
        "teams/t/members/4": ("member of", "ana", "people", 11),
        "alerts/a/metric": ("measures", "metric", "metrics", 17),
        "alerts/a/owner/0": ("owns", "ana", "people", 20),
        "alerts/a/owner/1": ("owns", "nobody", None, 20),
        "alerts/a/slice/m": ("limited to", "m", "fields", 22),
        "stores/s/access/1": ("may read", "ana", "people", 14),
    }


def test_what_did_not_load_may_refer(edges: Callable[..., Edges]) -> None:
    found = edges(
        "people: {ana: {name: A}}\n"
        "metrics: {m: {bucket: cost}, n: {bucket: cost, response: page, owner: 7, unit: []}}\n"
        "fields: {f: {group: nonsense}}\n"
    )
    assert list(found.doubts()) == [
        "the metric `m` did not load",
        "`owner` of the metric `n` did not load",
    ]
    assert list(found.doubts({"stores"})) == ["the telemetry field `f` did not load"]
    assert list(found.doubts({"incidents"})) == []


def test_an_unread_file_may_refer(edges: Callable[..., Edges]) -> None:
    found = edges("people: {ana: {name: A}}\n", b="metrics:\n  x: [\n")
    assert list(found.doubts()) == ["something could not be read, and there may be more in it"]


def test_a_pointer_is_escaped(edges: Callable[..., Edges]) -> None:
    found = edges("budgets: {b: {scope: {a/b~c: x}}}\n")
    assert [one.field for one in found.all] == ["scope/a~1b~0c"]
