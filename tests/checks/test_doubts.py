"""Whether what a suppression silences may only be hidden by another fault."""

from pathlib import Path

import pytest

from registry.checks.doubts import Doubts
from registry.diagnostic import Diagnostic, Label
from registry.span import Location
from registry.workspace.load import load

TEXT = """\
opmodel: 1
name: ours
stage: poc
people:
  ana: {name: Ana}
metrics:
  m: {bucket: nothing}
telemetry: {correlation: [a]}
"""


@pytest.fixture
def doubts(tmp_path: Path) -> Doubts:
    (tmp_path / "opmodel.yaml").write_text(TEXT, "utf-8")
    (tmp_path / "odd.yaml").write_text("channels: [\n", "utf-8")
    found = Diagnostic(
        "OM007", "m", Label(Location("opmodel.yaml")), entity=("telemetry", "telemetry")
    )
    other = found._replace(code="OM204", entity=("people", "ana"))
    return Doubts(load(str(tmp_path)).workspace, [found, other])


@pytest.mark.parametrize(
    ("line", "is_doubtful"), [(1, False), (4, False), (5, False), (6, False), (7, True), (8, True)]
)
def test_lines_are_of_the_entity_above(doubts: Doubts, line: int, *, is_doubtful: bool) -> None:
    assert doubts.near("opmodel.yaml", line) is is_doubtful


def test_a_file_without_data_is_doubtful(doubts: Doubts) -> None:
    assert doubts.near("odd.yaml", 1)
    assert doubts.near("absent.yaml", 1)


def test_entities(doubts: Doubts) -> None:
    assert doubts.about("metrics/m")
    assert doubts.about("telemetry/telemetry")
    assert not doubts.about("people/ana")
    assert not doubts.about("")
