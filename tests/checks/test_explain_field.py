"""The explanation of sections, fields and settings."""

import pytest

from registry.checks.explain import explain
from registry.checks.explain_field import MODELS, WIDTH
from registry.errors import CannotRunError
from registry.model.fields import fields
from registry.model.settings import Settings

NAMES = [f"{name}.{field}" for name, model in MODELS.items() for field in fields(model)]


@pytest.mark.parametrize("name", [*MODELS, *NAMES, *fields(Settings)])
def test_everything_is_explained(name: str) -> None:
    lines = explain(name).splitlines()
    assert lines[0] == name
    assert max(len(line) for line in lines if not line.startswith("    ")) <= WIDTH


def test_a_field_says_what_it_names_and_who_reads_it() -> None:
    text = explain("kill_switches.operators")
    assert "Names a person or a role or a schedule; meaning: operates." in text
    assert "OM605 nobody-may-flip" in text
    assert "An example:\n\n    operators: [ai-oncall, incident-commander]" in text


def test_a_field_inside_a_field() -> None:
    assert "meaning: is paged." in explain("escalations.steps.notify")
    assert "In poc: " in explain("horizon")


@pytest.mark.parametrize("name", ["alerts.wen", "alerts.when.abve", "alerts.owner.x"])
def test_an_unknown_field_is_refused(name: str) -> None:
    with pytest.raises(CannotRunError, match="has no field"):
        explain(name)
