"""Files that a stranger's pull request may bring: what they hold thousands of once cost a square.

Each shape is written for a number of things; `FULL` has the numbers of a whole run. The tests count
operations over these and more shapes (`tests/test_hostile_shapes.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping


def each(line: str, count: int) -> str:
    """Write a line so many times, its number for each `#`."""
    return "".join(line.replace("#", str(number)) for number in range(count))


def comments(count: int) -> str:
    """Write so many people, each with a comment that takes no finding out."""
    return "people:\n" + each("  p#: {name: P}  # opmodel: ignore[OM408] known\n", count)


def rotation(count: int) -> str:
    """Write a rotation of so many people, and a metric that is paged for."""
    names = ", ".join(f"p{number}" for number in range(count))
    return (
        "people:\n" + each("  p#: {name: P, email: p#@stranger.example}\n", count) +
        "schedules:\n  s:\n    rotations:\n      - name: r\n        start: 2026-01-05T09:00\n"
        f"        every: 1w\n        participants: [{names}]\n"
        "metrics: {m: {bucket: quality, response: page}}\n"
    )  # fmt: skip


def participants(count: int) -> str:
    """Write a rotation of so many people, and an alert that pages whoever is on it."""
    alert = "alerts: {a: {metric: m, response: page, severity: sev1, escalation: s}}\n"
    return rotation(count) + alert


def errors(count: int) -> str:
    """Write so many fields that do not exist."""
    return "metrics:\n" + each("  m#: {bukket: cost}\n", count)


def names(count: int) -> str:
    """Write so many references to people that do not exist, each nearly as one that does."""
    owned = each("  m#: {bucket: cost, response: page, owner: persn-#}\n", count)
    return "people:\n" + each("  person-#: {name: P}\n", count) + "metrics:\n" + owned


def overrides(count: int) -> str:
    """Write so many overrides, all of which overlap."""
    override = "      - {person: p1, from: 2026-11-01T09:00, to: 2026-12-20T09:00}\n"
    return (
        "people:\n" + each("  p#: {name: P, email: p#@stranger.example}\n", 2) +
        "schedules:\n  s:\n    rotations:\n      - name: r\n        start: 2026-01-05T09:00\n"
        "        every: 1w\n        participants: [p0, p1]\n    overrides:\n" + override * count
    )  # fmt: skip


SHAPES: Mapping[str, Callable[[int], str]] = {
    "comments that silence nothing": comments,
    "participants of one rotation": participants,
    "fields that do not exist": errors,
    "names that nobody has": names,
    "overrides that overlap": overrides,
}
FULL: Mapping[str, int] = {
    "comments that silence nothing": 12_000,
    "participants of one rotation": 5_000,
    "fields that do not exist": 20_000,
    "names that nobody has": 5_000,
    "overrides that overlap": 5_000,
}
"""How many things each has in a whole run: half a megabyte."""
