"""The public holidays of countries (the package `holidays`) by day; this is its one door.

`--version` asks for the version, so this imports next to nothing.
"""

import os
from collections.abc import Mapping
from functools import cache
from importlib.machinery import PathFinder
from typing import Any

_LANGUAGE = "en_US"
_KIND = "public"


@cache
def holidays_version() -> str:
    """Return the package's version, as `0.109`, without importing it."""
    spec = PathFinder.find_spec("holidays")
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    beside = [name for one in folders for name in os.listdir(os.path.dirname(one))]
    ours = (name for name in sorted(beside) if name.startswith("holidays-"))
    found = next((name for name in ours if name.endswith(".dist-info")), None)
    if found is not None:
        return found.removeprefix("holidays-").removesuffix(".dist-info")
    from importlib.metadata import version

    return version("holidays")


@cache
def countries() -> Mapping[str, tuple[str, ...]]:
    """Return the countries that are known by their code (ISO 3166-1, two letters).

    Each with the codes of its subdivisions.
    """
    import holidays

    found = holidays.list_supported_countries(include_aliases=False)
    return {code: tuple(found[code]) for code in sorted(found)}


@cache
def subdivision_names(country: str) -> Mapping[str, str]:
    """Return the codes of a country's subdivisions by the names that people call them."""
    return dict(getattr(_country(country), "subdivisions_aliases", {}))


@cache
def public_holidays(country: str, subdivision: str | None, year: int) -> tuple[int, ...]:
    """Return the days of a year that are public holidays, observed ones included, in order.

    Days are numbers, 0 for the first of January of year 1. The country is one of `countries()`.
    """
    import holidays

    # The language is given, for the package would else ask the machine's environment for it.
    own = _country(country)
    spoken = _LANGUAGE in own.supported_languages
    found = holidays.country_holidays(
        country,
        subdiv=subdivision,
        years=year,
        expand=False,
        observed=True,
        language=_LANGUAGE if spoken else own.default_language,
        categories=(_KIND,),
    )
    return tuple(sorted(day.toordinal() - 1 for day in found))


@cache
def known_years(country: str) -> range:
    """Return the years for which a country's holidays are known."""
    own = _country(country)
    return range(own.start_year, own.end_year + 1)


def suggested_country(text: str) -> str | None:
    """Return the code of the country that a code of three letters, or another usual one, means."""
    import holidays

    found = getattr(getattr(holidays, text.strip().upper(), None), "country", None)
    return found if found in countries() else None


def _country(code: str) -> Any:
    import holidays

    return getattr(holidays, code)
