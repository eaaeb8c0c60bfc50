"""Who is on call at one instant, found the slow way: the truth that the engine is held against.

Shares nothing with the engine. It takes schedules as plain data, reads zones with `zoneinfo` from
the bundled files, and for each instant tries every handoff, window and override in turn.
Calendars of holidays stand as plain data under `calendars`, and each day is looked up in them.
"""

import re
from datetime import UTC, datetime, time, timedelta
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

import holidays

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)


@cache
def zone(name):
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@lru_cache(maxsize=4096)
def read(wall, name):
    """Naive wall time to naive UTC; PEP 495's fold=0 is what Temporal calls compatible."""
    return wall - zone(name).utcoffset(wall.replace(fold=0))


@lru_cache(maxsize=1024)
def moment(text, name, ends=False):
    value = datetime.fromisoformat(text)
    if value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    if ends and len(text) == 10:
        value += timedelta(days=1)
    return read(value, name)


def months_later(wall, months):
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    day = wall.day
    while True:
        try:
            return wall.replace(year=year, month=month + 1, day=day)
        except ValueError:
            day -= 1


@lru_cache(maxsize=1024)
def units(every):
    return {unit: int(n) for n, unit in re.findall(r"(\d+)(mo|w|d|h)", every)}


def handoff(rotation, name):
    """Return the function that tells when a handoff is, by its number."""
    every = units(rotation["every"])
    start = datetime.fromisoformat(rotation["start"])
    first = moment(rotation["start"], name)
    months = every.get("mo", 0)
    length = timedelta(weeks=every.get("w", 0), days=every.get("d", 0), hours=every.get("h", 0))
    if rotation.get("clock") == "elapsed" and not months:
        return lambda number: first + length * number
    if start.tzinfo is not None:
        start = first.replace(tzinfo=UTC).astimezone(zone(name)).replace(tzinfo=None)

    def at(number):
        if number == 0:
            return first
        later = months_later(start, months * number) if months else start + length * number
        return read(later, name)

    return at


@lru_cache(maxsize=32)
def known(key, name):
    return handoff(dict(key), name), []


def handoffs(key, name, until):
    """Every handoff from the start to well past an instant, by number; what is known is kept."""
    when, found = known(key, name)
    last = until + timedelta(days=60)
    while not found or found[-1] <= last:
        found.append(when(len(found)))
    return found


def is_open(window, name, at, off):
    today = at.replace(tzinfo=UTC).astimezone(zone(name)).date()
    for ago in range(-3, 12):
        day = today - timedelta(days=ago)
        if starts_on(window, day, off):
            opens, closes = edges(window, day)
            if read(opens, name) <= at < read(closes, name):
                return True
    return False


def edges(window, day):
    opens = on(day, window["from"])
    last = day
    while True:
        if "to_day" not in window or DAYS[last.weekday()] == window["to_day"]:
            closes = on(last, window["to"])
            if closes > opens:
                return opens, closes
        last += timedelta(days=1)


@lru_cache(maxsize=4096)
def on(day, text):
    hours, minutes = map(int, text.split(":"))
    return datetime.combine(day, time()) + timedelta(hours=hours, minutes=minutes)


def listed(windows):
    return [windows] if isinstance(windows, dict) else windows


def rotation_says(rotation, schedule, at):
    name = rotation.get("timezone") or schedule.get("timezone") or "UTC"
    if at < moment(rotation["start"], name) or not rotation.get("participants"):
        return ()
    if "end" in rotation and at >= moment(rotation["end"], name, ends=True):
        return ()
    off = days_off(schedule, rotation if "holidays" in rotation else schedule)
    if "hours" in rotation and not any(
        is_open(w, name, at, off) for w in listed(rotation["hours"])
    ):
        return ()
    if rotation.get("advance") == "served":
        return served_people(rotation, name, at, off)
    fields = ("start", "every", "clock")
    key = tuple((field, rotation[field]) for field in fields if field in rotation)
    number = max(number for number, when in enumerate(handoffs(key, name, at)) if when <= at)
    people = rotation["participants"][number % len(rotation["participants"])]
    return (people,) if isinstance(people, str) else tuple(people)


def served_people(rotation, name, at, off):
    """Whoever has the turn of each day on which a window that is open has started."""
    first = (moment(rotation["start"], name)).replace(tzinfo=UTC).astimezone(zone(name)).date()
    every = units(rotation["every"])
    length = every.get("w", 0) * 7 + every.get("d", 0) + every.get("h", 0) // 24
    today = at.replace(tzinfo=UTC).astimezone(zone(name)).date()
    found = []
    for ago in range(-3, 12):
        day = today - timedelta(days=ago)
        for window in listed(rotation["hours"]):
            if day >= first and starts_on(window, day, off):
                opens, closes = edges(window, day)
                if read(opens, name) <= at < read(closes, name):
                    turn = served_before(rotation, first, day, off) // length
                    people = rotation["participants"][turn % len(rotation["participants"])]
                    found += [people] if isinstance(people, str) else people
    return tuple(dict.fromkeys(found))


def served_before(rotation, first, day, off):
    days = (first + timedelta(days=number) for number in range((day - first).days))
    return sum(any(starts_on(w, one, off) for w in listed(rotation["hours"])) for one in days)


def starts_on(window, day, off):
    """A holiday is a `hol` and no longer a weekday; a window without days starts on every day."""
    if "days" not in window:
        return True
    return "hol" in window["days"] if off(day) else DAYS[day.weekday()] in window["days"]


