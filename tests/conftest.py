"""What every test shares: the corpus, the fixed instant, and `--update` for expected output."""

import gc
import os
from collections.abc import Generator, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
"""The one thing outside the repository that a test may use, and only one marked `corpus`."""
HOSTILE = ROOT / "tests" / "hostile" / "files"
"""Files made to do harm; `hostile.csv` there says what each attacks."""
FIXTURES = {path.name: path for path in sorted((ROOT / "tests").glob("*/rules/OM*"))}
"""Each rule's folder of fixtures, by its code: beside the tests of the room that it stands in."""
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""The instant at which fixtures and examples are checked."""

IS_CI = bool(os.environ.get("CI"))
# What is drawn is another each time for people, who run tests often, and the same for CI.
settings.register_profile(
    "opmodel",
    deadline=None,
    database=None,
    derandomize=IS_CI,
    max_examples=100 if IS_CI else 25,
)
settings.load_profile("opmodel")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write expected outputs anew")


def sizes(few: int, many: int) -> list[object]:
    """Values of a parameter that says how much a test tries: a few always, many where it is slow."""
    return [few, pytest.param(many, marks=pytest.mark.slow)]


def thirds(values: Iterable[object]) -> list[object]:
    """Values of a parameter, one after the other: a third of them always, the rest where it is slow."""
    return [
        pytest.param(value, marks=pytest.mark.slow) if number % 3 else value
        for number, value in enumerate(values)
    ]


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Hold every test that asks for the corpus to say so: it is the only input from outside.

    What only such a test reaches is not covered: nobody else has the corpus.
    """
    for item in items:
        asks = "corpus" in getattr(item, "fixturenames", ())
        is_marked = item.get_closest_marker("corpus") is not None
        if asks and not is_marked:
            raise pytest.UsageError(f"{item.nodeid} needs the mark `corpus`")
        if is_marked:
            item.add_marker("no_cover")


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Let the cycle collector wait while tests are read, pass over what lives as long as they do,
    and come less often from then on.

    Modules and their syntax trees are many objects and no cycles: it takes a third of the time in
    which they are compiled, and finds nothing.
    """
    gc.disable()
    asks_for_all = session.config.args == session.config.getini("testpaths")
    if asks_for_all and os.environ.get("PYTEST_XDIST_WORKER") == "gw1":
        _read_from_the_end()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        gc.enable()


def _read_from_the_end() -> None:
    """Import all tests from the last on: so that of two workers each compiles half of them.

    What cannot be imported is told when it is collected.
    """
    for path in sorted(ROOT.glob("tests/**/test_*.py"), reverse=True):
        with suppress(Exception, pytest.skip.Exception, pytest.fail.Exception):
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Real configurations of real organisations; a user's clone has none, CI must."""
    if not CORPUS.is_dir():
        if IS_CI:
            pytest.fail("the corpus is absent, and CI must run the tests that need it")
        pytest.skip("the corpus of real configurations is not beside this checkout")
    return CORPUS
