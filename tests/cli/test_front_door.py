"""A kept answer is that of a cold run, whatever has changed since; in doubt the command runs."""

import gc
import io
import os
import random
import re
import shutil
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from registry.cli import _checked, _door, _keeping, _run
from registry.cli.main import main
from registry.source import seen
from registry.source.cache import KEPT, Cache
from tests.cli.conftest import AT
from tests.conftest import ROOT, sizes, thirds

FILES = {
    "opmodel.yaml": """\
opmodel: 1
name: kept
stage: poc
timezone: Europe/London
policy: policies/own.yaml
exclude: [old/**]
""",
    "people.yaml": """\
people:
  ada: {name: Ada Lindqvist, x-desk: A4}
  ben: {name: Ben Okafor}
teams:
  crew: {name: The crew, function: engineering, lead: ada, members: [ada, ben]}
""",
    "oncall.yaml": """\
schedules:
  desk:
    team: crew
    timezone: Europe/Paris
    coverage: always
    rotations: [{name: desk, participants: [ada, ben], start: 2026-11-02T09:00, every: 1w}]
""",
    "metrics.yaml": """\
metrics:
  late: {bucket: quality, response: analytics, owner: ada, definition: Late., decision: A van.}
  lost: {bucket: quality, response: analytics}
""",
    "runbooks/late.md": "---\ntitle: Late\nowner: ada\n---\n\n# Late\n\nSee [the map](../map.png).\n",
    "map.png": "png",
    "policies/own.yaml": "extends: base.yaml\nextensions: {people: schemas/own.json}\n",
    "policies/base.yaml": "extends: poc\n",
    "schemas/own.json": '{"properties": {"x-desk": {"type": "string"}}}',
    "scenarios/night.yaml": "a-night:\n  who: ada\n",
    "old/gone.yaml": "people: {eve: {name: Eve}}\n",
}
CUSTOM = """\
extends: base.yaml
custom:
  ACME001: {name: no-late, section: metrics, assert: "id != 'late'", message: "`{id}` is there",
            severity: warning}
"""
RULES = "groups: [{name: a, rules: [{alert: Late, expr: up == 0, labels: {team: crew}}]}]\n"
CHECK = ("check", "root", "--at", AT, "--show-suppressed")


class Answer(NamedTuple):
    code: int
    out: bytes
    err: bytes
    is_kept: bool
    """Whether the front door gave it."""

    @property
    def said(self) -> tuple[int, bytes, bytes]:
        return self[:3]


Ask = Callable[..., Answer]


@pytest.fixture
def root() -> Path:
    for name, text in FILES.items():
        path = Path("root", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Path("root").absolute()


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Ask]:
    """Run a command line as the process's own, as far as that can be done within the test's."""
    run, ran = _run.run, []
    monkeypatch.setattr(_run, "run", lambda *given: (ran.append(1), run(*given))[1])
    monkeypatch.setattr(seen, "_RACY", 0)
    monkeypatch.setenv("PYDANTIC_DISABLE_PLUGINS", "__all__")  # as the run itself sets it
    monkeypatch.setattr(_run.atexit, "register", lambda _: None)  # type: ignore[attr-defined]
    loaded = seen.code
    # What else this process has loaded is none of the program.
    monkeypatch.setattr(seen, "code", lambda: [x for x in loaded() if "/registry/" in x])
    out, err = (os.fdopen(stream, "w", closefd=False) for stream in (1, 2))

    def ask(*argv: str) -> Answer:
        capfd.readouterr()
        ran.clear()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.stdout", out)
            patch.setattr("sys.stderr", err)
            patch.setattr("sys.argv", ["opmodel", *argv])
            was_on = gc.isenabled()
            code = main()
            if was_on:
                gc.enable()
        out.flush()
        err.flush()
        said = capfd.readouterr()
        return Answer(code, said.out.encode(), said.err.encode(), not ran)

    yield ask
    out.close()
    err.close()


