"""A curve over time as a picture: the mean of each window, the threshold, and what was sent.

It is drawn here, and not by a script: it stands on paper, and where scripts are off.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from registry.clock.words import date_and_time
from registry.traces.quality import MetricQuality, ScoreWindow
from registry.traces.quality_answer import shown_value

WIDTH, HEIGHT = 720, 206
"""The size of a picture, in its own units."""
LEFT, RIGHT, TOP, BOTTOM = 56, 712, 20, 140
"""Between which the curve lies."""
BARS, FLOOR = 150, 182
"""Between which the share of bad scores is drawn."""
_POINTS = 240
"""Points of a curve: of more windows, several together are one."""
_DOTS = 80
"""As many points are still told apart as dots."""
_ROOM = 0.08
"""Free above and below the curve, of its height."""


class Mark(NamedTuple):
    """Something at a place of a picture, and what a reader is told of it."""

    x: float
    y: float
    said: str
    is_bad: bool


class Curve(NamedTuple):
    """A picture: `lines` and `bands` are paths; `bars` are `(x, y, width, height)`.

    `limit` is how high the threshold lies, None where there is none; `together` how many windows
    one point may stand for.
    """

    lines: tuple[str, ...]
    bands: tuple[str, ...]
    dots: tuple[Mark, ...]
    bars: tuple[tuple[float, float, float, float], ...]
    ticks: tuple[tuple[float, str], ...]
    limit: float | None
    sent: tuple[Mark, ...]
    first: str
    last: str
    together: int


class _Point(NamedTuple):
    """Windows that are one point: from when to when (µs), mean, least, greatest, share of bad.

    `place` counts points from the first, those that have no score included.
    """

    place: int
    start: int
    end: int
    mean: float
    least: float
    most: float
    bad: float


def curve(one: MetricQuality, sent: Sequence[tuple[int, str]], zone: str) -> Curve:
    """Draw a metric that has windows; `sent` are instants (µs) and what is said of each.

    Times are told in `zone`.
    """
    together = _together(one.windows)
    points = list(_points(one.windows, together))
    frame = _Frame(one, points, [at for at, _ in sent])
    runs = list(_runs(points))
    return Curve(
        tuple(_line(frame, run) for run in runs),
        tuple(_band(frame, run) for run in runs) if together > 1 else (),
        tuple(_dots(frame, one, points, zone)),
        tuple(_bars(frame, points)) if one.bad is not None else (),
        tuple((frame.y(value), shown_value(value)) for value in frame.ticks()),
        None if one.limit is None else frame.y(one.limit.limit),
        tuple(Mark(frame.x(at), TOP - 4, said, is_bad=True) for at, said in sent),
        date_and_time(frame.first, zone),
        date_and_time(frame.last, zone),
        together,
    )


class _Frame:
    """How instants and values become places of a picture: all of what is drawn lies within."""

    def __init__(self, one: MetricQuality, points: Sequence[_Point], sent: Sequence[int]) -> None:
        values = [value for each in points for value in (each.least, each.most)]
        if one.limit is not None:
            values.append(one.limit.limit)
        low, high = min(values), max(values)
        room = (high - low) * _ROOM or abs(high) * _ROOM or 1.0
        self.low, self.high = low - room, high + room
        self.first = min(points[0].start, *sent, points[0].start)
        self.last = max(points[-1].end, *sent, points[-1].end)

    def x(self, at: int) -> float:
        """Return how far to the right an instant lies."""
        return round(LEFT + (RIGHT - LEFT) * (at - self.first) / (self.last - self.first), 1)

    def y(self, value: float) -> float:
        """Return how far down a value lies."""
        share = (value - self.low) / (self.high - self.low)
        return round(BOTTOM - (BOTTOM - TOP) * share, 1)

    def ticks(self) -> Iterator[float]:
        """Yield some round values from the lowest up."""
        step = _round_step((self.high - self.low) / 3)
        number = math.ceil(self.low / step)
        while number * step <= self.high:
            yield float(f"{number * step:.12g}")
            number += 1


def _round_step(size: float) -> float:
    """Return the least of 1, 2 and 5 times a power of ten that is no smaller than a size."""
    power = 10.0 ** math.floor(math.log10(size))
    return next(power * one for one in (1, 2, 5, 10) if power * one >= size)


def _together(windows: Sequence[ScoreWindow]) -> int:
    """Tell how many windows in a row are one point, so that a picture has few enough of them."""
    length = windows[0].end - windows[0].start
    return -(-(windows[-1].end - windows[0].start) // (length * _POINTS))


def _points(windows: Sequence[ScoreWindow], together: int) -> Iterator[_Point]:
    first, length = windows[0].start, (windows[0].end - windows[0].start) * together
    for place, group in groupby(windows, lambda one: (one.start - first) // length):
        some = list(group)
        scores = sum(one.scores for one in some)
        yield _Point(
            place,
            some[0].start,
            some[-1].end,
            math.fsum(one.mean * one.scores for one in some) / scores,
            min(one.mean for one in some),
            max(one.mean for one in some),
            sum(one.bad or 0 for one in some) / scores,
        )


def _runs(points: Sequence[_Point]) -> Iterator[list[_Point]]:
    """Part a curve where there is no score between two points."""
    run: list[_Point] = []
    for one in points:
        if run and one.place > run[-1].place + 1:
            yield run
            run = []
        run.append(one)
    yield run


def _middle(one: _Point) -> int:
    return (one.start + one.end) // 2


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in places)


def _line(frame: _Frame, run: Sequence[_Point]) -> str:
    return _path([(frame.x(_middle(one)), frame.y(one.mean)) for one in run])


def _band(frame: _Frame, run: Sequence[_Point]) -> str:
    """Draw between the least and the greatest mean of the windows that are one point."""
    above = [(frame.x(_middle(one)), frame.y(one.most)) for one in run]
    below = [(frame.x(_middle(one)), frame.y(one.least)) for one in reversed(run)]
    return f"{_path([*above, *below])}Z"


def _dots(frame: _Frame, one: MetricQuality, points: Sequence[_Point], zone: str) -> Iterator[Mark]:
    """Yield a dot for each point where they are few, else where one stands alone."""
    alone = {id(run[0]) for run in _runs(points) if len(run) == 1}
    for each in points:
        if len(points) <= _DOTS or id(each) in alone:
            is_bad = one.limit is not None and one.limit.holds(each.mean, None)
            said = f"{date_and_time(each.start, zone)}: {shown_value(each.mean)}"
            yield Mark(frame.x(_middle(each)), frame.y(each.mean), said, is_bad)


def _bars(frame: _Frame, points: Sequence[_Point]) -> Iterator[tuple[float, float, float, float]]:
    for one in points:
        if one.bad:
            left, right = frame.x(one.start), frame.x(one.end)
            height = round((FLOOR - BARS) * one.bad, 1)
            yield left, round(FLOOR - height, 1), max(round(right - left - 0.5, 1), 0.5), height
