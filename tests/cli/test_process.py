"""The command as a process: pipes, signals, encodings, and what a start loads."""

import gc
import json
import os
import signal
import subprocess
import sys
import time
from argparse import Namespace
from importlib import import_module
from pathlib import Path

import pytest

from registry.cli._command import find
from registry.cli._output import emit, note
from registry.cli._progress import Progress, running
from registry.cli.main import main
from tests.cli.conftest import AT, Run
from tests.conftest import ROOT, thirds

ENTRY = "from registry.cli.main import command; command()"


def _start(*argv: str, **options: object) -> "subprocess.Popen[bytes]":
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}  # type: ignore[dict-item]
    command = [sys.executable, "-c", ENTRY, *argv]
    return subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, **options)  # type: ignore[call-overload, no-any-return]


def _finish(*argv: str, **options: object) -> tuple[int, bytes, bytes]:
    process = _start(*argv, stdout=subprocess.PIPE, **options)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_runs_as_a_module(faulty: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "registry", "check", str(faulty), "--at", AT],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("policy", thirds(["production", "poc"]))
def test_a_closed_pipe_is_quiet_and_keeps_the_exit_code(faulty: Path, policy: str) -> None:
    metrics = "".join(f"  m{n}: {{bucket: cost, response: page}}\n" for n in range(3000))
    (faulty / "many.yaml").write_text(f"metrics:\n{metrics}", "utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    argv = ("check", str(faulty), "--format", "concise", "--select", "OM201", "--policy", policy)
    process = _start(*argv, stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert process.returncode == (1 if policy == "production" else 0)
    assert b"Traceback" not in err
    assert b"Broken pipe" not in err


def test_help_into_a_closed_pipe_is_quiet() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = _start("check", "--help", stdout=writing)
    os.close(writing)
    assert process.communicate(timeout=60)[1] == b""
    assert process.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
def test_a_full_disk_exits_2(faulty: Path) -> None:
    with open("/dev/full", "wb") as full:
        process = _start("check", str(faulty), stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err == b"opmodel: standard output: No space left on device; make room for it\n"


def test_a_closed_standard_output_exits_2(faulty: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$0" -c "{ENTRY}" check "$1" >&-', sys.executable, str(faulty)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == b"opmodel: standard output is closed; send it somewhere\n"


def test_a_closed_standard_error_changes_nothing(faulty: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$0" -c "{ENTRY}" check "$1" --format concise 2>&-', sys.executable, faulty],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert b"OM201" in done.stdout


def test_ctrl_c_is_quiet(tmp_path: Path) -> None:
    script = "import time, registry.cli._checked\ndef slow(*_): print('on', flush=True); time.sleep(60)\n"
    script += "registry.cli._checked._result = slow\n" + ENTRY
    folder = tmp_path / "here"
    (folder / "opmodel.yaml").write_text("opmodel: 1\nname: a\nstage: poc\n", "utf-8")
    with subprocess.Popen(
        [sys.executable, "-c", script, "check"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell's background job, which this run may be, ignores the signal.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"on\n"
        process.send_signal(signal.SIGINT)
        try:
            _, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, err) == (130, b"")


@pytest.mark.parametrize("encoding", thirds(["ascii", "latin-1", "utf-8"]))
def test_any_encoding_will_do(faulty: Path, encoding: str) -> None:
    (faulty / "more.yaml").write_text("metrics: {x: {bücket: 日本}}\n", "utf-8")
    code, out, err = _finish("check", str(faulty), env={"PYTHONIOENCODING": encoding})
    assert (code, err) == (1, b"")
    shown = {"ascii": rb"b\xfccket: \u65e5\u672c", "latin-1": rb"b" + b"\xfc" + rb"cket: \u65e5"}
    assert shown.get(encoding, "bücket: 日本".encode()) in out


@pytest.mark.parametrize(
    "environ",
    thirds([
        {**seed, **setting}
        for setting in ({"TZ": "Asia/Kathmandu"}, {"LC_ALL": "C"}, {})
        for seed in ({"PYTHONHASHSEED": "0"}, {"PYTHONHASHSEED": "42"})
    ]),
    ids=lambda one: " ".join(one.values()),
)  # fmt: skip
def test_the_same_bytes_everywhere(faulty: Path, environ: dict[str, str]) -> None:
    code, out, err = _finish("check", str(faulty), "--at", AT, "--format", "json", env=environ)
    assert (code, err) == (0, b"")
    assert out == _finish("check", str(faulty), "--at", AT, "--format", "json")[1]


def _loaded(*argv: str) -> set[str]:
    """Name the modules that a command has loaded when it is done."""
    script = "import sys; from registry.cli.main import main; main(); import json; "
    script += "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script, *argv],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    return set(json.loads(done.stderr))


_NEVER = {"holidays", "networkx", "pandas", "jsonschema", "openpyxl", "xlsxwriter", "icalendar"}
"""What no check asks for, and costs hundreds of milliseconds to load."""
_NOT_RECALLING = {"dataclasses", "importlib.resources", "inspect", "shutil", "tempfile",
                  "typing_extensions"}  # fmt: skip
"""What pydantic asks for, and an answer from memory does not."""


def test_an_answer_from_memory_loads_no_model(faulty: Path) -> None:
    for _ in range(2):
        loaded = _loaded("check", str(faulty), "--at", AT)
    heavy = {"pydantic", "pydantic_core", "yaml", "registry.model.entity", "registry.checks.rules",
             "registry.checks.engine", "registry.audit", "urllib"}  # fmt: skip
    assert loaded & (heavy | _NEVER | _NOT_RECALLING) == set()


def test_a_check_loads_nothing_that_it_does_not_ask_for() -> None:
    example = str(ROOT / "examples" / "team-of-three")  # with people on call, and their zone
    assert _loaded("check", example, "--at", AT, "--no-cache") & _NEVER == set()


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_rests_while_a_command_runs_and_then_is_as_before(
    faulty: Path, monkeypatch: pytest.MonkeyPatch, was_on: bool
) -> None:
    seen: list[bool] = []
    monkeypatch.setattr("registry.cli._checked._result", lambda *_: seen.append(gc.isenabled()))
    before = gc.isenabled()
    (gc.enable if was_on else gc.disable)()
    try:
        assert main(["check", str(faulty)]) == 2  # what was recalled is no answer
        assert (seen, gc.isenabled()) == ([False], was_on)
    finally:
        (gc.enable if before else gc.disable)()


def test_the_collector_rests_for_good_where_the_process_ends_with_the_command() -> None:
    """It would begin with all that the command made, and find nothing."""
    script = "import gc, sys; from registry.cli.main import main; main(); "
    script += "sys.exit(int(gc.isenabled()))"
    done = subprocess.run(
        [sys.executable, "-c", script, "--version"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"opmodel ")


@pytest.mark.parametrize("example", ["enterprise-copilot", "team-of-three"])
def test_a_check_of_a_sound_registry_loads_no_graph_and_no_tables(example: str) -> None:
    script = "import sys; from registry.cli.main import main; main(); import json; "
    script += "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    argv = ["check", str(ROOT / "examples" / example), "--at", AT, "--no-cache"]
    done = subprocess.run(
        [sys.executable, "-c", script, *argv],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    loaded = set(json.loads(done.stderr.splitlines()[-1]))
    assert "registry.checks.engine" in loaded
    assert loaded & {"networkx", "pandas", "numpy", "registry.workspace.graph"} == set()


def test_progress_shows_on_a_terminal_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written = _impatient(monkeypatch)
    with Progress("checking") as progress:
        for done in (1, 2):
            running()(done, 2)
            _wait_for_more(written)
        assert running() is progress
    shown = capsys.readouterr().err
    assert "reading file 1 of 2 … " in shown
    assert "checking … " in shown
    assert shown.endswith("\r\x1b[K")


def _impatient(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the line show at once; return what is written of it, as it comes."""
    written: list[str] = []
    write = Progress._write

    def tell(self: Progress, text: str) -> None:
        write(self, text)
        written.append(text)

    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr(Progress, "PATIENCE", 0.0)
    monkeypatch.setattr(Progress, "EVERY", 0.001)
    monkeypatch.setattr(Progress, "_write", tell)
    return written


def _wait_for_more(written: list[str]) -> None:
    """Wait until the line was written twice more, so that the second knows what was said before."""
    before = len(written)
    for _ in range(5000):
        if len(written) > before + 1:
            return
        time.sleep(0.001)
    raise AssertionError("nothing more is shown")


def test_a_note_and_an_answer_never_stand_behind_progress(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written = _impatient(monkeypatch)
    with Progress("auditing"):
        _wait_for_more(written)
        note("a note")
        _wait_for_more(written)
        emit("the answer\n")
        shown, end = capsys.readouterr(), len(written)
        note("another note")
    assert len(written) == end
    assert capsys.readouterr().err == "another note\n"
    assert "\r\x1b[Ka note\n\r\x1b[Kauditing … " in shown.err
    assert shown.err.endswith("\r\x1b[K")
    assert shown.out == "the answer\n"


@pytest.mark.parametrize(
    ("name", "doing"), [("audit", "auditing"), ("assess", "assessing"), ("refs", "working")]
)
def test_every_command_shows_that_it_works(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, doing: str
) -> None:
    written = _impatient(monkeypatch)
    command = find(name)

    def slow(_: Namespace) -> int:
        _wait_for_more(written)
        return 0

    monkeypatch.setattr("registry.cli._command.find", lambda _: command._replace(run=slow))
    ran = run(name, *(["people/x"] if name == "refs" else []))
    assert (ran.code, ran.out) == (0, "")
    assert f"{doing} … " in ran.err


def test_a_terminal_that_is_gone_stops_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def isatty(self) -> bool:
            return True

        def write(self, _: str) -> int:
            raise OSError(5, "Input/output error")

    written = _impatient(monkeypatch)
    monkeypatch.setattr("sys.stderr", Gone())
    with Progress() as progress:
        assert progress._thread is not None
        progress._thread.join()
    assert len(written) == 2


def test_progress_is_silent_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Progress, "PATIENCE", 0.0)
    with Progress() as progress:
        progress(1, 2)
        time.sleep(0.05)
        note("a note")
    assert capsys.readouterr().err == "a note\n"
    assert running() is not progress


@pytest.mark.parametrize(("loads", "ended"), [(True, 3), (False, "at once 3")])
def test_what_loaded_next_to_nothing_is_not_taken_down(
    loads: bool, ended: int | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_once(code: int) -> None:
        raise SystemExit(f"at once {code}")

    program = import_module("registry.cli.main")
    monkeypatch.setattr(program, "main", lambda: 3)
    monkeypatch.setattr(os, "_exit", at_once)
    if loads:
        monkeypatch.setitem(sys.modules, "registry.cli._run", program)
    else:
        monkeypatch.delitem(sys.modules, "registry.cli._run", raising=False)
    with pytest.raises(SystemExit) as end:
        program.command()
    assert end.value.code == ended


def test_an_answer_from_the_door_is_whole_and_has_its_exit_code(
    faulty: Path, tmp_path: Path
) -> None:
    argv = ("check", str(faulty), "--at", AT, "--select", "OM201", "--policy", "production")
    env = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    first, second = (_finish(*argv, env=env) for _ in range(2))
    assert first == second
    assert first[0] == 1
    assert first[1]
