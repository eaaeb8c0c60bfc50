"""The other commands, and what holds for all of them."""

import json
import os
import re
import subprocess
import sys
from keyword import iskeyword
from pathlib import Path

import jsonschema
import pytest

from registry.checks.catalogue import rules
from registry.cli._command import find, parser_of
from registry.cli._ids import OF
from registry.cli._names import names
from registry.export.export import writers
from registry.model.format import STAGES
from registry.output.formats import MACHINE_FORMATS
from registry.schemas import schemas
from tests.cli.conftest import Run
from tests.conftest import ROOT

EXAMPLE = str(ROOT / "examples" / "team-of-three")


@pytest.mark.parametrize("name", names())
def test_every_command_has_help(run: Run, name: str) -> None:
    ran = run(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"usage: opmodel {name} ")
    assert max(map(len, ran.out.splitlines())) <= 80
    assert find(name).summary.endswith(".")


@pytest.mark.parametrize("name", names())
def test_every_command_is_a_short_file(name: str) -> None:
    stem = f"{name.replace('-', '_')}{'_' * iskeyword(name)}"
    path = ROOT / "registry" / "cli" / f"{stem}.py"
    assert len(path.read_text("utf-8").splitlines()) <= 60


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_lists_the_commands(run: Run, flag: str) -> None:
    ran = run(flag)
    assert (ran.code, ran.err) == (0, "")
    for name in names():
        assert f"\n  {name} " in ran.out


def test_no_command_is_bad_usage(run: Run) -> None:
    ran = run()
    assert (ran.code, ran.out) == (2, "")
    assert "usage: opmodel COMMAND" in ran.err


@pytest.mark.parametrize("name", ["chek", "main", "_command", "../check", "Check", "--at"])
def test_what_is_no_command_is_one_line(run: Run, name: str) -> None:
    ran = run(name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"opmodel: there is no command `{name}`; ")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("flag", ["-V", "--version"])
def test_version(run: Run, flag: str) -> None:
    wanted = r"opmodel \d+\.\d+\.\d+\S*, format 1, time zones 20\d\d[a-z], holidays \d+\.\d+\n"
    assert re.fullmatch(wanted, run(flag).out)


def test_an_error_of_ours_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RecursionError("too\ndeep")

    monkeypatch.setattr("registry.checks.explain.explain", fail)
    ran = run("explain", "OM201")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(r"opmodel: RecursionError: too\ndeep; this is a fault of ours")
    assert ran.err.count("\n") == 1
    monkeypatch.setenv("OPMODEL_DEBUG", "1")
    assert "Traceback" in run("explain", "OM201").err


# -- explain and rules ---------------------------------------------------------------------------


@pytest.mark.no_cover
@pytest.mark.parametrize("code", rules())
def test_explains_every_rule_in_80_columns(run: Run, code: str) -> None:
    ran = run("explain", code)
    assert (ran.code, ran.err) == (0, "")
    title, *lines = ran.out.splitlines()
    assert title == f"{code} {rules()[code].name}"
    text = "\n".join(lines)
    for part in ("Why: ", "How to mend it: ", "Severity: ", "An example with the fault:"):
        assert f"\n{part}" in text
    assert f"[{code}] {rules()[code].name}: " in " ".join(text.split())
    prose = text.partition("An example with the fault:")[0]
    assert max(map(len, prose.splitlines())) <= 80


def test_explains_by_name_in_any_case(run: Run) -> None:
    assert run("explain", "Unowned-Metric") == run("explain", "om201") == run("explain", "OM201")


def test_explains_settings_by_stage(run: Run) -> None:
    assert "  max_layers_per_owner: 20 in poc; 5 in pilot; 3 in production" in (
        run("explain", "OM108").out
    )


def test_explains_nothing_that_is_no_rule(run: Run) -> None:
    ran = run("explain", "unowned-metrics")
    assert ran.code == 2
    assert "did you mean `unowned-metric`?" in ran.err


def test_rules_table(run: Run) -> None:
    head, *rows = run("rules").out.splitlines()
    assert head.split() == ["code", "name", *STAGES]
    assert [row.split()[0] for row in rows] == list(rules())
    assert "OM201 unowned-metric warning error error" in [" ".join(row.split()) for row in rows]
    assert max(map(len, rows)) <= 80


def test_rules_json(run: Run) -> None:
    found = json.loads(run("rules", "--format", "json").out)
    jsonschema.validate(found, MACHINE_FORMATS["opmodel.rules.v1"])
    one = {row["code"]: row for row in found["rules"]}["OM108"]
    assert one["severities"] == {"poc": "info", "pilot": "warning", "production": "warning"}
    assert one["settings"]["max_layers_per_owner"] == {"poc": 20, "pilot": 5, "production": 3}
    assert one["why"] == rules()["OM108"].why


def test_rules_markdown(run: Run) -> None:
    out = run("rules", "--format", "markdown").out
    assert all(f"| {code} | `{rule.name}` |" in out for code, rule in rules().items())


