"""What Spark needs is locked, and so is all that this needs."""

import pytest

from tests.test_packaging import LOCK, MORE, held, locked

pytestmark = pytest.mark.spark


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_both_locks_together_are_closed(installed: None, python: str) -> None:
    assert held(locked(LOCK + MORE), python) == []
