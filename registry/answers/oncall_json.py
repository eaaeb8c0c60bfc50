"""Schedules for scripts: the format `opmodel.oncall.v1`."""

import json
from collections.abc import Sequence
from typing import Any

from registry.civil import utc
from registry.oncall.shift import Shift
from registry.options import iso
from registry.rota import Rota, Turn

FORMAT = "opmodel.oncall.v1"


def render(found: Sequence[Rota]) -> str:
    """Write one schedule as an object, several (or none) as a list of such objects."""
    rows = [_rota(one) for one in found]
    return json.dumps(rows[0] if len(rows) == 1 else rows, indent=1) + "\n"


def render_next(found: Sequence[Turn], at: int) -> str:
    """Write who is on call now and next."""
    rows = [
        {
            "schedule": one.schedule,
            "now": _shift(one.now),
            "next": [_shift(shift) for shift in one.following],
        }
        for one in found
    ]
    return json.dumps({"format": FORMAT, "at": iso(utc(at)), "schedules": rows}, indent=1) + "\n"


def _rota(one: Rota) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "schedule": one.schedule,
        "from": iso(utc(one.start)),
        "to": iso(utc(one.end)),
        "shifts": [_shift(shift) for shift in one.shifts],
        "gaps": [{"start": iso(utc(a)), "end": iso(utc(b))} for a, b in one.gaps],
        "figures": {
            "gap_hours": one.figures.gaps / 3_600_000_000,
            "balance": round(one.figures.balance, 6),
            "longest_hours": one.figures.longest / 3_600_000_000,
            "lone_nights": one.figures.lone_nights,
        },
    }


def _shift(shift: Shift) -> dict[str, Any]:
    why = shift.because
    key = "override" if isinstance(why, int) else "rotation"
    return {
        "start": iso(utc(shift.start)),
        "end": iso(utc(shift.end)),
        "people": list(shift.people),
        "because": {key: why} if why is not None else None,
    }
