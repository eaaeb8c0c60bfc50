"""What is generated from every example: promtool and amtool take it, and the audit finds it right.

All that an audit may still find is what was listed as missing.
"""

from pathlib import Path

import pytest

from registry.audit.audit import audit
from registry.deployed.ingest import default, ingest
from registry.stack.generate import generate
from registry.stack.generator import Generated
from registry.workspace.open import Opened, open_registry
from registry.workspace.options import Options
from tests.conftest import AT, ROOT
from tests.stack.programs import ran

EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/opmodel.yaml"))
TAKEN = [
    pytest.param(one, marks=pytest.mark.slow) if one.name == "enterprise-copilot" else one
    for one in EXAMPLES
]
"""What promtool plays of the scenarios of the largest takes ten times as long as that of the rest."""
NAMES = ("prometheus", "alertmanager", "openslo", "codeowners")


def written(opened: Opened, folder: Path, *names: str) -> dict[str, Generated]:
    """Generate into the folder `deployed`."""
    made = {name: generate(opened, name, Options(AT)) for name in names}
    (folder / "deployed").mkdir()
    for found in made.values():
        for name, data in found.files.items():
            (folder / "deployed" / name).write_bytes(data)
    return made


@pytest.mark.parametrize("example", TAKEN, ids=lambda one: one.name)
def test_promtool_and_amtool_take_it(example: Path, tmp_path: Path) -> None:
    opened = open_registry(str(example), Options(AT))
    made = written(opened, tmp_path, "prometheus", "alertmanager")
    here = tmp_path / "deployed"
    rules, *tests = made["prometheus"].files or ("",)
    assert bool(rules) is (example.name != "representative-week")
    if rules:
        checked = ran(here, "promtool", "check", "rules", rules)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        tested = ran(here, "promtool", "test", "rules", *tests)
        assert tested.returncode == 0, tested.stdout + tested.stderr
    taken = ran(here, "amtool", "check-config", "alertmanager.yml")
    assert taken.returncode == 0, taken.stdout + taken.stderr


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_the_audit_finds_nothing_but_what_is_missing(example: Path, tmp_path: Path) -> None:
    opened = open_registry(str(example), Options(AT))
    made = written(opened, tmp_path, *NAMES)
    lacks = {(one.section, one.id, str(one.field[0])) for found in made.values()
             for one in found.missing if one.field}  # fmt: skip
    read = ingest(default(str(tmp_path)), str(tmp_path))
    assert not read.deployed.not_read
    told = {
        (one.code, *(one.entity or ("", "")))
        for one in audit(opened, read, Options(AT)).result.diagnostics
    }
    undeployed = {id_ for section, id_, field in lacks if section == "alerts" and field == "metric"}
    without = {id_ for section, id_, field in lacks if section == "alerts" and field == "runbook"}
    allowed = {("OM906", "alerts", one) for one in undeployed}
    allowed |= {("OM908", "deployed", one) for one in without}
    if not made["prometheus"].files:  # no alert is read, and then each receiver is judged by itself
        allowed = {("OM902", "receivers", "unrouted"), ("OM917", "files", "opmodel.yaml")}
    assert told == allowed
