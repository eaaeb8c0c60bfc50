"""Every rule, by code: the modules of each room's `rules`, and nothing to list by hand."""

from collections.abc import Mapping
from functools import cache

from registry.checks.rule import Rule
from registry.errors import CannotRunError
from registry.model.format import STAGES
from registry.plugins import catalogue, rooms
from registry.wording import did_you_mean
from registry.workspace.own_rules import OwnRules
from registry.workspace.policy import builtin


@cache
def rules() -> Mapping[str, Rule]:
    """Load every rule, in code order. Raises ImportError for a module without `RULE`."""
    found = [one for package in rooms("rules") for one in catalogue(package, "RULE", Rule)]
    return {one.code: one for one in sorted(found, key=lambda one: one.code)}


@cache
def staged() -> frozenset[str]:
    """Name the rules that depend on the stage: by severity, or by a setting that they read."""
    packs = [builtin(stage) for stage in STAGES]

    def differs(one: Rule) -> bool:
        levels = {pack.severities.get(one.code) for pack in packs}
        read = ([getattr(pack.settings, name) for pack in packs] for name in one.settings)
        return len(levels) > 1 or any(values != values[:1] * len(packs) for values in read)

    return frozenset(one.code for one in rules().values() if differs(one))


def find(name: str, among: Mapping[str, Rule] | None = None) -> Rule:
    """Find a rule by code or name, in any case: one of opmodel's own, or of those given.

    Raises CannotRunError with the nearest name.
    """
    wanted = name.strip().casefold()
    among = rules() if among is None else among
    for one in among.values():
        if wanted in {one.code.casefold(), one.name}:
            return one
    known = [key for one in among.values() for key in (one.code, one.name)]
    raise CannotRunError(
        f"there is no rule `{name}`", did_you_mean(name, known, "`opmodel rules` lists them")
    )


def select(names: str, among: Mapping[str, Rule], own: OwnRules) -> frozenset[str]:
    """Read a comma-separated list of codes, names or beginnings of codes (`OM2`) as codes.

    Of the policy's `own` rules, one that cannot be used is no rule, and is told as a finding.
    Raises CannotRunError for one that fits none of the rules `among` which it chooses.
    """
    chosen: set[str] = set()
    for name in filter(None, (part.strip() for part in names.split(","))):
        begun = {code for code in among if code.startswith(name.upper())}
        if begun or not own.may_begin(name.upper()):
            chosen |= begun or {find(name, among).code}
    return frozenset(chosen)
