"""Registries made up at random: who is paged in which hours, what is told, and how that is bound.

Every alert is on a metric that is 1, and fires. Hours and holidays begin and end with hours to
spare around the instant that is asked for.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Any

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def random_registry(random: Random, name: str, now: datetime) -> dict[str, Any]:
    """Make a registry whose alerts carry its name as the label `registry`; `now` is in UTC."""
    people = {
        f"p{one}": {"name": f"Person {one}", "email": f"p{one}@x.example"} for one in range(5)
    }
    schedules = {f"s{one}": _schedule(random, now) for one in range(random.randint(1, 3))}
    roles = {
        "lead": {"title": "Lead", "holder": random.choice(list(people))},
        "pager": {"title": "On call", "schedule": "s0"},
    }
    paged = [*people, *schedules, *roles]
    escalations = {
        f"e{one}": _escalation(random, now, paged) for one in range(random.randint(1, 4))
    }
    channels = {
        f"c{one}": {"kind": "slack", "address": "#x"} for one in range(random.randint(1, 3))
    }
    named = random.sample([*schedules, *escalations, *channels], 2)
    alerts = {
        f"a{one}": _alert(random, name, [*escalations, *schedules], list(channels))
        for one in range(random.randint(2, 6))
    }
    return {
        "opmodel": 1,
        "name": name,
        "stage": "poc",
        "timezone": random.choice(["UTC", "Asia/Kolkata"]),
        "people": people,
        "teams": {"crew": {"name": "Crew", "lead": "p0", "members": list(people)}},
        "roles": roles,
        "schedules": schedules,
        "escalations": escalations,
        "channels": channels,
        "holidays": {"today": {"dates": [(now + timedelta(days=one)).date().isoformat() for one in (-1, 0, 1)]}},
        "fields": {"intent": {"group": "slice"}},
        "metrics": {"one": {"bucket": "cost", "response": "page", "slices": ["intent"],
                            "query": f'max(loop{{registry="{name}"}})'}},
        "alerts": alerts,
        "bindings": {f"b-{one}": {"receiver": f"the {one}", "means": one} for one in named},
    }  # fmt: skip


def _schedule(random: Random, now: datetime) -> dict[str, Any]:
    people = random.sample([f"p{one}" for one in range(5)], random.randint(1, 4))
    start = (now - timedelta(days=random.randint(3, 30))).strftime("%Y-%m-%dT12:00")
    rotation: dict[str, Any] = {"name": "r", "participants": people, "start": start, "every": "1w"}
    if not random.randrange(4):
        rotation["hours"] = _hours(random, now)
    return {"team": "crew", "timezone": "UTC", "rotations": [rotation]}


def _escalation(random: Random, now: datetime, paged: list[str]) -> dict[str, Any]:
    steps = [
        {"after": f"{15 * one}m", "notify": random.sample(paged, random.randint(1, 2))}
        for one in range(random.randint(1, 3))
    ]
    found: dict[str, Any] = {"steps": steps}
    if random.randrange(2):
        found |= {"timezone": "UTC", "hours": _hours(random, now)}
        if random.randrange(2):
            found["holidays"] = ["today"]
            if random.randrange(2):
                found["hours"] = [{**one, "days": ["hol"]} for one in found["hours"]]
    return found


def _hours(random: Random, now: datetime) -> list[dict[str, Any]]:
    """Make a window that is open, or one that is not, with two hours to spare."""
    first, last = random.choice([(-4, 4), (3, 9), (-9, -3)])
    start, end = ((now.hour + one) % 24 for one in (first, last))
    days = random.choice([list(DAYS), random.sample(DAYS, 4)])
    return [{"days": days, "from": f"{start:02}:00", "to": f"{end:02}:00"}]


def _alert(random: Random, name: str, paging: list[str], channels: list[str]) -> dict[str, Any]:
    when = random.choice(
        [{"above": 0.5}, {"below": "150%"}, {"expr": f'sum(loop{{registry="{name}"}}) == 1'}]
    )
    found: dict[str, Any] = {
        "metric": "one", "owner": random.choice(["p0", "lead"]), "severity": "sev2",
        "response": "page", "when": when, "labels": {"registry": name},
    }  # fmt: skip
    kind = random.randrange(4)
    if not kind:
        found |= {"response": "ticket", "severity": "sev3"}
    else:
        found["escalation"] = random.choice(paging)
    if kind != 1:
        found["notify"] = random.sample(channels, random.randint(1, len(channels)))
    if not random.randrange(3):
        found["debounce"] = random.choice(["30m", "1h30m"])
    return found
