"""Hours on call by person, nights and weekends apart: what a payroll needs."""

from collections.abc import Iterable

from registry.oncall.rota import Hours
from registry.output.contacts import hide_contacts
from registry.output.table import Column, Table
from registry.output.tables.csv import render as write

HEADINGS = ("schedule", "person", "name", "hours", "weekday_hours", "night_hours", "weekend_hours")


def render(found: Iterable[Hours]) -> bytes:
    """Write a row for each schedule and person; hours as decimals, each hour in one column."""
    rows = (
        (one.schedule, one.person, hide_contacts(one.name), *map(_hours, one[3:])) for one in found
    )
    columns = tuple(map(Column, HEADINGS))
    return write(Table("on-call-hours", "Hours on call", columns, tuple(rows)))


def _hours(time: int) -> str:
    """Write a time (µs) in hours, to the second."""
    return f"{time / 3_600_000_000:.4f}".rstrip("0").rstrip(".")
