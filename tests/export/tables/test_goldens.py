"""Every export of the enterprise copilot, as it is handed over, byte for byte."""

from pathlib import Path

import pytest

from registry.checks.engine import Opened
from registry.export.export import export, exporters

GOLDEN = Path(__file__).parent / "golden"
CASES = [
    *((name, by, "csv") for name, one in exporters().items() for by in one.variants or (None,)),
    ("role-matrix", "function", "md"),
    ("role-matrix", "team", "json"),
    ("alert-coverage", None, "md"),
]


def _file(name: str, by: str | None, format_: str) -> Path:
    return GOLDEN / f"{name}{f'-by-{by}' if by else ''}.{format_}"


@pytest.mark.parametrize(("name", "by", "format_"), CASES)
def test_export(example: Opened, name: str, by: str | None, format_: str, update: bool) -> None:
    got = export(example, name, format_, by)
    expected = _file(name, by, format_)
    if update:
        expected.parent.mkdir(exist_ok=True)
        expected.write_bytes(got.content)
    assert got.content == expected.read_bytes()
    assert got.notes == ()


def test_no_orphans() -> None:
    assert set(GOLDEN.iterdir()) == {_file(*case) for case in CASES}
