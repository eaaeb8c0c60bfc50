"""`opmodel check DIR…`: several registries in one run, each under its name."""

import json
from pathlib import Path

import pytest

from registry.cli import _reports
from registry.schemas import schemas
from tests.cli.conftest import AT, FAULTY, Ran, Run
from tests.cli.repository import repository
from tests.test_schemas import errors

SELECT = ("--select", "OM0,OM201", "--at", AT)


@pytest.fixture
def three(faulty: Path) -> list[str]:
    """The faulty registry, one that is stricter, and one without a fault."""
    here = faulty.parent
    texts = {
        "strict": FAULTY.replace("stage: poc", "stage: production").replace("faulty", "strict"),
        "clean\x1b": FAULTY.partition("metrics:")[0].replace("faulty", "clean"),
    }
    for name, text in texts.items():
        (here / name).mkdir()
        (here / name / "opmodel.yaml").write_text(text, "utf-8")
    return ["faulty", "strict/", "clean\x1b"]


def check(run: Run, folders: list[str], *options: str) -> Ran:
    return run("check", *folders, *SELECT, *options)


def test_the_worst_of_them_is_the_exit(three: list[str], run: Run) -> None:
    assert check(run, three).code == 1
    assert check(run, ["faulty", "clean\x1b"]).code == 0
    assert check(run, ["faulty", "clean\x1b"], "--fail-on", "info").code == 1
    assert check(run, ["clean\x1b", "faulty"], "--fail-on", "info").code == 1


def test_people_read_each_under_its_name(three: list[str], run: Run) -> None:
    out = check(run, three).out
    heads = [line for line in out.splitlines() if line.startswith("registry ")]
    assert heads == [
        "registry faulty (faulty)", "registry strict/ (strict)",
        r"registry clean\x1b (clean)",
    ]  # fmt: skip
    assert "--> strict/opmodel.yaml:17:3" in out
    assert out.endswith("3 registries: 2 errors, 1 warning, 1 info\n")


def test_lines_lead_to_each(three: list[str], run: Run) -> None:
    ran = check(run, three, "--format", "concise", "--show-suppressed")
    assert {line.partition(":")[0] for line in ran.out.splitlines()} == {
        "faulty/opmodel.yaml", "strict/opmodel.yaml",
    }  # fmt: skip
    assert "silenced by the comment at strict/opmodel.yaml:14" in ran.out
    assert ran.err.count(" suppressed, ") == 3
    assert ran.err.endswith("3 registries: 2 errors, 1 warning, 1 info\n")


def test_a_registry_elsewhere_is_led_to_as_it_was_named(
    three: list[str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (Path.cwd() / "inside").mkdir()
    monkeypatch.chdir("inside")
    out = check(run, ["../faulty", "../strict"], "--format", "concise").out
    assert "../strict/opmodel.yaml:17:3: OM201" in out


def test_scripts_read_one_document(three: list[str], run: Run) -> None:
    found = json.loads(check(run, three, "--format", "json").out)
    assert errors("opmodel.checks.v1", found) == []
    assert [one["folder"] for one in found["registries"]] == three
    alone = [json.loads(check(run, [one], "--format", "json").out) for one in three]
    for one in found["registries"]:
        del one["folder"]
    assert found["registries"] == alone
    assert "opmodel.checks.v1.schema.json" in schemas()


def test_sarif_has_a_run_for_each(three: list[str], run: Run) -> None:
    log = json.loads(check(run, three, "--format", "sarif").out)
    ids = [one["automationDetails"]["id"] for one in log["runs"]]
    assert ids == ["opmodel/faulty/", "opmodel/strict/", r"opmodel/clean\x1b/"]
    assert [one["properties"]["registry"] for one in log["runs"]][:2] == ["faulty", "strict"]


def test_annotations_lead_to_each(three: list[str], run: Run) -> None:
    lines = check(run, three, "--format", "github").out.splitlines()
    assert any("file=strict/opmodel.yaml,line=17" in line for line in lines)
    assert not any(line.startswith("::error::") for line in lines)
    assert lines[-1] == "3 registries: 2 errors, 1 warning, 1 info"


@pytest.mark.parametrize("name", _reports.formats())
def test_a_report_in_a_file_is_what_is_printed(
    three: list[str], run: Run, name: str, tmp_path: Path
) -> None:
    printed = check(run, three, "--format", name).out
    check(run, three, f"--report={name}={tmp_path / 'out'}")
    assert (tmp_path / "out").read_text("utf-8") == printed


def test_one_that_cannot_be_checked_keeps_no_other_from_it(three: list[str], run: Run) -> None:
    ran = check(run, [*three, "no\nne"], "--format", "json")
    assert ran.code == 2
    assert len(json.loads(ran.out)["registries"]) == 3
    assert ran.err == (
        "opmodel: no\\nne: no\\nne does not exist; name the folder that holds the registry\n"
    )


@pytest.mark.parametrize(
    ("folders", "says"),
    [
        (["none", "nothing"], "none does not exist"),
        (["faulty", "strict", "./faulty"], "./faulty is named twice; name each registry once"),
    ],
)
def test_what_is_refused(three: list[str], run: Run, folders: list[str], says: str) -> None:
    ran = check(run, folders)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1


def test_each_is_held_against_itself(three: list[str], run: Run) -> None:
    repository(Path.cwd())
    more = "metrics: {x: {bucket: cost, response: page}}\n"
    (Path("strict") / "more.yaml").write_text(more)
    ran = check(run, three, "--since", "main", "--format", "concise")
    assert ran.code == 1
    assert ran.out.startswith("strict/more.yaml:1:11: OM201 ")
    assert ran.out.count("\n") == 1
    assert ran.err.endswith("3 registries: new since main: 1 error, 0 warnings, 0 info\n")
