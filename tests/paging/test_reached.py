"""Whom pages really reach over time is, at every instant, what the engine says without the absent."""

import json
import random
from datetime import UTC
from itertools import pairwise
from pathlib import Path

import pytest

from registry.clock.civil import instant
from registry.clock.tzif import DAY
from registry.compare.difference import difference
from registry.compare.side import open_side
from registry.oncall import escalation as engine
from registry.oncall.deputy import gone
from registry.paging.reached import Reach
from registry.workspace.load import load
from registry.workspace.options import Options
from registry.workspace.workspace import Workspace
from tests.conftest import AT, ROOT, sizes
from tests.oncall.shapes import registry, written

EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/opmodel.yaml"))
MANIFEST = {"opmodel": 1, "name": "shapes", "stage": "poc"}


def made(seed: int, folder: Path) -> tuple[Workspace, int]:
    """Write a registry of random rotas, people and escalations; return it and an instant."""
    found, asked = registry(random.Random(seed))
    folder.mkdir(exist_ok=True)
    text = json.dumps({**MANIFEST, **written(found)})
    (folder / "opmodel.yaml").write_text(text, "utf-8")
    return load(str(folder)).workspace, instant(asked.replace(tzinfo=UTC))


def reached(reach: Reach, target: str, at: int) -> list[set[str]]:
    """Ask the engine who is reached by the first run, step by step; of all runs if that is nobody."""
    known = reach.known
    steps: dict[tuple[int, int], set[str]] = {}
    for hop in engine.hops(target, known, at):
        when = at + hop.after if hop.held is None else hop.held
        here = {one for one in hop.people if is_here(reach, one, when)}
        steps.setdefault((hop.run, hop.step), set()).update(here)
    first = [people for (run, _), people in sorted(steps.items()) if run == 0 and people]
    return first or [people for _, people in sorted(steps.items()) if people]


def is_here(reach: Reach, person: str, when: int) -> bool:
    known = reach.known.people.get(person)
    if known is None:
        return False
    spans = gone(known, known.timezone or reach.known.zone)
    return not any(start <= when < end for start, end in spans)


@pytest.mark.no_cover
@pytest.mark.parametrize("seeds", sizes(10, 75))
def test_agrees_with_the_engine_at_every_instant(seeds: int, tmp_path: Path) -> None:
    for seed in range(seeds):
        workspace, asked = made(seed, tmp_path / "registry")
        draw = random.Random(seed)
        start, end = asked, asked + 21 * DAY
        reach = Reach(workspace, start, end)
        known = reach.known
        for target in (*known.escalations, *known.schedules, *known.roles, "ana"):
            spans = reach.of(target)
            assert (spans[0].start, spans[-1].end) == (start, end)
            assert all(one.end == two.start for one, two in pairwise(spans))
            edges = [at for one in spans for at in (one.start, one.end - 1)]
            for at in draw.sample(edges, min(len(edges), 8)):
                (span,) = [one for one in spans if one.start <= at < one.end]
                told = [set(step.people) for step in span.steps]
                assert sorted(map(sorted, told)) == sorted(map(sorted, reached(reach, target, at)))


@pytest.mark.parametrize("seeds", sizes(10, 25))
def test_a_registry_does_not_differ_from_itself(seeds: int, tmp_path: Path) -> None:
    for seed in range(seeds):
        made(seed, tmp_path / "registry")
        options = Options(AT, horizon="30d")
        sides = [open_side(name, str(tmp_path / "registry"), options) for name in ("a", "b")]
        assert difference(*sides, options).is_empty


@pytest.mark.no_cover
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_does_not_differ_from_itself(example: Path) -> None:
    options = Options(AT)
    sides = [open_side(name, str(example), options) for name in ("a", "b")]
    found = difference(*sides, options)
    assert found.is_empty
    assert found.doubts == ()


@pytest.mark.no_cover
@pytest.mark.parametrize("seeds", sizes(8, 20))
def test_what_is_not_asked_about_does_not_change(
    seeds: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one registry and the same with one person changed, page by page."""
    options = Options(AT, horizon="30d")
    for seed in range(seeds):
        sides = []
        found, _ = registry(random.Random(seed))
        for name, until in (("a", "2999-01-01"), ("b", "2026-12-01")):
            person = random.Random(seed).choice(sorted(found["people"]))
            changed = {**found["people"][person], "until": until}
            people = {**found["people"], person: changed}
            (tmp_path / name).mkdir(exist_ok=True)
            text = json.dumps({**MANIFEST, **written({**found, "people": people})})
            (tmp_path / name / "opmodel.yaml").write_text(text, "utf-8")
            sides.append(open_side(name, str(tmp_path / name), options))
        told = difference(*sides, options)
        with monkeypatch.context() as patch:
            patch.setattr(Reach, "behind", lambda reach, _: id(reach))
            assert difference(*sides, options).paging == told.paging
