"""What rules are called: their names, told from the folder without loading a rule."""

import re
from collections.abc import Mapping
from functools import cache

from registry.plugins import rooms, stems

_STEM = re.compile(r"(?P<code>om[0-9]{3})_(?P<name>.+)")


@cache
def rule_codes() -> Mapping[str, str]:
    """Return the code of every rule by its name."""
    found = (_STEM.fullmatch(stem) for package in rooms("rules") for stem in stems(package))
    return {one["name"].replace("_", "-"): one["code"].upper() for one in found if one}


def code_of(rule: str) -> str:
    """Return the code of a rule that is called by its name; anything else as it is."""
    return rule_codes().get(rule, rule) if not _CODE.fullmatch(rule) else rule


_CODE = re.compile(r"OM[0-9]{3}")
