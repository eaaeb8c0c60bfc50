"""Short ways to write schedules and instants in tests."""

from registry.clock.civil import utc
from registry.model.moments import read_instant
from registry.model.oncall import Escalation, Schedule
from registry.oncall.escalation import Directory
from registry.oncall.ledger import Ledger
from registry.workspace.decode import validated
from tests.oncall.shapes import model

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]


def at(text: str, zone: str | None = "UTC") -> int:
    return read_instant(text, zone)


def rotation(*people, start="2026-01-05T09:00", every="1w", name="primary", **more):
    return {"name": name, "participants": list(people), "start": start, "every": every, **more}


def schedule(*rotations, overrides=(), **more) -> Schedule:
    return model({"rotations": list(rotations), "overrides": list(overrides), **more})


def override(person, since, until, **more):
    return {"person": person, "from": since, "to": until, **more}


def escalation(*steps, **more) -> Escalation:
    """Steps are a delay and whom it pages; a mapping among these are further fields."""
    told = [
        {"after": after, "notify": [one for one in notify if isinstance(one, str)]}
        | next((one for one in notify if isinstance(one, dict)), {})
        for after, *notify in steps
    ]
    return validated(Escalation, {"it": {"steps": told, **more}})["it"]


def told(shifts) -> list[tuple[str, str, str]]:
    """Shifts as (start, people, because), the way that a person would write them down."""
    return [
        (f"{utc(shift.start):%m-%d %H:%M}", "+".join(shift.people), str(shift.because))
        for shift in shifts
    ]


def ledger(it: Schedule, start: int, end: int) -> Ledger:
    """Keep the shifts of one schedule, `it`, where there is nothing else."""
    return Ledger(Directory({}, {}, {"it": it}, {}), start, end)
