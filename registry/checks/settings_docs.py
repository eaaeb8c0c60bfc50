"""The part of `docs/policies.md` that tells of every setting, made from the model and the packs.

`python -m registry.checks.docs` writes it with the other generated documents.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from registry.checks.explain_field import facts, flow, readers
from registry.model.fields import ModelField, fields, parts
from registry.model.format import PROFILES, STAGES
from registry.model.settings import Settings
from registry.workspace.policy import builtin

_Packs = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""The settings of the built-in packs: profile to stage to setting to value."""


def settings_part() -> str:
    """Write a heading for each setting, with its values and the rules that read it."""
    packs = {
        profile: {stage: builtin(stage, profile).settings.model_dump(exclude_none=True)
                  for stage in STAGES}
        for profile in PROFILES
    }  # fmt: skip
    return "\n\n".join(_setting(field, packs) for field in fields(Settings).values())


def _setting(field: ModelField, packs: _Packs) -> str:
    about = " ".join([field.info.description or "", next(facts(field))])
    codes = [one.split()[0] for one in readers(field, None)]
    lines = [f"### `{field.name}`", "", about, "", *_values(field, packs)]
    return "\n".join([*lines, *([f"- read by {', '.join(codes)}"] if codes else [])])


def _values(field: ModelField, packs: _Packs) -> Iterator[str]:
    """Tell the values in the built-in packs, each once; and what each item of them may be."""
    for part in (part for kind in field.kinds for part in parts(kind)):
        for name, one in fields(part).items():
            yield f"- `{name}`: {one.info.description} {next(facts(one))}"
    told = {
        profile: [f"`{flow(settings[field.attribute])}`" for settings in stages.values()]
        for profile, stages in packs.items()
    }
    usual = told.pop(PROFILES[0])
    yield f"- {_by_stage(usual)}"
    for profile, values in told.items():
        if values != usual:
            yield f"- with `profile: {profile}` {_by_stage(values)}"


def _by_stage(values: list[str]) -> str:
    runs = groupby(zip(STAGES, values, strict=True), key=lambda one: one[1])
    stages = [(" and ".join(stage for stage, _ in found), value) for value, found in runs]
    if len(stages) == 1:
        return f"at every stage {values[0]}"
    return "; ".join(f"{stage} {value}" for stage, value in stages)
