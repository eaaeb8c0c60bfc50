"""What a severity means: the registry's own word, over the policy's."""

from pathlib import Path

from registry.workspace.load import load
from registry.workspace.policy import builtin
from registry.workspace.severity import severity

REGISTRY = """
opmodel: 1
name: fixture
stage: production
severities:
  sev1: {respond_within: 10m}
  sev2: {criteria: Worse answers.}
  sev3: {criteria: Minor., respond_within: soon}
  sev4: never mind
"""


def test_own_fields_win_and_what_did_not_load_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "opmodel.yaml").write_text(REGISTRY, "utf-8")
    workspace, settings = load(str(tmp_path)).workspace, builtin("production").settings
    found = {name: severity(workspace, settings, name) for name in settings.severities}
    usual = settings.severities
    assert found["sev1"].respond_within == "10m"
    assert found["sev1"].criteria == usual["sev1"].criteria
    assert found["sev2"].criteria == "Worse answers."
    assert found["sev2"].respond_within == usual["sev2"].respond_within == "1h"
    assert (found["sev3"].criteria, found["sev3"].respond_within) == ("Minor.", None)
    assert (found["sev4"].criteria, found["sev4"].respond_within) == (None, None)


def test_without_own_ones_the_policy_counts(tmp_path: Path) -> None:
    (tmp_path / "opmodel.yaml").write_text("opmodel: 1\nname: a\nstage: poc\n", "utf-8")
    workspace, settings = load(str(tmp_path)).workspace, builtin("poc").settings
    assert severity(workspace, settings, "sev3") == settings.severities["sev3"]
    assert severity(workspace, settings, "sev9").respond_within is None
