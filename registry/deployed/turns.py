"""A paging service's schedule in the words of this registry: rotations, hours and overrides.

What has no such words is said, and never left out in silence.
"""

from collections.abc import Callable

from registry.clock.weekdays import DAYS
from registry.deployed.model import PagerLayer, PagerSchedule
from registry.output.yaml import Json

Fields = dict[str, Json]
"""An entity's fields, as they would be written in a file."""

_DAY = 86_400


def window(start: str, weekday: int | None, seconds: int) -> Fields | None:
    """Turn a restriction into hours of a day or a week; None where it fits no one window."""
    if not 0 < seconds <= 7 * _DAY or seconds % 60:
        return None
    hour, minute = int(start[:2]), int(start[3:5])
    ending = hour * 60 + minute + seconds // 60
    to = f"{ending // 60 % 24:02d}:{ending % 60:02d}"
    found: Fields = {"from": start[:5], "to": to}
    if weekday is None:
        return found if seconds <= _DAY else None
    found = {"days": [DAYS[weekday - 1]], **found}
    days = ending // 1440
    if days > 1 or (days == 1 and ending % 1440 > hour * 60 + minute):
        found["to_day"] = DAYS[(weekday - 1 + days) % 7]
    return found


def period(seconds: int) -> str | None:
    """Write a shift's length; None where it is no whole number of hours."""
    for length, unit in ((7 * _DAY, "w"), (_DAY, "d"), (3600, "h")):
        if seconds and seconds % length == 0:
            return f"{seconds // length}{unit}"
    return None


def schedule_of(one: PagerSchedule, named: Callable[[str], str]) -> Fields | str:
    """Write a schedule's fields, users by what `named` makes of their ids; else say why not."""
    rotations: list[Json] = []
    for number, layer in enumerate(one.layers):
        rotation = _rotation(layer, f"layer-{number}", named)
        if isinstance(rotation, str):
            return f"the layer `{layer.name}`: {rotation}"
        rotations.append(rotation)
    overrides: list[Json] = [
        {"person": named(user), "from": start, "to": end} for user, start, end in one.overrides
    ]
    found: Fields = {"timezone": one.zone} if one.zone else {}
    found |= {"rotations": rotations} if rotations else {}
    return found | ({"overrides": overrides} if overrides else {})


def _rotation(layer: PagerLayer, name: str, named: Callable[[str], str]) -> Fields | str:
    hours: list[Json] = []
    for restriction in layer.restrictions:
        made = window(*restriction)
        if made is None:
            return "its hours fit no window"
        hours.append(made)
    every = period(layer.turn_seconds)
    if every is None or not layer.users:
        return (
            f"its turns of {layer.turn_seconds} s are no whole hours" if layer.users else "no users"
        )
    people: list[Json] = [named(one) for one in layer.users]
    found: Fields = {"name": name, "participants": people, "start": layer.anchor, "every": every}
    found |= {"end": layer.end} if layer.end else {}
    return found | ({"hours": hours} if hours else {})
