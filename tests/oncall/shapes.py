"""Random schedules of every kind, as plain data, near changes of clocks."""

from datetime import datetime, timedelta

from registry.model.oncall import Schedule
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
    return schedule, around


def _change(random):
    zone = random.choice(list(CHANGES))
    return zone, datetime.fromisoformat(random.choice(CHANGES[zone]))


def model(schedule):
    """Read plain data as the loader does."""
    return validated(Schedule, {"it": schedule})["it"]


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

    People who are away or have left, deputies, roles, schedules that meet, escalations that pick,
    an alert for each and for a schedule, a switch that some of them may flip.
    """
    near = _change(random)
    asked = near[1] + _some_time(random, -2 * 96, 2 * 96)
    schedules = {f"rota-{n}": scene(random, near)[0] for n in range(random.randint(1, 3))}
    names = [*PEOPLE, *schedules, "lead", "commander", "lead", "commander"]
    escalations = {f"page-{n}": _escalation(random, names) for n in range(2)}
    found = {
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
    again = {"repeat": 1, "repeat_after": "30m"} if random.random() < 0.3 else {}
    return {"steps": steps} | again
