"""What a reviewer would ask for twice: what every rule, fixture, module and document must be."""

import ast
import csv
import re
import tomllib
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter

from registry.checks.catalogue import rules
from registry.checks.docs import documents
from registry.checks.engine import check_opened, open_registry
from registry.checks.explain_field import MODELS
from registry.checks.result import Result
from registry.checks.rule import Rule
from registry.model.entity import Part
from registry.model.fields import fields, parts
from registry.model.format import STAGES
from registry.model.sections import CALLED, SECTIONS
from registry.model.settings import Settings
from registry.plugins import modules, rooms
from registry.source.composer import compose
from registry.source.sources import Sources
from registry.version import __version__
from registry.workspace.options import Options
from tests.conftest import AT, FIXTURES, HOSTILE, ROOT, thirds

PACKAGE = ROOT / "registry"
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/opmodel.yaml"))
CASES = sorted(path.parent for path in (ROOT / "tests").glob("*/rules/*/*/opmodel.yaml"))
MODULES = sorted(PACKAGE.rglob("*.py"))
CODES = sorted(rules())


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def checked(root: Path, **options: str) -> tuple[Result, Sources]:
    asked = Options(AT, **options)
    opened = open_registry(str(root), asked)
    return check_opened(opened, asked), opened.workspace.sources


# -- rules ---------------------------------------------------------------------------------------


def test_codes_and_names_are_unique_and_the_file_names() -> None:
    found = [
        (module.__name__.rpartition(".")[2], module.RULE)
        for package in rooms("rules")
        for module in modules(package)
    ]
    for stem, one in found:
        assert re.fullmatch(r"om[0-9]{3}_[a-z0-9]+(_[a-z0-9]+)*", stem)
        assert stem == f"{one.code.lower()}_{one.name.replace('-', '_')}"
    assert len({one.code for _, one in found}) == len({one.name for _, one in found}) == len(found)


@pytest.mark.parametrize("code", CODES)
def test_rule_says_what_why_and_how_to_mend(code: str) -> None:
    for text in (rules()[code].summary, rules()[code].why, rules()[code].mend):
        assert len(text.split()) >= 4, text
        assert text.endswith((".", "?", "`")), text
    assert rules()[code].summary[0].isupper()


CATALOGUE = ROOT / "tests" / "checks" / "catalogue.csv"
"""What is final of every rule: code, name, severities, and the policy settings that it reads. A code
without a rule yet is reserved for what stands there."""


