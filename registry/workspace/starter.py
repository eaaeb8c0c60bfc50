"""Registries to begin with: one that checks clean at a stage, its dates counted from a day."""

import re
from datetime import date, timedelta

from registry.model.format import MANIFEST, PROFILES
from registry.source.shipped import listing, shipped

_DAY = re.compile(r"\b(?P<word>TODAY|MONDAY)(?:\+(?P<days>[0-9]+)d)?")
_FOLDERS = {"poc": "starters/poc", "pilot": "starters/production"}
_STAGE = re.compile(r"\bSTAGE\b")


def starter(stage: str, today: date, profile: str = PROFILES[0]) -> dict[str, bytes]:
    """Return the files of a new registry by name, the manifest last.

    In the shipped files `TODAY` and `TODAY+30d` stand for dates, `MONDAY` for one that is past in
    every zone, and `STAGE` for the stage: what is lent or owed has an end, so that an example which
    nobody fills in does not pass for ever. Lines between `#> STAGES` and `#<` are for those stages,
    where their packs ask for more or for less; another `#>` ends the one before.
    """
    past = today - timedelta(days=2)
    monday = past - timedelta(days=past.weekday())

    def day(found: re.Match[str]) -> str:
        start = monday if found["word"] == "MONDAY" else today
        return (start + timedelta(days=int(found["days"] or 0))).isoformat()

    folder = _FOLDERS.get(stage, "starters/production")
    if profile != PROFILES[0]:
        folder = f"starters/{profile}"
    names = sorted(listing(folder), key=lambda name: (name == MANIFEST, name))
    texts = {name: shipped(folder, name).decode() for name in names}
    return {
        name: _STAGE.sub(stage, _DAY.sub(day, _for(stage, text))).encode()
        for name, text in texts.items()
    }


def _for(stage: str, text: str) -> str:
    """Keep the lines of a stage: those of all stages, and those that are marked as its own."""
    kept: list[str] = []
    is_own = True
    for line in text.splitlines(keepends=True):
        if line.startswith(("#>", "#<")):
            is_own = line.startswith("#<") or stage in line.split()
        elif is_own:
            kept.append(line)
    return "".join(kept)
