"""Each rule against its own fixtures, as opmodel's own are."""

from pathlib import Path

import pytest
from acme_rules import rules

from registry.testing import cases, check_case


@pytest.mark.parametrize("case", cases(Path(__file__).parent), ids=lambda case: case.name)
def test_case(case: Path) -> None:
    """Hold the rule against the fixture."""
    check_case(rules, case)
