"""The front door as a process: the program's own files, pipes, two at once, and what a run reads."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import tzdata

from registry.cli import _door
from tests.cli.conftest import AT
from tests.conftest import ROOT, thirds
from tests.plugin import EXAMPLE

pytestmark = pytest.mark.no_cover

SCRIPT = """\
import sys
from registry.source import seen
seen._RACY = 0
from registry.cli.main import main
code = main()
if sys.stderr is not None:
    sys.stderr.write("ran" if "registry.cli._run" in sys.modules else "kept")
sys.exit(code)
"""
"""The command, which takes what is but a moment old for settled, and says at its end whether it ran."""
CHECK = ("check", "root", "--at", AT)


class Done(NamedTuple):
    code: int
    out: str
    how: str


class House:
    """A copy of the program, some of its libraries and a plugin, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.lib = folder, folder / "lib"
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "registry", folder / "registry")
        shutil.copytree(ROOT / "policies", folder / "policies")
        shutil.copytree(Path(tzdata.__file__).parent, self.lib / "tzdata", ignore=leave)
        shutil.copytree(EXAMPLE / "acme_rules", self.lib / "acme_rules", ignore=leave)
        (self.lib / "holidays").mkdir()
        (self.lib / "holidays" / "__init__.py").touch()
        self.installed("holidays", "0.1")
        self.installed("acme-rules", "1.2.0")
        (self.lib / "acme_rules-1.2.0.dist-info" / "entry_points.txt").write_text(
            "[opmodel.rules]\nacme-rules = acme_rules.rules\n"
        )
        self.env = {**os.environ, "PYTHONPATH": f"{self.lib}{os.pathsep}{folder}"}

    def installed(self, name: str, version: str) -> None:
        info = self.lib / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")

    def start(self, *argv: str, **options: object) -> "subprocess.Popen[bytes]":
        given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.Popen([sys.executable, "-c", SCRIPT, *argv], env=self.env, **given)  # type: ignore[call-overload, no-any-return]

    def ask(self, *argv: str) -> Done:
        process = self.start(*argv)
        out, err = process.communicate(timeout=60)
        return Done(process.returncode, out.decode(), err.decode())

    def rewrite(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text("utf-8")
        assert old in text, name
        path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def house(tmp_path: Path) -> House:
    shutil.copytree(ROOT / "docs" / "own-rules" / "registry", "root")
    text = Path("root/opmodel.yaml").read_text()
    Path("root/opmodel.yaml").write_text(f"{text}timezone: Europe/Berlin\n")
    Path("root/oncall.yaml").write_text(
        "teams:\n  crew: {name: The crew, function: engineering, lead: ada, members: [ada]}\n"
        "schedules:\n  desk: {team: crew, timezone: Europe/Berlin, coverage: always, rotations: "
        "[{name: desk, participants: [ada], start: 2026-11-02T09:00, every: 1w}]}\n"
    )
    return House(tmp_path / "house")


def _steps(house: House) -> list[tuple[str, Callable[[], object]]]:
    """Changes of the program, each with what the answer then says."""
    rules, info = house.lib / "acme_rules" / "rules", house.lib / "acme_rules-1.2.0.dist-info"
    zone = house.lib / "tzdata" / "zoneinfo" / "Europe" / "Berlin"
    acme = f"lib/acme_rules/rules/{next(rules.glob('acme101*.py')).name}"
    return [
        ("is on no panel", lambda: Path("root/policy.yaml").write_text(
            Path("root/policy.yaml").read_text().replace("no dashboard", "no panel"))),
        ("a Friday", lambda: house.rewrite("registry/version.py", "0.1.0", "0.1.1")),
        ("a Friday", lambda: (house.folder / "registry/checks/rules/_new.py").touch()),
        ("error[OM215]", lambda: house.rewrite(
            "policies/poc.yaml", "OM215: {severity: info", "OM215: {severity: error")),
        ("time zones 2999z", lambda: house.rewrite(
            "lib/tzdata/__init__.py", "IANA_VERSION = ", "IANA_VERSION = '2999z' or ")),
        ("time zones 2999z", lambda: zone.write_bytes(zone.read_bytes())),
        ("holidays 0.2", lambda: (
            shutil.rmtree(house.lib / "holidays-0.1.dist-info"),
            house.installed("holidays", "0.2"))),
        ("a Saturday", lambda: house.rewrite(acme, "a Friday", "a Saturday")),
        ("a Saturday", lambda: info.rename(house.lib / "acme_rules-1.3.0.dist-info")),
        ("`acme-rules` is not installed", lambda: shutil.rmtree(
            house.lib / "acme_rules-1.3.0.dist-info")),
    ]  # fmt: skip


@pytest.mark.slow
def test_the_program_itself_is_what_an_answer_depends_on(house: House) -> None:
    before = house.ask(*CHECK)
    assert before.how == "ran"
    assert house.ask(*CHECK) == before._replace(how="kept")
    for says, change in _steps(house):
        change()
        after = house.ask(*CHECK)
        assert after.how == "ran", says
        assert says in after.out
        assert house.ask(*CHECK) == after._replace(how="kept"), says


@pytest.mark.slow
def test_what_was_only_just_installed_is_not_settled(house: House) -> None:
    """It may be changed again within a tick of the clock of its file system."""
    script = SCRIPT.replace("seen._RACY = 0", "seen._RACY = 3_600_000_000_000")
    for _ in range(2):
        command = [sys.executable, "-c", script, *CHECK]
        done = subprocess.run(command, env=house.env, capture_output=True, check=True)
        assert done.stderr == b"ran"


@pytest.fixture
def kept(faulty: Path) -> tuple[str, ...]:
    """A command line whose answer is kept, and says something on both streams."""
    os.chdir(faulty)
    Path("below").mkdir()
    os.chdir("below")
    argv = ("check", "--at", AT, "--format", "concise", "--policy", "production")
    for _ in range(2):
        done = _run(*argv)
    assert done.code == 1
    assert "OM201" in done.out
    assert done.how.startswith("opmodel: the registry is ..\n")
    assert done.how.endswith("kept")
    return argv


def _start(*argv: str, **options: object) -> "subprocess.Popen[bytes]":
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([sys.executable, "-c", SCRIPT, *argv], env=env, **given)  # type: ignore[call-overload, no-any-return]


def _run(*argv: str) -> Done:
    process = _start(*argv)
    out, err = process.communicate(timeout=60)
    return Done(process.returncode, out.decode(), err.decode())


def test_a_reader_who_has_left_is_no_error(kept: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = _start(*kept, stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.startswith(b"opmodel: the registry is ..\n")
    assert err.endswith(b"kept")
    assert b"Broken" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
def test_a_full_disk_exits_2(kept: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:
        process = _start(*kept, stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert b"opmodel: standard output: No space left on device; make room for it\n" in err


@pytest.mark.parametrize("closed", ["1>&-", "2>&-"])
def test_a_closed_stream_is_another_question(closed: str, kept: tuple[str, ...]) -> None:
    command = ["sh", "-c", f'"$@" {closed}', "sh", sys.executable, "-c", SCRIPT, *kept]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=env, capture_output=True, check=False)
    if closed == "1>&-":
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"opmodel: standard output is closed; send it somewhere\n" in done.stderr
    else:
        assert (done.returncode, done.stderr) == (1, b"")
        assert b"OM201" in done.stdout


def test_the_module_and_the_command_say_the_same(kept: tuple[str, ...]) -> None:
    done = [
        subprocess.run(
            [sys.executable, "-m", "registry", *kept],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
        )
        for _ in range(2)
    ]
    said = [(one.returncode, one.stdout.decode()) for one in done]
    assert said == [_run(*kept)[:2]] * 2


@pytest.mark.slow
def test_many_at_once(faulty: Path) -> None:
    """Each writes the answer, or reads another's; nobody reads half of one."""
    argv = ("check", str(faulty), "--at", AT)
    processes = [_start(*argv) for _ in range(4)]
    said = [process.communicate(timeout=120)[0] for process in processes]
    again = _run(*argv)
    assert set(said) == {again.out.encode()}
    assert again.how == "kept"


@pytest.mark.slow
def test_killed_at_any_moment(faulty: Path) -> None:
    argv = ("check", str(faulty), "--at", AT)
    for wait in (0.05, 0.15, 0.25, 0.35, 0.45, 0.55):
        process = _start(*argv)
        try:
            process.communicate(timeout=wait)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
    answer, again = _run(*argv), _run(*argv)
    assert "OM201" in answer.out
    assert again == answer._replace(how="kept")


WATCHER = """\
import json, os, sys
looked, asked, is_on = set(), set(), []
def watched(name):
    real = getattr(os, name)
    def call(path, *rest, **more):
        if is_on and not isinstance(path, int):
            looked.add(os.path.abspath(os.fspath(path)))
        return real(path, *rest, **more)
    return call
for name in ("stat", "lstat", "readlink", "access"):
    setattr(os, name, watched(name))
kind = type(os.environ)
get = kind.__getitem__
def getitem(self, name):
    if is_on:
        asked.add(name)
    return get(self, name)
kind.__getitem__ = getitem
from contextlib import contextmanager
from registry.source import seen
from registry.cli._door import Door
seen._RACY = 0
noted = seen.noted
@contextmanager
def noting(notes):
    is_on.append(1)
    with noted(notes):
        yield
    is_on.clear()
seen.noted = noting
def keep(self, notes, said, code):
    facts = [notes.doubts, notes.items, [*notes.program], sorted(looked), sorted(asked)]
    print(json.dumps(facts), file=sys.stderr)
Door.keep = keep
from registry.cli.main import main
main()
"""
"""A run that tells what it notes, and beside it every path that it looks at and every variable."""


@pytest.mark.parametrize(
    "argv",
    thirds([
        ("check", "."), ("check", "--format", "sarif"), ("check", "one", "two"),
        ("who", "metrics/groundedness", "one", "--at", AT), ("oncall", "show", "two", "--at", AT),
        ("oncall", "gaps", "two", "--at", AT), ("export", "role-matrix", "two"),
        ("export", "duties", "one", "two"), ("export", "reviews", "two", "--at", AT),
        ("export", "alert-coverage", "two", "--format", "xlsx"),
    ]),
    ids=" ".join,
)  # fmt: skip
def test_all_that_a_run_looks_at_is_noted(argv: tuple[str, ...], tmp_path: Path) -> None:
    """Files and folders are noticed by Python's audit; of what only looks, this is the proof."""
    for name, example in (("one", "team-of-three"), ("two", "parcel-tracking")):
        shutil.copytree(ROOT / "examples" / example, name)
    if "one" not in argv and "two" not in argv:
        os.chdir("two/runbooks" if argv[1] != "." else "two")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-c", WATCHER, *argv]
    done = subprocess.run(command, env=env, capture_output=True, check=True)
    doubts, items, program, looked, asked = json.loads(done.stderr.splitlines()[-1])
    assert doubts == []
    noted = {os.path.abspath(item[1:]) for item in items} | set(program)
    listed = {os.path.abspath(item[1:]) for item in items if item[0] == "d"}
    real = {os.path.realpath(item[1:]) for item in items if item[0] == "w"}
    ways = {parent for one in real | noted for parent in _parents(one)}
    ours = (str(ROOT), sys.prefix, sys.base_prefix, str(tmp_path / "cache"), "/usr", "/etc")
    unseen = [
        one for one in looked
        if one not in noted | ways and os.path.dirname(one) not in listed
        and not one.startswith(ours) and not any(one in _parents(top) for top in ours)
    ]  # fmt: skip
    assert unseen == []
    own = {"_PYTHON_PROJECT_BASE", "_PYTHON_SYSCONFIGDATA_NAME"}
    assert set(asked) <= {*_door.ENVIRONMENT, *own}


def _parents(path: str) -> set[str]:
    return {str(one) for one in Path(path).parents}