def days_off(registry, naming):
    """Tell of a day whether it is one of the calendars that are named."""
    calendars = [registry["calendars"][name] for name in naming.get("holidays", [])]
    return cache(lambda day: any(has(one, day) for one in calendars))


def has(calendar, day):
    if "country" in calendar:
        return day in country(calendar["country"], calendar.get("subdivision"), day.year)
    for one in calendar["dates"]:
        first = one if isinstance(one, str) else one["from"]
        last = first if isinstance(one, str) else one.get("to", first)
        if first <= day.isoformat() <= last:
            return True
    return False


@cache
def country(name, subdivision, year):
    return holidays.country_holidays(name, subdiv=subdivision, years=year, language="en_US")


def who(schedule, at):
    """Return (people, because) at a naive UTC instant; ((), None) for nobody.

    `because` is a rotation's name or an override's number, or (number, name) where both say so.
    """
    standing, why = (), None
    for rotation in reversed(schedule["rotations"]):
        people = rotation_says(rotation, schedule, at)
        if people and not rotation.get("shadow"):
            standing, why = people, rotation["name"]
            break
    below = why
    for index, override in enumerate(schedule.get("overrides", [])):
        name = override.get("timezone") or schedule.get("timezone") or "UTC"
        if moment(override["from"], name) <= at < moment(override["to"], name, ends=True):
            people = listed_people(override, "person", "people")
            mode = override.get("mode", "takeover")
            if mode == "nobody":
                standing, why, below = (), None, None
            elif mode == "takeover":
                standing, why, below = people, index, None
            elif mode == "add":
                standing = (*standing, *people)
                why = (index, below) if below else index
            else:
                replaced = listed_people(override, "replaces") or standing
                if set(replaced) & set(standing):
                    standing = (*(one for one in standing if one not in replaced), *people)
                    why = (index, below) if below else index
    return standing, why


def shadows(schedule, at):
    """Everyone of a shadow rotation who is told as well, where somebody is on call at all."""
    told = [rotation_says(one, schedule, at) for one in schedule["rotations"] if one.get("shadow")]
    people, _ = who(schedule, at) if any(told) else ((), None)
    return {one for own in told for one in own} - set(people) if people else set()


def listed_people(override, *fields):
    found = []
    for field in fields:
        value = override.get(field, [])
        found += [value] if isinstance(value, str) else value
    return tuple(found)


def is_meant(schedule, at):
    coverage = schedule.get("coverage", "always")
    name = schedule.get("timezone") or "UTC"
    off = days_off(schedule, schedule)
    return coverage == "always" or any(is_open(w, name, at, off) for w in listed(coverage))


def when_paged(escalation, number, run, at):
    """Return when a step of a run goes out for an alert, and whether it is skipped.

    None where it waits for hours that do not open within ten days.
    """
    begun = passes(escalation, escalation, escalation, at, "hold")
    if begun is None or begun == "skipped":
        return begun
    steps = escalation["steps"]
    longest = max(step["after"] for step in steps)
    due = begun + run * (longest + escalation.get("repeat_after", 0)) * MINUTE
    step = steps[number]
    return passes(escalation, step, {**escalation, **step}, due + step["after"] * MINUTE, "skip")


def passes(registry, own, inherited, at, usual):
    """Return `at`, or when the hours open, or `skipped`."""
    if "hours" not in own:
        return at
    name = inherited.get("timezone", "UTC")
    off = days_off(registry, inherited)
    outside = own.get("outside", usual)
    since = at
    for _ in range(10 * 96):
        if any(is_open(window, name, at, off) for window in listed(own["hours"])):
            return at
        if outside == "skip":
            return "skipped"
        at = since.replace(minute=since.minute // 15 * 15, second=0, microsecond=0) + QUARTER
        since = at
    return None


def is_gone(person, at, usual="UTC"):
    """Whether somebody is away or has left at a naive UTC instant; `usual` is a zone of no one."""
    name = person.get("timezone", usual)
    if "until" in person and at >= moment(person["until"], name, ends=True):
        return True
    return any(is_away(one, name, at) for one in person.get("away", []))


def is_away(absence, name, at):
    return moment(absence["from"], name) <= at < moment(absence["to"], name, ends=True)


def stand_in(people, id_, at, usual="UTC"):
    """Return who is paged by somebody's name: they, or the deputy of an absence of theirs."""
    person = people[id_]
    name = person.get("timezone", usual)
    if "until" in person and at >= moment(person["until"], name, ends=True):
        return id_
    for absence in person.get("away", []):
        deputy = absence.get("deputy")
        stands = deputy in people and deputy != id_ and is_away(absence, name, at)
        if stands and not is_gone(people[deputy], at, usual):
            return deputy
    return id_


def page(step, at, people, roles, schedules):
    """Return the choices of a step's page at an instant, each a set of people.

    There are several only where one of those that it names is picked.
    """
    reached = [set(behind(id_, at, people, roles, schedules)) for id_ in step["notify"]]
    return reached if step.get("pick") == "one" else [set().union(*reached)]


def behind(id_, at, people, roles, schedules):
    role = roles.get(id_, {})
    id_ = role.get("holder") or role.get("schedule") or id_
    if id_ in schedules:
        return who(schedules[id_], at)[0]
    return (stand_in(people, id_, at),) if id_ in people else ()
