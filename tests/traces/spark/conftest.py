"""One Spark for all tests: a local session, which serves Spark Connect as well."""

import os
import shutil
import socket
import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from registry.traces.engine import Ask

FRUGAL = (
    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC "
    "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
)
"""What halves the time that Java takes for questions as small as those of tests."""

SMALL = {
    "spark.driver.extraJavaOptions": FRUGAL,
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.lightweightPlanChangeValidation": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.shuffle.partitions": "1",
}
"""No program is compiled for so few rows, and no step of a plan is checked by Spark itself; the test
of the command has Spark's own settings."""


class Running(NamedTuple):
    """A session, what asks it, and where Spark Connect reaches it."""

    session: Any
    ask: Ask
    url: str


@pytest.fixture(scope="session")
def installed() -> None:
    """Spark with its client, and Java; a newcomer's environment has neither, CI must."""
    lacks = [one for one in ("pyspark", "grpc", "pyarrow") if find_spec(one) is None]
    lacks += [] if os.environ.get("JAVA_HOME") or shutil.which("java") else ["java"]
    if lacks:
        why = f"Spark's tests need {', '.join(lacks)}: requirements-spark.txt, and a Java runtime"
        if os.environ.get("CI"):
            pytest.fail(f"{why}; CI must run them")
        pytest.skip(why)


@pytest.fixture(scope="session")
def running(installed: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Start Spark, once for all tests."""
    from registry.traces.engines.spark import SparkTables, local

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    more = {
        **SMALL,
        "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
    }
    url = f"sc://127.0.0.1:{port}"
    folder = str(tmp_path_factory.mktemp("spark [of tests]"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with local(folder, more) as session:
            yield Running(session, lambda tables: SparkTables(session, tables, sends=False), url)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder for the tables of a record."""
    folder = tmp_path / "tables"
    folder.mkdir()
    return folder