def catalogued() -> dict[str, dict[str, str]]:
    """Read the catalogue: code to row."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def _final(one: Rule) -> dict[str, str]:
    levels = {stage: _level(one, stage) for stage in STAGES}
    return {"code": one.code, "name": one.name, **levels, "settings": " ".join(one.settings)}


def test_new_rules_enter_the_catalogue(update: bool) -> None:
    """`--update` adds a row for a rule that has none; a row that is there it never changes."""
    rows = catalogued()
    new = [_final(one) for code, one in rules().items() if code not in rows]
    if update and new:
        with CATALOGUE.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, new[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(sorted([*rows.values(), *new], key=itemgetter("code")))
    assert list(catalogued()) == sorted(catalogued())
    names = [row["name"] for row in catalogued().values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("code", CODES)
def test_rule_agrees_with_the_catalogue(code: str) -> None:
    """Codes, names and severities are final: people put them into waivers and scripts."""
    assert code in catalogued(), "run `pytest --update tests/test_conventions.py`"
    row, ours = catalogued()[code], _final(rules()[code])
    named = row.pop("settings").split()
    assert set(named) <= set(ours.pop("settings").split()), "the catalogue names these settings"
    assert ours == row


# -- fixtures and examples -----------------------------------------------------------------------


def test_no_fixture_is_an_orphan() -> None:
    assert sorted(FIXTURES) == CODES
    for case in (path for code in CODES for path in FIXTURES[code].iterdir()):
        assert re.fullmatch(r"(good|bad)(-[a-z0-9-]+)?", case.name), name(case)
        assert (case / "opmodel.yaml").is_file(), name(case)
        assert (case / "expected.txt").is_file() == case.name.startswith("bad"), name(case)


@pytest.mark.no_cover
@pytest.mark.parametrize("case", thirds(CASES), ids=name)
def test_every_rule_bears_every_fixture(case: Path) -> None:
    """With all rules on: none raises, and each finding stands at one place inside its file."""
    result, sources = checked(case, policy="production")
    # All are on at production, but for those that a profile is not asked for.
    assert result.rules_off == (5 if case.name.endswith("service") else 0)
    assert_places(result, sources)


@pytest.mark.parametrize("example", EXAMPLES, ids=name)
def test_example_checks_as_its_name_says(example: Path, update: bool) -> None:
    result, sources = checked(example)
    found = "".join(sorted({_line(one) for one in result.diagnostics}))
    expected = ROOT / "examples" / "expected" / f"{example.name}.txt"
    if update:
        expected.write_text(found, "utf-8")
    assert found == expected.read_text("utf-8")
    assert (found == "") == (example.name != "representative-week")
    assert result.entities > 20
    assert_places(result, sources)


def _line(found: Any) -> str:
    """Write a finding as its code, its entity, and its field or `-`."""
    entity = "/".join(found.entity) if found.entity else found.primary.location.file
    return f"{found.code} {entity} {'/'.join(map(str, found.field or ())) or '-'}\n"


def test_expected_findings_belong_to_examples() -> None:
    expected = sorted(path.stem for path in (ROOT / "examples" / "expected").iterdir())
    assert expected == [path.name for path in EXAMPLES]


# -- what is broken ------------------------------------------------------------------------------


def _broken(text: str) -> Iterator[str]:
    """Yield a file in the ways that it breaks in an editor, a merge, or a careless hand."""
    lines = text.split("\n")
    yield text[: len(text) // 2]
    yield "\n".join(line for number, line in enumerate(lines) if number % 5)
    yield "\n".join(lines + lines)
    yield re.sub(r": (?=[^\s{\[|>&])", ": 12 #", text)
    yield re.sub(r"(?m): [^\s{\[].*$", ":", text)
    yield re.sub(r"(?m)(?<=: )[^\s{\[].*$", "TODO", text)
    yield re.sub(r"(?m)(?<=: )[^\s{\[].*$", "[[]]", text)
    yield re.sub(r"(?m)(?<=: )[^\s{\[].*$", "{a: {}}", text)
    yield re.sub(r"(?m)(?<=: )[a-z][a-z-]*$", "nobody-of-that-name", text)
    yield re.sub(r"(?m)^  (\S+):", r"  \1 x:", text)


@pytest.mark.no_cover
@pytest.mark.parametrize("way", thirds(range(10)))
@pytest.mark.parametrize("example", EXAMPLES, ids=name)
def test_every_rule_bears_broken_files(example: Path, way: int, tmp_path: Path) -> None:
    for path in sorted(example.rglob("*")):
        is_compiled = "__pycache__" in path.parts  # by a test that runs the example's program
        if path.is_file() and path.name != "opmodel.yaml" and not is_compiled:
            target = tmp_path / path.relative_to(example)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(list(_broken(path.read_text("utf-8")))[way], "utf-8")
    manifest, _, rest = (example / "opmodel.yaml").read_text("utf-8").partition("\npeople:")
    broken = list(_broken(f"people:{rest}"))[way] if rest else ""
    (tmp_path / "opmodel.yaml").write_text(f"{manifest}\n", "utf-8")
    (tmp_path / "rest.yaml").write_text(broken, "utf-8")
    result, sources = checked(tmp_path, policy="production")
    assert result.diagnostics
    assert_places(result, sources)


def test_every_rule_bears_hostile_files(tmp_path: Path) -> None:
    (tmp_path / "opmodel.yaml").write_text("opmodel: 1\nname: hostile\nstage: production\n")
    for path in sorted(HOSTILE.glob("*.y*ml")):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    result, sources = checked(tmp_path)
    assert {found.code for found in result.diagnostics} >= {"OM001", "OM002", "OM003", "OM013"}
    assert_places(result, sources)


def assert_places(result: Result, sources: Sources) -> None:
    """Each finding has one primary place, and each place lies within its file's text."""
    for found in result.diagnostics:
        assert found.message
        assert found.name
        assert re.fullmatch("[0-9a-f]{32}", found.fingerprint)
        for label in (found.primary, *found.related):
            assert label.span is not None, found
            start, end = label.span
            source = sources.files.get(label.location.file)
            lines = source.lines if source else [""]
            assert 1 <= start.line <= end.line <= len(lines), found
            assert 1 <= start.column <= len(lines[start.line - 1]) + 1, found
            assert 1 <= end.column <= len(lines[end.line - 1]) + 2, found
            assert start <= end, found


