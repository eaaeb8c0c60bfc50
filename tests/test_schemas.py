"""The published JSON Schemas: current, valid, and of one mind with the loader."""

import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from registry.checks.engine import open_registry
from registry.checks.report.json import render
from registry.checks.result import Result
from registry.cli.main import main
from registry.export.export import export, exporters
from registry.model.format import STAGES
from registry.model.sections import SECTIONS
from registry.output.formats import MACHINE_FORMATS
from registry.output.style import Style
from registry.schemas import schemas, write
from registry.source import folder
from registry.source.composer import compose
from registry.source.markdown import compose_markdown
from registry.workspace.decode import decode_one
from registry.workspace.decode_errors import EntityPlace
from registry.workspace.manifest import read_manifest
from registry.workspace.options import Options
from tests.checks.report.nasty import CLEAN, NASTY
from tests.conftest import AT, ROOT, sizes, thirds

pytestmark = pytest.mark.no_cover
PUBLISHED = ROOT / "schemas"
SCHEMAS = schemas()
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/opmodel.yaml"))
STRUCTURAL = {"OM004", "OM005", "OM006"}
UNTOLD = ("the interval ends at", "two rotations are called")
"""What no schema can tell: which of two times is later, and what two items have in common."""

Data = dict[str, Any]


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMAS[f"{name}.schema.json"]))


def registry_files(root: Path) -> Iterator[tuple[str, Data]]:
    manifest = read_manifest(str(root)).manifest
    for name in folder.scan(str(root), manifest.include, manifest.exclude).names:
        read = compose_markdown if name.endswith(".md") else compose
        data = read((root / name).read_bytes(), name).data
        assert data is not None, name
        yield name, data


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def errors(name: str, data: Any) -> list[str]:
    return [
        f"{'/'.join(map(str, one.path))}: {one.message}"
        for one in validator(name).iter_errors(data)
    ]


def test_published_schemas_are_current(update: bool) -> None:
    if update:
        write(PUBLISHED)
    published = {path.name: path.read_text("utf-8") for path in PUBLISHED.iterdir()}
    stale = {name for name, _ in published.items() ^ SCHEMAS.items()}
    assert not stale, "run `python -m registry.schemas`"