@pytest.fixture
def cold(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run a command line with nothing kept."""

    def cold(*argv: str) -> Answer:
        shutil.rmtree(tmp_path / "empty", ignore_errors=True)
        with monkeypatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
            return ask(*argv)

    return cold


def keep(ask: Ask, *argv: str) -> Answer:
    """Ask until the door answers, which is the second time; return what it says."""
    first, again = ask(*argv), ask(*argv)
    assert not first.is_kept
    assert again.is_kept, argv
    assert again.said == first.said
    return again


COMMANDS = [
    CHECK, ("check", "root"), ("check", "root", "--format", "json", "--at", AT),
    ("check", "root", "--format", "sarif", "--at", AT), ("check", "root", "copy", "--at", AT),
    ("who", "late", "root", "--at", AT), ("who", "people/ada", "root", "--at", AT, "--tz", "UTC"),
    ("oncall", "show", "root", "--at", AT), ("oncall", "gaps", "desk", "root", "--at", AT),
    ("oncall", "next", "root", "--at", AT, "--format", "json"),
    ("oncall", "export", "root", "--at", AT, "--format", "ics"),
    ("export", "role-matrix", "root", "--at", AT), ("export", "duties", "root", "copy"),
    ("export", "metric-dictionary", "root", "--format", "json"),
    ("export", "reviews", "root", "--at", AT),
]  # fmt: skip


@pytest.mark.parametrize("argv", COMMANDS, ids=" ".join)
def test_nothing_changed_is_answered_as_before(argv: tuple[str, ...], root: Path, ask: Ask) -> None:
    shutil.copytree(root, "copy")
    assert keep(ask, *argv).out


@pytest.mark.parametrize(
    "argv",
    [
        ("check", "root", "--no-cache"), ("who", "late", "root"), ("oncall", "show", "root"),
        ("check", "root", "--report", "json=report.json"), ("check", "root", "--diff"),
        ("check", "root", "--fix"), ("export", "duties", "root", "-o", "duties.csv"),
        ("oncall", "export", "root", "--at", AT, "-o", "o.ics"), ("refs", "ada", "root"),
        ("check", "nowhere"), ("check", "root", "--select", "nonsense"), ("nonsense",), (),
        ("--version",), ("who", "deployed/Late", "root", "--at", AT),
    ],
    ids=" ".join,
)  # fmt: skip
def test_some_commands_always_run(argv: tuple[str, ...], root: Path, ask: Ask) -> None:
    """They write, are of this very instant, could not run, or read what nobody notes."""
    Path("root/deployed").mkdir()
    Path("root/deployed/rules.yml").write_text(RULES)
    ask(*argv)
    assert not ask(*argv).is_kept


def test_a_check_since_a_revision_always_runs(root: Path, ask: Ask) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    for _ in range(2):
        assert not ask("check", "root", "--since", "HEAD").is_kept


def _write(name: str, text: str) -> Callable[[], object]:
    return lambda: Path("root", name).write_text(text, "utf-8")


def _replaced(name: str, old: str, new: str) -> Callable[[], object]:
    def change() -> None:
        path = Path("root", name)
        before = path.stat()
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # as a checkout may leave it

    return change


def _removed(name: str) -> Callable[[], object]:
    return lambda: Path("root", name).unlink()


def _linked(name: str) -> Callable[[], object]:
    """Put a link to the same bytes into a file's or a folder's place."""

    def change() -> None:
        path = Path("root", name)
        path.rename(f"aside-{path.name}")
        path.symlink_to(Path(f"aside-{path.name}").absolute())

    return change


BASELINE = "format: opmodel.baseline.v1\nentries: []\n"
CHANGES: dict[str, Callable[[], object]] = {
    "a file's bytes": _replaced("metrics.yaml", "owner: ada", "owner: ben"),
    "as many other bytes": _replaced("people.yaml", "x-desk", "y-desk"),
    "a new file": _write("more.yaml", "people: {eve: {}}\n"),
    "a new file in a new folder": lambda: (Path("root/new").mkdir(), _write("new/a.yaml", "a: 1")()),
    "a file less": _removed("metrics.yaml"),
    "a file's name": lambda: Path("root/metrics.yaml").rename("root/metrics.yml"),
    "a file beside the registry's": _write("notes.yaml.txt", ""),
    "a link in a file's place": _linked("people.yaml"),
    "a link in a folder's place": _linked("runbooks"),
    "a pipe in a file's place": lambda: (_removed("people.yaml")(), os.mkfifo("root/people.yaml")),
    "a folder in a file's place": lambda: (_removed("people.yaml")(), Path("root/people.yaml").mkdir()),
    "what a link leads to": _removed("map.png"),
    "the manifest": _replaced("opmodel.yaml", "stage: poc", "stage: pilot"),
    "include": _replaced("opmodel.yaml", "exclude: [old/**]", "include: ['*.yaml']"),
    "exclude": _replaced("opmodel.yaml", "exclude: [old/**]", "exclude: []"),
    "an excluded file": _write("old/gone.yaml", "people: [\n"),
    "a registry within it": _write("old/opmodel.yaml", "opmodel: 1\n"),
    "the policy": _write("policies/own.yaml", "extends: base.yaml\nrules: {OM201: {severity: error}}\n"),
    "what the policy extends": _write("policies/base.yaml", "extends: poc\nrules: {OM201: {severity: error}}\n"),
    "a pack that is gone": _removed("policies/base.yaml"),
    "a rule of one's own": _write("policies/own.yaml", CUSTOM),
    "a schema of one's own": _replaced("schemas/own.json", "string", "number"),
    "a schema that is gone": _removed("schemas/own.json"),
    "a link in the schemas' place": _linked("schemas"),
    "a baseline that was not there": _write("opmodel-baseline.yaml", BASELINE.replace("[]", "[{}]")),
    "a folder of scenarios": lambda: shutil.rmtree("root/scenarios"),
    "a comment": _replaced("metrics.yaml", "  lost:", "  # opmodel: ignore[OM201] soon\n  lost:"),
    "a repository around it": lambda: Path(".git").mkdir(),
}  # fmt: skip
NO_MATTER = {"an excluded file"}
"""What a check does not look into: the answer stays, and may come from the door."""


@pytest.mark.no_cover
@pytest.mark.parametrize("name", thirds(CHANGES))
def test_what_an_answer_depends_on_changes_it(name: str, root: Path, ask: Ask, cold: Ask) -> None:
    keep(ask, *CHECK)
    CHANGES[name]()
    changed = ask(*CHECK)
    assert changed.is_kept is (name in NO_MATTER)
    assert changed.said == cold(*CHECK).said
    assert ask(*CHECK).said == changed.said


@pytest.mark.no_cover
def test_most_changes_change_the_answer(tmp_path: Path, ask: Ask) -> None:
    """So that the test above proves something: a door that never closed again would fail it."""
    answers = set()
    for name, change in CHANGES.items():
        where = tmp_path / name
        where.mkdir()
        os.chdir(where)
        for file, text in FILES.items():
            Path("root", file).parent.mkdir(parents=True, exist_ok=True)
            Path("root", file).write_text(text, "utf-8")
        change()
        answers.add(ask(*CHECK).said)
    assert len(answers) >= 17


def test_a_folder_that_is_closed_to_us(root: Path, ask: Ask, cold: Ask) -> None:
    Path("root/closed").mkdir(mode=0)
    try:
        keep(ask, *CHECK)
        Path("root/closed").chmod(0o700)
        Path("root/closed/more.yaml").write_text("people: {eve: {}}\n")
        assert ask(*CHECK).said == cold(*CHECK).said
    finally:
        Path("root/closed").chmod(0o700)


def test_a_baseline_that_is_named(root: Path, ask: Ask, cold: Ask) -> None:
    Path("known.yaml").write_text(BASELINE)
    argv = (*CHECK, "--baseline", "known.yaml")
    keep(ask, *argv)
    Path("known.yaml").write_text(BASELINE.replace("[]", "[{}]"))
    changed = ask(*argv)
    assert not changed.is_kept
    assert changed.said == cold(*argv).said
    Path("known.yaml").unlink()
    assert ask(*argv).code == 2


def test_a_policy_that_is_named(root: Path, ask: Ask, cold: Ask) -> None:
    Path("strict.yaml").write_text("extends: poc\n")
    argv = (*CHECK, "--policy", "strict.yaml")
    keep(ask, *argv)
    Path("strict.yaml").write_text("extends: poc\nrules: {OM201: {severity: error}}\n")
    changed = ask(*argv)
    assert not changed.is_kept
    assert changed.code == 1
    assert changed.said == cold(*argv).said


def test_a_registry_that_was_found_upward(
    root: Path, ask: Ask, cold: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    argv = ("check", "--at", AT)
    monkeypatch.chdir(root / "runbooks")
    assert b"opmodel: the registry is ..\n" in keep(ask, *argv).err
    (root / "runbooks" / "opmodel.yaml").write_text("opmodel: 1\nname: nearer\nstage: poc\n")
    nearer = ask(*argv)
    assert not nearer.is_kept
    assert nearer.said == cold(*argv).said
    assert nearer.err == b""


def test_a_root_that_is_a_link(root: Path, ask: Ask, cold: Ask) -> None:
    shutil.copytree(root, "other")
    Path("other/metrics.yaml").unlink()
    Path("link").symlink_to("root")
    argv = ("check", "link", "--at", AT)
    keep(ask, *argv)
    Path("link").unlink()
    Path("link").symlink_to("other")
    changed = ask(*argv)
    assert not changed.is_kept
    assert changed.said == cold(*argv).said


OPTIONS = [
    ["--format", "json"], ["--select", "OM2"], ["--ignore", "OM201"], ["--horizon", "5d"],
    ["--tz", "Asia/Tokyo"], ["--statistics"], ["--fail-on", "warning"], ["--no-baseline"],
    ["--policy", "production"], ["--color", "always"], ["--at", "2027-11-20T09:00:00Z"],
]  # fmt: skip


@pytest.mark.parametrize("options", thirds(OPTIONS), ids=" ".join)
def test_another_command_line_is_another_question(
    options: list[str], root: Path, ask: Ask, cold: Ask
) -> None:
    keep(ask, *CHECK)
    other = ask(*CHECK, *options)
    assert not other.is_kept
    assert other.said == cold(*CHECK, *options).said
    assert ask(*CHECK).is_kept


@pytest.mark.parametrize("name", thirds(_door.ENVIRONMENT))
def test_another_environment_is_another_question(
    name: str, root: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keep(ask, *CHECK)
    monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    assert not ask(*CHECK).is_kept
    monkeypatch.setenv(name, "")
    assert not ask(*CHECK).is_kept


def test_a_summary_of_a_job_is_written_each_time(
    root: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    argv = ("check", "root", "--at", AT, "--format", "github")
    keep(ask, *argv)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    sizes_ = []
    for _ in range(3):
        assert not ask(*argv).is_kept
        sizes_.append((tmp_path / "summary.md").stat().st_size)
    assert sizes_ == [sizes_[0], 2 * sizes_[0], 3 * sizes_[0]]


def test_a_terminal_is_another_question(
    root: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(ask, *CHECK)
    monkeypatch.setattr(_door, "_streams", lambda: ["utf-8", "utf-8", "True"])
    assert not ask(*CHECK).is_kept
    monkeypatch.setattr(_door, "_streams", lambda: ["ascii", "utf-8", "False"])
    assert not ask(*CHECK).is_kept


@pytest.mark.parametrize("name", ["version", "prefix", "path"])
def test_another_python_is_another_question(
    name: str, root: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(ask, *CHECK)
    other: object = [*sys.path, "/nowhere"] if name == "path" else "another"
    monkeypatch.setattr(sys, name, other)
    assert not ask(*CHECK).is_kept


def test_another_folder_is_another_question(
    root: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(ask, "check", "--at", AT, str(root))
    monkeypatch.chdir(root)
    assert not ask("check", "--at", AT, str(root)).is_kept


def test_now_is_the_hour(root: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(ask, "check", "root")
    then = _door.time()
    monkeypatch.setattr(_door, "time", lambda: then + _door.HOUR)
    assert not ask("check", "root").is_kept
    monkeypatch.setattr(_door, "time", lambda: then - _door.HOUR)
    assert not ask("check", "root").is_kept
    assert keep(ask, *CHECK).is_kept, "an instant that is given stays"


def test_the_hour_is_that_of_the_answer(root: Path, ask: Ask) -> None:
    notes = seen.Notes(0)
    with seen.noted(notes):
        seen.hour(7)
        seen.hour(7)
        assert (notes.hour, notes.doubts) == (7, [])
        seen.hour(8)
    assert notes.doubts == ["the hour has passed meanwhile"]


def test_a_change_of_the_program_is_noticed(
    root: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = tmp_path / "module.py"
    module.write_text("")
    monkeypatch.setattr(seen, "code", lambda: [str(module)])
    keep(ask, *CHECK)
    os.utime(module, (0, 0))
    assert not ask(*CHECK).is_kept


def test_a_program_in_an_archive_is_not_noticed(
    root: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What changes then is the archive, and its modules are nowhere."""
    monkeypatch.setattr(seen, "code", lambda: [str(tmp_path / "app.pyz" / "module.py")])
    ask(*CHECK)
    assert not ask(*CHECK).is_kept


def test_what_has_only_just_been_changed_may_change_again(
    root: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "module.py").write_text("")
    monkeypatch.setattr(seen, "code", lambda: [str(tmp_path / "module.py")])
    monkeypatch.setattr(seen, "_RACY", 3_600_000_000_000)
    ask(*CHECK)
    assert not ask(*CHECK).is_kept


@pytest.mark.parametrize(
    "does",
    [
        lambda: Path("aside.txt").read_text(), lambda: Path("aside.txt").write_text("x"),
        lambda: os.listdir("."), lambda: os.listdir(), lambda: os.system("true"),
        lambda: os.open("aside.txt", os.O_RDWR), lambda: os.fdopen(0, closefd=False),
        lambda: os.listdir(os.open(".", os.O_RDONLY)),
    ],
)  # fmt: skip
def test_what_nobody_notes_is_a_doubt(
    does: Callable[[], object], root: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a rule of a plugin might read a file of its own, or ask another program."""
    Path("aside.txt").write_text("aside")
    root_for = _checked.root_for
    monkeypatch.setattr(_checked, "root_for", lambda args: (does(), root_for(args))[1])
    ask(*CHECK)
    assert not ask(*CHECK).is_kept


def test_what_anybody_writes_is_said_again(
    root: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a rule of a plugin might, which knows nothing of how a command says things."""
    root_for = _checked.root_for

    def noisy(args: Namespace) -> str:
        print("aside:", "ö\ud800")
        sys.stdout.flush()
        sys.stdout.buffer.write(b"\xff\n")
        sys.stdout.buffer.flush()
        sys.stderr.write("a word\n")
        return root_for(args)

    monkeypatch.setattr(_checked, "root_for", noisy)
    answer = keep(ask, *CHECK)
    assert "aside: ö\\ud800\n".encode() in answer.out
    assert answer.err == b"a word\n"


CLOCK = re.compile(r"datetime\.now\(|date\.today\(|utcnow\(|^from time import|^import time", re.M)
ASKS = {
    "api.py", "cli/_arguments.py", "cli/_asked.py", "cli/_door.py", "cli/_progress.py",
    "cli/init.py", "export/export.py", "export/frame.py", "source/seen.py", "workspace/open.py",
}  # fmt: skip
"""Who asks the clock: the library for itself, and of what the door keeps only those that note it;
`seen`, whether what changed is old enough to be kept at all."""


def test_the_clock_is_asked_where_it_is_noted() -> None:
    """An answer is of its hour or of its instant; who asks the clock elsewhere tells nobody."""
    package = ROOT / "registry"
    asks = (path for path in package.rglob("*.py") if CLOCK.search(path.read_text("utf-8")))
    assert {path.relative_to(package).as_posix() for path in asks} == ASKS


def test_a_great_deal_of_output_is_not_kept(
    root: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_keeping, "_MOST", 10)
    ask(*CHECK)
    assert not ask(*CHECK).is_kept


def _entry(tmp_path: Path) -> Path:
    (entry,) = (tmp_path / "cache" / "opmodel").glob(f"{_door.PREFIX}*")
    return entry


def test_a_damaged_answer_is_none(root: Path, ask: Ask, tmp_path: Path) -> None:
    answer = keep(ask, *CHECK)
    entry = _entry(tmp_path)
    whole = entry.read_bytes()
    spots = [*range(0, len(whole), len(whole) // 9), len(whole) - 1]
    for spot in spots:
        for damage in (whole[:spot], whole[:spot] + bytes([whole[spot] ^ 1]) + whole[spot + 1 :]):
            entry.write_bytes(damage)
            again = ask(*CHECK)
            assert (again.said, again.is_kept) == (answer.said, False)
    entry.write_bytes(whole)
    assert ask(*CHECK).is_kept


@pytest.mark.parametrize("payload", [b"", b"i", b"\xff", b"[\x00\x00\x00\x00", b"N"])
def test_an_answer_of_another_shape_is_none(
    payload: bytes, root: Path, ask: Ask, tmp_path: Path
) -> None:
    answer = keep(ask, *CHECK)
    Cache(str(tmp_path / "cache" / "opmodel")).put(_entry(tmp_path).name, payload)
    again = ask(*CHECK)
    assert (again.said, again.is_kept) == (answer.said, False)


def test_an_answer_of_another_version_is_none(
    root: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = keep(ask, *CHECK)
    monkeypatch.setattr(_door, "_FORM", "0")
    again = ask(*CHECK)
    assert (again.said, again.is_kept) == (answer.said, False)


def test_an_answer_to_another_question_is_none(root: Path, ask: Ask, tmp_path: Path) -> None:
    keep(ask, *CHECK)
    other = _entry(tmp_path)
    shutil.move(other, tmp_path / "other")
    lenient = ask("check", "root", "--at", AT, "--ignore", "OM2")
    (tmp_path / "other").rename(_entry(tmp_path))
    again = ask("check", "root", "--at", AT, "--ignore", "OM2")
    assert (again.said, again.is_kept) == (lenient.said, False)


def test_a_foreign_answer_is_none(
    root: Path, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = keep(ask, *CHECK)
    entry = _entry(tmp_path)
    entry.rename(tmp_path / "aside")
    entry.symlink_to(tmp_path / "aside")
    linked = ask(*CHECK)
    assert (linked.said, linked.is_kept) == (answer.said, False)
    (tmp_path / "cache" / "opmodel").chmod(0o777)
    others = ask(*CHECK)
    assert (others.said, others.is_kept) == (answer.said, False)
    (tmp_path / "cache" / "opmodel").chmod(0o700)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    foreign = ask(*CHECK)
    assert (foreign.said, foreign.is_kept) == (answer.said, False)


def test_a_linked_folder_of_answers_is_none(root: Path, ask: Ask, tmp_path: Path) -> None:
    answer = keep(ask, *CHECK)
    (tmp_path / "cache" / "opmodel").rename(tmp_path / "aside")
    (tmp_path / "cache" / "opmodel").symlink_to(tmp_path / "aside")
    again = ask(*CHECK)
    assert (again.said, again.is_kept) == (answer.said, False)


@pytest.mark.parametrize("call", ["replace", "open", "scandir"])
def test_a_full_disk_changes_no_answer(
    call: str, root: Path, ask: Ask, cold: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails within the cache's own folder, and at whichever of its calls."""
    answer = cold(*CHECK)
    real = getattr(os, call)

    def fails(path: object, *rest: object, **more: object) -> object:
        if "/cache/opmodel" in str(path):
            raise OSError(28, "No space left on device")
        return real(path, *rest, **more)

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fails)
        for _ in range(2):
            assert ask(*CHECK).said == answer.said
    assert ask(*CHECK).said == answer.said


def test_killed_in_the_middle(
    root: Path, ask: Ask, cold: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was half written has no name that anybody asks for."""
    answer = cold(*CHECK)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", dies)
        assert ask(*CHECK).code == 130
    again = ask(*CHECK)
    assert (again.said, again.is_kept) == (answer.said, False)
    assert ask(*CHECK).is_kept


def test_the_answers_are_bounded(
    root: Path, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KEPT, _door.PREFIX, 2)
    for code in ("OM1", "OM2", "OM3"):
        ask("check", "root", "--select", code)
    names = [one.name for one in (tmp_path / "cache" / "opmodel").iterdir()]
    assert sum(name.startswith(_door.PREFIX) for name in names) == 2
    assert sum(name.startswith("files-") for name in names) > 2, "what the files hold stays"


def test_this_folder_is_gone(root: Path, ask: Ask, tmp_path: Path) -> None:
    here = tmp_path / "gone"
    here.mkdir()
    os.chdir(here)
    here.rmdir()
    first, again = (ask("check", str(root), "--at", AT) for _ in range(2))
    os.chdir(tmp_path)
    assert (again.said, again.is_kept) == (first.said, False)


@pytest.mark.parametrize(
    ("stream", "error", "code", "out"),
    [
        (1, BrokenPipeError(32, "Broken pipe"), 1, b""),
        (1, OSError(28, "No space left on device"), 2, b""),
        (2, BrokenPipeError(32, "Broken pipe"), 1, b"oneTWO"),
        (2, OSError(28, "No space left on device"), 1, b"oneTWO"),
    ],
)
def test_where_an_answer_cannot_be_written(
    stream: int, error: OSError, code: int, out: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[tuple[int, bytes]] = []

    def write(to: int, data: bytes) -> int:
        if to == stream:
            raise error
        written.append((to, bytes(data[:2])))
        return min(len(data), 2)  # as a pipe may take but a part of it

    monkeypatch.setattr(os, "write", write)
    said = [(1, b"one"), (2, b"a note"), (2, b"another"), (1, b"TWO")]
    assert _door.say(said, 1) == code
    assert b"".join(data for to, data in written if to == 1) == out


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_output_that_goes_elsewhere_is_not_answered(
    taken: int, root: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that calls the command itself may have put something in the place of its streams."""
    door = keep(ask, *CHECK)
    assert door.is_kept
    name = "stderr" if taken else "stdout"
    monkeypatch.setattr(sys, name, None if taken == 2 else io.StringIO())
    assert _door.door_for([*CHECK]) is None


def _edit(chance: random.Random) -> None:
    """Change something of the registry at random: its bytes, its files, its folders."""
    names = sorted(FILES)
    name = chance.choice([one for one in names if one != "opmodel.yaml"])
    path = Path("root", name)
    match chance.randrange(5):
        case 0 if path.exists():
            path.unlink()
        case 1:
            path.parent.mkdir(exist_ok=True)
            path.write_text(FILES[name], "utf-8")
        case 2 if path.exists():
            path.write_text(path.read_text("utf-8").replace("ada", chance.choice(["ada", "ben"])))
        case 3:
            manifest = FILES["opmodel.yaml"].replace("poc", chance.choice(["poc", "pilot"]))
            Path("root/opmodel.yaml").write_text(manifest)
        case _:
            other = Path("root", f"more-{chance.randrange(3)}.yaml")
            other.unlink() if other.exists() else other.write_text("people: {eve: {name: Eve}}\n")


@pytest.mark.no_cover
@pytest.mark.parametrize("steps", sizes(20, 200))
def test_any_edits_get_the_answer_of_a_cold_run(
    steps: int, root: Path, ask: Ask, cold: Ask
) -> None:
    """Back and forth between a few states, so that an answer of before would often be at hand."""
    chance = random.Random(17)
    kept = 0
    for _ in range(steps):
        _edit(chance)
        argv = chance.choice([CHECK, ("who", "late", "root", "--at", AT)])
        for _ in range(2):
            answer = ask(*argv)
            kept += answer.is_kept
        assert answer.said == cold(*argv).said
    assert kept > steps // 4
