"""What every test shares: the corpus, the fixed instant, and `--update` for expected output."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
FIXTURES = {path.name: path for path in sorted((ROOT / "tests").glob("*/rules/OM*"))}
"""Each rule's folder of fixtures, by its code: beside the tests of the room that it stands in."""
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""The instant at which fixtures and examples are checked."""

settings.register_profile(
    "opmodel", deadline=None, database=None, derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("opmodel")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write expected outputs anew")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared inputs; a user's clone has none, CI must."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{SHARED} is absent, and CI must run the tests that need it")
        pytest.skip("the shared inputs are not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def corpus(shared: Path) -> Path:
    """Real configurations of real organisations."""
    return shared / "corpus"
