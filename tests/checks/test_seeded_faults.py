"""Ten registries grown from the clean examples, each with one fault at a time: found, and alone."""

from pathlib import Path

import pytest

from registry.checks.engine import check
from registry.checks.result import Result
from registry.diagnostic import Severity
from registry.workspace.options import Options
from tests.checks.faults import FAULTS
from tests.checks.grown import NUMBER, Grown
from tests.conftest import AT

pytestmark = pytest.mark.no_cover

ONCE = [(code, index % NUMBER) for index, code in enumerate(FAULTS)]
EACH = [(code, number) for code in FAULTS for number in range(NUMBER) if (code, number) not in ONCE]


def errors(result: Result) -> list[tuple[str, tuple[str, str] | None, str]]:
    return [
        (one.code, one.entity, str(one.field[0]) if one.field else "")
        for one in result.shown
        if one.severity is Severity.ERROR
    ]


def checked(grown: Grown, folder: Path) -> Result:
    return check(str(grown.write(folder, tuple(FAULTS))), Options(AT))


@pytest.mark.parametrize("number", range(NUMBER))
def test_what_is_grown_is_right(number: int, tmp_path: Path) -> None:
    result = checked(Grown(number), tmp_path)
    assert errors(result) == []
    assert result.entities > 60


def one_fault(code: str, number: int, folder: Path) -> None:
    grown = Grown(number)
    section, id_, field = FAULTS[code](grown)
    entity = (section, id_) if section else None
    assert errors(checked(grown, folder)) == [(code, entity, field)]


@pytest.mark.parametrize(("code", "number"), ONCE)
def test_a_fault_is_found_at_its_place_and_nothing_else_is(
    code: str, number: int, tmp_path: Path
) -> None:
    one_fault(code, number, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("code", "number"), EACH)
def test_each_fault_in_each_registry(code: str, number: int, tmp_path: Path) -> None:
    one_fault(code, number, tmp_path)
