"""`opmodel check`: exits, formats, files, and what is refused."""

import json
from pathlib import Path

import pytest

from registry.cli import _reports
from tests.cli.conftest import AT, FAULTY, Run

SELECT = ("--select", "OM008,OM201", "--at", AT)
ONE_LINE = r"opmodel: [^\n]+\n"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 0),
        (("--fail-on", "error"), 0),
        (("--fail-on", "warning"), 1),
        (("--fail-on", "info"), 1),
        (("--fail-on", "never"), 0),
        (("--policy", "production"), 1),
        (("--policy", "production", "--fail-on", "never"), 0),
        (("--ignore", "OM201", "--fail-on", "warning"), 0),
        (("--ignore", "OM201", "--fail-on", "info"), 1),
        (("--ignore", "unowned-metric,OM008", "--fail-on", "info"), 0),
    ],
)
def test_exit_code(faulty: Path, run: Run, options: tuple[str, ...], code: int) -> None:
    ran = run("check", str(faulty), *SELECT, *options)
    assert (ran.code, ran.err) == (code, "")


def test_a_syntax_error_fails_whatever_is_selected(faulty: Path, run: Run) -> None:
    (faulty / "more.yaml").write_text("metrics: [", "utf-8")
    assert run("check", str(faulty), *SELECT).code == 1


@pytest.mark.parametrize("name", _reports.formats())
def test_every_format_is_the_same_from_memory(faulty: Path, run: Run, name: str) -> None:
    first = run("check", str(faulty), *SELECT, "--format", name)
    again = run("check", str(faulty), *SELECT, "--format", name)
    anew = run("check", str(faulty), *SELECT, "--format", name, "--no-cache")
    assert "OM201" in first.out
    assert first == again == anew


def test_says_where_it_looked_and_what_it_found(faulty: Path, run: Run) -> None:
    out = run("check", str(faulty), *SELECT).out
    assert "warning[OM201] unowned-metric: metric `spend` has no owner" in out
    assert out.splitlines()[-1].startswith(
        "0 errors, 1 warning, 1 info, 1 suppressed, 0 baselined: 4 entities in 1 file (0 skipped), "
    )


def test_reports_several_files_at_once(faulty: Path, run: Run, tmp_path: Path) -> None:
    names = {name: tmp_path / f"out-{name}" for name in _reports.formats()}
    options = [f"--report={name}={path}" for name, path in names.items()]
    ran = run("check", str(faulty), *SELECT, "--color", "always", *options)
    assert ran.code == 0
    assert "\x1b[" in ran.out
    for name, path in names.items():
        plain = run("check", str(faulty), *SELECT, "--format", name)
        assert path.read_text("utf-8") == plain.out


