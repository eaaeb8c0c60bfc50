"""The command itself with `--engine spark`: what it starts or reaches, and what keeps it from it."""

import os
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from registry.errors import CannotRunError
from registry.traces.engines import spark
from tests.conftest import ROOT
from tests.traces.spark.conftest import FRUGAL, Running

pytestmark = pytest.mark.spark

COPILOT = str(ROOT / "examples" / "enterprise-copilot")
SPEND = ["traces", "spend", f"{COPILOT}/traces/broken.jsonl", "--dir", COPILOT, "--by=tenant_id"]
AT = "--at=2026-11-24T09:00:00Z"
GOLDEN = ROOT / "tests" / "traces" / "report" / "golden" / "csv" / "spend.csv"


def command(
    folder: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in an empty folder, with its temporary files in a folder of an odd name."""
    here, temporary = folder / "here", folder / "a [b] * ä"
    for one in (here, temporary):
        one.mkdir(exist_ok=True)
    known = {name: value for name, value in os.environ.items() if name != "SPARK_REMOTE"}
    ran = subprocess.run(
        [sys.executable, "-m", "registry", *SPEND, AT, "--engine", "spark", *arguments],
        cwd=here, capture_output=True, timeout=280, check=False,
        env={**known, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]), "TMPDIR": str(temporary),
             "LC_ALL": "C.UTF-8", **environment},
    )  # fmt: skip
    assert sorted(os.listdir(here)) == []
    assert sorted(os.listdir(temporary)) == []
    return ran


def test_spark_is_started_and_ended_and_leaves_nothing(installed: None, tmp_path: Path) -> None:
    ran = command(tmp_path, "--format=csv", JAVA_TOOL_OPTIONS=FRUGAL)
    assert (ran.returncode, ran.stderr) == (1, b"")
    assert ran.stdout == GOLDEN.read_bytes()


def test_a_session_that_is_named_is_reached(running: Running, tmp_path: Path) -> None:
    ran = command(tmp_path, "--format=csv", SPARK_REMOTE=running.url, JAVA_HOME="/nowhere")
    assert (ran.returncode, ran.stderr) == (1, b"")
    assert ran.stdout == GOLDEN.read_bytes()


def told(ran: subprocess.CompletedProcess[bytes]) -> str:
    """Return the one line in which a command says why it cannot run."""
    assert (ran.returncode, ran.stdout, ran.stderr.count(b"\n")) == (2, b"", 1)
    return ran.stderr.decode()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sc://127.0.0.1:9", 'no session: "failed to connect to all addresses'),
        ("sc://h:1x/;token=k4Zt9", "no session: Port could not be cast"),
        ("sc://h:15002/k4Zt9;user=k4Zt9", "no session: [INVALID_CONNECT_URL]"),
        ("spark://h:7077", "it is no address of Spark Connect"),
    ],
)
def test_what_cannot_be_reached_is_one_line(installed: None, url: str, message: str) -> None:
    with pytest.raises(CannotRunError) as raised, spark.ENGINE.session("", url):
        pass
    assert str(raised.value).startswith(f"SPARK_REMOTE: {message}")
    assert "\n" not in str(raised.value)
    assert "k4Zt9" not in str(raised.value)
    assert raised.value.help in {"correct the address, or unset it", "sc://HOST:PORT"}


def test_without_java_it_says_so(installed: None, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for one in ("bash", "dirname", "env", "ps", "readlink"):
        (tools / one).symlink_to(shutil.which(one) or one)
    line = told(command(tmp_path, PATH=str(tools), JAVA_HOME=""))
    assert "Spark did not start: JAVA_HOME is not set; it needs Java 17 or later" in line


def test_a_process_that_ends_at_once_is_told(
    installed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def launch(_: object, kwargs: dict[str, Any]) -> None:
        kwargs["stderr"].write(b"JAVA_HOME is not set\n")
        kwargs["stderr"].flush()
        raise FileNotFoundError

    monkeypatch.setattr("pyspark.java_gateway.launch_gateway", launch)
    told = pytest.raises(CannotRunError, match="start: JAVA_HOME is not set")
    with told as raised, spark.local(str(tmp_path)):
        pass
    assert raised.value.help.startswith("it needs Java 17 or later")


class Refused:
    """What stands in the place of a session that Java does not set up."""

    _gateway = _jvm = None

    def __init__(self, **_: object) -> None:
        from py4j.protocol import Py4JError

        raise Py4JError(
            "An error occurred.\n: org.apache.spark.SparkException: no such master\n\tat x"
        )


def test_settings_that_do_not_hold_are_told(
    installed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = SimpleNamespace(stdin=BytesIO(), wait=lambda: 0)
    gateway = SimpleNamespace(proc=process, shutdown=lambda: None)
    monkeypatch.setattr("pyspark.java_gateway.launch_gateway", lambda *_: gateway)
    monkeypatch.setattr("pyspark.core.context.SparkContext", Refused)
    with pytest.raises(CannotRunError) as raised, spark.local(str(tmp_path)):
        pass
    assert str(raised.value) == (
        "--engine spark: Spark did not start: org.apache.spark.SparkException: no such master"
    )
    assert raised.value.help.startswith("correct its settings")
    assert process.stdin.closed


def test_a_folder_that_spark_takes_for_another_is_told(installed: None, tmp_path: Path) -> None:
    assert "Spark cannot work in " in told(command(tmp_path, LC_ALL="C"))
    with pytest.raises(CannotRunError, match="cannot work in /one,two"), spark.local("/one,two"):
        pass


@pytest.mark.parametrize(
    ("log", "why"),
    [
        ("", "it said nothing"),
        ("WARNING: odd\nline 71: /x/java: No such file\nbad subscript\n", "line 71: /x/java: No such file"),
        ("Error: JNI\njava.lang.UnsupportedClassVersionError: 61.0\n", "java.lang.UnsupportedClassVersionError: 61.0"),
    ],
)  # fmt: skip
def test_the_line_that_tells_why(tmp_path: Path, log: str, why: str) -> None:
    path = tmp_path / "log"
    path.write_text(log, "utf-8")
    assert spark._why(str(path)) == why


def test_without_words_an_error_is_named(installed: None) -> None:
    assert spark._told(ValueError("\n: java.net.BindException: x\n at y")) == (
        "java.net.BindException: x"
    )
    assert spark._told(ConnectionError()) == "ConnectionError"


def test_the_client_alone_needs_no_java(installed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py4j.protocol", None)
    assert OSError in spark._failures(ValueError)
    assert len(spark._failures()) == 2