# -- documents -----------------------------------------------------------------------------------


@pytest.mark.no_cover
@pytest.mark.parametrize("path", documents(ROOT), ids=name)
def test_generated_documents_are_current(path: Path, update: bool) -> None:
    text = documents(ROOT)[path]
    if update:
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text, "run `python -m registry.checks.docs`"


@pytest.mark.parametrize("stage", STAGES)
def test_pack_says_what_the_rules_say(stage: str) -> None:
    data = compose((ROOT / "policies" / f"{stage}.yaml").read_bytes(), stage).data
    assert data is not None
    wanted = {code: _level(rule, stage) for code, rule in rules().items()}
    assert {code: one["severity"] for code, one in data["rules"].items()} == wanted
    asked = {setting for one in rules().values() for setting in one.settings}
    assert asked <= data["settings"].keys()


def _level(one: Rule, stage: str) -> str:
    level = one.severities[stage]
    return level.value if level else "off"


def test_changelog_tells_of_this_version() -> None:
    headings = re.findall(r"(?m)^## \[(.*?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert headings[0] in {"Unreleased", __version__}


# -- modules -------------------------------------------------------------------------------------


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "common", "helpers", "helper", "manager", "misc", "tools"}
    assert [name(path) for path in MODULES if drawers & set(path.stem.split("_"))] == []


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


@pytest.fixture(scope="module", params=sorted({_room(path) for path in MODULES}))
def trees(request: pytest.FixtureRequest) -> dict[Path, ast.Module]:
    """Every module of a room, read once for all that looks at it."""
    return {
        path: ast.parse(path.read_text("utf-8")) for path in MODULES if _room(path) == request.param
    }


def test_public_names_have_docstrings(trees: dict[Path, ast.Module]) -> None:
    bare = [
        (name(path), node.name)
        for path, tree in trees.items()
        for node in _public(tree)
        if ast.get_docstring(node) is None
    ]
    assert bare == []
    assert [name(path) for path, tree in trees.items() if not ast.get_docstring(tree)] == []


