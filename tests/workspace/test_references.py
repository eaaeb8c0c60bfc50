"""References that lead nowhere: all of them, each at its own place, and nothing else."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.checks.engine import check
from registry.diagnostic import Diagnostic
from registry.model.fields import references
from registry.model.reference import Reference
from registry.model.sections import SECTIONS
from registry.span import KeyPath
from registry.workspace.load import load
from registry.workspace.options import Options
from registry.workspace.references import dangling
from tests.conftest import AT

HEAD = "opmodel: 1\nname: referring\nstage: poc\n"


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., list[Diagnostic]]:
    def write_and_check(text: str, **more: str) -> list[Diagnostic]:
        (tmp_path / "opmodel.yaml").write_text(HEAD)
        (tmp_path / "a.yaml").write_text(text, "utf-8")
        for name, content in more.items():
            (tmp_path / f"{name}.yaml").write_text(content, "utf-8")
        found = check(str(tmp_path), Options(AT, select="OM007"))
        return [one for one in found.diagnostics if one.primary.location.file == "a.yaml"]

    return write_and_check


def places(found: list[Diagnostic]) -> list[tuple[str, int, int]]:
    return [(one.code, *one.primary.at.start) for one in found]


ENTITIES: dict[str, dict[str, Any]] = {
    "people": {"name": "P"}, "teams": {"name": "T"}, "roles": {"title": "R"},
    "channels": {"kind": "slack"}, "components": {"kind": "prompt"},
    "metrics": {"bucket": "cost", "response": "page"},
    "alerts": {"metric": "m", "severity": "sev1", "response": "page"},
    "fields": {"group": "slice"}, "stores": {"kind": "logs"}, "failures": {"priority": "P0"},
    "incidents": {"title": "I", "severity": "sev1"}, "reviews": {"kind": "other"},
    "spans": {"match": {"name": "x"}},
}  # fmt: skip
PARTS: dict[str, dict[str, Any]] = {
    "rotations": {"name": "r", "start": "2026-11-02", "every": "1w"},
    "overrides": {"from": "2026-11-02", "to": "2026-11-03"}, "steps": {"after": "0m"},
    "away": {"from": "2026-11-02", "to": "2026-11-03"},
    "actions": {"title": "A"}, "agenda": {"item": "A"}, "composed_of": {"weight": 1},
}  # fmt: skip


def fields() -> Iterator[tuple[str, KeyPath, Reference]]:
    for section, row in SECTIONS.items():
        for path, reference in references(row.model):
            yield section, path, reference


def value(path: KeyPath, name: str) -> tuple[Any, KeyPath]:
    """Build a value that names `name` at a path of the model, and its place in the data."""
    if not path:
        return name, ()
    step, rest = path[0], path[1:]
    if step == "*key":
        return {name: "x"}, (name,)
    inner, place = value(rest, name)
    if step == "*":
        return ["TODO", inner], (1, *place)
    return {step: inner}, (step, *place)


def entity(section: str, path: KeyPath, name: str) -> tuple[dict[str, Any], KeyPath]:
    inner, place = value(path, name)
    field = str(path[0])
    if isinstance(inner[field], list) and isinstance(inner[field][1], dict):
        inner[field][1] = {**PARTS.get(field, {}), **inner[field][1]}
    return {**ENTITIES.get(section, {}), **inner}, place


@pytest.mark.no_cover
@pytest.mark.parametrize(("section", "path", "reference"), list(fields()), ids=str)
def test_every_referring_field(
    section: str, path: KeyPath, reference: Reference, tmp_path: Path
) -> None:
    import json

    raw, place = entity(section, path, "ghost")
    row = SECTIONS[section]
    others = {"metrics": {"m": ENTITIES["metrics"]}} if section != "metrics" else {}
    data = {section: raw if row.single else {"e": raw}, **others}
    (tmp_path / "opmodel.yaml").write_text(HEAD)
    (tmp_path / "a.yaml").write_text(json.dumps(data))
    workspace = load(str(tmp_path)).workspace
    found = [one for one in dangling(workspace) if one.name == "ghost"]
    if reference.dangles:
        assert found == []
        return
    (one,) = found
    assert (one.section, one.id, one.path) == (section, section if row.single else "e", place)
    assert one.field == next(key for key in reversed(path) if key not in {"*", "*key"})
    for word in reference.words:
        assert word in one.known
    for kind in reference.sections:
        target = ENTITIES.get(kind, {})
        known = {
            kind: {
                "ghost": {**target, "kind": reference.component_kind}
                if reference.component_kind
                else target
            }
        }
        (tmp_path / "b.yaml").write_text(json.dumps(known) if kind not in data else "{}")
        if kind not in data:
            assert not [
                one for one in dangling(load(str(tmp_path)).workspace) if one.name == "ghost"
            ]


def test_places(run: Callable[..., list[Diagnostic]]) -> None:
    found = run(
        "teams:\n  t: {name: T, lead: x1, members: [TODO, 7, x2]}\n"
        "schedules:\n  s:\n    rotations:\n      - {name: bad}\n"
        "      - {name: r, participants: [[x3, TODO, x4], x5], start: 2026-11-02, every: 1w}\n"
        "alerts:\n  a: {metric: x6, severity: sev1, response: page, slice: {x7: y}}\n"
        "stores:\n  u: {kind: logs, access: [everyone, customer]}\n"
        "incidents:\n  i: {title: I, severity: sev1, detected_by: customer, missing_fields: [x8]}\n"
    )
    assert [one for one in places(found) if one[0] == "OM007"] == [
        ("OM007", 2, 22), ("OM007", 2, 45), ("OM007", 7, 35), ("OM007", 7, 45), ("OM007", 7, 50),
        ("OM007", 9, 15), ("OM007", 9, 59), ("OM007", 11, 38),
    ]  # fmt: skip


def test_parts_that_were_dropped_are_looked_at_too(run: Callable[..., list[Diagnostic]]) -> None:
    found = run(
        "escalations:\n  e: {steps: [{notify: [x1]}, {after: 0m, notify: [x2]}]}\n"
        "alerts:\n  a: {metric: x3, owner: x4}\n"
    )
    assert {one.message.split("`")[3] for one in found if one.code == "OM007"} == {
        "x1",
        "x2",
        "x3",
        "x4",
    }


def test_what_failed_to_load_exists(run: Callable[..., list[Diagnostic]]) -> None:
    found = run("people:\n  a: {}\nteams:\n  t: {name: T, lead: a, members: [a]}\n")
    assert [one.code for one in found] == ["OM005"]


def test_what_an_unread_file_may_define(run: Callable[..., list[Diagnostic]]) -> None:
    text = "teams:\n  t: {name: T, lead: ann, members: [bob]}\n"
    assert len(run(text)) == 2
    found = run(text, b="people:\n  ann: {name: [\n")
    assert [one.message.split("`")[3] for one in found] == ["bob"]


def test_where_a_file_was_not_opened_only_kinds_are_certain(
    tmp_path: Path, run: Callable[..., list[Diagnostic]]
) -> None:
    (tmp_path / "people.yaml").symlink_to("/etc/hostname")
    found = run("teams:\n  t: {name: T, lead: ann, members: [t]}\n")
    assert [one.message for one in found] == [
        "`members` names `t`, which is a team; it takes a person"
    ]


def test_wording(run: Callable[..., list[Diagnostic]]) -> None:
    found = run(
        "people:\n  priya: {name: P}\ncomponents:\n  p: {kind: prompt}\n"
        'teams:\n  t: {name: T, lead: pryia, members: [other:ann, "pri\\u200bya", nobody, p]}\n'
        "gates:\n  g: {requires: [{eval: p}]}\n"
    )
    said = {(one.code, one.message, one.help) for one in found if one.code in {"OM006", "OM007"}}
    assert said == {
        ("OM007", "`lead` names `pryia`, which does not exist", "did you mean `priya`?"),
        (
            "OM006",
            "`other:ann` names another registry; that is kept for a later version of the format",
            "name an entity of this registry",
        ),
        (
            "OM007",
            "`members` names `nobody`, which does not exist",
            "correct the name, or define it under `people`",
        ),
        (
            "OM007",
            "`members` names `p`, which is a component; it takes a person",
            "did you mean `priya`?",
        ),
        (
            "OM007",
            "`eval` names `p`, which is a component of kind prompt; it takes a component of kind eval-set",
            "correct the name, or define it under `components`",
        ),
    }
    assert [one.code for one in found if "cannot see" in one.message] == ["OM014"]


def test_suggestions_are_sought_for_some_hundred_names(
    run: Callable[..., list[Diagnostic]],
) -> None:
    rows = "".join(f"  t{n}: {{name: T, lead: evaluation-lea{n:03}}}\n" for n in range(230))
    again = "  t: {name: T, lead: evaluation-lea000}\n"
    found = run("people:\n  evaluation-lead: {name: P}\nteams:\n" + rows + again)
    helps = [one.help for one in found]
    assert len(helps) == 231
    assert helps.count("did you mean `evaluation-lead`?") == 201, "the same name is sought once"
