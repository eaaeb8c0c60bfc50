"""The zones of the bundled tz database (the `tzdata` package) by name; this is its one door.

`--version` asks for the version, so this imports next to nothing.
"""

import os
from collections.abc import Mapping
from functools import cache


@cache
def zone_names() -> frozenset[str]:
    """Return every zone name of the database, links included."""
    with open(os.path.join(_folder(), "zones"), encoding="utf-8") as file:
        return frozenset(file.read().split())


def zone_file(name: str) -> bytes:
    """Return the TZif file of one of `zone_names()`."""
    with open(os.path.join(_folder(), "zoneinfo", *name.split("/")), "rb") as file:
        return file.read()


def tzdata_version() -> str:
    """Return the database's version, as `2026f`."""
    import tzdata

    return str(tzdata.IANA_VERSION)


def suggested_zone(name: str) -> str | None:
    """Return the zone that an unknown name may mean: Windows's for it, a city, or the nearest.

    Windows's names are those of Unicode's CLDR, as the package tzlocal lists them. An offset such
    as `GMT+1` has no suggestion: `Etc/GMT+1` means the opposite.
    """
    import re  # `--version` asks for the version alone, and need not wait for it

    from registry.wording import nearest

    if re.fullmatch(r"(?i)\s*(?:utc|gmt|etc/gmt)?\s*[+-]?[0-9:]+\s*", name):
        return None
    folded = name.casefold().replace(" ", "_")
    windows = _windows_names()
    if windows.get(folded) in zone_names():
        return windows[folded]
    return _cities().get(folded) or nearest(name, zone_names())


_OF_AN_OFFSET = r"(?:Etc/)?(?:[EMH]ST|Greenwich|GMT(?:0|[+-][0-9]+)?)"
_OF_A_PLACE = {"EST": "America/New_York", "MST": "America/Denver", "HST": "Pacific/Honolulu"}


def is_of_an_offset(name: str) -> bool:
    """Whether a zone is named for an offset, and never changes its clocks: `EST`, `Etc/GMT+5`.

    People mean a place by such a name whose clocks do change, or the other sign. UTC is meant.
    """
    import re

    return re.fullmatch(_OF_AN_OFFSET, name) is not None


def place_meant(name: str) -> str | None:
    """Return the zone of the place that a zone of an offset is often written for."""
    plain = name.removeprefix("Etc/")
    is_london = plain in {"GMT", "GMT0", "Greenwich"}
    return "Europe/London" if is_london else _OF_A_PLACE.get(plain)


@cache
def _windows_names() -> Mapping[str, str]:
    from tzlocal.windows_tz import win_tz

    return {key.casefold().replace(" ", "_"): value for key, value in win_tz.items()}


@cache
def _cities() -> Mapping[str, str]:
    """Return the first zone of each end of a name, folded: of `buenos_aires` and what leads on."""
    found: dict[str, str] = {}
    for full in sorted(zone_names(), reverse=True):
        parts = full.casefold().split("/")
        found.update(("/".join(parts[start:]), full) for start in range(1, len(parts)))
    return found


def _folder() -> str:
    import tzdata

    return os.path.dirname(str(tzdata.__file__))
