"""A small registry, and what a change of its text does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from registry.compare.difference import RegistryDifference, difference
from registry.compare.side import open_side
from registry.workspace.options import Options
from tests.conftest import AT

BASE = """\
opmodel: 1
name: small
stage: poc
people:
  ana: {name: Ana Silva, contact: {phone: "1"}}
  ben: {name: Ben Okafor, contact: {phone: "2"}}
  cho: {name: Cho Min, contact: {phone: "3"}}
teams:
  desk: {name: Desk, lead: ana, members: [ben]}
roles:
  ic: {title: Commander, holder: cho}
  on: {title: On call, schedule: rota}
ownership:
  prompts: {accountable: ana}
metrics:
  m: {bucket: cost, response: page, owner: ana}
schedules:
  rota: {rotations: [{name: r, participants: [ana], start: 2026-11-02T09:00, every: 1w}]}
escalations:
  page: {steps: [{after: 0m, notify: [on]}, {after: 15m, notify: [ic]}]}
  direct: {steps: [{after: 0m, notify: [ben]}]}
alerts:
  a: {metric: m, severity: sev2, response: page, owner: ana, escalation: page}
  b: {metric: m, severity: sev2, response: page, owner: ana, escalation: direct}
  c: {metric: m, severity: sev2, response: page, owner: ana, escalation: rota}
kill_switches:
  k: {action: Stop., operators: [ic], owner: ana}
stores:
  s: {kind: traces, retention: 30d, access: [desk]}
fields:
  f: {group: input, redaction: hash}
"""

Changed = Callable[..., RegistryDifference]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """Compare the small registry to itself with texts replaced, or with another text."""

    def changed(
        *edits: tuple[str, str], before: str = BASE, after: str | None = None
    ) -> RegistryDifference:
        text = before if after is None else after
        for old, new in edits:
            assert old in text, old
            text = text.replace(old, new)
        sides = []
        options = Options(AT, horizon="30d")
        for name, content in (("old", before), ("new", text)):
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / "opmodel.yaml").write_text(content, "utf-8")
            sides.append(open_side(name, str(tmp_path / name), options))
        return difference(*sides, options)

    return changed
