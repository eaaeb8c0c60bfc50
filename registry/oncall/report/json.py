"""Schedules for scripts: the format `opmodel.oncall.v1`."""

from collections.abc import Sequence
from typing import Any

from registry.clock.civil import utc
from registry.clock.tzif import HOUR
from registry.oncall.absence import Unreachable
from registry.oncall.interval import Interval
from registry.oncall.rota import Open, Rota, Turn, is_endless
from registry.oncall.shift import Shift
from registry.output.json import dump
from registry.workspace.options import iso

FORMAT = "opmodel.oncall.v1"

Json = dict[str, Any]


def render(found: Sequence[Rota], *, alone: bool) -> str:
    """Write one schedule as an object where it was asked for alone, else a list of such objects."""
    rows = [dump(_rota(one)) for one in found]
    if alone:
        return f"{rows[0]}\n"
    return "[" + ",".join(f"\n  {row}" for row in rows) + ("\n]\n" if rows else "]\n")


def render_next(found: Sequence[Turn], at: int) -> str:
    """Write who is on call now and next; the end of a shift that never ends is null."""
    rows = [
        {
            "schedule": one.schedule,
            "now": _shift(one.now),
            "next": [_shift(shift) for shift in one.following],
            "unreachable": one.unreachable.because if one.unreachable else None,
            "doubt": one.doubt,
        }
        for one in found
    ]
    return dump({"format": FORMAT, "at": iso(utc(at)), "schedules": rows}) + "\n"


def render_gaps(
    found: Sequence[Open], start: int, end: int, unread: Sequence[str], hidden: str | None = None
) -> str:
    """Write the open times; `unread` are the schedules that did not load.

    `hidden` says what could not be read, where that may hold more.
    """
    rows = [
        {
            "schedule": one.schedule,
            "pattern": pattern.text,
            "times": pattern.times,
            "hours": pattern.total / HOUR,
            "first": _span(pattern.first),
            "last": _span(pattern.last),
        }
        for one in found
        for pattern in one.patterns
    ]
    shape = {
        "format": FORMAT,
        "from": iso(utc(start)),
        "to": iso(utc(end)),
        "schedules": [one.schedule for one in found],
        "gaps": rows,
        "unreachable": [
            {"schedule": one.schedule, **_lost(lost)} for one in found for lost in one.unreachable
        ],
        "doubts": {one.schedule: one.doubt for one in found if one.doubt}
        | dict.fromkeys(unread, "the schedule did not load"),
        "unread": hidden,
    }
    return dump(shape) + "\n"


def _rota(one: Rota) -> Json:
    figures = one.figures()
    return {
        "format": FORMAT,
        "schedule": one.schedule,
        "from": iso(utc(one.start)),
        "to": iso(utc(one.end)),
        "shifts": [_shift(shift) for shift in one.shifts],
        "gaps": [_span(gap) for gap in one.gaps],
        "unreachable": [_lost(lost) for lost in one.unreachable],
        "figures": {
            "gap_hours": figures.gaps / HOUR,
            "balance": round(figures.balance, 6),
            "longest_hours": figures.longest / HOUR,
            "lone_nights": figures.lone_nights,
        },
        "doubt": one.doubt,
    }


def _shift(shift: Shift) -> Json:
    why = shift.because
    told: Json = {"override": why} if isinstance(why, int) else {}
    if shift.base is not None:
        told = {**told, "rotation": shift.base}
    return {
        "start": iso(utc(shift.start)),
        "end": None if is_endless(shift) else iso(utc(shift.end)),
        "people": list(shift.people),
        "because": told or None,
        "shadows": list(shift.shadows),
    }


def _lost(lost: Unreachable) -> Json:
    span = _span(Interval(lost.start, lost.end))
    return {**span, "people": list(lost.people), "because": lost.because}


def _span(span: Interval) -> Json:
    return {"start": iso(utc(span.start)), "end": iso(utc(span.end))}
