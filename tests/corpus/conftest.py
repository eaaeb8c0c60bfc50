"""What the tests on real organisations share: their registry, checked and exported."""

import csv
import io
from collections.abc import Callable
from typing import NamedTuple

import pytest

from registry.checks.engine import check_opened, open_registry
from registry.diagnostic import Diagnostic
from registry.export import export as exports
from registry.workspace.options import Options
from tests.conftest import AT
from tests.output.tables.reading import original


class Looked(NamedTuple):
    """A registry that was checked and exported."""

    found: tuple[Diagnostic, ...]
    rows: list[dict[str, str]]
    alerts: list[dict[str, str]]
    notes: tuple[str, ...]

    def about(self, code: str, field: str | None = None) -> list[str]:
        """List the ids of a rule's findings, in order, for one field or for any."""
        return sorted(
            one.entity[1]
            for one in self.found
            if one.code == code and one.entity and field in (None, (one.field or ("",))[0])
        )


@pytest.fixture(scope="session")
def look() -> Callable[[str], Looked]:
    """Check the registry in a folder, and read its role matrix and alert coverage back."""

    def at(root: str) -> Looked:
        options = Options(AT)
        opened = open_registry(root, options)
        result = check_opened(opened, options)
        return Looked(
            result.diagnostics,
            _read(exports.export(opened, "role-matrix").content),
            _read(exports.export(opened, "alert-coverage").content),
            exports.notes(opened),
        )

    return at


def _read(content: bytes) -> list[dict[str, str]]:
    text = io.StringIO(content.decode("utf-8"), newline="")
    return [
        {original(heading): original(cell) for heading, cell in row.items()}
        for row in csv.DictReader(text, strict=True)
    ]
