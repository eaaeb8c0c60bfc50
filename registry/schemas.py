"""JSON Schemas (draft 2020-12), generated from the models: for editors, and for other validators.

`python -m registry.schemas DIR` writes them. A schema says of one file what `opmodel check` says as
OM003 to OM006; what spans several entities or files (references, duplicate ids), and which of two
times is later, it leaves to the check.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from registry.clock.zones import zone_names
from registry.model.baseline import BaselineFile
from registry.model.entity import Part
from registry.model.fields import Kind, ModelField, choices, fields, items, keys, named
from registry.model.format import BASELINE, FORMAT_VERSION, ID_PATTERN
from registry.model.manifest import Manifest
from registry.model.policy import PolicyFile
from registry.model.reference import Reference
from registry.model.scalars import Zone
from registry.model.scenario import Scenario
from registry.model.sections import SECTIONS, Section
from registry.model.settings import Settings
from registry.output.formats import MACHINE_FORMATS
from registry.plugins import docline

Json = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MISSING_PATTERN = (
    r"[ \t]*([Tt][Oo][Dd][Oo]|[Tt][Bb][Dd]|[Ff][Ii][Xx][Mm][Ee]|[?][?][?]|[Nn]/[Aa]|-)?[ \t]*"
)


def _none_of(*types: str) -> Json:
    """Refuse types: an editor would offer those that are named as allowed, `null` first."""
    return {"not": {"type": list(types)}}


_BASE: dict[str, Json] = {
    "id": {
        "description": "letters, digits, `.`, `_` and `-`; the first a letter or a digit",
        "type": "string",
        "pattern": f"^{ID_PATTERN}$",
    },
    "id_or_missing": {
        "description": "an id; or nothing yet, which counts as missing",
        **_none_of("object", "array", "number", "boolean"),
        "pattern": f"^({ID_PATTERN}|{_MISSING_PATTERN})$",
    },
    "text": {
        "description": "text; a number or a boolean is kept as it is spelled",
        **_none_of("object", "array", "null"),
    },
    "text_or_missing": {
        "description": "text; or nothing yet, which counts as missing",
        **_none_of("object", "array"),
    },
    "missing": {
        **_none_of("object", "array", "number", "boolean"),
        "maxLength": 5,
        "pattern": f"^{_MISSING_PATTERN}$",
    },
}
_ID, _TEXT, _MISSING = ({"$ref": f"#/$defs/{name}"} for name in ("id", "text", "missing"))
_FREE = frozenset({_ID["$ref"], _TEXT["$ref"]})
_OWN_KEYS: Json = {"^x-": True}


def schemas() -> dict[str, str]:
    """Generate every published schema: file name to JSON text, the same bytes every time."""
    made = {
        **{f"{name}.schema.json": _section_file(row) for name, row in SECTIONS.items()},
        "manifest.schema.json": _registry_file(is_manifest=True),
        "registry.schema.json": _registry_file(is_manifest=False),
        "policy.schema.json": _policy_file(),
        "baseline.schema.json": _baseline_file(),
        "scenarios.schema.json": _scenario_file(),
        **{f"{name}.schema.json": shape for name, shape in MACHINE_FORMATS.items()},
    }
    return {name: _text(name, made[name]) for name in sorted(made)}


def write(folder: Path) -> None:
    """Write every schema into `folder`, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, "utf-8")


def _text(name: str, schema: Json) -> str:
    stem = name.removesuffix(".schema.json")
    head = {"$schema": _DIALECT, "$id": f"urn:opmodel:format:{FORMAT_VERSION}:{stem}"}
    return json.dumps({**head, **schema}, indent=2, ensure_ascii=False) + "\n"


def _section_file(row: Section) -> Json:
    walk = _Walk()
    return {"title": f"opmodel: {row.name}", **walk.section(row), "$defs": walk.definitions()}


def _registry_file(*, is_manifest: bool) -> Json:
    walk = _Walk()
    own = walk.object(Manifest)
    required: list[str] = own["required"]
    sections = {name: walk.section(row) for name, row in SECTIONS.items()}
    whole = "the manifest, `opmodel.yaml`" if is_manifest else "one file of a registry"
    demands: Json = (
        {"required": required}
        if is_manifest
        else {"dependentRequired": dict.fromkeys(own["properties"], required)}
    )
    return {
        "title": f"opmodel: {whole}",
        "type": "object",
        "properties": {**own["properties"], **sections},
        "patternProperties": _OWN_KEYS,
        **demands,
        "additionalProperties": False,
        "allOf": own["allOf"],
        "$defs": walk.definitions(),
    }


_RULE = "^([A-Z]{2,8}[0-9]{3}|[a-z][a-z0-9]*(-[a-z0-9]+)*)$"
"""A rule by its code, or by its name."""


def _policy_file() -> Json:
    walk = _Walk()
    pack = walk.object(PolicyFile)
    fields = pack["properties"]
    fields["settings"] = walk.or_missing(walk.value(Kind(Settings)))
    fields["rules"]["anyOf"][0]["propertyNames"] = {"pattern": _RULE}
    fields["extensions"]["anyOf"][0]["propertyNames"] = {"enum": list(SECTIONS)}
    return {"title": "opmodel: a policy pack", **pack, "$defs": walk.definitions()}


def _baseline_file() -> Json:
    walk = _Walk()
    own = walk.object(BaselineFile)
    return {"title": "opmodel: a baseline, `" + BASELINE + "`", **own, "$defs": walk.definitions()}


