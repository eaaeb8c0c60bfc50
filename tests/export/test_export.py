"""Choosing an export, its form and its format; what it says of what could not be read."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import registry.export.tables
import registry.output.tables
from registry.checks.engine import Opened
from registry.errors import CannotRunError
from registry.export import export as exports
from registry.export import frame
from registry.plugins import stems
from tests.conftest import ROOT
from tests.export.conftest import EXAMPLE, Open

MISSING = "could not be read, so what stands there is missing here: `opmodel check` says why"


def test_names() -> None:
    assert list(exports.exporters()) == [
        one.replace("_", "-") for one in stems(registry.export.tables)
    ]
    assert list(exports.writers()) == stems(registry.output.tables)
    assert all(one.summary for one in exports.exporters().values())


def test_the_default_form_is_the_first(example: Opened) -> None:
    default = exports.export(example, "role-matrix")
    assert default == exports.export(example, "role-matrix", "csv", "role")


@pytest.mark.parametrize(
    ("name", "format_", "by", "message", "help_"),
    [
        ("role-matrx", "csv", None, "there is no export `role-matrx`", "role-matrix"),
        (
            "role-matrix",
            "xls",
            None,
            "there is no table format `xls`",
            ", ".join(exports.writers()),
        ),
        (
            "role-matrix",
            "csv",
            "tribe",
            "role-matrix has no `--by tribe`",
            "function, person, team",
        ),
        ("metric-dictionary", "csv", "role", "metric-dictionary has no `--by role`", "leave"),
    ],
)
def test_what_does_not_exist(
    example: Opened, name: str, format_: str, by: str | None, message: str, help_: str
) -> None:
    with pytest.raises(CannotRunError) as caught:
        exports.export(example, name, format_, by)
    assert str(caught.value) == message
    assert help_ in caught.value.help


@pytest.mark.parametrize(
    ("path", "asked", "name"),
    [
        (None, None, "csv"),
        (None, "md", "md"),
        ("matrix.xlsx", None, "xlsx"),
        ("out/matrix.JSON", None, "json"),
        ("matrix.txt", "csv", "csv"),
        ("matrix.csv", "md", "md"),
        ("matrix", None, "csv"),
        ("v1.2/matrix", None, "csv"),
    ],
)
def test_format_for(path: str | None, asked: str | None, name: str) -> None:
    assert exports.format_for(path, asked) == name


def test_format_for_an_unknown_suffix() -> None:
    with pytest.raises(CannotRunError, match="there is no table format `txt`"):
        exports.format_for("matrix.txt")


def test_notes_count_what_could_not_be_read(opened: Open) -> None:
    found = opened(
        "ownership:\n  a: just text\n  b: {title: [], team: t}\n",
        bad="metrics: {unclosed: {\n",
        worse="metrics:\n  m: {bucket: cost}\n",
        fine="people:\n  kim: {email: kim@acme.example}\n  ana: {name: Ana}\n",
    )
    assert exports.export(found, "role-matrix").notes == (
        f"1 file (bad.yaml) {MISSING}",
        f"3 entities {MISSING}",
        f"1 field {MISSING}",
    )


def test_notes_count_what_was_not_taken_over(opened: Open) -> None:
    found = opened(
        "timezone: Nowhere\nownership:\n  a: {title: A}\n  a: {title: B}\n  '!': {title: C}\n",
        b="ownership: {a: {title: D}}\nmatrix: {e: {title: E}}\n",
        c="ownership: [a, b]\n",
    )
    table = exports.table(found.workspace, "role-matrix")
    assert [row[0] for row in table.rows] == ["a"]
    assert exports.notes(found) == (
        "5 entries repeated or misnamed, and not in here: `opmodel check` says why",
    )


def test_notes_name_three_files_at_most(opened: Open) -> None:
    found = opened("people: {a: {name: A}}\n", **dict.fromkeys("bcde", "{"))
    (note,) = exports.export(found, "role-matrix").notes
    assert note == f"4 files (b.yaml, c.yaml, d.yaml, …) {MISSING}"


def test_a_registry_that_reads_well_has_no_notes(example: Opened) -> None:
    assert exports.notes(example) == ()


_HASHES = """
import hashlib, sys
from datetime import UTC, datetime
from registry.checks.engine import open_registry
from registry.export.export import export, exporters, writers
from registry.workspace.options import Options
at = datetime(2026, 11, 20, 9, tzinfo=UTC)
found = open_registry(sys.argv[1], Options(at))
for name, one in exporters().items():
    for by in one.variants or (None,):
        for format_ in writers():
            content = export(found, name, format_, by, at=at).content
            print(name, by, format_, hashlib.sha256(content).hexdigest())
"""


def test_same_bytes_on_every_machine() -> None:
    """Hash seed, time zone, locale and the folder that a run starts in change nothing."""
    outputs = set()
    for seed, zone, locale in (("1", "Asia/Kolkata", "C"), ("2", "America/Lima", "de_DE.UTF-8")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        ran = subprocess.run(
            [sys.executable, "-c", _HASHES, str(EXAMPLE)],
            env={**env, "PYTHONPATH": str(ROOT)},
            cwd=Path(EXAMPLE).parent if seed == "1" else ROOT,
            capture_output=True,
            check=True,
            text=True,
        )
        outputs.add(ran.stdout)
    (only,) = outputs
    forms = sum(len(one.variants) or 1 for one in exports.exporters().values())
    assert len(only.splitlines()) == forms * len(exports.writers())


# -- frames --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (frame.role_matrix, "role-matrix"),
        (frame.metric_dictionary, "metric-dictionary"),
        (frame.alert_coverage, "alert-coverage"),
    ],
)
def test_frame_has_the_same_rows(example: Opened, made: object, name: str) -> None:
    assert callable(made)
    found = made(example.workspace)
    table = exports.table(example.workspace, name)
    assert isinstance(found, pd.DataFrame)
    assert tuple(found.columns) == table.headings
    assert tuple(found.itertuples(index=False, name=None)) == table.rows


def test_frame_equals_the_csv_file(example: Opened, tmp_path: Path) -> None:
    path = tmp_path / "matrix.csv"
    path.write_bytes(exports.export(example, "role-matrix", "csv", "team").content)
    read = pd.read_csv(path, dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(read, frame.role_matrix(example.workspace, "team"))


def test_frame_of_nothing(opened: Open) -> None:
    found = frame.role_matrix(opened("people: {a: {name: A}}\n").workspace)
    assert found.empty
    assert list(found.columns) == [
        "layer", "title", "description", "team", "accountable",
        "team_name", "accountable_name", "missing",
    ]  # fmt: skip


def test_frame_of_duties(example: Opened) -> None:
    found = frame.duties(example.workspace)
    assert found.dtypes["line"] == "int64"
    assert {str(kind) for name, kind in found.dtypes.items() if name != "line"} == {"str"}
    rows = found[found["who"] == "dana"].reset_index(drop=True)
    pd.testing.assert_frame_equal(frame.duties(example.workspace, "dana"), rows)
    assert set(rows["through"]) == {"", "cto", "leadership"} - {
        one for one in ("leadership",) if frame.duties(example.workspace, one).empty
    }
    assert frame.duties(example.workspace, "nobody").empty


def test_frame_of_a_folder(example: Opened) -> None:
    found = frame.role_matrix(EXAMPLE)
    pd.testing.assert_frame_equal(found, frame.role_matrix(example.workspace))
