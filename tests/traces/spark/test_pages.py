"""What the pages say about Spark runs, on the session of these tests."""

import shlex
from contextlib import nullcontext

import pytest

from registry.cli.main import main
from registry.traces.engine import TracesEngine
from registry.traces.engines import spark
from tests.conftest import ROOT
from tests.test_documents import BLOCKS
from tests.traces.spark.conftest import Running

pytestmark = pytest.mark.spark

LINES = [
    line for one in BLOCKS if one.mark == "on: spark" for line in one.text.splitlines()
]  # fmt: skip
REMOTE = "SPARK_REMOTE=sc://spark.example:15002 "


@pytest.mark.parametrize("line", LINES)
def test_a_command_runs(
    running: Running,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)
    if line.startswith(REMOTE):
        monkeypatch.setenv("SPARK_REMOTE", running.url)
    else:
        own = TracesEngine("spark", lambda _folder, _reached: nullcontext(running.ask))
        monkeypatch.setattr(spark, "ENGINE", own)
    program, *arguments = shlex.split(line.removeprefix(REMOTE))
    assert (program, arguments[-2:]) == ("opmodel", ["--engine", "spark"])
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert main(arguments[:-2]) == 1
    assert printed == capsys.readouterr()


def test_each_way_is_shown() -> None:
    assert [line.startswith(REMOTE) for line in LINES] == [False, True]
