"""Schedules in the registry's format with the person expected at given instants."""

import json
from pathlib import Path

import pytest

from registry.errors import CannotRunError
from registry.model.moments import read_instant
from registry.oncall.schedule import on_call, shifts
from registry.workspace.load import load
from tests.oncall.build import far
from tests.oncall.shapes import model

VECTORS = Path(__file__).with_name("vectors.json")
CASES = json.loads(VECTORS.read_text("utf-8"))["cases"]
ANSWERS = [
    pytest.param(case["schedule"], query, id=f"{case['id']}-{query['at']}")
    for case in CASES
    for query in case["queries"]
    if "expected" in query
]
MANIFEST = "opmodel: 1\nname: vectors\nstage: poc\n"


def test_there_are_many() -> None:
    assert len(ANSWERS) == 124


@pytest.mark.parametrize(("raw", "query"), ANSWERS)
def test_who_is_on_call(raw, query) -> None:
    expected = () if query["expected"] is None else (query["expected"],)
    at = read_instant(query["at"])
    assert on_call(model(raw), at).people == expected
    assert (
        tuple(one for shift in shifts(model(raw), at, at + 1) for one in shift.people) == expected
    )


@pytest.mark.parametrize(
    ("case", "message", "help_"),
    [
        ("oc-071", "`timezone` is `europe/berlin`", "did you mean `Europe/Berlin`?"),
        ("oc-073", "`timezone` is `W. Europe Standard Time`", "did you mean `Europe/Berlin`?"),
        ("oc-077", "a period of zero never ends", "such as `12h`, `1w` or `1mo`"),
    ],
)
def test_refused_when_loaded(case, message, help_, tmp_path) -> None:
    raw = next(one["schedule"] for one in CASES if one["id"] == case)
    (tmp_path / "opmodel.yaml").write_text(MANIFEST, "utf-8")
    people = {one: {"name": one} for one in ("ana", "ben", "cho")}
    text = json.dumps({"people": people, "schedules": {"it": raw}})
    (tmp_path / "oncall.yaml").write_text(text, "utf-8")
    (problem,) = load(str(tmp_path)).problems
    assert problem.code == "OM006"
    assert message in problem.message
    assert help_ in problem.help


def test_a_leap_second_is_refused() -> None:
    with pytest.raises(CannotRunError, match="leap second") as error:
        read_instant("2016-12-31T23:59:60Z")
    assert "2017-01-01T00:00:00Z" in error.value.help


def test_from_year_1_to_9999_by_arithmetic() -> None:
    raw = next(one["schedule"] for one in CASES if one["id"] == "oc-079")
    days = 3_652_058
    at = far("9999-12-31T23:59:59+00:00")
    assert on_call(model(raw), at).people == (["ana", "ben", "cho"][days % 3],)


def test_every_case_is_asked() -> None:
    answered = {case["id"] for case in CASES if all("expected" in q for q in case["queries"])}
    assert {case["id"] for case in CASES} - answered == {
        "oc-071", "oc-073", "oc-075", "oc-077", "oc-079",
    }  # fmt: skip
