"""A small registry that expressions are asked of."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from registry.checks.cel import values
from registry.checks.cel.compile import compile_expression
from registry.checks.cel.facts import Facts
from registry.checks.cel.values import UNKNOWN, FailedError, Meter
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from tests.conftest import AT

REGISTRY = """\
opmodel: 1
name: asked
stage: poc
people:
  ada: {name: Ada Lindqvist, x-desk: 4-117, x-size: {eu: 40}, x-none: null}
  ben: {name: Ben Ōta}
metrics:
  late: {bucket: quality, owner: ada, response: page, measured: {window: 15m}, decision: "Whether: a van", slices: []}
  lost: {bucket: cost, owner: TODO, response: ticket, decision: [7]}
  slow: {bucket: quality, owner: ben, response: ticket, unit: s}
  odd: {bucket: none, owner: ben, response: ticket}
alerts:
  late-page: {metric: late, owner: ada, severity: sev1, response: page}
severities:
  sev1: {respond_within: 15m}
dashboards:
  depots: {owner: ada, audience: ada, metrics: [late, slow]}
stores:
  traces: {kind: traces, retention: 30d, access: [ada]}
"""

Ask = Callable[..., Any]


@pytest.fixture
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow an expression a twentieth of the steps, so that what has no end ends soon."""
    monkeypatch.setattr(values, "STEPS", 50_000)


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Ask an expression of one entity: true, false, `unknown`, or how it fails."""

    def asked(
        text: str,
        id_: str = "late",
        section: str = "metrics",
        registry: str = REGISTRY,
        meter: Meter | None = None,
    ) -> Any:
        (tmp_path / "opmodel.yaml").write_text(registry, "utf-8")
        facts = Facts(open_registry(str(tmp_path), Options(AT)).workspace)
        expression = compile_expression(text, section, meter := meter or Meter())
        (view,) = (one for one in facts.views(section) if one.get("id") == id_)
        try:
            found = expression.ask(view, facts, meter)
        except FailedError as error:
            return str(error)
        return "unknown" if found is UNKNOWN else found

    return asked
