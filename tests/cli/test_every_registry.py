"""Every command that only reads, on registries of each profile: none ends in a fault of ours."""

from pathlib import Path

import pytest

from registry.export.export import exporters
from registry.stack.generate import generators
from tests.cli.conftest import AT, Run
from tests.conftest import ROOT, thirds

EXAMPLES = sorted(str(path.parent) for path in (ROOT / "examples").glob("*/opmodel.yaml"))
COMMANDS = (
    ("check", "--fail-on", "never"),
    ("assess",),
    ("assess", "--format", "md"),
    ("report", "-o", "page.html"),
    ("graph",),
    ("graph", "--single-points"),
    ("test",),
    ("oncall", "gaps"),
    *(("export", name, "-o", f"out/{name}") for name in sorted(exporters())),
    *(("generate", name, "-o", f"out/{name}") for name in sorted(generators())),
)


def _holds(run: Run, command: tuple[str, ...], registry: str) -> None:
    Path("out").mkdir(exist_ok=True)
    ran = run(*command, registry, "--at", AT)
    assert "a fault of ours" not in ran.err
    assert ran.code != 2 or "no scenario" in ran.err, ran.err


@pytest.mark.no_cover
@pytest.mark.parametrize("command", thirds(COMMANDS), ids=" ".join)
def test_the_examples(run: Run, command: tuple[str, ...]) -> None:
    assert EXAMPLES
    for registry in EXAMPLES:
        _holds(run, command, registry)


@pytest.mark.no_cover
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_what_init_writes(run: Run, command: tuple[str, ...]) -> None:
    assert run("init", "ours", "--profile", "service", "--stage", "pilot").code == 0
    _holds(run, command, "ours")
