"""What thousands of anything cost: in proportion to the file that holds them, rule by rule."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.strangers import each, names, participants, rotation
from registry.checks.engine import check_opened, open_registry
from registry.workspace.options import Options
from tests.conftest import AT, thirds
from tests.effort import ends, is_linear

pytestmark = pytest.mark.no_cover

HEAD = "opmodel: 1\nname: many\nstage: pilot\ntimezone: Europe/Berlin\n"


def _one_schedule_paged(size: int) -> str:
    steps = "{steps: [{after: 0m, notify: [s]}]}"
    alert = "{metric: m, response: page, severity: sev1, escalation: e#}"
    return (
        rotation(size)
        + "escalations:\n" + each(f"  e#: {steps}\n", size)
        + "alerts:\n" + each(f"  a#: {alert}\n", size)
    )  # fmt: skip


def _runbooks_in_one_file(size: int) -> str:
    return "runbooks:\n" + each("  r#: {title: R}\n", size)


def _zones_misspelt(size: int) -> str:
    return "people:\n" + each("  p#: {name: P, timezone: Europe/Berlni#}\n", size)


def _fields_misspelt(size: int) -> str:
    return "metrics:\n" + each("  m#: {bukket: cost, respons: page}\n", size)


def _staffed(size: int, beside: str, rest: str = "") -> str:
    """Write a schedule of some people, with many rotations beside the first, or other fields."""
    people = "people:\n" + each("  p#: {name: P}\n", 6)
    turns = "participants: [p0, p1], start: 2026-01-05T09:00, every: 1d"
    first = f"      - {{name: first, {turns}}}\n"
    more = each(f"      - {{name: r#, {turns}, {beside}}}\n", size) if beside else ""
    return f"{people}schedules:\n  s:\n    rotations:\n{first}{more}{rest}"


def _open_for_a_minute(size: int) -> str:
    return _staffed(size, 'hours: {days: [mon], from: "09:00", to: "09:01"}')


def _shadows(size: int) -> str:
    return _staffed(size, "shadow: true")


def _on_call_as_well(size: int) -> str:
    """Write overrides that all hold at once, each from another moment on."""
    moments = [f"2026-11-20T{one // 60 % 24:02}:{one % 60:02}" for one in range(size)]
    lines = (
        f"      - {{person: p{number % 6}, mode: add, from: {moment}, to: 2027-11-02}}\n"
        for number, moment in enumerate(moments)
    )
    return _staffed(size, "", f"    overrides:\n{''.join(lines)}")


@pytest.mark.parametrize(
    "case",
    thirds([
        (_open_for_a_minute, "OM304"),
        (_shadows, "OM314"),
        (_on_call_as_well, "OM314"),
        (_on_call_as_well, "OM312"),
        (participants, "OM214"),
        (participants, "OM3"),
        (_one_schedule_paged, "OM214"),
        (_one_schedule_paged, "OM318"),
        (_runbooks_in_one_file, "OM411"),
        (_zones_misspelt, "OM006"),
        (_fields_misspelt, "OM004"),
        (names, "OM007"),
    ]),
    ids=lambda case: f"{case[0].__name__}-{case[1]}",
)  # fmt: skip
def test_cost_is_in_proportion(case: tuple[Callable[[int], str], str], tmp_path: Path) -> None:
    shape, codes = case
    (tmp_path / "opmodel.yaml").write_text(HEAD, "utf-8")

    def look(size: int) -> None:
        (tmp_path / "many.yaml").write_text(shape(size), "utf-8")
        check_opened(open_registry(str(tmp_path), options), options)

    options = Options(AT, select=codes)
    assert is_linear(look, 200, 600)
    with ends():  # what loops in C makes no calls
        look(2000)


@pytest.mark.slow
def test_sections_that_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "opmodel.yaml").write_text(HEAD, "utf-8")
    (tmp_path / "many.yaml").write_text(each("section#: 1\n", 60_000), "utf-8")
    with ends(40):  # the one above each was sought among all of them
        found = open_registry(str(tmp_path), Options(AT))
    assert len(found.problems) == 60_000