def _patterns(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from (one for one in (schema.get("pattern"),) if isinstance(one, str))
        named = schema.get("patternProperties")
        yield from named if isinstance(named, dict) else ()
    for one in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(one, dict | list):
            yield from _patterns(one)


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_patterns_escape_only_what_editors_let_escape(name: str) -> None:
    """ECMA-262 in its Unicode mode, as editors and validators use it, refuses any other escape."""
    wrong = r"\\(?![\^$.*+?()\[\]{}|/\\dDwWsSbBfnrtv0]|[pP]\{|[ux][0-9A-Fa-f])"
    found = [
        one
        for one in _patterns(json.loads(SCHEMAS[name]))
        if re.search(wrong, re.sub(r"\\\\", "", one))
    ]
    assert found == []


@pytest.mark.parametrize("name", thirds(sorted(SCHEMAS)))
def test_is_a_schema(name: str) -> None:
    schema = json.loads(SCHEMAS[name])
    Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith(name.removesuffix(".schema.json"))


@pytest.mark.parametrize("root", EXAMPLES, ids=lambda path: path.name)
def test_examples_are_valid(root: Path) -> None:
    seen = 0
    for name, data in registry_files(root):
        whole = "manifest" if name == "opmodel.yaml" else "registry"
        assert errors(whole, data) == [], name
        for section in SECTIONS.keys() & data.keys():
            assert errors(section, data[section]) == [], f"{name}: {section}"
            seen += 1
    assert seen > 5


@pytest.mark.parametrize("stage", STAGES)
def test_packs_are_valid(stage: str) -> None:
    data = compose((ROOT / "policies" / f"{stage}.yaml").read_bytes(), stage).data
    assert errors("policy", data) == []


@pytest.mark.parametrize("path", sorted((ROOT / "examples").rglob("scenarios/*.yaml")), ids=shown)
def test_scenarios_are_valid(path: Path) -> None:
    data = compose(path.read_bytes(), path.name).data
    assert data
    assert errors("scenarios", data) == []
    assert errors("scenarios", {id_: {**one, "then": []} for id_, one in data.items()}) != []


MANIFEST = {"opmodel": 1, "name": "acme", "stage": "pilot"}
METRIC = {"bucket": "quality", "response": "page"}
STORE = {"kind": "debug"}
ALERT = {"metric": "m", "severity": "sev1", "response": "page", "when": {"above": 5}}
OFF = {"severity": "off"}


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ("manifest", MANIFEST, {**MANIFEST, "opmodel": 2}),
        ("manifest", MANIFEST, {**MANIFEST, "stage": "prod"}),
        ("manifest", MANIFEST, {"opmodel": 1, "name": "acme"}),
        ("manifest", MANIFEST, {**MANIFEST, "name": "TODO"}),
        ("manifest", {**MANIFEST, "metrics": {"m": METRIC}}, {**MANIFEST, "metric": {"m": METRIC}}),
        ("registry", {"metrics": None}, {"metrics": []}),
        ("registry", {"x-own": 1}, {"own": 1}),
        ("registry", MANIFEST, {"stage": "pilot"}),
        ("registry", {"telemetry": {"reviewed": "2026-09-01"}}, {"telemetry": {"policy": {}}}),
        ("severities", {"sev1": {"respond_within": "5m"}}, {"sev0": {"respond_within": "5m"}}),
        ("metrics", {"m": METRIC}, {"m m": METRIC}),
        ("metrics", {"m": METRIC}, {"m": {"bucket": "quality"}}),
        ("metrics", {"m": {**METRIC, "x-y": 1}}, {"m": {**METRIC, "y": 1}}),
        ("metrics", {"m": {**METRIC, "unit": 404}}, {"m": {**METRIC, "unit": ["404"]}}),
        ("metrics", {"m": {**METRIC, "owner": ["a", "b"]}}, {"m": {**METRIC, "owner": {"a": 1}}}),
        ("metrics", {"m": {**METRIC, "owner": "a"}}, {"m": {**METRIC, "owner": 7}}),
        ("metrics", {"m": {**METRIC, "better": "TBD"}}, {"m": {**METRIC, "bucket": "TBD"}}),
        ("stores", {"s": {**STORE, "retention": "72h"}}, {"s": {**STORE, "retention": "3 days"}}),
        ("escalations", {"e": {"repeat": 2, "repeat_after": "5m"}}, {"e": {"repeat": -1}}),
        ("alerts", {"a": ALERT}, {"a": {**ALERT, "when": {"above": 5, "below": 2}}}),
        ("alerts", {"a": {**ALERT, "when": {"above": 5, "below": "TBD"}}}, {"a": {**ALERT, "when": {"for": "5m"}}}),
        ("roles", {"r": {"title": "R", "holder": "a"}}, {"r": {"title": "R", "holder": "a", "schedule": "s"}}),
        ("escalations", {"e": {"repeat": 0}}, {"e": {"repeat": 2}}),
        ("channels", {"c": {"kind": "slack", "read_every": "10mo"}}, {"c": {"kind": "slack", "read_every": "0w"}}),
        ("people", {"p": {"name": "P", "email": "a@b.example"}}, {"p": {"name": "P", "email": "a at b"}}),
        ("people", {"p": {"name": "P", "timezone": "Europe/Berlin"}}, {"p": {"name": "P", "timezone": "Europe/Berlim"}}),
        ("people", {"p": {"name": "P", "until": "2026-02-28"}}, {"p": {"name": "P", "until": "2026-02-30"}}),
        ("manifest", MANIFEST, {**MANIFEST, "name": "a b"}),
        ("policy", {"rules": {"OM304": OFF}}, {"rules": {"OM304": {"severity": "low"}}}),
        ("policy", {"rules": {"lone-rotation": OFF}}, {"rules": {"lone_rotation": OFF}}),
        ("policy", {"settings": {"max_paging_share": 1}}, {"settings": {"max_paging_share": 2}}),
        ("policy", {"settings": {"horizon": "90d"}}, {"settings": {"horizont": "90d"}}),
        ("policy", {"extensions": {"metrics": "a.json"}}, {"extensions": {"metric": "a.json"}}),
    ],
)  # fmt: skip
def test_seeded_errors_are_rejected(schema: str, good: Data, bad: Data) -> None:
    assert errors(schema, good) == []
    assert errors(schema, bad) != []


@pytest.mark.parametrize("result", [NASTY, CLEAN], ids=["nasty", "clean"])
def test_reports_are_of_their_format(result: Result) -> None:
    report = json.loads(render(result, Style(show_suppressed=True)))
    assert errors("opmodel.check.v1", report) == []
    assert len(report["diagnostics"]) == len(result.diagnostics)
    for gone in ("format", "summary"):
        assert errors("opmodel.check.v1", {key: report[key] for key in report if key != gone})


@pytest.mark.parametrize("name", sorted(exporters()))
def test_tables_are_of_their_format(name: str) -> None:
    opened = open_registry(str(ROOT / "examples" / "enterprise-copilot"), Options(AT))
    table = json.loads(export(opened, name, "json").content)
    assert errors("opmodel.table.v1", table) == []
    assert table["rows"]
    assert errors("opmodel.table.v1", {**table, "rows": [[1]]}) != []