# -- schema --------------------------------------------------------------------------------------


def test_schema_checks_files_as_an_editor_would(run: Run, tmp_path: Path) -> None:
    assert run("schema", "--check", f"{EXAMPLE}/opmodel.yaml").code == 0
    wrong = tmp_path / "a.yaml"
    wrong.write_text(
        "alerts:\n  a: {metric: m, severity: sev1, response: page, when: {above: 5, below: 2}}\n"
        "people:\n  p: {name: P, email: no}\n",
        "utf-8",
    )
    ran = run("schema", "--check", str(wrong))
    assert ran.code == 1
    assert "a.yaml:2:56: `{'above': 5, 'below': 2}` does not fit: The condition: one of" in ran.out
    assert "a.yaml:4:23: `no` does not fit: The work address" in ran.out
    ran = run("schema", "--check", "absent.yaml")
    assert (ran.code, ran.err) == (2, "opmodel: there is no file absent.yaml; correct the path\n")
    Path("sub").mkdir()
    ran = run("schema", "--check", "sub")
    says = "opmodel: sub is a folder; name the files that are to be checked\n"
    assert (ran.code, ran.err) == (2, says)


@pytest.mark.no_cover
def test_schema_lists_prints_and_writes(run: Run) -> None:
    listed = run("schema").out.split()
    assert {"registry", "people", "policy", "opmodel.check.v1"} <= set(listed)
    assert run("schema", "people").out == schemas()["people.schema.json"]
    ran = run("schema", "-o", "new/schemas")
    assert (ran.code, ran.out) == (0, "")
    written = {path.name: path.read_text("utf-8") for path in Path("new/schemas").iterdir()}
    assert written == schemas()
    assert run("schema", "people", "-o", "one").code == 0
    assert [path.name for path in Path("one").iterdir()] == ["people.schema.json"]


def test_schema_of_nothing(run: Run) -> None:
    ran = run("schema", "poeple")
    assert ran.code == 2
    assert "did you mean `people`?" in ran.err


def test_schema_into_a_file_fails(run: Run) -> None:
    Path("file").touch()
    ran = run("schema", "-o", "file")
    assert ran.code == 2
    assert ran.err.startswith("opmodel: file")


# -- export --------------------------------------------------------------------------------------


def test_export_prints_or_writes_the_same_bytes(run: Run) -> None:
    out = run("export", "role-matrix", EXAMPLE).out
    assert out.startswith('"layer","title","description","team","accountable",')
    assert run("export", "role-matrix", EXAMPLE, "-o", "matrix.csv").out == ""
    assert Path("matrix.csv").read_bytes() == out.encode()
    by_function = run("export", "role-matrix", EXAMPLE, "--by", "function").out
    assert '"leadership","engineering","product"' in by_function


def test_export_of_a_blank_role_matrix(run: Run) -> None:
    head, *rows = run("export", "role-matrix", EXAMPLE, "--blank").out.splitlines()
    assert head.startswith('"layer","title","description","team","accountable","leadership",')
    assert head.endswith(',"R responsible, A accountable, C consulted, I informed"')
    assert rows
    assert all(row.endswith(',""' * 11) for row in rows)
    by_role = run("export", "role-matrix", EXAMPLE, "--blank", "--by", "role").out
    assert '"accountable","CTO",' in by_role
    assert run("export", "role-matrix", EXAMPLE, "--blank", "-o", "blank.xlsx").code == 0
    for argv in (("role-matrix", EXAMPLE, "--by", "team"), ("runbooks", EXAMPLE)):
        assert run("export", *argv, "--blank").code == 2


def test_a_workbook_is_compared_with_what_it_would_be_on_its_own_day(run: Run) -> None:
    argv = ("export", "role-matrix", EXAMPLE, "-o", "matrix.xlsx", "--at")
    assert run(*argv, "2026-11-24T00:00Z").code == 0
    assert run(*argv, "2026-12-24T00:00Z", "--check") == (0, "", "")


@pytest.mark.no_cover
@pytest.mark.parametrize("form", sorted(writers()))
def test_export_checks_whether_a_file_is_up_to_date(run: Run, form: str) -> None:
    argv = ("export", "metric-dictionary", EXAMPLE, "-o", f"file.{form}")
    assert run(*argv, "--check").code == 1
    assert not Path(f"file.{form}").exists()
    assert run(*argv).code == 0
    assert run(*argv, "--check") == (0, "", "")
    with open(f"file.{form}", "ab") as file:
        file.write(b" ")
    ran = run(*argv, "--check")
    assert ran.code == 1
    assert "is not what the registry says now" in ran.err


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("role-matrx", EXAMPLE), "did you mean `role-matrix`?"),
        ((), "the following arguments are required: NAME"),
        (("role-matrix", EXAMPLE, "--check"), "no file is named"),
        (("role-matrix", EXAMPLE, "-o", "a.pdf"), "there is no table format `pdf`"),
        (("role-matrix", EXAMPLE, "--by", "moon"), "--by moon"),
        (("role-matrix", EXAMPLE, "-o", "none/a.csv"), "none/a.csv cannot be written"),
        (("role-matrix", EXAMPLE, "-o", "link"), "link is a symbolic link"),
    ],
)
def test_export_refuses(run: Run, argv: tuple[str, ...], says: str) -> None:
    Path("link").symlink_to("target")
    ran = run("export", *argv)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert not Path("target").exists()


