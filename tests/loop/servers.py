"""Prometheus, Alertmanager and vmalert on loopback, and a webhook that writes down who got what.

Each program is stopped by the handle with which it was started, also where a test fails.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = ("prometheus", "prometheus-alertmanager")
"""Debian's packages; their programs have the same names."""
VMALERT = "vmalert"
"""Of Debian's `victoria-metrics`, where there is one."""

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

LOOKS = 300
"""How often, ten times a second, a program is asked whether it is ready."""

Labels = frozenset[tuple[str, str]]
"""The labels of one alert as it was notified."""


def needed() -> None:
    """Skip where a program is absent; CI must have them."""
    lacking = [one for one in PROGRAMS if shutil.which(one) is None]
    if lacking and os.environ.get("CI"):
        pytest.fail(f"{lacking} are absent, and CI must hold the audit against running servers")
    if lacking:
        pytest.skip(f"not installed, of Debian's packages of these names: {', '.join(lacking)}")


def port() -> int:
    """A port of loopback that nothing listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class _Patient(ThreadingHTTPServer):
    """Lets many wait that come at once: who is turned away does not try again for long."""

    request_queue_size = 1024


class Webhook:
    """Hears of alerts at `/hook`, and has series to scrape at `/metrics`.

    An alert is known by one of its annotations, and by its labels.
    """

    def __init__(self, series: Sequence[Mapping[str, str]], annotation: str = "rule") -> None:
        self.annotation = annotation
        self.got: dict[tuple[str, Labels], set[str]] = {}
        self.news = 0
        self._lock = threading.Lock()
        page = "".join(f"loop{{{_written(one)}}} 1\n" for one in series).encode()
        hear = self._hear

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.end_headers()
                self.wfile.write(page)

            def do_POST(self) -> None:
                hear(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = _Patient(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"

    def _hear(self, said: Mapping[str, Any]) -> None:
        with self._lock:
            for one in said["alerts"]:
                key = (one["annotations"][self.annotation], frozenset(one["labels"].items()))
                if said["receiver"] not in self.got.setdefault(key, set()):
                    self.got[key].add(said["receiver"])
                    self.news += 1

    @contextmanager
    def listening(self) -> Iterator["Webhook"]:
        """Listen in a thread until the end."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def _written(labels: Mapping[str, str]) -> str:
    return ",".join(f"{key}={json.dumps(one, ensure_ascii=False)}" for key, one in labels.items())


@contextmanager
def running(arguments: Sequence[str], ready: str, folder: Path) -> Iterator[None]:
    """Run a program in a folder of its own until the end; it must answer at the URL `ready`."""
    folder.mkdir(parents=True)
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(arguments, cwd=folder, stdout=out, stderr=out)
    try:
        for _ in range(LOOKS):
            if process.poll() is not None or _answers(ready):
                break
            time.sleep(0.1)
        if process.poll() is not None or not _answers(ready):
            pytest.fail(f"{arguments[0]} does not run:\n{log.read_text()[-3000:]}")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def asked(url: str) -> Any:
    """What a server's API answers."""
    with _DIRECT.open(url, timeout=10) as answer:
        return json.load(answer)


def _answers(url: str) -> bool:
    try:
        with _DIRECT.open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