COPILOT = str(ROOT / "examples" / "enterprise-copilot")
AT_TEXT = "--at=2026-11-24T03:00:00-05:00"


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("rules", ["rules"]),
        ("assess", ["assess", COPILOT, AT_TEXT]),
        ("who", ["who", "alerts/groundedness-drop", COPILOT, AT_TEXT]),
        ("who", ["who", "behavioural-quality", COPILOT, AT_TEXT]),
        ("test", ["test", COPILOT]),
        ("impact", ["impact", "--without=tom", COPILOT, AT_TEXT]),
        ("refs", ["refs", "teams/assistant", COPILOT]),
        *(
            (name, ["traces", part, f"{COPILOT}/traces/broken.jsonl", "--dir", COPILOT, AT_TEXT])
            for name, part in (("traces", "check"), ("spend", "spend"), ("quality", "quality"))
        ),
        ("generate", ["generate", "prometheus", COPILOT, AT_TEXT, "--check", "-o=absent"]),
        ("graph", ["graph", COPILOT]),
        ("graph", ["graph", COPILOT, "--single-points", AT_TEXT]),
        ("checks", ["check", COPILOT, str(ROOT / "examples" / "representative-week"), AT_TEXT]),
        ("diff", ["diff", *(str(ROOT / "tests" / "compare" / one) for one in ("before", "after"))]),
        ("diff", ["diff", COPILOT, COPILOT, AT_TEXT]),
        ("oncall", ["oncall", "show", "ai-oncall", COPILOT, AT_TEXT]),
        ("oncall", ["oncall", "gaps", COPILOT, AT_TEXT]),
        ("oncall", ["oncall", "next", COPILOT, AT_TEXT]),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value[:2]),
)
def test_answers_are_of_their_format(
    name: str, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--format", "json"]) in {0, 1}
    answer = json.loads(capsys.readouterr().out)
    assert errors(f"opmodel.{name}.v1", answer) == []
    without = {key: value for key, value in dict(answer or {}).items() if key != "format"}
    assert name == "oncall" or errors(f"opmodel.{name}.v1", without) != []


def test_every_machine_format_has_a_schema() -> None:
    here = ROOT / "registry" / "machine_formats"
    sources = [path for path in (ROOT / "registry").rglob("*.py") if here not in path.parents]
    emitted = {
        name
        for path in sources
        for name in re.findall(r"opmodel\.[a-z]+\.v[0-9]+", path.read_text("utf-8"))
    }
    # People write a baseline as well, so its schema is one of a file.
    assert emitted == {*MACHINE_FORMATS, "opmodel.baseline.v1"}


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*path, index))


def shape(path: tuple[str | int, ...]) -> tuple[str, ...]:
    return tuple("*" if isinstance(step, int) else step for step in path)


def entities() -> Iterator[tuple[str, str, Data, tuple[str | int, ...]]]:
    """Yield one place of every shape that the examples' entities have."""
    seen = set()
    for root in EXAMPLES:
        for _, data in registry_files(root):
            for section in SECTIONS.keys() & data.keys():
                single = SECTIONS[section].single
                for id_, raw in ({section: data[section]} if single else data[section]).items():
                    for path in paths(raw):
                        if path and (section, shape(path)) not in seen:
                            seen.add((section, shape(path)))
                            yield section, id_, raw, path


def mutants(raw: Data, path: tuple[str | int, ...]) -> Iterator[tuple[str, Data]]:
    """Yield the entity with another value at one place, without it, and with one more beside."""
    for value in (12, -0.5, True, None, "TODO", "some-id", [], ["some-id"], {}, {"some-id": {}}):
        changed = copy.deepcopy(raw)
        _at(changed, path[:-1])[path[-1]] = value
        yield repr(value), changed
    if isinstance(path[-1], str):
        for what, key in (
            ("without", ""),
            ("and no_such_field", "no_such_field"),
            ("and x-own", "x-own"),
        ):
            changed = copy.deepcopy(raw)
            above = _at(changed, path[:-1])
            if key:
                above[key] = "text"
            else:
                del above[path[-1]]
            yield what, changed


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def structural(section: str, id_: str, raw: Data) -> list[str]:
    """Say what the loader says of one entity by itself, but for what no schema can tell."""
    place = EntityPlace(
        "f.yaml", (), SECTIONS[section].noun, (section, id_), lambda path: _spelled(raw, path)
    )
    done = decode_one(SECTIONS[section].model, raw, place)
    return [
        f"{one.code} {one.message}"
        for one in done.problems
        if one.code in STRUCTURAL and not one.message.startswith(UNTOLD)
    ]


def _spelled(raw: Data, path: tuple[str | int, ...]) -> str | None:
    value = _at(raw, path)
    if isinstance(value, (dict, list)):
        return None
    return "" if value is None else json.dumps(value) if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("every", sizes(7, 1))
def test_schemas_and_loader_agree(every: int) -> None:
    """On each value of each example's entities, put wrong in thirteen ways."""
    checkers = {section: validator(section) for section in SECTIONS}
    differ, tried = [], 0
    for section, id_, raw, path in list(entities())[::every]:
        for what, mutant in mutants(raw, path):
            loader = structural(section, id_, mutant)
            whole = mutant if SECTIONS[section].single else {id_: mutant}
            schema = [one.message for one in checkers[section].iter_errors(whole)]
            tried += 1
            if bool(loader) != bool(schema):
                where = "/".join(map(str, (section, id_, *path)))
                differ.append(f"{where} {what}: loader {loader}, schema {schema}")
    assert tried * every > 1000
    assert not differ, "\n".join(differ)
