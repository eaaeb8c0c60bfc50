"""Command lines in children that can do no harm, each under limits and watched.

`python -m tests.hostile.cage` reads one job a line from standard input and answers each with one
line: it imports the program once, checks an example, and forks, so that a child costs
milliseconds. A child may read the registry that it is given, this package, Python's own files and
the tz data; it may not open anything else, reach the network, or start a program.
"""

import contextlib
import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = (
    "check",
    str(ROOT / "examples" / "team-of-three"),
    "--at",
    "2026-11-20T09:00:00Z",
    "--no-cache",
)
"""A sound registry, on the day of the tests."""
MEMORY = 300 * 1024 * 1024
"""Bytes that a check of a hostile file may take."""

_ADDRESSES = 2 * 1024 * 1024 * 1024
_FORBIDDEN = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn",
    "os.startfile", "ctypes.dlopen", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.",
    "pickle.", "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink",
    "os.truncate", "os.chmod", "os.chown", "shutil.",
)  # fmt: skip
_LOOKED_AT = ("open", "os.listdir", "os.scandir", "os.walk", "glob.glob")


@dataclass(frozen=True)
class Outcome:
    """How a child ended: `forbidden` lists what it tried and may not do."""

    exit: int
    output: str
    errors: str
    seconds: float
    memory: int
    forbidden: list[str]


class Cage:
    """The parent's side; use as a context manager."""

    def __enter__(self) -> "Cage":
        command = [sys.executable, "-m", "tests.hostile.cage"]
        self._server = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate()

    def run(self, registry: Path, *arguments: str, seconds: float = 4) -> Outcome:
        """Run one command line on a registry; `seconds` of processor time end it."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        job = {"registry": str(registry), "arguments": arguments, "seconds": seconds}
        self._server.stdin.write(json.dumps(job) + "\n")
        self._server.stdin.flush()
        return Outcome(**json.loads(self._server.stdout.readline()))


def serve() -> None:
    """Answer jobs until standard input ends."""
    sys.dont_write_bytecode = True
    import openpyxl  # noqa: F401 - it brings numpy, which loads libraries

    from registry.cli.main import main

    # What a process makes once, and only when it is asked for, is made before the fork; a child
    # would not make it again, so it is watched here.
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        watch = _Watch((str(ROOT), sys.prefix, sys.base_prefix))
        sys.addaudithook(watch)
        for options in ((), ("--select", "OM0"), ("--format", "json")):
            assert main([*EXAMPLE, *options]) == 0
        watch.on = False
    assert watch.seen == [], watch.seen
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(_fork(json.loads(line))), flush=True)


def _fork(job: dict[str, object]) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / name for name in ("output", "errors", "forbidden")}
        child = os.fork()
        if not child:
            _child(job, files)
        _, status, usage = os.wait4(child, 0)
        forbidden = files["forbidden"]
        return {
            "exit": os.waitstatus_to_exitcode(status),
            "output": files["output"].read_bytes().decode(),
            "errors": files["errors"].read_bytes().decode(),
            "seconds": usage.ru_utime + usage.ru_stime,
            "memory": usage.ru_maxrss * 1024,
            "forbidden": forbidden.read_text().splitlines() if forbidden.exists() else [],
        }


def _child(job: dict[str, object], files: dict[str, Path]) -> None:
    code = 70
    try:
        for number, name in ((0, os.devnull), (1, files["output"]), (2, files["errors"])):
            flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT
            os.dup2(os.open(name, flags, 0o600), number)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
        limit = int(float(str(job["seconds"]))) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
        registry = str(job["registry"])
        os.chdir(registry)
        watch = _Watch((registry, str(ROOT), sys.prefix, sys.base_prefix))
        sys.addaudithook(watch)
        from registry.cli.main import main

        arguments = job["arguments"]
        assert isinstance(arguments, list)
        code = main([str(one) for one in arguments])
        sys.stdout.flush()
        sys.stderr.flush()
        watch.on = False
        if watch.seen:
            files["forbidden"].write_text("\n".join(watch.seen))
    finally:
        os._exit(code)


class _Watch:
    """An audit hook (PEP 578) that notes and refuses what a check has no business to do."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self.allowed = tuple({os.path.realpath(folder) for folder in allowed} | set(allowed))
        self.seen: list[str] = []
        self.on = True

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.on or not event.startswith((*_FORBIDDEN, *_LOOKED_AT)):
            return
        if event in _LOOKED_AT and self._may_open(event, arguments):
            return
        self.seen.append(f"{event} {arguments[:2]!r}"[:300])
        raise PermissionError(f"{event} is forbidden in the cage")

    def _may_open(self, event: str, arguments: tuple[object, ...]) -> bool:
        target = arguments[0] if arguments else ""
        if isinstance(target, int) or target is None:
            return True
        path = os.path.abspath(os.fsdecode(target))  # type: ignore[arg-type]
        inside = any(path == one or path.startswith(one + os.sep) for one in self.allowed)
        writes = event == "open" and isinstance(arguments[2], int) and bool(
            arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        )  # fmt: skip
        return inside and not writes


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        serve()
