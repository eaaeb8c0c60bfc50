"""The real amtool, asked about many trees at once.

Each case becomes a branch of one configuration that goes on, with label names and receivers of its
own, so that one call answers for all of them.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from registry.deployed.model import Route

Case = tuple[Route, Mapping[str, str]]


def needed() -> str:
    """The program; CI must have it, and a user's clone skips without it."""
    found = shutil.which("amtool")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("amtool is absent, and CI must hold the routing against it")
        pytest.skip("amtool (Debian: prometheus-alertmanager) is not installed")
    return found


def quoted(value: str) -> str:
    """A value as both of Alertmanager's parsers read it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def asked(config: object, labels: Mapping[str, str], folder: Path) -> list[str] | None:
    """The receivers that amtool prints; None where it refuses the configuration."""
    file = folder / "alertmanager.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    arguments = [f"{name}={quoted(value)}" for name, value in labels.items()] or ['zz="1"']
    done = subprocess.run(
        [needed(), "config", "routes", "test", f"--config.file={file}", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip().split(",") if done.returncode == 0 else None


def answers(cases: Sequence[Case], folder: Path) -> list[list[str]]:
    """The receivers of each case, as amtool prints them."""
    names = {f"c{n}_{one}" for n, (root, _) in enumerate(cases) for one in _receivers(root)}
    config = {
        "route": {
            "receiver": "none",
            "routes": [_written(root, n) | {"continue": True} for n, (root, _) in enumerate(cases)],
        },
        "receivers": [{"name": name} for name in ("none", *sorted(names))],
    }
    labels = {f"{key}_{n}": one for n, (_, all_) in enumerate(cases) for key, one in all_.items()}
    printed = asked(config, labels, folder)
    assert printed is not None, "amtool refuses what the test wrote"
    found: list[list[str]] = [[] for _ in cases]
    for one in printed:
        number, _, name = one[1:].partition("_")
        found[int(number)].append(name)
    return found


def _receivers(root: Route) -> set[str]:
    return {root.receiver}.union(*map(_receivers, root.routes))


def _written(one: Route, number: int) -> dict[str, object]:
    return {
        "receiver": f"c{number}_{one.receiver}",
        "continue": one.goes_on,
        "matchers": [f"{m.label}_{number}{m.operator}{quoted(m.value)}" for m in one.matchers],
        "routes": [_written(child, number) for child in one.routes],
    }
