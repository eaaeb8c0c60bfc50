"""What the pages show is true: every block is run or read, every link and name leads somewhere.

A block of a language that stands in no table here fails: there is no snippet that nobody checks.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

import registry
from registry.checks.catalogue import rules
from registry.checks.engine import check
from registry.cli._names import names
from registry.cli._reports import formats
from registry.cli.main import main
from registry.model.sections import SECTIONS
from registry.source.composer import compose
from registry.source.links import read_page
from registry.version import __version__
from registry.workspace.options import Options
from tests.cli.repository import commit, git, repository
from tests.conftest import AT, ROOT, thirds
from tests.plugin import install
from tests.test_action import ACTION, HOOKS
from tests.test_schemas import errors

pytestmark = pytest.mark.no_cover
PAGES = [
    *(ROOT / one for one in ("README.md", "CONTRIBUTING.md", "examples/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
OWN_RULES = ROOT / "docs" / "rules-of-your-own.md"
README = (ROOT / "README.md").read_text("utf-8")
_BLOCK = re.compile(
    r"^(?:<!-- (?P<mark>[^\n]*) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S
)


class Block(NamedTuple):
    """A fenced block: the page, its line, its language, and the comment above it, if any."""

    page: Path
    line: int
    language: str
    mark: str
    text: str


def name(one: Path) -> str:
    return one.relative_to(ROOT).as_posix()


def found(page: Path) -> list[Block]:
    text = page.read_text("utf-8")
    return [
        Block(
            page,
            text.count("\n", 0, one.start()) + 1,
            one["language"],
            one["mark"] or "",
            one["text"],
        )
        for one in _BLOCK.finditer(text)
    ]


BLOCKS = [one for page in PAGES for one in found(page)]


def of(*languages: str, tried: Callable[[list[Block]], list[Any]] = list) -> Any:
    chosen = tried([one for one in BLOCKS if one.language in languages])
    return pytest.mark.parametrize("block", chosen, ids=lambda one: f"{name(one.page)}:{one.line}")


def test_no_block_is_of_a_kind_that_nobody_checks() -> None:
    assert {one.language for one in BLOCKS} == {
        "yaml",
        "sh",
        "python",
        "toml",
        "markdown",
        "json",
        "",
    }
    # `tests/test_notebooks.py` runs the Python of these two; other blocks are those of files.
    files = {"toml", "markdown"}
    whole = [one for one in BLOCKS if one.language in files or one.page.stem == OWN_RULES.stem]
    assert all(one.mark.startswith("file: ") for one in whole if one.language in {*files, "python"})
    python = {name(one.page) for one in BLOCKS if one.language == "python" and one not in whole}
    assert python == {"README.md", "docs/notebooks.md"}
    fences = sum(page.read_text("utf-8").count("```") for page in PAGES)
    assert fences == 2 * len(BLOCKS)


@pytest.mark.parametrize(
    "block", [one for one in BLOCKS if one.mark.startswith("file: ")],
    ids=lambda one: f"{name(one.page)}:{one.line}",
)  # fmt: skip
def test_block_is_the_whole_of_a_file(block: Block) -> None:
    """It is one of a registry, or a plugin, that a test of its own checks."""
    assert block.text == (ROOT / block.mark.removeprefix("file: ")).read_text("utf-8")


# -- yaml ----------------------------------------------------------------------------------------


def _part(block: Block) -> None:
    """Hold a section with an entity to the registry that it is said to be part of."""
    file = ROOT / block.mark.removeprefix("part of: ")
    section, _, entity = block.text.partition(":\n")
    assert entity in file.read_text("utf-8")
    root = next(one for one in file.parents if (one / "opmodel.yaml").exists())
    entities = registry.load(root).entities[section]
    (written,) = YAML(typ="safe").load(block.text).values()
    ids = {section} if SECTIONS[section].single else set(written)
    assert ids <= entities.keys()
    assert errors("registry", compose(block.text.encode(), "part").data) == []


def _registry(block: Block, folder: Path) -> None:
    (folder / "opmodel.yaml").write_text(block.text, "utf-8")
    result = check(str(folder), Options(AT, select="OM0"))
    assert [one.message for one in result.diagnostics] == []
    assert result.entities >= 3


def _pack(block: Block, folder: Path) -> None:
    assert errors("policy", compose(block.text.encode(), "pack").data) == []
    stage = block.text.partition("extends: ")[2].split()[0]
    manifest = f"opmodel: 1\nname: shown\nstage: {stage}\npolicy: pack.yaml\n"
    (folder / "opmodel.yaml").write_text(manifest, "utf-8")
    (folder / "pack.yaml").write_text(block.text, "utf-8")
    own = check(str(folder), Options(AT, select="OM006")).diagnostics
    assert [one.message for one in own if "custom" in one.primary.location.path] == []


def _baseline(block: Block, folder: Path) -> None:
    assert errors("baseline", compose(block.text.encode(), "baseline").data) == []


def _bindings(block: Block, folder: Path) -> None:
    root = _example(folder)
    (root / "bindings.yaml").write_text(block.text, "utf-8")
    result = check(str(root), Options(AT, select="OM0"))
    assert [one.message for one in result.diagnostics] == []


def _scenarios(block: Block, folder: Path) -> None:
    root = _example(folder)
    for one in (root / "scenarios").iterdir():
        one.unlink()
    (root / "scenarios" / "shown.yaml").write_text(block.text, "utf-8")
    assert main(["test", str(root), "--at", AT.isoformat()]) == 0


def _second_step(block: Block, folder: Path) -> None:
    """Give the first team's alert the escalation: then its scenarios hold."""
    root = Path(shutil.copytree(ROOT / "docs" / "first-team" / "many", folder / "team"))
    (root / "escalations.yaml").write_text(block.text, "utf-8")
    (name,) = YAML(typ="safe").load(block.text)["escalations"]
    alerts = root / "parcels" / "alerts.yaml"
    text = alerts.read_text("utf-8")
    alerts.write_text(text.replace("escalation: on-call", f"escalation: {name}"), "utf-8")
    assert [main(["test", one]) for one in (str(ROOT / "docs/first-team/many"), str(root))] == [
        1,
        0,
    ]


