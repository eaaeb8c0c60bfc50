"""Registries that are grown from the clean examples: right in everything, and different each time.

Each is an example with some of its entities copied under other ids, in an order of its own. Every
rule of the pack is on, and what asks whether a thing fits is an error, so that nothing is overheard.
"""

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from registry.model.sections import SECTIONS
from registry.workspace.load import load
from tests.conftest import ROOT

Data = dict[str, Any]

CLEAN = ("enterprise-copilot", "team-of-three")
NUMBER = 10
"""How many registries are grown."""

_COPIED = ("incidents", "failures", "budgets", "objectives", "channels", "experiments", "fields")
"""Sections whose entities stand by themselves: a copy under another id is as right as the first."""


@cache
def _example(name: str) -> str:
    """Read an example whole, runbooks in Markdown included, as JSON."""
    workspace = load(ROOT / "examples" / name).workspace
    data: Data = {}
    for section, entities in workspace.entities.items():
        for id_ in entities:
            raw = workspace.raw(section, id_)
            if SECTIONS[section].single:
                data[section] = raw
            else:
                data.setdefault(section, {})[id_] = raw
    stage, zone = workspace.manifest.stage, workspace.manifest.timezone
    return json.dumps({"stage": stage, "timezone": zone, "sections": data})


class Grown:
    """One registry as plain data, before it is written: `sections`, and the `policy` over it."""

    def __init__(self, number: int) -> None:
        read = json.loads(_example(CLEAN[number % len(CLEAN)]))
        self.name = f"grown-{number}"
        self.stage: str = read["stage"]
        self.timezone: str = read["timezone"]
        self.sections: Data = read["sections"]
        self.policy: Data = {"settings": {"required_dashboards": ["product"]}}
        self._grow(Random(number))

    def _grow(self, random: Random) -> None:
        for section in _COPIED:
            entities = self.sections.get(section, {})
            for id_ in random.sample(sorted(entities), random.randint(0, len(entities) // 2)):
                entities[f"{id_}-{random.randint(2, 9)}"] = deepcopy(entities[id_])
        self._measure(random)
        for section, entities in self.sections.items():
            if not SECTIONS[section].single:
                order = random.sample(list(entities), len(entities))
                self.sections[section] = {id_: entities[id_] for id_ in order}

    def _measure(self, random: Random) -> None:
        """Copy some metrics with their alerts, and put them on a dashboard."""
        metrics, alerts = self.sections["metrics"], self.sections["alerts"]
        for id_ in random.sample(sorted(metrics), random.randint(1, 4)):
            copy = f"{id_}-again"
            metrics[copy] = deepcopy(metrics[id_])
            for name in [one for one, alert in alerts.items() if alert["metric"] == id_]:
                alerts[f"{name}-again"] = {**deepcopy(alerts[name]), "metric": copy}
            random.choice(list(self.sections["dashboards"].values()))["metrics"].append(copy)

    def write(self, folder: Path, strict: tuple[str, ...]) -> Path:
        """Write it below `folder`, a new one; the rules `strict` are errors."""
        root = folder / self.name
        (root / "policies").mkdir(parents=True)
        (root / "evals").mkdir()
        for case in (ROOT / "examples").glob("*/evals/*"):
            (root / "evals" / case.name).write_bytes(case.read_bytes())
        manifest = {
            "opmodel": 1, "name": self.name, "stage": self.stage, "timezone": self.timezone,
            "policy": "policies/strict.yaml",
        }  # fmt: skip
        rules = {code: {"severity": "error"} for code in strict}
        policy = {"extends": self.stage, "rules": rules, **self.policy}
        (root / "opmodel.yaml").write_text(json.dumps(manifest), "utf-8")
        (root / "policies" / "strict.yaml").write_text(json.dumps(policy), "utf-8")
        (root / "all.yaml").write_text(json.dumps(self.sections, indent=1), "utf-8")
        return root
