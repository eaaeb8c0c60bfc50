"""The door to Spark: the questions are asked on a session of it; DuckDB has written the tables.

Without a name, Spark runs in local mode: a Java process of this command's own, bound to loopback,
which reads the tables from the command's folder and keeps all that is its own there. What
the user names is reached by Spark Connect: the rows are sent through the session, since a cluster
sees no folder of this machine.
"""

import codecs
import locale
import os
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import reduce
from typing import Any

from registry.errors import CannotRunError
from registry.output.terminal import brief
from registry.traces.duck import Duck
from registry.traces.engine import Ask, TracesEngine
from registry.traces.tables import TABLES

_SQL = {"text": "STRING", "whole": "BIGINT", "real": "DOUBLE"}

_SESSION = {
    "spark.sql.ansi.enabled": "true",  # what does not fit is an error, and never another number
    "spark.sql.session.timeZone": "UTC",
}
"""What a session must be for the same answers, whoever set it up."""

_LOCAL = {
    "spark.app.name": "opmodel",
    "spark.master": "local[*]",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.shuffle.partitions": "8",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_LOG = "spark.log"
_SCHEME = "sc://"
_TRIES = 3
"""How often a server is called again that does not answer; Spark's own is for ten minutes."""
_NO_START = "--engine spark: Spark did not start"
_SETTINGS = "correct its settings: spark-defaults.conf, PYSPARK_SUBMIT_ARGS"
_INSTALL = "pip install 'opmodel[spark]'"
_FOLDER = "set TMPDIR to a folder with a plain name"
_JAVA = "it needs Java 17 or later: `java` on the path, or JAVA_HOME"
_FAILED = "give fewer files, more memory to Spark, or leave out --engine"
_GLOB = "\\*?[]{}"
"""What a path may hold that Spark would take for a pattern."""


@contextmanager
def _session(folder: str, reached: str | None) -> Iterator[Ask]:
    """Start Spark in local mode, or reach what is named; it is ended, or released, afterwards."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas newer than Spark, of each new try to reach it
        with _remote(reached) if reached else local(folder) as spark:
            yield lambda tables: SparkTables(spark, tables, sends=bool(reached))


ENGINE = TracesEngine("spark", _session)


# -- sessions --------------------------------------------------------------------------------------


@contextmanager
def local(folder: str, more: Mapping[str, str] | None = None) -> Iterator[Any]:
    """Start Spark in a process of its own, with `more` settings, and end it afterwards.

    What it says goes into a file of the folder. Raises CannotRunError where it does not start.
    """
    try:
        from pyspark.conf import SparkConf
        from pyspark.core.context import SparkContext
        from pyspark.java_gateway import launch_gateway
        from pyspark.sql import SparkSession
    except ImportError:
        raise CannotRunError("--engine spark: Spark is not installed", _INSTALL) from None
    is_named = folder.isascii() or codecs.lookup(locale.getencoding()).name == "utf-8"
    if "," in folder or not is_named:  # it would be two folders, or one of another name to Java
        raise CannotRunError(f"--engine spark: Spark cannot work in {folder}", _FOLDER)
    own = {"spark.local.dir": "work", "spark.sql.warehouse.dir": "warehouse"}
    where = {name: os.path.join(folder, place) for name, place in own.items()}
    conf = SparkConf(loadDefaults=False)
    conf.setAll([*{**_LOCAL, **_SESSION, **where, **(more or {})}.items()])
    said = os.path.join(folder, _LOG)
    with ExitStack() as until:
        log = until.enter_context(open(said, "wb"))
        try:
            gateway = launch_gateway(conf, {"stdout": log, "stderr": log})
        except _failures():
            raise CannotRunError(f"{_NO_START}: {_why(said)}", _JAVA) from None
        until.callback(_end, gateway)
        try:
            spark = SparkSession(SparkContext(gateway=gateway, conf=conf))
        except _failures() as error:
            raise CannotRunError(f"{_NO_START}: {_told(error)}", _SETTINGS) from None
        until.callback(_stop, spark)
        yield spark


def _stop(spark: Any) -> None:
    with suppress(*_failures()):  # it may have gone by itself
        spark.stop()


def _end(gateway: Any) -> None:
    """End the process, and wait for it: what it still writes is in a folder that is removed."""
    from pyspark.core.context import SparkContext

    with suppress(*_failures()):
        gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()
    SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001 - or the next would use it


def _why(path: str) -> str:
    """Find the line of Spark's own words that tells why it did not start."""
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = [line.strip() for line in file]
    telling = [one for one in lines if "xception" in one or "ClassVersion" in one]
    plain = [one for one in lines if one and not one.startswith("WARNING")]
    return brief([*telling, *plain, "it said nothing"][0])


@contextmanager
def _remote(url: str) -> Iterator[Any]:
    """Reach a session by Spark Connect. Raises CannotRunError where that is not possible."""
    if not url.startswith(_SCHEME):
        raise CannotRunError("SPARK_REMOTE: it is no address of Spark Connect", "sc://HOST:PORT")
    try:
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession
    except ImportError:
        raise CannotRunError("--engine spark: Spark Connect is not installed", _INSTALL) from None
    with ExitStack() as until:
        try:
            spark = SparkSession.builder.remote(url).create()
            until.callback(_stop, spark)
            spark.release_session_on_close = False  # until there is one
            spark.client.set_retry_policies([DefaultPolicy(max_retries=_TRIES)])
            for name, value in _SESSION.items():
                spark.conf.set(name, value)
            spark.release_session_on_close = True
        except _failures(ValueError) as error:
            why = _told(error)
            for secret in filter(None, re.findall("=([^;]*)", url)):  # such as a token
                why = why.replace(secret, "…")
            help_ = "correct the address, or unset it"
            raise CannotRunError(f"SPARK_REMOTE: no session: {why}", help_) from None
        yield spark


def _failures(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """List what Spark raises where it cannot; without Java's part, where that is not installed."""
    from pyspark.errors import PySparkException

    try:
        from py4j.protocol import Py4JError
    except ImportError:  # with `pyspark-client` alone
        return PySparkException, OSError, *more
    return PySparkException, Py4JError, OSError, *more


_OF_JAVA, _OF_GRPC = ": ", "details = "
"""How the line begins that tells what went wrong."""


def _told(error: Exception) -> str:
    """Say an error of Spark in a line."""
    lines = [line.strip() for line in str(error).splitlines()]
    telling = [one for one in lines if one.startswith((_OF_JAVA, _OF_GRPC))]
    line = [*telling, *lines, type(error).__name__][0]
    return brief(line.removeprefix(_OF_JAVA).removeprefix(_OF_GRPC))


# -- tables ----------------------------------------------------------------------------------------


class SparkTables:
    """The tables of a record as views of a session; it `sends` rows to one of another machine."""

    def __init__(self, spark: Any, tables: Duck, *, sends: bool) -> None:
        self._spark = spark
        self._tables = tables
        self._sends = sends
        with self._failing():
            for name, kinds in TABLES.items():
                columns = ", ".join(f"{column} {_SQL[kind]}" for column, kind in kinds.items())
                self._take(name, columns)

    def _take(self, name: str, columns: str) -> None:
        """Make a view of a table."""
        if self._sends:
            parts = [self._spark.createDataFrame(one, columns) for one in self._tables.arrow(name)]
            whole = reduce(lambda one, other: one.unionAll(other), parts)
            found = whole.localCheckpoint(eager=False)  # or each question takes it apart again
        else:
            found = self._spark.read.schema(columns).parquet(_located(self._tables.written(name)))
        found.createOrReplaceTempView(name)

    def make(self, name: str, select: str, values: Sequence[str] = ()) -> None:
        """Keep what a query yields; it is worked out when it is first asked for, and only then."""
        with self._failing():
            found = self._spark.sql(select, args=list(values)).localCheckpoint(eager=False)
            found.createOrReplaceTempView(name)

    def view(self, name: str, select: str) -> None:
        """Give a query a name."""
        with self._failing():
            self._spark.sql(select).createOrReplaceTempView(name)

    def fill(self, name: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Keep rows of texts as a table."""
        with self._failing():
            if rows:
                columns = ", ".join(f"{head} STRING" for head in heads)
                found = self._spark.createDataFrame([tuple(row) for row in rows], columns)
            else:
                nothing = ", ".join(f"CAST(NULL AS STRING) AS {head}" for head in heads)
                found = self._spark.sql(f"SELECT {nothing} WHERE 1 = 0")
            found.createOrReplaceTempView(name)

    def rows(self, select: str, values: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield what a query yields."""
        with self._failing():
            found = self._spark.sql(select, args=list(values))
            yield from map(tuple, found.toLocalIterator())

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """Raise CannotRunError for what Spark says, or where it does not answer."""
        try:
            yield
        except _failures() as error:
            raise CannotRunError(f"--engine spark: {_told(error)}", _FAILED) from None


def _located(path: str) -> str:
    return "file://" + "".join(f"\\{one}" if one in _GLOB else one for one in path)
