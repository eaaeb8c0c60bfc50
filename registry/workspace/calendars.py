"""What names calendars is told which days they mean."""

from collections.abc import Mapping

from registry.model.entity import Entity
from registry.model.holidays import Calendars, HolidayCalendar, KeepsHolidays


def with_calendars(entities: Mapping[str, Mapping[str, Entity]]) -> dict[str, dict[str, Entity]]:
    """Return the sections of what names calendars, each entity bound to those that loaded."""
    loaded = entities.get("holidays", {})
    known = {id_: one for id_, one in loaded.items() if isinstance(one, HolidayCalendar)}
    calendars = Calendars(known)
    return {
        section: {
            id_: one.bound(calendars) if isinstance(one, KeepsHolidays) else one
            for id_, one in found.items()
        }
        for section, found in entities.items()
        if known and any(isinstance(one, KeepsHolidays) for one in found.values())
    }