def _action(block: Block, folder: Path) -> None:
    """Hold steps of a workflow to the action's inputs; run those that are commands."""
    for step in YAML(typ="safe").load(block.text):
        if "uses" in step:
            _uses(step)
        if "run" in step:
            _run_in_review(step["run"], folder)


def _uses(step: dict[str, Any]) -> None:
    if "/opmodel@" in step["uses"]:
        assert set(step["with"]) <= set(ACTION["inputs"])
        return
    ours = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    assert f"uses: {step['uses']} # v" in ours  # by its digest, which stands in one more place


def _workflow(block: Block, folder: Path) -> None:
    """Hold a workflow to what the action's inputs need of it."""
    (job,) = YAML(typ="safe").load(block.text)["jobs"].values()
    checkout, action = job["steps"]
    for step in (checkout, action):
        _uses(step)
    needs = {"upload-sarif": "security-events", "comment": "pull-requests"}
    allowed = {name for name, level in job["permissions"].items() if level == "write"}
    assert allowed == {needs[one] for one in needs if action["with"].get(one)}
    assert checkout["with"] == {"fetch-depth": 0}


def _pipeline(block: Block, folder: Path) -> None:
    for job in YAML(typ="safe").load(block.text).values():
        _installs(job.get("before_script", []))
        for line in job["script"]:
            _run_in_review(line, folder)
        artifacts = job["artifacts"]
        for path in (*artifacts["paths"], *artifacts.get("reports", {}).values()):
            assert (folder / path).read_text("utf-8")
        assert set(artifacts.get("reports", {})) <= {"codequality", "junit"}


def _installs(lines: list[str]) -> None:
    """Hold what installs opmodel by its lock to the files that there are."""
    if lines:
        clone, lock, ours = map(shlex.split, lines)
        folder = clone[-1]
        assert f"v{__version__}" in clone
        assert f"{folder}/requirements.txt" in lock
        assert (ROOT / "requirements.txt").exists()
        assert ours[-3:] == ["--no-deps", "--no-build-isolation", folder]


def _azure(block: Block, folder: Path) -> None:
    install, check, publish = YAML(typ="safe").load(block.text)["steps"]
    _installs(install["script"].splitlines())
    _run_in_review(check["script"], folder)
    assert (folder / publish["inputs"]["testResultsFiles"]).read_text("utf-8")


def _run_in_review(line: str, folder: Path) -> None:
    """Run a line of a pipeline's script where a branch is reviewed, with what its host sets."""
    if not (folder / ".git").exists():
        _under_review(folder)
    given = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(folder / "cache"), "GITHUB_BASE_REF": "main",
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(folder, "rev-parse", "main"),
    }  # fmt: skip
    done = subprocess.run(
        ["bash", "-euc", line], cwd=folder, env=given, capture_output=True, text=True, check=False
    )
    assert (done.returncode in {0, 1}, "opmodel: " in done.stderr) == (True, False), done.stderr


