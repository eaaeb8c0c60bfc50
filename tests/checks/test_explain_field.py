"""The explanation of sections, fields and settings."""

import pytest

from registry.checks.explain import explain
from registry.checks.explain_field import MODELS, WIDTH
from registry.errors import CannotRunError
from registry.model.fields import fields
from registry.model.settings import Settings
from tests.conftest import thirds

NAMES = [f"{name}.{field}" for name, model in MODELS.items() for field in fields(model)]


@pytest.mark.no_cover
@pytest.mark.parametrize("name", thirds([*MODELS, *NAMES, *fields(Settings)]))
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


NOTHING = "`opmodel rules` and `opmodel schema` list them"


@pytest.mark.parametrize(
    ("name", "help_"),
    [
        ("required_layer", "did you mean `required_layers`?"),
        ("alrts", "did you mean `alerts`?"),
        ("alert", "did you mean `alerts`?"),
        ("Alerts", "did you mean `alerts`?"),
        ("raci", "did you mean `ownership`?"),
        ("alrts.when.abve", "did you mean `alerts.when.above`?"),
        ("alert.qqqq", "did you mean `alerts`?"),
        ("unowned-alrt", "did you mean `unowned-alert`?"),
        ("runbook_missing.x", NOTHING),
        ("holder", "did you mean `roles.holder`?"),
        ("escalation", "did you mean `escalations`?"),
        ("covers", "did you mean `roles.covers`, `ownership.covers` or `runbooks.covers`?"),
        ("qqqq", NOTHING),
    ],
)
def test_what_is_nothing_says_what_it_may_mean(name: str, help_: str) -> None:
    with pytest.raises(CannotRunError) as refused:
        explain(name)
    assert str(refused.value) == f"there is no rule, section, field or setting `{name}`"
    assert refused.value.help == help_


def test_a_code_can_only_be_a_rule() -> None:
    with pytest.raises(CannotRunError, match="there is no rule `om999`"):
        explain("om999")


def test_a_misspelt_field_names_the_nearest() -> None:
    with pytest.raises(CannotRunError) as refused:
        explain("metrics.ownr")
    assert (str(refused.value), refused.value.help) == (
        "`metrics` has no field `ownr`", "did you mean `owner`?",
    )  # fmt: skip
