"""The helper for authors of plugins: it holds a rule against its fixtures, and says what is amiss."""

import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from registry.testing import EXPECTED, cases, check_case
from tests.plugin import EXAMPLE, install


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    install(tmp_path / "site", monkeypatch)
    from acme_rules import rules

    for one in [name for name in sys.modules if name.startswith("acme_")]:
        monkeypatch.delitem(sys.modules, one)
        monkeypatch.setitem(sys.modules, one, sys.modules.get(one, rules))
    return rules


@pytest.fixture
def fixtures(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE / "tests", tmp_path / "fixtures"))


def test_the_example_is_right(rules: ModuleType) -> None:
    found = cases(EXAMPLE / "tests")
    assert [one.name for one in found] == ["bad", "good"]
    for case in found:
        check_case(rules, case)


def swap(fixtures: Path) -> None:
    good, bad = (fixtures / "ACME101" / one / "opmodel.yaml" for one in ("good", "bad"))
    texts = good.read_text(), bad.read_text()
    good.write_text(texts[1])
    bad.write_text(texts[0])


@pytest.mark.parametrize(
    ("kind", "says"), [("good", "ACME101 speaks of it:"), ("bad", "other than expected")]
)
def test_a_rule_that_says_something_else(
    rules: ModuleType, fixtures: Path, kind: str, says: str
) -> None:
    swap(fixtures)
    with pytest.raises(AssertionError, match=says):
        check_case(rules, fixtures / "ACME101" / kind)


def test_what_is_expected_is_written(rules: ModuleType, fixtures: Path) -> None:
    bad = fixtures / "ACME101" / "bad"
    before = (bad / EXPECTED).read_text()
    (bad / EXPECTED).unlink()
    with pytest.raises(AssertionError, match="is not there"):
        check_case(rules, bad)
    check_case(rules, bad, update=True)
    assert (bad / EXPECTED).read_text() == before


def test_a_fixture_about_something_else(rules: ModuleType, fixtures: Path) -> None:
    good = fixtures / "ACME101" / "good"
    broken = good.rename(good.with_name("good-broken"))
    with pytest.raises(AssertionError, match="nothing is wrong with it"):
        check_case(rules, broken)
    manifest = broken / "opmodel.yaml"
    manifest.write_text(manifest.read_text().replace("2026-12-03", "soon"))
    check_case(rules, broken)
    with pytest.raises(AssertionError, match="it is not about ACME101 alone"):
        check_case(rules, broken.rename(good))


def test_a_rule_that_there_is_not(rules: ModuleType, fixtures: Path) -> None:
    other = (fixtures / "ACME101").rename(fixtures / "ACME102")
    with pytest.raises(AssertionError, match="has no rule ACME102: it has"):
        check_case(rules, other / "good")
