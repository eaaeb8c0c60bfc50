"""Random schedules of every kind, as plain data, near changes of clocks."""

from datetime import datetime, timedelta

from registry.model.holidays import Calendars, HolidayCalendar
from registry.model.oncall import Escalation, Schedule
from registry.workspace.decode import validated

CHANGES = {
    "Australia/Lord_Howe": ["2026-04-04T15:00", "2026-10-03T15:30"],
    "Antarctica/Troll": ["2026-03-29T01:00", "2026-10-25T01:00"],
    "Pacific/Apia": ["2011-12-30T10:00", "2011-09-24T14:00"],
    "Pacific/Kwajalein": ["1993-08-21T12:00"],
    "Europe/Dublin": ["2026-03-29T01:00", "2026-10-25T01:00"],
    "America/New_York": ["2026-03-08T07:00", "2026-11-01T06:00"],
    "Africa/Cairo": ["2026-04-23T22:00", "2026-10-29T21:00"],
    "Africa/Casablanca": ["2026-02-15T02:00", "2026-03-22T02:00"],
    "America/Santiago": ["2026-04-05T03:00", "2026-09-06T04:00"],
    "America/Havana": ["2026-03-08T05:00"],
    "Pacific/Chatham": ["2026-04-04T14:00"],
    "Europe/Berlin": ["2026-03-29T01:00", "2040-10-28T01:00"],
    "Asia/Kathmandu": ["2026-06-01T00:00"],
    "UTC": ["2028-02-29T00:00"],
}
"""Zones with a clock change to look at closely: by half an hour, two hours, a whole day."""

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
PEOPLE = ["ana", "ben", "cho", "dee", "eva"]


def scene(random, near=None):
    """Return (schedule as plain data, an instant near which its clocks change; naive UTC).

    `near` is a zone and such an instant, where several schedules are to meet.
    """
    zone, around = near or _change(random)
    schedule = {
        "timezone": zone,
        "rotations": [
            _rotation(random, f"layer-{number}", around, zone)
            for number in range(random.choice([0, 1, 1, 1, 2, 2, 3]))
        ],
        "overrides": [_override(random, around) for _ in range(random.choice([0, 0, 1, 2, 4]))],
    }
    if random.random() < 0.3:
        schedule["coverage"] = [_window(random) for _ in range(random.randint(1, 2))]
    if random.random() < 0.5:
        _add_holidays(random, schedule, around)
    return schedule, around


def paging(random):
    """Return (escalation as plain data, an instant near which its zone's clocks change).

    Delays are minutes; every step pages one person, whose id is the step's number.
    """
    zone = random.choice(list(CHANGES))
    around = datetime.fromisoformat(random.choice(CHANGES[zone]))
    delays = sorted(random.choice([0, 5, 15, 60, 600, 2000]) for _ in range(random.randint(1, 4)))
    steps = [{"after": after, "notify": [PEOPLE[number]]} for number, after in enumerate(delays)]
    escalation = {"steps": steps, "timezone": zone}
    if random.random() < 0.4:
        escalation |= {"repeat": random.randint(1, 2), "repeat_after": 45}
    for own in (escalation, *steps):
        if random.random() < 0.6:
            windows = [_window(random) for _ in range(random.randint(1, 2))]
            own["hours"] = windows if random.random() < 0.7 else windows[0]
            if random.random() < 0.6:
                own["outside"] = random.choice(["hold", "skip"])
        if own is not escalation and random.random() < 0.2:
            own["timezone"] = random.choice(list(CHANGES))
    if random.random() < 0.6:
        _add_calendars(random, escalation, around)
        escalation["holidays"] = _named(random)
        for step in steps:
            if random.random() < 0.2:
                step["holidays"] = _named(random)
        _start_on_holidays(random, (escalation, "hours"), *((step, "hours") for step in steps))
    return escalation, around


def calendars(raw):
    """Read a scene's calendars as the loader does."""
    return Calendars(validated(HolidayCalendar, raw.get("calendars", {})))


def _change(random):
    zone = random.choice(list(CHANGES))
    return zone, datetime.fromisoformat(random.choice(CHANGES[zone]))


def model(schedule):
    """Read plain data as the loader does."""
    plain = {key: value for key, value in schedule.items() if key != "calendars"}
    return validated(Schedule, {"it": plain})["it"].bound(calendars(schedule))


