"""Small registries in a folder, opened, with what is generated from them."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from registry.stack.generate import generate
from registry.stack.generator import Generated, Order
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from tests.conftest import AT

HEAD = "opmodel: 1\nname: small\nstage: poc\ntimezone: Europe/Berlin\n"
PEOPLE = """\
people:
  ana: {name: Ana Small, email: ana@small.example}
  ben: {name: Ben Small, email: ben@small.example}
teams:
  crew: {name: Crew, lead: ana, members: [ana, ben]}
roles:
  lead: {title: Lead, holder: ana}
  pager: {title: On call, schedule: rota}
schedules:
  rota:
    team: crew
    rotations: [{name: primary, participants: [ana, ben], start: 2026-01-05T09:00, every: 1w}]
escalations:
  page: {steps: [{after: 0m, notify: [rota]}]}
channels:
  room: {kind: slack, address: "#room", owner: ben}
runbooks:
  drop: {title: It drops, url: "https://wiki.small.example/drop"}
"""


def order(folder: Path, text: str, file: str = "rules.yml") -> Order:
    """Write a registry of people and some more text, and open it for an order."""
    (folder / "opmodel.yaml").write_text(HEAD + PEOPLE + text, "utf-8")
    opened = open_registry(str(folder), Options(AT))
    assert [one.message for one in opened.problems] == []
    return Order(opened.workspace, opened.policy, AT, file)


def made(folder: Path, name: str, text: str) -> Generated:
    """Write a registry of people and some more text, and generate from it."""
    (folder / "opmodel.yaml").write_text(HEAD + PEOPLE + text, "utf-8")
    return generate(open_registry(str(folder), Options(AT)), name, Options(AT))


def read(found: Generated, file: str) -> Any:
    """Read a generated file as YAML."""
    return YAML(typ="safe").load(found.files[file])


def missing(found: Generated) -> list[str]:
    """Write what is missing, a line each, without its file."""
    return [f"{one.section}/{one.id} {'.'.join(map(str, one.field))}: {one.message}"
            for one in found.missing]  # fmt: skip