def test_export_of_a_workbook_to_a_terminal_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    ran = run("export", "role-matrix", EXAMPLE, "--format", "xlsx")
    assert (ran.code, ran.err) == (2, "opmodel: export: no file is named; add -o PATH\n")


def test_export_says_what_it_could_not_read(faulty: Path, run: Run) -> None:
    (faulty / "broken.yaml").write_text("metrics: [", "utf-8")
    ran = run("export", "metric-dictionary", str(faulty))
    assert ran.code == 0
    assert ran.err.startswith("opmodel: 1 file ")
    assert "broken.yaml" in ran.err


# -- completion ----------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh", "fish", "powershell"])
def test_completion_names_every_command(run: Run, shell: str) -> None:
    ran = run("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    for name in (*names(), "show-suppressed"):
        assert name in ran.out
    assert "unowned-metric" in ran.out
    for sections in ("all", "people", "people,teams", "people,roles", "schedules"):
        assert f"opmodel completion --ids {sections}" in ran.out


def test_completion_offers_the_ids_of_the_registry_here(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(EXAMPLE))
    people = run("completion", "--ids", "people")
    assert (people.code, people.err) == (0, "")
    found = people.out.splitlines()
    assert found == sorted(set(found))
    every = run("completion", "--ids", "all").out.splitlines()
    assert {*found, *(f"people/{one}" for one in found)} < set(every)


def test_every_argument_that_takes_an_id_is_completed() -> None:
    """What the help calls an id, a person, a team or a schedule is one of those that complete."""
    words = re.compile(r"\b(ID|SECTION/|PERSON|TEAM|SCHEDULE)\b|^P$|SECTION/OLD")
    seen = set()
    for name in names():
        for action in parser_of(name, find(name))._actions:
            if isinstance(action.metavar, str) and words.search(action.metavar):
                assert action.metavar in OF, f"{name} {action.metavar}"
                seen.add(action.metavar)
    assert seen == set(OF)


def test_bash_completes_the_old_id_of_a_renaming(run: Run, tmp_path: Path) -> None:
    """The script in a shell of its own: the words that it offers come from `--ids all`."""
    script = run("completion", "bash").out
    fake = tmp_path / "opmodel"
    fake.write_text("#!/bin/sh\necho people/ana people/ben schedules/rota\n", "utf-8")
    fake.chmod(0o755)
    asked = (
        f"{script}\nCOMP_WORDS=(opmodel rename people/)\nCOMP_CWORD=2\n"
        '_shtab_opmodel\nprintf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(
        ["bash"], input=asked, capture_output=True, text=True, check=False,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
    )  # fmt: skip
    assert done.stdout.split() == ["people/ana", "people/ben"]


def test_completion_offers_no_ids_where_there_is_no_registry(run: Run) -> None:
    assert run("completion", "--ids", "all") == (0, "", "")
    assert run("completion", "--ids", "all,person").code == 2
    assert run("completion").code == 2


@pytest.mark.no_cover
def test_completion_runs_nothing_that_a_registry_says(run: Run, tmp_path: Path) -> None:
    here = tmp_path / "registry"
    here.mkdir()
    (here / "opmodel.yaml").write_text(
        "opmodel: 1\nname: x\nstage: poc\npeople:\n"
        '  ana: {name: "$(touch ran)", until: "`touch ran`"}\n'
        '  "$(touch ran)": {name: A}\n  "b;touch ran": {name: B}\n  "`touch ran`": {name: C}\n'
        "  abe: {}\n  2026: {name: D}\n",
        "utf-8",
    )
    script = (
        f'opmodel() {{ "{sys.executable}" -m registry "$@"; }}\n{run("completion", "bash").out}\n'
        'COMP_WORDS=(opmodel impact --without "a") COMP_CWORD=3\n'
        '_shtab_opmodel "opmodel" "a" "--without"; printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    where = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash"], input=script.encode(), capture_output=True, check=False, cwd=here, env=where
    )
    assert done.stdout.split() == [b"abe", b"ana"]
    assert done.stderr == b""
    assert [one.name for one in here.iterdir()] == ["opmodel.yaml"]


def test_completion_for_bash_is_bash(run: Run) -> None:
    script = run("completion", "bash").out
    done = subprocess.run(["bash", "-n"], input=script.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_completion_for_another_shell_is_refused(run: Run) -> None:
    assert run("completion", "ksh").code == 2