def _public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Yield what other modules may use; ruff looks after the methods."""
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node


COMMANDS = sorted(path for path in (PACKAGE / "cli").glob("[a-z]*.py") if path.stem != "main")


def test_below_the_cli_nothing_prints_exits_or_reads_the_environment(
    trees: dict[Path, ast.Module],
) -> None:
    found = [
        (name(path), ast.unparse(node))
        for path, tree in trees.items()
        if _room(path) != "cli" and path.stem != "__main__"
        for top in tree.body
        if not _is_main_guard(top)
        for node in ast.walk(top)
        if _is_outward(node)
    ]
    assert found == []


def _is_main_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def _is_outward(node: ast.AST) -> bool:
    """Whether a node is a way out of the computation: printing, exiting, the environment."""
    if isinstance(node, ast.Name):
        return node.id in {"print", "input", "exit", "quit", "SystemExit"}
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        forbidden = {
            "sys": {"exit", "stdout", "stderr", "stdin", "argv"},
            "os": {"environ", "getenv", "putenv", "_exit", "abort"},
        }
        return node.attr in forbidden.get(node.value.id, ())
    if isinstance(node, ast.ImportFrom) and node.module in {"os", "sys"}:
        return any(one.name in {"environ", "getenv", "exit", "stdout"} for one in node.names)
    return False


def length(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


@pytest.mark.parametrize("path", COMMANDS, ids=name)
def test_command_is_thin(path: Path) -> None:
    assert length(path) <= 60


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("rules/om*.py")), ids=name)
def test_rule_is_read_in_a_minute(path: Path) -> None:
    assert length(path) <= 80


def test_no_function_is_longer_than_a_page(trees: dict[Path, ast.Module]) -> None:
    long = [
        (name(path), one.name)
        for path, tree in trees.items()
        for one in ast.walk(tree)
        if isinstance(one, ast.FunctionDef) and (one.end_lineno or 0) - one.lineno >= 40
    ]
    assert long == []


def test_what_makes_a_test_slow_is_looked_for_in_ci() -> None:
    """`.ci/run` collects the files that name the mark, or what sets it for them."""
    (words,) = re.findall(r"'test_\*\.py' '([\w|]+)' tests", (ROOT / ".ci" / "run").read_text())
    tree = ast.parse((ROOT / "tests" / "conftest.py").read_text("utf-8"))
    sets = [
        one.name
        for one in tree.body
        if isinstance(one, ast.FunctionDef) and "mark.slow" in ast.unparse(one)
    ]
    assert sorted(words.split("|")) == sorted(["slow", *sets])


def test_no_test_has_a_stopwatch() -> None:
    """A time is measured in `benchmarks/`; a test counts (`tests.effort`) or caps a whole process."""
    clocks = re.compile(r"time\.(?:perf_counter|process_time|monotonic|thread_time|time)\w*\(")
    files = (ROOT / "tests").rglob("*.py")
    assert not [name(path) for path in files if clocks.search(path.read_text("utf-8"))]


CONTRACTS = {
    one["id"]: one
    for one in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
}


def _rooms() -> dict[str, int]:
    """Read the map of rooms in `docs/architecture.md`: name to its row's number, in order."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rows = re.findall(r"(?m)^\| (\d+) \| `(\w+)` \| (.+) \|$", text)
    return {room: int(number) for number, room, _ in rows}


def test_the_map_of_rooms_is_the_tree() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    loose = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    assert set(_rooms()) == folders | loose


def test_the_map_of_rooms_is_the_contract() -> None:
    layers = [re.split(r" [|:] ", layer) for layer in CONTRACTS["layers"]["layers"]]
    wanted = {room: number for number, row in enumerate(layers, 1) for room in row}
    assert _rooms() == wanted
    assert list(_rooms().values()) == sorted(_rooms().values())


def test_layers_hold(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from importlinter.cli import lint_imports

    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == 0, capsys.readouterr().out


# -- fields --------------------------------------------------------------------------------------


def _models() -> list[type[Part]]:
    """List every model with fields, the parts of each included."""
    known: dict[type[Part], None] = {}
    waiting = [*MODELS.values(), Settings]
    while waiting:
        model = waiting.pop()
        if model not in known:
            known[model] = None
            own = fields(model).values()
            waiting += [one for field in own for kind in field.kinds for one in parts(kind)]
    return list(known)


def test_other_words_lead_to_what_there_is() -> None:
    for model in _models():
        known = fields(model)
        for word, field in model.also.items():
            assert field in known, (model, field)
            assert word == word.casefold(), (model, word)
            assert word not in known, (model, word)
    assert not CALLED.keys() & SECTIONS.keys()


@pytest.mark.parametrize("model", _models(), ids=lambda model: model.__name__)
def test_every_field_says_what_to_write(model: type[Part]) -> None:
    for name_, field in fields(model).items():
        about = field.info.description or ""
        assert len(about.split()) >= 4, name_
        assert about[0].isupper(), name_
        assert about.endswith("."), name_
        assert field.info.examples, name_
        shapes = [kind.shape for kind in field.kinds]
        assert len(set(shapes)) == len(shapes), f"{name_}: which one is meant shows in the shape"


@pytest.mark.parametrize("model", _models(), ids=lambda model: model.__name__)
def test_every_example_is_of_its_field(model: type[Part]) -> None:
    for field in fields(model).values():
        adapter = TypeAdapter(Annotated[field.info.annotation, "the field", *field.info.metadata])
        for example in field.info.examples or ():
            adapter.validate_python(example)


def test_a_public_class_has_a_name_of_its_own() -> None:
    """Whoever searches for a class finds one: two of one name are two things that look alike."""
    homes: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(name(path))
    assert {one: where for one, where in homes.items() if len(where) > 1} == {}
