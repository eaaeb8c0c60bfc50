"""Quality over time, as the page shows it: scores by metric, and what they would have set off."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from registry.clock.words import date_and_time
from registry.export.site.curve import Curve, curve
from registry.export.site.entities import PageEntities
from registry.model.metrics import Alert
from registry.traces.quality import MetricQuality
from registry.traces.quality_answer import (
    SentAlert,
    ToldQuality,
    said_pages,
    share_judged,
    shown_value,
)
from registry.wording import counted


class PageScores(NamedTuple):
    """One metric: its figures, its threshold in words, its picture where it has scores.

    `rows` are its windows: when, scores, mean, share of bad. `said` is the picture in a sentence.
    """

    name: str
    number: int
    figures: tuple[tuple[str, str], ...]
    threshold: str
    curve: Curve | None
    rows: tuple[tuple[str, str, str, str], ...]
    said: str


class PageSent(NamedTuple):
    """An alert that would have been sent: when, at which value, whom it pages, whom it tells.

    `is_broken` says that one of its pages would have reached nobody.
    """

    name: str
    number: int
    at: str
    value: str
    response: str
    pages: tuple[str, ...]
    is_broken: bool
    tells: tuple[tuple[str, int], ...]


class PageQuality(NamedTuple):
    """What a record of traces says of quality; `unread` is what of it could not be read.

    `is_whole` says that all was read, and that every alert on a metric with scores was played.
    """

    lines: tuple[str, ...]
    unread: tuple[str, ...]
    metrics: tuple[PageScores, ...]
    sent: tuple[PageSent, ...]
    has_scores: bool
    is_whole: bool


def page_quality(entities: PageEntities, told: ToldQuality, zone: str) -> PageQuality:
    """Bring what the traces say into the form of the page; times are in `zone`."""
    text = entities.plain.text
    return PageQuality(
        tuple(map(text, told.lines)),
        tuple(map(text, told.unread)),
        tuple(_scores(entities, one, told.sent, zone) for one in told.metrics),
        tuple(_sent(entities, one, zone) for one in told.sent),
        any(one.scores for one in told.metrics),
        not told.unread and not told.not_played,
    )


def _scores(
    entities: PageEntities, one: MetricQuality, sent: Sequence[SentAlert], zone: str
) -> PageScores:
    alerts = entities.workspace.all(Alert)
    own = [
        (each.firing.at, f"{_called(entities, each)}, {date_and_time(each.firing.at, zone)}")
        for each in sent
        if alerts[each.firing.alert].metric == one.metric
    ]
    return PageScores(
        entities.called(("metrics", one.metric)),
        entities.number("metrics", one.metric),
        tuple(_figures(one)),
        entities.plain.text(one.threshold),
        curve(one, own, zone) if one.windows else None,
        tuple(
            (date_and_time(each.start, zone), f"{each.scores:,}", shown_value(each.mean),
             "" if each.bad is None else f"{each.bad / each.scores:.0%}")
            for each in one.windows
        ),
        _in_words(one, len(own)),
    )  # fmt: skip


def _figures(one: MetricQuality) -> Iterator[tuple[str, str]]:
    yield "scores", f"{one.scores:,}"
    if one.scores:
        yield "mean", shown_value(one.mean)
    if one.bad is not None and one.scores:
        yield "bad", f"{one.bad / one.scores:.1%}"
    if one.judged:
        yield "judged", share_judged(one)
    if one.declared:
        yield "declared", one.declared


def _in_words(one: MetricQuality, sent: int) -> str:
    """Say in a sentence what the picture shows, for whoever does not see it."""
    means = [each.mean for each in one.windows]
    if not means:
        return ""
    span = f"from {shown_value(min(means))} to {shown_value(max(means))}"
    alerts = f"; {counted(sent, 'alert')} would have been sent" if sent else ""
    return f"The mean of {counted(len(means), 'window')}, {span}{alerts}"


def _sent(entities: PageEntities, one: SentAlert, zone: str) -> PageSent:
    text = entities.plain.text
    return PageSent(
        _called(entities, one),
        entities.number("alerts", one.firing.alert),
        date_and_time(one.firing.at, zone),
        shown_value(one.firing.value),
        one.response,
        tuple(map(text, said_pages(one))),
        bool(one.breaks),
        tuple(
            (entities.called(("channels", id_)), entities.number("channels", id_))
            for id_ in one.notified
        ),
    )


def _called(entities: PageEntities, one: SentAlert) -> str:
    return entities.called(("alerts", one.firing.alert))
