"""What a person means by an id that they type: `SECTION/ID`, or an id alone."""

from collections.abc import Collection

from registry.errors import CannotRunError
from registry.model.reference import SHARED_IDS
from registry.model.sections import SECTIONS
from registry.wording import did_you_mean, listed, plural
from registry.workspace.workspace import Workspace

FIRST = ("alerts", "metrics", "ownership", "components")
"""Where an id alone is looked for first: what people ask about most."""


def look_up(workspace: Workspace, name: str) -> tuple[str, str]:
    """Find the section and the id that are meant, loaded or not.

    An id alone is looked for among alerts, metrics, layers and components, then among whatever can
    be addressed, then elsewhere. Raises CannotRunError for an unknown section or id, and for one
    that stands in two sections of the same rank, which are listed.
    """
    section, slash, id_ = name.partition("/")
    if slash:
        if section not in SECTIONS:
            help_ = did_you_mean(section, SECTIONS, "`opmodel schema` lists them")
            raise CannotRunError(f"there is no section `{section}`", help_)
        if not workspace.has(section, id_):
            raise _unknown(workspace, (section,), id_, SECTIONS[section].noun)
        return section, id_
    for rank in _ranks():
        found = [one for one in rank if workspace.has(one, name)]
        if len(found) > 1:
            ways = " or ".join(f"`{one}/{name}`" for one in found)
            raise CannotRunError(f"`{name}` stands in several sections", f"ask for {ways}")
        if found:
            return found[0], name
    raise _unknown(workspace, tuple(SECTIONS), name, "entity")


def _ranks() -> tuple[tuple[str, ...], ...]:
    elsewhere = tuple(name for name in SECTIONS if name not in {*FIRST, *SHARED_IDS})
    return FIRST, SHARED_IDS, elsewhere


def _unknown(
    workspace: Workspace, sections: tuple[str, ...], id_: str, noun: str
) -> CannotRunError:
    meant = meant_by_name(workspace, sections, id_)
    if workspace.may_define(id_):
        help_ = meant or "`opmodel check` says what did not load"
        return CannotRunError(f"there is no {noun} `{id_}` in what loaded", help_)
    if meant is not None:
        return CannotRunError(f"there is no {noun} `{id_}`", meant)
    known = {other for one in sections for other in workspace.origins.get(one, {})}
    other = next((one for one in SECTIONS if workspace.has(one, id_)), None)
    if other is not None:
        help_ = f"it is {SECTIONS[other].a_noun}: `{other}/{id_}`"
    else:
        help_ = did_you_mean(id_, known, _there_is(workspace, sections))
    return CannotRunError(f"there is no {noun} `{id_}`", help_)


def _there_is(workspace: Workspace, sections: Collection[str]) -> str:
    """List what can be asked for: of several sections that which is asked for most, if any."""
    ordered = [*(one for one in FIRST if one in sections), *sections]
    first = next((one for one in ordered if workspace.origins.get(one)), None)
    if first is None:
        return "none has loaded; see `opmodel check`"
    known, noun = sorted(workspace.origins[first]), SECTIONS[first].noun
    here = "here" if workspace.is_read else "in what loaded"
    are = f"{noun} {here} is" if len(known) == 1 else f"{plural(noun)} {here} are"
    return f"the {are} {listed(known)}"


def meant_by_name(workspace: Workspace, sections: Collection[str], name: str) -> str | None:
    """Ask whether the ids are meant whose name or title this is, in any case; None where none is.

    What has it stands in one of the `sections`, and loaded.
    """
    wanted = _plain(name)
    found = [
        (section, id_, called)
        for section in sections
        for id_, one in workspace.entities.get(section, {}).items()
        for called in (getattr(one, "name", None) or getattr(one, "title", None),)
        if isinstance(called, str) and _plain(called) == wanted
    ]
    if not wanted or not found:
        return None
    if len(found) > 1:
        ways = listed([f"{section}/{id_}" for section, id_, _ in found], joint="or")
        return f"did you mean {ways}?"
    ((_, id_, called),) = found
    return f"did you mean `{id_}` ({called})?"


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
