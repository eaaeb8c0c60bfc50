"""What a section, a field or a setting is for: its values, what it names, and who reads it."""

import json
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from registry.checks.catalogue import rules
from registry.errors import CannotRunError
from registry.model.baseline import BaselineFile
from registry.model.entity import Part
from registry.model.fields import Kind, ModelField, choices, fields, items, keys, named, parts
from registry.model.format import STAGES
from registry.model.manifest import Manifest
from registry.model.policy import PolicyFile
from registry.model.scenario import Scenario
from registry.model.sections import CALLED, SECTIONS
from registry.model.settings import Settings
from registry.plugins import docline
from registry.wording import did_you_mean, nearest
from registry.workspace.policy import builtin

MODELS: dict[str, type[Part]] = {
    **{name: row.model for name, row in SECTIONS.items()},
    "manifest": Manifest,
    "policy": PolicyFile,
    "scenario": Scenario,
    "baseline": BaselineFile,
}
"""What has fields: the sections, and the files beside them."""

WIDTH = 80


def explain_field(name: str) -> str | None:
    """Explain `SECTION`, `SECTION.FIELD…` or a setting; None where it is none of them.

    Raises CannotRunError for a field that its section has not, with the nearest one.
    """
    section, *steps = name.strip().split(".")
    if section not in MODELS:
        setting = fields(Settings).get(name.strip())
        return _page(name.strip(), setting, None) if setting else None
    if not steps:
        return _section(section)
    model, field = MODELS[section], None
    for at, step in enumerate(steps):
        known = fields(model)
        if step not in known:
            where = ".".join([section, *steps[:at]])
            help_ = did_you_mean(step, known, f"`opmodel explain {where}` lists them")
            raise CannotRunError(f"`{where}` has no field `{step}`", help_)
        field = known[step]
        model = next((one for kind in field.kinds for one in parts(kind)), Part)
    return _page(".".join([section, *steps]), field, section) if field else None


def field_meant(name: str) -> str | None:
    """Return what `SECTION` or `SECTION.FIELD…` means whose section is misspelt; else None."""
    section, *steps = name.split(".")
    sure = CALLED.get(section.casefold())
    near = sure or nearest(section, MODELS) if steps or sure else None
    if near is None:
        return None
    found, model = [near], MODELS[near]
    for step in steps:
        known = fields(model)
        field = nearest(step, known)
        if field is None:
            break
        found.append(field)
        model = next((one for kind in known[field].kinds for one in parts(kind)), Part)
    return ".".join(found)


def _section(name: str) -> str:
    lines = _wrapped(docline(MODELS[name]))
    return "\n".join([*_title(name), *lines, "", *_listed(MODELS[name])]) + "\n"


def _page(name: str, field: ModelField, section: str | None) -> str:
    lines = [*_title(name), *_wrapped(field.info.description or ""), ""]
    told = facts(field) if section else _by_stage(field)
    lines += [line for fact in told for line in _wrapped(fact)]
    for example in field.info.examples or ():
        lines += ["", "An example:", "", *_yaml(field.name, example)]
    part = next((one for kind in field.kinds for one in parts(kind)), None)
    if part is not None:
        lines += ["", "Its fields:", "", *_listed(part)]
    found = list(readers(field, section))
    if found:
        lines += ["", "Rules that look at it:", "", *(f"  {one}" for one in found)]
    return "\n".join(lines) + "\n"


def facts(field: ModelField) -> Iterator[str]:
    """Say what a field holds, what it names and means, and what it is if left out."""
    yield f"Value: {' or '.join(dict.fromkeys(map(value_of, field.kinds)))}."
    reference = next((found for kind in field.kinds for found in named(kind)), None)
    if reference is not None:
        kinds = [SECTIONS[one].a_noun for one in reference.accepts]
        words = "".join(f", or `{word}`" for word in reference.words)
        yield f"Names {' or '.join(kinds)}{words}; meaning: {reference.meaning}."
    default = field.info.default
    if field.required:
        yield "Required."
    elif isinstance(default, (str, int, float)):
        yield f"If left out: {json.dumps(default)}."


def _by_stage(setting: ModelField) -> Iterator[str]:
    """Say what a setting holds, and its value in the built-in pack of each stage."""
    yield next(facts(setting))
    for stage in STAGES:
        value = builtin(stage).settings.model_dump(exclude_none=True)[setting.attribute]
        yield f"In {stage}: {flow(value)}"


def value_of(kind: Kind) -> str:
    """Say what may stand for one kind of value."""
    words = choices(kind)
    if words is not None:
        return ", ".join(f"`{word}`" for word in words)
    if kind.refers is not None:
        return "an id"
    if kind.part:
        return "a mapping"
    if kind.origin is tuple:
        return f"a list, each item {' or '.join(map(value_of, items(kind)))}"
    if kind.origin is dict:
        return f"a mapping of {value_of(keys(kind)[0])} to {value_of(items(kind)[0])}"
    usual = {bool: "true or false", int: "a whole number", float: "a number", Any: "anything"}
    plain = usual.get(kind.of) or str(getattr(kind.of, "expects", "text"))
    bounds = f" from {kind.low} to {kind.high}" if kind.low is not None else ""
    return plain + bounds


def readers(field: ModelField, section: str | None) -> Iterator[str]:
    """Yield the rules whose code names the section's model and the field, or the setting.

    A field is one of `section`, a setting has None; each rule is its code and name.
    """
    model = MODELS[section].__name__ if section else None
    reads = re.compile(rf"[.\"']{field.attribute}\b")
    for code, rule in rules().items():
        text = _source(rule.room, f"{code.lower()}_{rule.name.replace('-', '_')}.py")
        is_read = model and re.search(rf"\b{model}\b", text) and reads.search(text)
        if is_read or (model is None and field.name in rule.settings):
            yield f"{code} {rule.name}"


@cache
def _source(room: str, name: str) -> str:
    house = Path(__file__).resolve().parent.parent
    return (house / room / "rules" / name).read_text("utf-8")


def _listed(model: type[Part]) -> Iterator[str]:
    for name, field in fields(model).items():
        about = f"{name}: {field.info.description}" + (" Required." if field.required else "")
        yield from _wrapped(about, "  ")


def _yaml(name: str, example: object) -> Iterator[str]:
    yield f"    {name}: {flow(example)}"


def flow(value: object) -> str:
    """Write a value as one line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool) or not isinstance(value, str):
        return json.dumps(value)
    is_plain = re.fullmatch(r"[A-Za-z0-9][\w ./%-]*", value) and not re.fullmatch(r"[\d:]+", value)
    return value if is_plain else json.dumps(value, ensure_ascii=False)


def _title(name: str) -> list[str]:
    return [name, "=" * len(name), ""]


def _wrapped(text: str, indent: str = "") -> list[str]:
    more = f"{indent}  " if indent else ""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=more,
                         break_long_words=False, break_on_hyphens=False)  # fmt: skip
