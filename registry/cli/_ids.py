"""The ids of the registry that we are in, for a shell to complete: nothing else is ever printed."""

import re

from registry.cli._door import cache_folder
from registry.errors import CannotRunError
from registry.model.format import ID_PATTERN
from registry.model.sections import SECTIONS
from registry.source.cache import Cache
from registry.workspace.load import load
from registry.workspace.root import root_of

OF = {
    "ID|SECTION/ID": "",
    "SECTION/ID": "",
    "SECTION/OLD": "",
    "PERSON|TEAM": "people,teams",
    "SCHEDULE": "schedules",
    "P": "people",
    "ID": "people,roles",
}
"""The sections whose ids an argument takes, by its name in the help; of all, where it is empty."""

_ID = re.compile(ID_PATTERN)


def command(sections: str) -> str:
    """Write the command that lists ids, with words that mean the same to every shell."""
    return f"opmodel completion --ids {sections or 'all'}"


def ids(sections: str) -> list[str]:
    """List the ids of some sections (`people,teams`), sorted; none outside a registry.

    Of `all` sections each id stands alone and as `SECTION/ID`. A shell may take these words for its
    own language, so that what is no id by the format, whatever a file says, is left out. Raises
    CannotRunError for what is no section.
    """
    names = list(SECTIONS) if sections == "all" else sections.split(",")
    unknown = next((name for name in names if name not in SECTIONS), None)
    if unknown is not None:
        raise CannotRunError(f"there is no section `{unknown}`", "`opmodel schema` lists them")
    try:
        workspace = load(root_of(None), cache=Cache(cache_folder())).workspace
    except CannotRunError:
        return []
    found = [
        (name, id_)
        for name in names
        for known in (workspace.entities, workspace.failed)
        for id_ in known.get(name, {})
        if _ID.fullmatch(id_)
    ]
    full = [f"{name}/{id_}" for name, id_ in found] if sections == "all" else []
    return sorted({*(id_ for _, id_ in found), *full})