def escalation_model(raw):
    """Read an escalation's plain data as the loader does."""
    plain = {key: value for key, value in raw.items() if key != "calendars"}
    if "repeat_after" in plain:
        plain["repeat_after"] = f"{plain['repeat_after']}m"
    plain["steps"] = [{**step, "after": f"{step['after']}m"} for step in plain["steps"]]
    return validated(Escalation, {"it": plain})["it"].bound(calendars(raw))


def _add_holidays(random, schedule, around):
    _add_calendars(random, schedule, around)
    schedule["holidays"] = _named(random)
    for rotation in schedule["rotations"]:
        if random.random() < 0.25:
            rotation["holidays"] = random.choice([[], _named(random)])
    keeping = [one for one in schedule["rotations"] if one.get("holidays") != []]
    _start_on_holidays(random, (schedule, "coverage"), *((one, "hours") for one in keeping))


def _add_calendars(random, registry, around):
    dates = []
    for _ in range(random.randint(1, 6)):
        first = (around + _some_time(random, -12 * 96, 12 * 96)).date()
        last = first + timedelta(days=random.randint(0, 4))
        dates.append(random.choice([str(first), {"from": str(first), "to": str(last)}]))
    registry["calendars"] = {
        "berlin": {"country": "DE", "subdivision": "BE"},
        "us": {"country": "US"},
        "own": {"dates": dates},
    }


def _named(random):
    return random.sample(["berlin", "us", "own", "own"], random.randint(1, 2))


def _start_on_holidays(random, *places):
    """Let some windows start on holidays, and some on these alone."""
    for own, field in places:
        windows = own.get(field, [])
        for window in [windows] if isinstance(windows, dict) else windows:
            if "days" in window and random.random() < 0.5:
                window["days"] = [*random.choice([[], window["days"]]), "hol"]


def _rotation(random, name, around, zone):
    start = around + _some_time(random, -40 * 96, 2 * 96)
    rotation = {
        "name": name,
        "participants": [_turn(random) for _ in range(random.choice([0, 1, 2, 3, 3, 4]))],
        "start": _written(random, start),
        "every": random.choice(["1h", "2h", "7h", "12h", "1d", "1d", "2d", "1d12h", "1w", "1mo"]),
    }
    if random.random() < 0.2:
        rotation["clock"] = "elapsed"
        rotation["every"] = rotation["every"].replace("1mo", "2w")
    if random.random() < 0.25:
        rotation["end"] = _written(random, start + _some_time(random, 2 * 96, 60 * 96))
    if random.random() < 0.15:
        rotation["shadow"] = True
    if random.random() < 0.25:
        rotation["timezone"] = random.choice([zone, *CHANGES])
    if random.random() < 0.5:
        windows = [_window(random) for _ in range(random.randint(1, 3))]
        rotation["hours"] = windows if len(windows) > 1 or random.random() < 0.5 else windows[0]
        if "clock" not in rotation and random.random() < 0.4:
            rotation["advance"] = "served"
            rotation["every"] = random.choice(["1d", "1d", "2d", "24h", "1w"])
    return rotation


def _override(random, around):
    start = around + _some_time(random, -3 * 96, 3 * 96)
    end = start + _some_time(random, 2 * 96, 4 * 96)
    mode = random.choice([None, None, "takeover", "cover", "cover", "add", "nobody"])
    override = {} if mode is None else {"mode": mode}
    if mode != "nobody":
        several = random.random() < 0.3
        named = random.sample(PEOPLE, random.randint(1, 2)) if several else random.choice(PEOPLE)
        override["people" if several else "person"] = named
    if mode == "cover" and random.random() < 0.6:
        override["replaces"] = random.choice([random.choice(PEOPLE), random.sample(PEOPLE, 2)])
    override |= {"from": _written(random, start), "to": _written(random, end)}
    if random.random() < 0.4:
        override["timezone"] = random.choice(list(CHANGES))
    return override


def _turn(random):
    if random.random() < 0.8:
        return random.choice(PEOPLE)
    return random.sample(PEOPLE, random.randint(0, 2))