def _under_review(folder: Path) -> None:
    """Make a repository of a folder, with a registry in it and a branch that removes a person."""
    root = Path(shutil.copytree(ROOT / "examples" / "enterprise-copilot", folder / "operations"))
    repository(folder)
    git(folder, "update-ref", "refs/remotes/origin/main", "main")
    git(folder, "checkout", "-q", "-b", "without-tom")
    people = root / "who" / "people.yaml"
    text = people.read_text("utf-8")
    people.write_text(re.sub(r"(?m)^  tom:\n(?:    .*\n)+", "", text), "utf-8")
    assert people.read_text("utf-8") != text
    commit(folder, "Tom has left")


def _hook(block: Block, folder: Path) -> None:
    for one in YAML(typ="safe").load(block.text)["repos"]:
        assert {hook["id"] for hook in one["hooks"]} <= {hook["id"] for hook in HOOKS}
        assert one["rev"] == f"v{__version__}"


READ: dict[str, Callable[[Block, Path], None]] = {
    r"opmodel: 1\b": _registry,
    r"extends: ": _pack,
    r"format: opmodel.baseline": _baseline,
    r"bindings:": _bindings,
    r"escalations:": _second_step,
    r"  given: ": _scenarios,
    r"- uses: ": _action,
    r"  script:": _pipeline,
    r"repos:": _hook,
    r"jobs:": _workflow,
    r"  - script: ": _azure,
}
"""What a YAML block is, by a line of it, and how it is held to be right."""


@of("yaml")
def test_yaml(block: Block, tmp_path: Path) -> None:
    if block.mark.startswith("file: "):
        return
    if block.mark.startswith("part of: "):
        _part(block)
        return
    kinds = [read for begins, read in READ.items() if re.search(f"(?m)^{begins}", block.text)]
    assert len(kinds) == 1, "a block of one kind that this test knows"
    kinds[0](block, tmp_path)


def _example(folder: Path) -> Path:
    return Path(shutil.copytree(ROOT / "examples" / "enterprise-copilot", folder / "registry"))


@of("json")
def test_settings_of_an_editor(block: Block, capsys: pytest.CaptureFixture[str]) -> None:
    """Schemas are there; tests of the language server hold the patterns. A matcher matches."""
    settings = json.loads(block.text)
    for schema in settings.get("yaml.schemas", {}):
        assert (ROOT / schema.removeprefix("./operations/")).exists()
    for task in settings.get("tasks", []):
        pattern = task["problemMatcher"]["pattern"]
        assert re.compile(pattern["regexp"]).groups == 5
        place = ROOT / "examples" / "representative-week"
        main([str(place) if one == "operations" else one for one in task["args"]])
        printed = capsys.readouterr().out.splitlines()
        assert len(printed) > 10
        for line in printed:
            found = re.fullmatch(pattern["regexp"], line)
            assert found, line
            assert (place / found[pattern["file"]]).exists()
    assert settings.keys() & {"yaml.schemas", "tasks"}


