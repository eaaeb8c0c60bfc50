"""Every rule, by code: the modules of each room's `rules`, and nothing to list by hand."""

from collections.abc import Mapping
from functools import cache

from registry.checks.rule import Rule
from registry.errors import CannotRunError
from registry.plugins import catalogue, rooms
from registry.wording import did_you_mean


@cache
def rules() -> Mapping[str, Rule]:
    """Load every rule, in code order. Raises ImportError for a module without `RULE`."""
    found = [one for package in rooms("rules") for one in catalogue(package, "RULE", Rule)]
    return {one.code: one for one in sorted(found, key=lambda one: one.code)}


def find(name: str) -> Rule:
    """Find a rule by code or name, in any case. Raises CannotRunError with the nearest name."""
    wanted = name.strip().casefold()
    for one in rules().values():
        if wanted in {one.code.casefold(), one.name}:
            return one
    known = [key for one in rules().values() for key in (one.code, one.name)]
    raise CannotRunError(
        f"there is no rule `{name}`", did_you_mean(name, known, "`opmodel rules` lists them")
    )


def select(names: str) -> frozenset[str]:
    """Read a comma-separated list of codes, names or beginnings of codes (`OM2`) as codes.

    Raises CannotRunError for one that fits no rule.
    """
    chosen: set[str] = set()
    for name in filter(None, (part.strip() for part in names.split(","))):
        begun = {code for code in rules() if code.startswith(name.upper())}
        chosen |= begun or {find(name).code}
    return frozenset(chosen)
