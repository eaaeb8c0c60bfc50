"""Schedules of every shape and zone, each of them without a gap by construction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random

from synthetic.document import Entity, Fields, RegistryFile, Value
from synthetic.team import person
from synthetic.vocabulary import person_id

ZONES = (
    "Australia/Lord_Howe",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Europe/Dublin",
    "Europe/Berlin",
    "America/St_Johns",
    "Africa/Casablanca",
    "Pacific/Chatham",
    "America/Sao_Paulo",
)

COUNTRIES = {
    "Australia/Lord_Howe": "AU",
    "America/New_York": "US",
    "Asia/Kathmandu": "NP",
    "Pacific/Apia": "WS",
    "Europe/Dublin": "IE",
    "Europe/Berlin": "DE",
    "America/St_Johns": "CA",
    "Africa/Casablanca": "MA",
    "Pacific/Chatham": "NZ",
    "America/Sao_Paulo": "BR",
}
"""The country whose holidays a desk of a zone keeps."""

EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WORKING_DAYS = EVERY_DAY[:5]

# Three zones a day. Each window reaches past the next one's start in summer and in winter time of
# either hemisphere, since the clocks of the three do not change on one day.
_SUNS: tuple[tuple[tuple[str, str, str], ...], ...] = (
    (
        ("Asia/Kathmandu", "07:00", "15:00"),
        ("Europe/Dublin", "08:00", "18:00"),
        ("America/New_York", "10:00", "22:00"),
    ),
    (
        ("Pacific/Apia", "08:00", "18:00"),
        ("Asia/Kathmandu", "10:00", "18:00"),
        ("Europe/Dublin", "11:00", "21:00"),
    ),
    (
        ("Australia/Lord_Howe", "07:00", "17:00"),
        ("Europe/Dublin", "05:00", "15:00"),
        ("America/New_York", "08:00", "19:00"),
    ),
)

_SCHEDULES_PER_TEAM = 20
_PEOPLE_PER_TEAM = 12


def weekly(people: Sequence[str], zone: str, random: Random) -> Fields:
    """Return a handoff on Mondays at nine."""
    start = f"2026-01-05T{random.choice(('08:00', '09:00', '10:30'))}"
    return _schedule(zone, [_rotation("primary", people, start, "1w")])


def daily(people: Sequence[str], zone: str, random: Random) -> Fields:
    """Return a handoff every day, now and then at an hour that a clock change skips or repeats."""
    start = f"2026-01-05T{random.choice(('02:00', '02:30', '09:00', '17:00'))}"
    return _schedule(zone, [_rotation("primary", people, start, "1d")])


def half_days(people: Sequence[str], zone: str, random: Random) -> Fields:
    """Return shifts of twelve hours, by the wall clock or by elapsed time.

    The number of people is odd, so that they share the nights.
    """
    odd = people[: len(people) - 1 + len(people) % 2]
    rotation = _rotation("day-and-night", odd, "2026-01-05T08:00", "12h")
    return _schedule(zone, [{**rotation, "clock": random.choice(("civil", "elapsed"))}])


def restricted(people: Sequence[str], zone: str, random: Random) -> Fields:
    """Return one layer for nights and weekends, and over it one for the hours of the office."""
    half = len(people) // 2
    opens, closes = random.choice((("08:00", "18:00"), ("09:00", "17:30")))
    nights = _rotation("nights-and-weekends", people[:half], "2026-01-05T09:00", "1w")
    office = _rotation("office-hours", people[half:], "2026-01-05T09:00", "1d")
    hours: Fields = {"days": WORKING_DAYS, "from": opens, "to": closes}
    return _schedule(zone, [nights, {**office, "hours": [hours]}])


def office_hours(people: Sequence[str], zone: str, random: Random) -> Fields:
    """Return only the hours of the office, and `coverage` says that no more is meant."""
    opens, closes = random.choice((("08:00", "18:00"), ("09:00", "17:30")))
    hours: Fields = {"days": WORKING_DAYS, "from": opens, "to": closes}
    rotation = _rotation("desk", people, "2026-01-05T00:00", "1w")
    return {"timezone": zone, "coverage": [hours], "rotations": [{**rotation, "hours": [hours]}]}


def follow_the_sun(people: Sequence[str], zone: str, random: Random) -> Fields:
    """Return three rotations in three zones, each restricted to its day."""
    rotations: list[Fields] = []
    for ordinal, (site, opens, closes) in enumerate(random.choice(_SUNS)):
        hours: Fields = {"days": EVERY_DAY, "from": opens, "to": closes}
        name = site.split("/")[1].lower().replace("_", "-")
        rotation = _rotation(name, people[ordinal::3], "2026-01-05T00:00", "1w")
        rotations.append({**rotation, "timezone": site, "hours": hours})
    return _schedule(zone, rotations)


def overridden(people: Sequence[str], zone: str, random: Random) -> Fields:
    """Return weeks, with days that colleagues have taken over.

    None in the 90 days from 2026-11-20: in so few weeks, a few days would look unfair (`OM314`).
    """
    overrides: list[Fields] = []
    for month in ("2026-08", "2026-09", "2026-10", *(f"2027-{month:02}" for month in range(3, 9))):
        day = random.randint(1, 20)
        first, last = f"{month}-{day:02}T09:00", f"{month}-{day + random.randint(1, 5):02}T09:00"
        overrides.append({"person": random.choice(people), "from": first, "to": last})
    return {**weekly(people, zone, random), "overrides": overrides}


def months(people: Sequence[str], zone: str, random: Random) -> Fields:
    """Return calendar months from the 31st, which February does not have.

    Now and then two people are on call together.
    """
    pairs: list[Value] = [list(people[at : at + 2]) for at in range(0, len(people) - 1, 2)]
    participants: Sequence[Value] = random.choice((pairs, people))
    return _schedule(zone, [_rotation("month", participants, "2026-01-31T09:00", "1mo")])


SHAPES: tuple[Callable[[Sequence[str], str, Random], Fields], ...] = (
    weekly,
    half_days,
    restricted,
    follow_the_sun,
    overridden,
    months,
    daily,
    office_hours,
)


def handed_on(people: Sequence[str], zone: str, random: Random) -> Fields:
    """Return what follows the sun, holidays or not: the windows name them."""
    fields = follow_the_sun(people, zone, random)
    for rotation in fields["rotations"]:
        rotation["hours"]["days"] = [*EVERY_DAY, "hol"]
    return fields


_WITH_HOLIDAYS = {
    restricted: restricted,
    office_hours: office_hours,
    follow_the_sun: handed_on,
}
"""Shapes with hours, three of eight, that keep the holidays of their country, and how."""


def schedule_files(count: int, seed: int) -> Iterator[RegistryFile]:
    """Yield the files of a registry of nothing but schedules, holidays and the people in them."""
    calendars = tuple(
        Entity("holidays", country.lower(), {"country": country})
        for country in sorted(COUNTRIES.values())
    )
    yield RegistryFile("holidays.yaml", "Days on which an office is closed", calendars)
    for desk in range(-(-count // _SCHEDULES_PER_TEAM)):
        random = Random(f"{seed}/desk/{desk}")
        team = f"desk-{desk:04}"
        people = range(desk * _PEOPLE_PER_TEAM, (desk + 1) * _PEOPLE_PER_TEAM)
        ids = [person_id(ordinal) for ordinal in people]
        who = (_desk(desk, team, ids), *(_person(ordinal, random) for ordinal in people))
        yield RegistryFile(f"{team}/people.yaml", f"Desk {desk}", who)
        first = desk * _SCHEDULES_PER_TEAM
        ordinals = range(first, min(first + _SCHEDULES_PER_TEAM, count))
        schedules = tuple(_numbered(ordinal, team, ids, random) for ordinal in ordinals)
        yield RegistryFile(f"{team}/oncall.yaml", f"Who is paged at desk {desk}", schedules)


def _desk(ordinal: int, team: str, people: Sequence[str]) -> Entity:
    fields: Fields = {"name": f"Desk {ordinal}", "function": "support", "lead": people[0]}
    return Entity("teams", team, {**fields, "members": people})


def _person(ordinal: int, random: Random) -> Entity:
    return Entity("people", person_id(ordinal), person(ordinal, random))


def _numbered(ordinal: int, team: str, people: Sequence[str], random: Random) -> Entity:
    # Ten zones and eight shapes: the quotient shifts them, so that every pair comes up.
    zone = ZONES[(ordinal + ordinal // len(SHAPES)) % len(ZONES)]
    some = random.sample(people, random.randint(6, 9))
    shape = SHAPES[ordinal % len(SHAPES)]
    fields: Fields = {"team": team, **_WITH_HOLIDAYS.get(shape, shape)(some, zone, random)}
    if shape in _WITH_HOLIDAYS:
        fields["holidays"] = [COUNTRIES[zone].lower()]
    return Entity("schedules", f"{team}-{ordinal:05}", fields)


def _schedule(zone: str, rotations: Sequence[Fields]) -> Fields:
    return {"timezone": zone, "coverage": "always", "rotations": rotations}


def _rotation(name: str, participants: Sequence[Value], start: str, every: str) -> Fields:
    return {"name": name, "participants": list(participants), "start": start, "every": every}