def _scenario_file() -> Json:
    walk = _Walk(complete=True)
    return {
        "title": "opmodel: a scenario file",
        "description": "id and scenario",
        "type": "object",
        "minProperties": 1,
        "propertyNames": _ID,
        "additionalProperties": walk.value(Kind(Scenario)),
        "$defs": walk.definitions(),
    }


class _Walk:
    """One walk over annotations; it collects the definitions that the schema refers to.

    In a file that must be `complete` nothing is written yet to be filled in later.
    """

    def __init__(self, *, complete: bool = False) -> None:
        self._found: dict[str, Json] = {}
        self._complete = complete

    def definitions(self) -> dict[str, Json]:
        """Return what may be referred to: the basic ones, then the models by name."""
        return {**_BASE, **{name: self._found[name] for name in sorted(self._found)}}

    def section(self, row: Section) -> Json:
        """Describe a section's content: ids and their entities, or the one entity."""
        entity = self.value(Kind(row.model))
        if row.single:
            return entity
        content = _none_of("string", "number", "boolean", "array")
        about = {"description": f"{row.name}: id and {row.noun}", **content}
        if row.ids:
            ids = dict.fromkeys(row.ids, entity)
            return {**about, "properties": ids, "additionalProperties": False}
        return {**about, "propertyNames": _ID, "additionalProperties": entity}

    def object(self, model: type[Part]) -> Json:
        """Describe a mapping with known fields."""
        own = fields(model)
        properties = {name: self.field(field) for name, field in own.items()}
        required = [name for name, field in own.items() if field.required]
        about: Json = {"description": docline(model), "type": "object"}
        return {
            **about,
            "properties": properties,
            "patternProperties": _OWN_KEYS,
            **({"required": required} if required else {}),
            "additionalProperties": False,
            **({"allOf": list(model.demands)} if model.demands else {}),
        }

    def field(self, field: ModelField) -> Json:
        """Describe a field; one that may be left out may also hold a placeholder or nothing."""
        said = {"description": described(field)}
        shapes = [{**self.value(kind), **said} for kind in field.kinds]
        shape: Json = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
        default = field.info.default
        about: Json = {**said, "examples": field.info.examples or []}
        if field.required:
            filled = {"not": _MISSING} if shape.get("$ref") in _FREE else {}
            return {**shape, **filled, **about}
        if isinstance(default, (str, int, float)):
            about["default"] = default
        return {**self.or_missing(shape), **about}

    def or_missing(self, shape: Json) -> Json:
        """Allow a placeholder, or nothing after the colon, beside a value."""
        if self._complete:
            return {**shape, "not": _MISSING} if shape.get("$ref") in _FREE else shape
        if shape.get("$ref") in _FREE:
            return {**shape, "$ref": f"{shape['$ref']}_or_missing"}
        inner = shape["anyOf"] if set(shape) == {"anyOf"} else [shape]
        return {"anyOf": [*inner, _MISSING]}

    def value(self, kind: Kind) -> Json:
        """Describe what may stand for one kind of value."""
        if kind.refers is not None:
            return {**_ID, "description": _names(kind.refers)}
        words = choices(kind)
        if words is not None:
            return {"const": words[0]} if len(words) == 1 else {"enum": list(words)}
        if kind.origin is tuple:
            return {"type": "array", "items": self.or_missing(self.either(items(kind)))}
        if kind.origin is dict:
            return self.mapping(kind)
        return self.plain(kind)

    def either(self, found: tuple[Kind, ...]) -> Json:
        """Describe a value of one of several kinds."""
        shapes = [self.value(kind) for kind in found]
        return shapes[0] if len(shapes) == 1 else {"anyOf": shapes}

    def mapping(self, kind: Kind) -> Json:
        """Describe a mapping whose keys are the user's, refer, or are of a few known ones."""
        shape = {
            "type": "object",
            "additionalProperties": self.or_missing(self.either(items(kind))),
        }
        (key,) = keys(kind)
        if key.refers is not None or choices(key) is not None:
            shape["propertyNames"] = self.value(key)
        return shape

    def plain(self, kind: Kind) -> Json:
        """Describe a class: an entity or a part of one, a checked scalar, text, a number."""
        if kind.part:
            name = kind.part.__name__
            if name not in self._found:
                self._found[name] = {}
                self._found[name] = self.object(kind.part)
            return {"$ref": f"#/$defs/{name}"}
        if kind.of is Zone:
            self._found["zone"] = {"description": Zone.expects, "enum": sorted(zone_names())}
            return {"$ref": "#/$defs/zone"}
        if hasattr(kind.of, "schema") and kind.of is not Any:
            return {"description": kind.of.expects, **kind.of.schema}
        numbers: dict[Any, str] = {bool: "boolean", int: "integer", float: "number"}
        if kind.of not in numbers:
            return _TEXT
        bounds = {"minimum": kind.low, "maximum": kind.high}
        return {
            "type": numbers[kind.of],
            **{key: bound for key, bound in bounds.items() if bound is not None},
        }


def described(field: ModelField) -> str:
    """Say what to write in a field, and of what form it is or what it may name."""
    refers = next((found for kind in field.kinds for found in named(kind)), None)
    forms = [kind.of.expects for kind in field.kinds if hasattr(kind.of, "expects")]
    more = [f"It {_names(refers)}."] if refers else [f"It is {form}." for form in forms]
    return " ".join([field.info.description or "", *more])


def _names(reference: Reference) -> str:
    """Say what a reference may name: `a person or a role`."""
    kinds = [SECTIONS[section].a_noun for section in reference.accepts]
    return "names " + _or([*kinds, *(f"`{word}`" for word in reference.words)])


def _or(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "schemas"))