def test_a_report_in_a_file_has_no_limit(
    faulty: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = "".join(f"  m{n}: {{bucket: cost, response: page}}\n" for n in range(250))
    (faulty / "many.yaml").write_text(f"metrics:\n{metrics}", "utf-8")
    ran = run("check", str(faulty), *SELECT, f"--report=human={tmp_path / 'all'}")
    assert "… and 52 more findings" in ran.out
    assert (tmp_path / "all").read_text("utf-8").count("[OM") == 252


@pytest.mark.parametrize(
    "option",
    ["--report=json", "--report=json=", "--report=xml=a", "--report==a", "--report=../json=a"],
)
def test_a_report_that_is_none_is_bad_usage(faulty: Path, run: Run, option: str) -> None:
    ran = run("check", str(faulty), option)
    assert (ran.code, ran.out) == (2, "")
    assert "write it as F=PATH" in ran.err


def test_two_reports_in_one_file_are_bad_usage(faulty: Path, run: Run) -> None:
    ran = run("check", str(faulty), "--report=json=a", "--report=sarif=./a")
    assert ran.code == 2
    assert not Path("a").exists()


def test_a_report_never_goes_through_a_symlink(faulty: Path, run: Run) -> None:
    Path("target").write_text("kept", "utf-8")
    Path("link").symlink_to("target")
    ran = run("check", str(faulty), *SELECT, "--report=json=link")
    assert ran.code == 2
    assert ran.err == "opmodel: link is a symbolic link; name the file itself\n"
    assert Path("target").read_text("utf-8") == "kept"


@pytest.mark.parametrize("path", ["none/out.json", "/proc/opmodel.json", "faulty"])
def test_a_report_that_cannot_be_written_exits_2(faulty: Path, run: Run, path: str) -> None:
    ran = run("check", str(faulty), *SELECT, f"--report=json={path}")
    assert ran.code == 2
    assert ran.err.startswith(f"opmodel: {path} ")
    assert "OM201" in ran.out


def test_statistics_and_totals_never_mix_with_what_scripts_read(faulty: Path, run: Run) -> None:
    concise = run("check", str(faulty), *SELECT, "--format", "concise", "--statistics")
    assert concise.out == (
        "opmodel.yaml:17:3: OM201 unowned-metric: metric `spend` has no owner\n"
        "opmodel.yaml:13:11: OM008 placeholder-value: `TODO` stands for a value in `unit` of "
        "`latency`: it counts as missing\n"
    )
    assert "     1 warning OM201 unowned-metric, 1 suppressed\n" in concise.err
    assert "0 errors, 1 warning, 1 info" in concise.err
    found = run("check", str(faulty), *SELECT, "--format", "json", "--statistics")
    assert json.loads(found.out)["summary"]["warning"] == 1


def test_lists_what_is_suppressed_on_demand(faulty: Path, run: Run) -> None:
    assert "refusals" not in run("check", str(faulty), *SELECT).out
    out = run("check", str(faulty), *SELECT, "--show-suppressed").out
    assert "silenced by the comment at opmodel.yaml:14: owned from January on" in out


@pytest.mark.parametrize(
    ("choice", "no_color", "colored"),
    [
        ("auto", None, False),
        ("always", None, True),
        ("always", "1", True),
        ("never", None, False),
    ],
)
def test_color(
    faulty: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    choice: str,
    no_color: str | None,
    colored: bool,
) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", no_color)
    assert ("\x1b[" in run("check", str(faulty), *SELECT, "--color", choice).out) is colored


@pytest.mark.parametrize(
    ("name", "value", "colored"),
    [("NO_COLOR", "1", False), ("NO_COLOR", "", True), ("TERM", "dumb", False)],
)
def test_color_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, colored: bool
) -> None:
    from registry.cli import _output

    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv(name, value)
    assert _output.is_colored("auto") is colored


