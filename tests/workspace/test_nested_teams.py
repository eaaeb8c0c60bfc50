"""Teams within teams: membership alone counts upward, and a loop is told."""

from registry.workspace.indexes import Indexes
from registry.workspace.load import load
from registry.workspace.loops import loops

MANIFEST = "opmodel: 1\nname: nested\nstage: poc\n"
PEOPLE = "people: {ana: {name: Ana}, bo: {name: Bo}, cy: {name: Cy}}\n"


def _load(folder, teams):
    (folder / "opmodel.yaml").write_text(MANIFEST + PEOPLE + teams, "utf-8")
    return load(str(folder))


def test_members_count_as_the_parents_too_and_functions_do_not(tmp_path):
    found = _load(tmp_path, (
        "teams:\n"
        "  all: {name: All, function: leadership, lead: ana}\n"
        "  north: {name: North, function: product, lead: bo, members: [cy], parent: all}\n"
    ))  # fmt: skip
    graph = Indexes(found.workspace)
    assert set(graph.members_of["all"]) == {"bo", "cy"}
    assert graph.teams_of["cy"] == {"north", "all"}
    assert list(graph.own_teams_of["cy"]) == ["north"]
    assert graph.functions_of["cy"] == {"product"}


def test_a_loop_is_told_once_and_broken(tmp_path):
    found = _load(tmp_path, (
        "teams:\n"
        "  one: {name: One, members: [ana], parent: two}\n"
        "  two: {name: Two, members: [bo], parent: one}\n"
        "  three: {name: Three, members: [cy], parent: two}\n"
    ))  # fmt: skip
    (problem,) = found.problems
    assert (problem.code, problem.entity, problem.field) == ("OM006", ("teams", "two"), ("parent",))
    assert "one -> two -> one" in problem.message
    assert set(Indexes(found.workspace).members_of["two"]) == {"ana", "bo", "cy"}


def test_loops():
    assert list(loops({"a": "b", "b": "c", "c": "b", "d": "d", "e": "x", "f": None})) == [
        ("c", ("b", "c"), "b"),
        ("d", ("d",), "d"),
    ]
