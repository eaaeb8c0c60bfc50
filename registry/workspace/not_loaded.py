"""Why an answer is not certain: what it rests on did not load, or is not there."""

from collections.abc import Collection, Iterator

from registry.model.format import MANIFEST
from registry.model.holidays import HolidayCalendar
from registry.model.oncall import Escalation, Schedule
from registry.model.sections import SECTIONS
from registry.source.scalar import is_placeholder
from registry.span import Location
from registry.wording import listed, quoted
from registry.workspace.workspace import Workspace

_TIMES = frozenset({"coverage", "holidays", "overrides", "rotations", "timezone"})

_PAGES = frozenset({"holidays", "hours", "outside", "repeat", "repeat_after", "steps", "timezone"})


def unread_files(workspace: Workspace) -> str | None:
    """Name what could not be read: files, folders; None where all could, in whole."""
    return f"{listed(sorted(workspace.unread))} could not be read" if workspace.unread else None


def unknown(workspace: Workspace, id_: str) -> str:
    """Say, as what follows its name, why an id that can be addressed stands for nobody."""
    section = workspace.kind_of(id_)
    if section is None:
        hidden = workspace.may_hide(id_)
        return "may stand in what did not load" if hidden else "does not exist"
    if id_ in workspace.entities.get(section, {}):
        return f"is {SECTIONS[section].a_noun}, which cannot be paged"
    return "did not load"


def unread_fields(
    workspace: Workspace, section: str, id_: str, fields: Collection[str]
) -> str | None:
    """List which of `fields` of an entity did not load; None where all of them did."""
    failed = workspace.failed_fields.get((section, id_), frozenset()).intersection(fields)
    return quoted(sorted(failed), " and ") or None


def is_certain(workspace: Workspace, section: str, id_: str, fields: Collection[str]) -> bool:
    """Whether an entity loaded with all of `fields`, or surely does not stand in the registry."""
    if id_ in workspace.entities.get(section, {}):
        return unread_fields(workspace, section, id_, fields) is None
    return not (workspace.has(section, id_) or workspace.may_define(id_))


def unread(workspace: Workspace, section: str, id_: str, fields: Collection[str]) -> str | None:
    """Say which of `fields` of an entity did not load; None where all of them did."""
    listed = unread_fields(workspace, section, id_, fields)
    return f"{listed} of the {SECTIONS[section].noun} `{id_}` did not load" if listed else None


def unread_times(workspace: Workspace, schedule: str) -> str | None:
    """Say what of a schedule's times did not load, its zone included; None where all did."""
    named = workspace.all(Schedule)[schedule].calendars
    found = unread(workspace, "schedules", schedule, _TIMES) or unread_calendar(workspace, named)
    if found is not None or workspace.all(Schedule)[schedule].timezone is not None:
        return found
    return _unread_zone(workspace)


def unread_calendar(workspace: Workspace, names: Collection[str]) -> str | None:
    """Say which of some calendars of holidays is not known in full; None where all are."""
    for name in names:
        if name not in workspace.all(HolidayCalendar):
            did = "did not load" if workspace.has("holidays", name) else "does not exist"
            return f"the holiday calendar `{name}` {did}"
        fields = tuple(HolidayCalendar.model_fields)
        if (found := unread(workspace, "holidays", name, fields)) is not None:
            return found
    return None


def unread_escalation(workspace: Workspace, id_: str) -> str | None:
    """Say what did not load of whom an escalation pages, and when; None where all of it did."""
    found = unread(workspace, "escalations", id_, _PAGES)
    known = workspace.all(Escalation).get(id_)
    if found is not None or known is None:
        return found
    zone = _unread_zone(workspace) if known.has_hours and known.timezone is None else None
    return zone or unread_calendar(workspace, known.calendars)


def lost(workspace: Workspace, sections: Collection[str]) -> Iterator[str]:
    """Say what of some sections did not load, entity by entity; and whether there may be more."""
    for section in sections:
        for id_ in workspace.failed.get(section, {}):
            yield f"the {SECTIONS[section].noun} `{id_}` did not load"
    for (section, id_), fields in workspace.failed_fields.items():
        if section in sections and id_ in workspace.entities.get(section, {}):
            listed = quoted(sorted(fields), " and ")
            yield f"{listed} of the {SECTIONS[section].noun} `{id_}` did not load"
    if workspace.blind or workspace.hidden:
        yield "something could not be read, and there may be more in it"


def _unread_zone(workspace: Workspace) -> str | None:
    """Say that the manifest's zone did not load; None where it did, or there is none."""
    if workspace.manifest.timezone is None and _is_zone_written(workspace):
        return "the manifest's `timezone` did not load"
    return None


def _is_zone_written(workspace: Workspace) -> bool:
    written = workspace.sources.value(Location(MANIFEST, ("timezone",)))
    return written is not None and not (isinstance(written, str) and is_placeholder(written))
