"""Each rule against its own fixtures, seeing only that rule, wording and caret included."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from registry.audit.audit import audit
from registry.audit.directory import directory_of
from registry.checks.catalogue import rules
from registry.checks.engine import check, open_registry
from registry.checks.report.human import REPORTER
from registry.checks.result import Result
from registry.deployed.ingest import default, ingest
from registry.output.style import Style
from registry.traces.check import check as check_traces
from registry.workspace.options import Options
from tests.conftest import AT, FIXTURES


def _cases(kind: str) -> list[Path]:
    found = (path for folder in FIXTURES.values() for path in folder.glob(f"{kind}*"))
    return sorted(path for path in found if path.is_dir())


def _name(case: Path) -> str:
    return f"{case.parent.name}-{case.name}"


def _check(case: Path) -> Result:
    options = Options(AT, select=case.parent.name)
    if rules()[case.parent.name].room == "checks":
        return check(str(case), options)
    opened = open_registry(str(case), options)
    if rules()[case.parent.name].room == "traces":
        files = sorted(map(str, (case / "traces").iterdir()))
        with TemporaryDirectory() as folder:
            return check_traces(opened, files, options, folder).result
    people = case / "people.csv"
    directory = directory_of(people.read_bytes(), people.name) if people.exists() else None
    assert not isinstance(directory, str)
    return audit(opened, ingest(default(str(case)), str(case)), options, directory).result


@pytest.mark.parametrize("case", _cases("good"), ids=_name)
def test_good(case: Path) -> None:
    result = _check(case)
    code = case.parent.name
    assert [found.message for found in result.diagnostics if found.code == code] == []
    others = {found.code for found in result.diagnostics if found.code != code}
    # `good-broken…` holds what does not load: the rule must not speak of it a second time.
    assert bool(others) == case.name.startswith("good-broken"), others
    assert result.entities or code == "OM016"


@pytest.mark.parametrize("case", _cases("bad"), ids=_name)
def test_bad(case: Path, update: bool) -> None:
    result = _check(case)
    # The last line counts all rules and names the tz data, and what is skipped stands above it:
    # no rule's business.
    shown = result._replace(left_out=())
    text = REPORTER.render(shown, Style(show_suppressed=True)).rsplit("\n", 2)[0]
    expected = case / "expected.txt"
    if update:
        expected.write_text(text, "utf-8")
    assert {found.code for found in result.diagnostics} == {case.parent.name}
    assert text == expected.read_text("utf-8")


@pytest.mark.parametrize("code", sorted(rules()))
def test_has_fixtures(code: str) -> None:
    assert (FIXTURES[code] / "good").is_dir()
    assert (FIXTURES[code] / "bad" / "expected.txt").is_file()