def test_finds_the_registry_upward(faulty: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (faulty / "teams" / "a").mkdir(parents=True)
    monkeypatch.chdir(faulty / "teams" / "a")
    assert "OM201" in run("check", *SELECT).out


def test_a_folder_that_is_named_is_the_root(faulty: Path, run: Run) -> None:
    (faulty / "teams").mkdir()
    ran = run("check", str(faulty / "teams"))
    assert ran.code == 2
    assert "there is no opmodel.yaml in " in ran.err


def test_reports_for_others_lead_from_here_to_the_root(
    faulty: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "file=faulty/opmodel.yaml," in run("check", "faulty", "--format", "github").out
    monkeypatch.chdir(faulty)
    assert "file=opmodel.yaml," in run("check", "--format", "github").out
    assert "file=opmodel.yaml," in run("check", "../faulty", "--format", "github").out


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (
            ("--at", "yesterday"),
            "--at `yesterday` is no instant; write a date or a date-time in ISO 8601, as `2026-",
        ),
        (("--at", "0001-01-01T00:00+14:00"), "is not within 1970 to 2999"),
        (("--at", "9999-12-31T23:59-14:00"), "is not within 1970 to 2999"),
        (("--tz", "Europe/Berln"), "did you mean `Europe/Berlin`?"),
        (("--tz", "../../etc/passwd"), "there is no time zone `../../etc/passwd`"),
        (("--select", "OM999"), "there is no rule `OM999`"),
        (("--select", " , "), "--select names no rule"),
        (("--ignore", ""), "--ignore names no rule"),
        (("--ignore", "OM001"), "OM001 cannot be ignored"),
        (("--horizon", "soon"), "--horizon soon"),
        (("--policy", "none.yaml"), "the policy none.yaml is absent"),
        (("--format", "xml"), "invalid choice: 'xml'"),
        (("--nonsense",), "unrecognized arguments: --nonsense"),
        (("--form", "json"), "unrecognized arguments: --form"),
        (("--since",), "expected one argument"),
    ],
)
def test_bad_usage_is_one_line(faulty: Path, run: Run, argv: tuple[str, ...], says: str) -> None:
    ran = run("check", str(faulty), *argv)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.startswith("opmodel: ")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("folder", "says"),
    [
        ("none", "none does not exist"),
        ("file", "file is no folder"),
        (".", "no registry: there is no opmodel.yaml in ."),
        (None, "no registry: there is no opmodel.yaml here or in a folder above"),
        ("a\x1b[31mb\n", r"a\x1b[31mb\n does not exist"),
    ],
)
def test_no_registry_is_one_line(run: Run, folder: str | None, says: str) -> None:
    Path("file").touch()
    ran = run("check", *([folder] if folder else []))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"opmodel: {says}")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("at", "tz", "instant"),
    [
        ("2026-11-20T10:00:00+01:00", None, "2026-11-20T09:00:00Z"),
        ("2026-11-20T10:00", "Europe/Berlin", "2026-11-20T09:00:00Z"),
        ("2026-11-20", "Europe/Berlin", "2026-11-19T23:00:00Z"),
        ("2026-11-20T10:00:00Z", "Europe/Berlin", "2026-11-20T10:00:00Z"),
        ("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30:00Z"),  # skipped by the clocks
        ("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00Z"),  # shown twice
    ],
)
def test_at(faulty: Path, run: Run, at: str, tz: str | None, instant: str) -> None:
    zone = ("--tz", tz) if tz else ()
    found = run("check", str(faulty), "--format", "json", "--at", at, *zone)
    assert json.loads(found.out)["at"] == instant


def test_now_is_the_hour_that_we_are_in(faulty: Path, run: Run) -> None:
    at = json.loads(run("check", str(faulty), "--format", "json").out)["at"]
    assert at.endswith(":00:00Z")


def test_a_relative_cache_home_is_ignored(
    faulty: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    run("check", str(faulty))
    assert not Path("relative").exists()
    assert (tmp_path / "home" / ".cache" / "opmodel").is_dir()


def test_no_cache_leaves_nothing(faulty: Path, run: Run, tmp_path: Path) -> None:
    run("check", str(faulty), "--no-cache")
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    ("policy", "stage", "says"),
    [
        ("", "unknown", "waits until it is known"),
        ("policy: p.yaml\n", "pilot", "(0 off)"),
    ],
)
def test_an_unknown_stage_pretends_none(
    policy: str, stage: str, says: str, tmp_path: Path, run: Run
) -> None:
    text = FAULTY.replace("stage: poc\n", f"stage: prod\n{policy}")
    (tmp_path / "opmodel.yaml").write_text(text, "utf-8")
    (tmp_path / "p.yaml").write_text("extends: pilot\n", "utf-8")
    ran = run("check", str(tmp_path), "--at", AT)
    assert ran.code == 1
    assert "did you mean `production`?" in ran.out
    assert f"stage {stage}" in ran.out.splitlines()[-1]
    assert says in ran.out.splitlines()[-1]
    assert ("OM101" in ran.out) == (stage == "pilot")
    found = json.loads(run("check", str(tmp_path), "--at", AT, "--format", "json").out)
    assert found["summary"]["stage_known"] == (stage == "pilot")
    assert found["stage"] == ("pilot" if stage == "pilot" else "production")


def test_what_keeps_a_file_from_being_read_comes_first(tmp_path: Path, run: Run) -> None:
    (tmp_path / "opmodel.yaml").write_text(FAULTY + "alerts: {a: {x: 1}}\n", "utf-8")
    (tmp_path / "z.yaml").write_text("people:\n\tana: {}\n", "utf-8")
    for form in _reports.formats():
        out = run("check", str(tmp_path), "--at", AT, "--format", form).out
        results = out[out.find('"results"') :] if form == "sarif" else out
        assert 0 <= results.find("OM001") < results.find("OM005"), form