# -- commands and what they print ----------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with what the pages speak of: the examples, a registry, deployed files."""
    example = ROOT / "examples" / "enterprise-copilot"
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for one in ("rotas", "own-rules", "first-team"):
        shutil.copytree(ROOT / "docs" / one, tmp_path / "docs" / one)
    install(tmp_path / "site", monkeypatch)
    shutil.copytree(example / "deployed", tmp_path / "deployed")
    shutil.copytree(example / "deployed", tmp_path / "rules")
    (tmp_path / "rules" / "alertmanager.yml").rename(tmp_path / "alertmanager.yml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


INSTALL = """\
git clone --quiet https://github.com/OWNER/opmodel
cd opmodel
python3 -m venv .venv && .venv/bin/pip install -q .
export PATH="$PWD/.venv/bin:$PATH"
cd ..
"""
"""How a page installs opmodel; its third line is the beginning of what CI runs of the README."""


@of("sh", tried=thirds)
def test_commands(block: Block, here: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Each line of ours runs; of another program's, the program and the files are there."""
    if block.mark.startswith("command: "):
        return  # `.ci/run` runs these, in a fresh clone
    if block.mark == "on: spark":
        return  # `tests/traces/spark` runs these, where Spark is
    if block.text.startswith("git clone"):
        assert block.text == INSTALL
        return
    if block.mark.startswith("in: "):
        source, name = block.mark.removeprefix("in: ").split(" as ")
        shutil.copytree(here / source, here / name)
    if block.mark.startswith("after: opmodel "):
        assert main(shlex.split(block.mark.removeprefix("after: opmodel "))) == 0
    if "operations" in block.text:
        _under_review(here)
    if "init my-registry" not in block.text:
        assert main(["init", "my-registry"]) == 0
    for line in block.text.splitlines():
        words = shlex.split(line, comments=True)
        if words and words[0] == "opmodel":
            assert main(words[1:]) in {0, 1}, line
        elif words:
            _is_there(words)


def _is_there(words: list[str]) -> None:
    program, *rest = words
    assert Path(program).parent in {Path(".venv/bin"), Path(".ci")}, program
    assert (Path(sys.executable).parent / Path(program).name).exists() or (ROOT / program).exists()
    if rest[:1] == ["-m"]:  # what comes later is the module's own: pytest has a `-m`, too
        assert find_spec(rest[1]), words
    assert all((ROOT / one).exists() for one in rest if "/" in one and not re.search("[A-Z=]", one))


@of("")
def test_what_a_command_prints(
    block: Block, here: Path, update: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """A block without a language is part of what the command in the comment above it prints."""
    kind, _, command = block.mark.partition(": ")
    assert kind == "shows", "what command prints this? `<!-- shows: ARGUMENTS -->` above it says so"
    if "operations" in command:
        _under_review(here)
    assert main(shlex.split(command)) in {0, 1}
    printed = capsys.readouterr().out
    lines, first = printed.splitlines(keepends=True), block.text.splitlines(keepends=True)[0]
    if update and first in lines:
        begin = lines.index(first)
        real = "".join(lines[begin : begin + block.text.count("\n")])
        page = block.page.read_text("utf-8")
        block.page.write_text(page.replace(block.text, real), "utf-8")
        block = block._replace(text=real)
    assert block.text in printed


# -- names and links -----------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in read_page(page.read_text("utf-8")).links:
        if "://" in link.target:
            continue
        path, _, fragment = link.target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), link.target
        assert not fragment or fragment in read_page(file.read_text("utf-8")).anchors, link.target


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_names_are_those_of_the_program(page: Path) -> None:
    """Commands, codes and paths in the text; a path with capitals or braces stands for many."""
    text = _BLOCK.sub("", page.read_text("utf-8"))
    spoken = re.findall(r"`([^`\n]+)`", text)
    commands = {one.split()[1] for one in spoken if re.match(r"opmodel [a-z]", one)}
    assert commands <= set(names())
    assert set(re.findall(r"\bOM\d{3}\b", text)) <= set(rules())
    kept = {one.name for one in ROOT.iterdir() if one.is_dir()}
    paths = [one for one in spoken if "/" in one and one.partition("/")[0] in kept]
    if name(page) == "docs/format.md":
        return  # its paths are examples of values
    assert [
        one for one in paths if not re.search(r"[A-Z*{ …]", one) and not (ROOT / one).exists()
    ] == []


def test_readme_is_read_in_one_sitting() -> None:
    assert len(README.splitlines()) <= 200


def test_readme_leads_to_every_page() -> None:
    for page in PAGES:
        assert (page.name == "README.md" and page.parent == ROOT) or f"({name(page)})" in README


def test_readme_runs_what_ci_runs() -> None:
    commands = re.findall(r"(?m)^<!-- command: (\w+) -->\n```sh\n(.*)\n```$", README)
    assert [name for name, _ in commands] == ["try", "test"]
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert all(f"readme {name}" in script for name, _ in commands)
    assert commands[0][1].startswith(f"{INSTALL.splitlines()[2]} && ")


def test_readme_tells_of_every_command() -> None:
    table = README.partition("## Commands")[2].partition("\n## ")[0]
    assert [one for one in names() if not re.search(rf"`(opmodel )?{one}\b", table)] == []


def test_the_first_team_in_many_files_is_the_one_of_one_file_and_more() -> None:
    folders = [str(ROOT / "docs" / "first-team" / name) for name in ("one", "many")]
    one, many = (check(folder, Options(AT)).shown for folder in folders)
    assert {finding.severity.value for finding in (*one, *many)} == {"warning", "info"}
    assert len(many) < len(one)
    entities = [registry.load(folder).entities for folder in folders]
    less, more = ({(name, id_) for name in all_ for id_ in all_[name]} for all_ in entities)
    assert less < more


def test_the_page_of_the_registry_tells_of_every_section() -> None:
    table = (ROOT / "docs" / "registry.md").read_text("utf-8").partition("## Sections")[2]
    assert [one for one in SECTIONS if f"`{one}`" not in table] == []


def test_the_page_of_ci_tells_of_every_format() -> None:
    table = (ROOT / "docs" / "ci.md").read_text("utf-8").partition("## Formats")[2]
    assert sorted(re.findall(r"(?m)^\| `(\w+)` \|", table)) == formats()
