"""How good the answers were over time: scores by window, and what an alert on them would have done.

A score is of the metric whose id is the name of the evaluation, in any case and with `_` or `-`.
What is composed of others is computed window by window,
where all of them have a value.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from registry.clock.tzif import SECOND
from registry.model.metrics import Alert, Metric
from registry.model.unit import is_percent
from registry.traces.playing import PlayedCondition, Score, condition_of, fired
from registry.traces.recording import Recording
from registry.traces.spend import EPOCH
from registry.traces.tables import quoted
from registry.workspace.workspace import Workspace

WINDOW = 15 * 60 * SECOND
"""The window of a metric that does not say its own, in µs."""

_SURE = 3.0
"""Standard deviations by which a sampled share must be off before it is said to be another."""


class ScoreWindow(NamedTuple):
    """One stretch of time (instants, µs): its scores, their mean, how many are on the bad side.

    `bad` is None where no alert on the metric has a threshold.
    """

    metric: str
    start: int
    end: int
    scores: int
    mean: float
    bad: int | None


class PlayedAlert(NamedTuple):
    """An instant (µs) at which an alert would have been sent, and the value that it saw."""

    alert: str
    at: int
    value: float


class MetricQuality(NamedTuple):
    """One metric over the whole record.

    `judged` of `traces` have a score; `declared` is the share that the policy says, and `differs`
    whether these cannot be chance. `limit` is what `bad` counts against.
    """

    metric: str
    scores: int
    mean: float | None
    bad: int | None
    limit: PlayedCondition | None
    judged: int
    traces: int
    declared: str
    differs: bool
    windows: tuple[ScoreWindow, ...]

    @property
    def threshold(self) -> str:
        """Return what `bad` counts against as it is written; empty where there is none."""
        return "" if self.limit is None else self.limit.text


class NotPlayed(NamedTuple):
    """An alert whose condition cannot be played over the record, and why."""

    alert: str
    why: str


class Quality:
    """Answers for one recording; times are instants of the registry's clock, in µs."""

    def __init__(self, recording: Recording, workspace: Workspace, traces: int) -> None:
        self.recording = recording
        self.workspace = workspace
        self._metrics: Mapping[str, Metric] = workspace.all(Metric)
        self._traces = traces
        self._known: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[Score, ...]] = {}
        self._named = self._names()

    # -- scores ------------------------------------------------------------------------------------

    def _names(self) -> dict[str, str]:
        """Map the name of each evaluation that was recorded to its metric; "" where it has none."""
        own = {_folded(id_): id_ for id_ in self._metrics}
        rows = self.recording.store.rows("SELECT DISTINCT metric FROM scores")
        return {name: own.get(_folded(name), "") for (name,) in sorted(rows)}

    @property
    def strangers(self) -> tuple[tuple[str, int], ...]:
        """List the evaluations that are no metric's, with how many scores each has."""
        names = [name for name, metric in self._named.items() if not metric]
        rows = self.recording.store.rows(
            f"SELECT metric, count(*) FROM scores WHERE metric IN ({_texts(names)}) "
            "GROUP BY metric ORDER BY metric"
        )
        return tuple((name, int(count)) for name, count in rows)

    def scores(
        self,
        metric: str,
        of: tuple[tuple[str, str], ...] = (),
        within: frozenset[str] = frozenset(),
    ) -> tuple[Score, ...]:
        """Return a metric's scores in the order of time, of a slice alone where one is given."""
        if (metric, of) not in self._known:
            composed = self._metrics[metric].composed_of
            found = self._composed(metric, of, within) if composed else self._read(metric, of)
            self._known[metric, of] = tuple(sorted(found))
        return self._known[metric, of]

    def _read(self, metric: str, of: tuple[tuple[str, str], ...]) -> Iterator[Score]:
        names = [name for name, its in self._named.items() if its == metric]
        where = [f"metric IN ({_texts(names)})"]
        for field, value in of:
            where.append(
                "trace IN (SELECT trace FROM slices "
                f"WHERE field = {quoted(field)} AND value = {quoted(value)})"
            )
        rows = self.recording.store.rows(
            "SELECT DISTINCT began, value, trace, span FROM scores "
            f"WHERE {' AND '.join(where)}"
        )  # fmt: skip
        for began, value, _, _ in rows:
            yield Score(int(began) + EPOCH, float(value))

    def _composed(
        self, metric: str, of: tuple[tuple[str, str], ...], within: frozenset[str]
    ) -> Iterator[Score]:
        """Yield what a metric comes to at each window's end; none of what is made of itself."""
        window = self.window_of(metric)
        parts = self._metrics[metric].composed_of
        if any(one.metric in within or one.metric not in self._metrics for one in parts):
            return
        means = [
            _means(self.scores(one.metric, of, within | {metric}), window) for one in parts
        ]  # fmt: skip
        for start in sorted(set.intersection(*(set(one) for one in means))):
            value = math.fsum(
                part.weight * its[start][1] for part, its in zip(parts, means, strict=True)
            )
            yield Score(start + window - 1, value)

    def window_of(self, metric: str) -> int:
        """Return a metric's window in µs; where it does not say one, a quarter of an hour."""
        measured = self._metrics[metric].measured
        own = measured.window if measured is not None else None
        return WINDOW if own is None else own.milliseconds * 1000

    # -- metrics -----------------------------------------------------------------------------------

    def metrics(self) -> tuple[MetricQuality, ...]:
        """Return each metric that has scores, or that is measured or composed, as they stand."""
        return tuple(
            self._metric(id_, metric)
            for id_, metric in self._metrics.items()
            if metric.measured is not None or metric.composed_of or self.scores(id_)
        )

    def _metric(self, id_: str, metric: Metric) -> MetricQuality:
        scores, limit = self.scores(id_), self._limit(id_)
        sample = metric.measured.sample if metric.measured is not None else None
        judged = 0 if metric.composed_of else self._judged(id_)
        share = None
        if sample is not None:
            share = sample.value / (100 if sample.is_percent else 1)
        return MetricQuality(
            id_,
            len(scores),
            math.fsum(one.value for one in scores) / len(scores) if scores else None,
            None if limit is None else sum(map(limit.is_bad, scores)),
            limit,
            judged,
            self._traces,
            "" if sample is None else str(sample),
            share is not None and _differs(judged, self._traces, share),
            tuple(self._windows(id_, scores, limit)),
        )

    def _judged(self, metric: str) -> int:
        names = [name for name, its in self._named.items() if its == metric]
        ((count,),) = self.recording.store.rows(
            f"SELECT count(DISTINCT trace) FROM scores WHERE metric IN ({_texts(names)})"
        )
        return int(count)

    def _windows(
        self, metric: str, scores: Sequence[Score], limit: PlayedCondition | None
    ) -> Iterator[ScoreWindow]:
        window = self.window_of(metric)
        bad: dict[int, int] = {}
        for one in scores if limit is not None else ():
            bad[one.at // window] = bad.get(one.at // window, 0) + limit.is_bad(one)  # type: ignore[union-attr]
        for start, (count, mean) in sorted(_means(scores, window).items()):
            of_them = None if limit is None else bad.get(start // window, 0)
            yield ScoreWindow(metric, start, start + window, count, mean, of_them)

    def _limit(self, metric: str) -> PlayedCondition | None:
        """Return the threshold of the first alert on a metric that has one."""
        for id_ in self._alerts_on(metric):
            condition = self.condition(id_)
            if isinstance(condition, PlayedCondition) and condition.is_level:
                return condition
        return None

    # -- alerts ------------------------------------------------------------------------------------

    def _alerts_on(self, metric: str) -> list[str]:
        alerts: Mapping[str, Alert] = self.workspace.all(Alert)
        return [id_ for id_, one in alerts.items() if one.metric == metric]

    def condition(self, alert: str) -> PlayedCondition | str:
        """Return an alert's condition as it is played; a text says why it cannot be."""
        one: Alert = self.workspace.all(Alert)[alert]
        unit = self._metrics[one.metric].unit if one.metric in self._metrics else None
        return condition_of(one.when, self._in_percent(unit))

    def _in_percent(self, unit: str | None) -> bool:
        return unit is not None and is_percent(unit)

    def played(self) -> Iterator[PlayedAlert | NotPlayed]:
        """Play every alert on a metric with scores over the record, one after the other."""
        carried = {field for field, _ in self.recording.wanted.slices}
        for metric in self._metrics:
            for id_ in self._alerts_on(metric) if self.scores(metric) else ():
                alert: Alert = self.workspace.all(Alert)[id_]
                condition = self.condition(id_)
                lacks = [key for key in alert.slice if key not in carried]
                if isinstance(condition, str):
                    yield NotPlayed(id_, condition)
                elif lacks:
                    yield NotPlayed(
                        id_, f"no attribute carries `{lacks[0]}`, which its slice names"
                    )
                else:
                    of = tuple((key, str(value)) for key, value in alert.slice.items())
                    debounce = 0 if alert.debounce is None else alert.debounce.milliseconds * 1000
                    scores = self.scores(metric, of)
                    for at, value in fired(condition, scores, self.window_of(metric), debounce):
                        yield PlayedAlert(id_, at, value)


def _means(scores: Sequence[Score], window: int) -> dict[int, tuple[int, float]]:
    """Return the number and the mean of the scores of each window, by its beginning."""
    found: dict[int, list[float]] = {}
    for one in scores:
        found.setdefault(one.at // window * window, []).append(one.value)
    return {start: (len(them), math.fsum(them) / len(them)) for start, them in found.items()}


def _differs(judged: int, traces: int, share: float) -> bool:
    """Whether so many of all could not be chance, if each were taken with this share."""
    if share >= 1:
        return judged < traces
    return abs(judged - traces * share) > _SURE * math.sqrt(traces * share * (1 - share)) + 1


def _folded(name: str) -> str:
    return "-".join(name.casefold().replace("_", "-").split())


def _texts(values: Sequence[str]) -> str:
    return ", ".join(map(quoted, values)) or "NULL"
