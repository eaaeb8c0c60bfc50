"""`x-` values against a policy's JSON Schemas: what is checked, where it points, what is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.checks.engine import check
from registry.diagnostic import Diagnostic
from registry.workspace.options import Options
from tests.conftest import AT

HEAD = "opmodel: 1\nname: extended\nstage: poc\npolicy: policies/own.yaml\n"
PEOPLE = "people:\n  a: {name: A, x-desk: 4-117, x-size: {eu: 40}}\n  b: {name: B}\n"


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., list[Diagnostic]]:
    def write_and_check(
        schema: object, people: str = PEOPLE, section: str = "people"
    ) -> list[Diagnostic]:
        for folder in ("policies", "schemas"):
            (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / "opmodel.yaml").write_text(HEAD)
        (tmp_path / "people.yaml").write_text(people)
        (tmp_path / "policies/own.yaml").write_text(
            f"extensions: {{{section}: schemas/own.json}}\n"
        )
        text = schema if isinstance(schema, bytes) else json.dumps(schema).encode()
        (tmp_path / "schemas/own.json").write_bytes(text)
        return list(check(str(tmp_path), Options(AT, select="OM006")).diagnostics)

    return write_and_check


def places(found: list[Diagnostic]) -> list[tuple[str, str, int, int]]:
    return [(one.code, one.primary.location.file, *one.primary.at.start) for one in found]


def test_what_fits(run: Callable[..., list[Diagnostic]]) -> None:
    schema = {
        "properties": {
            "x-desk": {"pattern": "^[0-9]-[0-9]{3}$"},
            "x-size": {
                "patternProperties": {"^[a-z]{2}$": {"type": "integer"}},
                "additionalProperties": False,
            },
        },
        "additionalProperties": {"type": "string"},
    }
    assert run(schema) == []


def test_each_fault_at_its_place(run: Callable[..., list[Diagnostic]]) -> None:
    schema = {
        "properties": {
            "x-desk": {"pattern": "^[A-Z]"},
            "x-size": {
                "patternProperties": {"^[a-z]{2}$": {"maximum": 30}},
                "additionalProperties": False,
            },
        },
        "required": ["x-desk"],
    }
    people = "people:\n  a: {name: A, x-desk: 4-117, x-size: {eu: 40, size: 1}}\n  b: {name: B}\n"
    found = run(schema, people)
    assert places(found) == [
        ("OM006", "people.yaml", 2, 24), ("OM006", "people.yaml", 2, 44),
        ("OM006", "people.yaml", 2, 54), ("OM006", "people.yaml", 3, 3),
    ]  # fmt: skip
    assert [one.message for one in found] == [
        "`x-desk`: `4-117` does not match `^[A-Z]`",
        "`x-size.eu`: 40 is greater than the maximum of 30",
        "`x-size.size`: `size` is not allowed here",
        "`x-`: 'x-desk' is a required property",
    ]
    assert all(one.related[0].location.file == "policies/own.yaml" for one in found)
    assert found[0].entity == ("people", "a")
    assert found[0].field == ("x-desk",)


def test_values_that_are_no_objects_pass_the_keywords_of_objects(
    run: Callable[..., list[Diagnostic]],
) -> None:
    schema = {"properties": {"x-desk": {"patternProperties": {"a": False}, "additionalProperties": False,
                                        "unevaluatedItems": False}, "x-size": {"pattern": "z"}}}  # fmt: skip
    assert run(schema) == []


def test_additional_properties_may_be_a_schema(run: Callable[..., list[Diagnostic]]) -> None:
    assert places(run({"additionalProperties": {"type": "object"}})) == [
        ("OM006", "people.yaml", 2, 24)
    ]


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        (b"{", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        ({"type": "text"}, "is no JSON Schema"),
        ([], "is no JSON Schema"),
        ({"properties": {"x-desk": {"pattern": "("}}}, "no pattern of RE2"),
        ({"unevaluatedProperties": False}, "is not supported"),
        ({"$ref": "#/$defs/absent"}, "cannot be applied"),
        ({"$ref": "http://acme.example/schema.json"}, "cannot be applied"),
        ({"$ref": "#"}, "lead through each other more than 40 deep"),
    ],
)
def test_schemas_that_are_none(
    schema: object, says: str, run: Callable[..., list[Diagnostic]]
) -> None:
    (found,) = run(schema)
    assert places([found]) == [("OM006", "policies/own.yaml", 1, 22)]
    assert says in found.message


def test_a_schema_that_allows_nothing(run: Callable[..., list[Diagnostic]]) -> None:
    assert len(run(False)) == 2
    assert run(True) == []


def test_no_such_section(run: Callable[..., list[Diagnostic]]) -> None:
    (found,) = run({}, section="poeple")
    assert found.help == "did you mean `people`?"


@pytest.mark.slow
@pytest.mark.no_cover
def test_a_schema_too_deep_for_the_stack(run: Callable[..., list[Diagnostic]]) -> None:
    """Wherever the stack ends, in our own frames or in a library's: a finding, never an abort."""
    for nested in range(30, 42, 4):
        links: dict[str, object] = {"d30": {}}
        for n in range(30):
            link: dict[str, object] = {"$ref": f"#/$defs/d{n + 1}"}
            for _ in range(nested):
                link = {"allOf": [link]}
            links[f"d{n}"] = link
        (found,) = run({"$defs": links, "$ref": "#/$defs/d0"})
        assert "cannot be applied" in found.message


def test_an_absent_schema(tmp_path: Path, run: Callable[..., list[Diagnostic]]) -> None:
    assert run({}) == []
    (tmp_path / "schemas/own.json").unlink()
    (found,) = check(str(tmp_path), Options(AT, select="OM006")).diagnostics
    assert "absent" in found.message


@pytest.mark.no_cover
def test_references_are_bounded_for_each_entity_on_its_own(
    run: Callable[..., list[Diagnostic]],
) -> None:
    doubling = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(10)}
    schema = {"$defs": {**doubling, "d10": {}}, "$ref": "#/$defs/d0"}
    people = "people:\n" + "".join(f"  p{n}: {{name: P, x-a: 1}}\n" for n in range(5))
    assert run(schema, people) == [], "2,047 references an entity"
    doubling = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(14)}
    (found,) = run({"$defs": {**doubling, "d14": {}}, "$ref": "#/$defs/d0"}, people)
    assert "more than 5000 references" in found.message