def _window(random):
    window = {"from": _clock(random), "to": _clock(random)}
    if random.random() < 0.8:
        window["days"] = random.sample(DAYS, random.randint(1, 7))
    if random.random() < 0.3:
        window["to_day"] = random.choice(DAYS)
    return window


def _clock(random):
    quarter = random.choice([random.randint(0, 96), random.randint(0, 16)])
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


def _written(random, at):
    """Write a time as people do: a date alone, local, or with an offset."""
    kind = random.random()
    if kind < 0.2:
        return at.date().isoformat()
    text = at.isoformat(timespec="minutes")
    return text if kind < 0.8 else text + random.choice(["Z", "+02:00", "-09:30"])


def _some_time(random, low, high):
    return timedelta(minutes=15 * random.randint(low, high))


def registry(random):
    """Return (a registry as plain data, without its manifest, and an instant to ask it about).

    Each schedule has the calendars beside it, for the walk; `written` puts them where they stand.
    People who are away or have left, deputies, roles, schedules that meet, escalations that pick,
    an alert for each and for a schedule, a switch that some of them may flip.
    """
    near = _change(random)
    asked = near[1] + _some_time(random, -2 * 96, 2 * 96)
    schedules = {f"rota-{n}": scene(random, near)[0] for n in range(random.randint(1, 3))}
    calendars = next((one["calendars"] for one in schedules.values() if "calendars" in one), {})
    for one in schedules.values():
        one["calendars"] = calendars
    names = [*PEOPLE, *schedules, "lead", "commander", "lead", "commander"]
    escalations = {f"page-{n}": _escalation(random, names) for n in range(2)}
    found = {
        "holidays": calendars,
        "people": {id_: _person(random, id_, asked) for id_ in PEOPLE},
        "roles": {
            "lead": {"title": "Lead", "holder": random.choice(PEOPLE)},
            "commander": {"title": "Commander", "schedule": random.choice(list(schedules))},
        },
        "schedules": schedules,
        "escalations": escalations,
        "kill_switches": {
            "stop": {"action": "Stop.", "operators": random.sample(names[:-2], random.randint(1, 2))}
        },
        "runbooks": {"outage": {"title": "Outage", "mitigations": [{"switch": "stop"}]}},
        "metrics": {"errors": {"bucket": "reliability", "response": "page"}},
        "alerts": {
            id_: {"metric": "errors", "response": "page", "runbook": "outage",
                  "severity": random.choice(["sev1", "sev2"]), "escalation": id_}
            for id_ in (*escalations, "rota-0")
        },
    }  # fmt: skip
    return found, asked


def written(found):
    """Return a registry's plain data as a file has it."""
    plain = {
        id_: {key: value for key, value in one.items() if key != "calendars"}
        for id_, one in found["schedules"].items()
    }
    return {key: value for key, value in (found | {"schedules": plain}).items() if value}


def _person(random, id_, asked):
    person = {"name": id_.title(), "contact": {"phone": "+44 20 7946 0000"}}
    if random.random() < 0.5:
        person["timezone"] = random.choice(list(CHANGES))
    if random.random() < 0.2:
        person["until"] = (asked + timedelta(days=random.randint(-20, 40))).date().isoformat()
    away = [_absence(random, asked) for _ in range(random.choice([0, 0, 1, 2]))]
    return person | ({"away": away} if away else {})


def _absence(random, asked):
    start = asked + timedelta(days=random.randint(-15, 30))
    absence = {"from": _written(random, start)}
    absence["to"] = (start + timedelta(days=random.randint(1, 25))).date().isoformat()
    return absence | ({"deputy": random.choice(PEOPLE)} if random.random() < 0.6 else {})


def _escalation(random, names):
    steps = []
    for number in range(random.randint(1, 3)):
        after = ["0m", "15m", "3h"][number]
        step = {"after": after, "notify": random.sample(names, random.choice([1, 1, 2, 3]))}
        if random.random() < 0.3:
            step["pick"] = "one"
        steps.append(step)
    found = {"steps": steps}
    if random.random() < 0.3:
        found |= {"repeat": 1, "repeat_after": "30m"}
    for own in (found, *steps) if random.random() < 0.3 else ():
        if random.random() < 0.5:
            own |= {"hours": _window(random), "outside": random.choice(["hold", "skip"])}
    return found
