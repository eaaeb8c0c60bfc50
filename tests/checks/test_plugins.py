"""Rules of installed distributions: only those that the policy names, and no fault of theirs ends a check."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.checks.engine import check
from registry.checks.own import applying
from registry.checks.result import Result
from registry.plugins import failure_of
from registry.workspace.open import policy_of
from registry.workspace.options import Options
from tests.conftest import AT, ROOT
from tests.plugin import install

REGISTRY = ROOT / "docs" / "own-rules" / "registry"
FRIDAY = "experiment `shorter-route` ends on a Friday"
MODULE = "acme101_experiment_ends_on_friday"
RULE = '''"""A fault.

Why: so.

Mend: it.
"""
from registry.checks.rule import rule
{body}
RULE = rule(__name__, __doc__, "W W W", check{more})
'''


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REGISTRY, tmp_path / "registry"))


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    before = set(sys.modules)
    yield install(tmp_path / "site", monkeypatch)
    for one in set(sys.modules) - before:
        if one.startswith("acme_"):
            del sys.modules[one]


def told(root: Path, select: str = "OM006,OM007,OM010,ACME") -> list[str]:
    return [f"{one.code} {one.message}" for one in found(root, select).diagnostics]


def found(root: Path, select: str = "OM006,OM007,OM010,ACME") -> Result:
    return check(str(root), Options(AT, select=select))


def test_the_rules_of_a_plugin_run(registry: Path, rules: Path) -> None:
    result = found(registry, "experiment-ends-on-friday")
    (one,) = result.diagnostics
    assert (one.code, one.name, one.message) == ("ACME101", "experiment-ends-on-friday", FRIDAY)
    assert (one.severity.value, one.primary.at.start.line) == ("info", 30)
    assert [rule.summary for rule in result.own_rules] == ["An experiment that ends on a Friday."]


def test_a_policy_speaks_of_them_as_of_others(registry: Path, rules: Path) -> None:
    policy = registry / "policy.yaml"
    text = policy.read_text()
    policy.write_text(text + "rules: {experiment-ends-on-friday: error, ACME001: off}\n")
    (one,) = found(registry, "ACME").diagnostics
    assert one.severity.value == "error"
    waiver = "{rule: experiment-ends-on-friday, entity: experiments/shorter-route, reason: Late, until: 2026-12-30}"
    policy.write_text(text + f"waivers: [{waiver}]\n")
    (one,) = found(registry, "ACME101").silenced
    assert one.suppressed is not None
    assert one.suppressed.reason == "Late"


def test_without_its_being_named_nothing_is_imported(registry: Path, rules: Path) -> None:
    policy = registry / "policy.yaml"
    policy.write_text(policy.read_text().replace("plugins: [acme-rules]\n", ""))
    assert told(registry, "ACME001") != []
    assert not [one for one in sys.modules if one.startswith("acme_")]


def test_a_plugin_that_is_not_installed(registry: Path) -> None:
    policy = registry / "policy.yaml"
    policy.write_text(policy.read_text() + "rules: {ACME777: off}\n")
    manifest = registry / "opmodel.yaml"
    manifest.write_text(manifest.read_text() + "# opmodel: ignore[ACME888] not known here\n")
    (one,) = found(registry, "OM0").diagnostics
    assert one.message == "the plugin `acme-rules` is not installed"
    assert one.primary.location.file == "policy.yaml"
    assert one.primary.at.start == (11, 11)
    assert "opmodel.rules" in one.help


def test_a_name_that_is_nearly_right(registry: Path, rules: Path) -> None:
    policy = registry / "policy.yaml"
    policy.write_text(policy.read_text().replace("[acme-rules]", "[acme-rulez]"))
    (one,) = found(registry, "OM006").diagnostics
    assert one.help == "did you mean `acme-rules`?"


def test_a_plugin_that_is_named_twice_runs_once(registry: Path, rules: Path) -> None:
    policy = registry / "policy.yaml"
    (registry / "base.yaml").write_text("extends: poc\nplugins: [acme-rules, acme-rules]\n")
    policy.write_text(policy.read_text().replace("extends: poc", "extends: base.yaml"))
    assert told(registry, "ACME101") == [f"ACME101 {FRIDAY}"]


def test_two_distributions_of_one_name(
    registry: Path, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "more", monkeypatch, name="acme-more")
    (tmp_path / "more" / "acme_more-1.2.0.dist-info" / "entry_points.txt").write_text(
        "[opmodel.rules]\nacme-rules = acme_more.rules\n"
    )
    brought = "`acme-more 1.2.0`, `acme-rules 1.2.0`"
    assert f"OM006 the plugin `acme-rules` is brought by {brought}" in told(registry)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("acme_rules.nothing", "cannot be loaded: ModuleNotFoundError: No module named"),
        (
            f"acme_rules.rules.{MODULE}",
            "is no package: its entry point is `acme_rules.rules.acme101",
        ),
        (
            "acme_rules.rules:__doc__",
            "is no package: its entry point is `acme_rules.rules:__doc__`",
        ),
        ("acme_rules", "holds no rule"),
    ],
)
def test_an_entry_point_that_leads_nowhere(
    registry: Path, rules: Path, entry: str, says: str
) -> None:
    info = rules.parent.parent / "acme_rules-1.2.0.dist-info"
    (info / "entry_points.txt").write_text(f"[opmodel.rules]\nacme-rules = {entry}\n")
    (first, *_) = told(registry, "OM006")
    assert f"the plugin `acme-rules` {says}" in first


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("stem", "says"),
    [
        ("helpers", "holds `helpers`, which is no module of a rule"),
        ("om999_mine", "holds `om999_mine`, which is no module of a rule"),
        ("acme101_again", "has the code `ACME101`, which is another rule's"),
        ("acme102_unpaged_metric", "has the name `unpaged-metric`, which is another rule's"),
        ("acme102_experiment_ends_on_friday", "has the name `experiment-ends-on-friday`"),
    ],
)
def test_a_module_that_is_called_wrongly(registry: Path, rules: Path, stem: str, says: str) -> None:
    (rules / f"{stem}.py").write_text("")
    assert f"OM006 the plugin `acme-rules` {says}" in told(registry)[0]


def test_a_code_that_the_policy_gives_as_well(registry: Path, rules: Path) -> None:
    policy = registry / "policy.yaml"
    policy.write_text(policy.read_text().replace("ACME001", "ACME101"))
    assert "OM006 the code `ACME101` is a plugin's already" in told(registry)


@pytest.mark.parametrize(
    ("body", "more", "says"),
    [
        ("def check(context):\n    raise KeyError('x')\n    yield", "",
         "ACME102 failed: KeyError: 'x' (acme_rules.rules.acme102_new, line 9)"),
        ("def check(context):\n    return 7", "", "ACME102 failed: TypeError: 'int' object"),
        ("def check(context):\n    yield 'a fault'", "",
         "ACME102 found something that is no finding of its own"),
        ("check = None", "", "`acme102_new` has no check"),
        ("def check(context):\n    yield", ", settings=('horizonn',)",
         "`acme102_new` reads `horizonn`, which is no setting"),
        ("raise SystemExit(3)", "", "`acme102_new` cannot be loaded: SystemExit: 3"),
        ("check = None\n__name__ = 'acme_rules.rules.acme103_old'", "",
         "`acme102_new` makes a rule that is not called as it is"),
    ],
)  # fmt: skip
def test_a_rule_that_fails(registry: Path, rules: Path, body: str, more: str, says: str) -> None:
    (rules / "acme102_new.py").write_text(RULE.format(body=body, more=more))
    lines = told(registry)
    assert [one for one in lines if says in one] != [], lines
    assert f"ACME101 {FRIDAY}" in lines


def test_a_module_without_a_rule(registry: Path, rules: Path) -> None:
    (rules / "acme102_new.py").write_text("")
    assert "`acme102_new` cannot be loaded: ImportError:" in told(registry)[0]


@pytest.mark.parametrize(
    "raises", ["raise KeyboardInterrupt", "import os\nraise KeyboardInterrupt"]
)
def test_an_interruption_is_no_fault_of_a_plugin(registry: Path, rules: Path, raises: str) -> None:
    target = rules / "__init__.py" if raises.startswith("raise") else rules / "acme102_new.py"
    target.write_text(raises)
    with pytest.raises(KeyboardInterrupt):
        told(registry)


def test_a_failure_in_one_line() -> None:
    assert failure_of(ValueError("two\nlines")) == "ValueError: two lines"


def test_the_rules_that_apply(registry: Path, rules: Path) -> None:
    policy = policy_of(str(registry), None).policy
    codes = list(applying(policy.own).rules)
    assert codes[-2:] == ["ACME001", "ACME101"]
    assert codes[0] == "OM001"
    assert {"ACME001", "ACME101"} <= policy.codes
    bare = policy_of(None, str(registry / "policy.yaml")).policy
    assert bare.own.codes == policy.own.codes
    assert policy_of(None, None).policy.is_assumed
