"""What `opmodel traces quality` answers: scores by window, and whom alerts would have paged."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from registry.clock.words import date_and_time, delay
from registry.output.table import Column, Table
from registry.output.terminal import brief
from registry.paging.who import who
from registry.traces.answer import TracesAnswer, head_of, iso_of, lines_of
from registry.traces.check import CheckedTraces
from registry.traces.content import is_name
from registry.traces.quality import MetricQuality, NotPlayed, PlayedAlert, Quality, ScoreWindow
from registry.traces.spend import EPOCH
from registry.traces.unread import said_of
from registry.wording import counted
from registry.workspace.policy import Policy
from registry.workspace.workspace import Workspace


class PagedStep(NamedTuple):
    """A step of an escalation: how long after the alert (µs), through whom, whom it reaches."""

    after: int
    via: str
    people: tuple[str, ...]


class SentAlert(NamedTuple):
    """An alert that would have been sent: its pages, channels, and why a page reaches nobody."""

    firing: PlayedAlert
    response: str
    pages: tuple[PagedStep, ...]
    notified: tuple[str, ...]
    breaks: tuple[str, ...]


class ToldQuality(NamedTuple):
    """How good the answers were, and what the alerts on them would have done, in whatever form.

    `strangers` are the evaluations that are no metric's, with how many scores each has; None in the
    place of a name that may not be told. `lines` say what was read, and what of it is amiss;
    `unread` what was not read.
    """

    metrics: tuple[MetricQuality, ...]
    sent: tuple[SentAlert, ...]
    not_played: tuple[NotPlayed, ...]
    strangers: tuple[tuple[str | None, int], ...]
    lines: tuple[str, ...]
    unread: tuple[str, ...]


def told_quality(checked: CheckedTraces, policy: Policy, zone: str) -> ToldQuality:
    """Work out how good the answers were; times within the lines are in `zone`."""
    quality = Quality(checked.recording, checked.workspace, checked.facts.totals[0])
    metrics, played = quality.metrics(), tuple(quality.played())
    sent = tuple(
        _sent(checked.workspace, policy, one, zone)
        for one in played
        if isinstance(one, PlayedAlert)
    )
    not_played = tuple(one for one in played if isinstance(one, NotPlayed))
    strangers = tuple((_name(name), count) for name, count in quality.strangers)
    lines = (*lines_of(checked, zone), *_remarks(metrics, strangers, not_played))
    unread = tuple(one.text for one in said_of(checked.recording.unread, checked.recording.spans))
    return ToldQuality(metrics, sent, not_played, strangers, lines, unread)


def quality_answer(checked: CheckedTraces, policy: Policy, zone: str) -> TracesAnswer:
    """Say how good the answers were, and what the alerts would have done; times are in `zone`."""
    told = told_quality(checked, policy, zone)
    windows = [one for metric in told.metrics for one in metric.windows]
    tables = (
        _window_table(windows, zone),
        _metric_table(told.metrics),
        _sent_table(told.sent, zone),
    )
    plain = {
        "format": "opmodel.quality.v1",
        **head_of(checked),
        "metrics": [_metric(one) for one in told.metrics],
        "alerts": [_alert(one) for one in told.sent],
        "not_played": [one._asdict() for one in told.not_played],
        "of_no_metric": [{"name": name, "scores": count} for name, count in told.strangers],
    }
    return TracesAnswer(checked, told.lines, tables, plain, zone)


def _sent(workspace: Workspace, policy: Policy, firing: PlayedAlert, zone: str) -> SentAlert:
    answer = who(workspace, policy, ("alerts", firing.alert), firing.at, zone).answers[0]
    pages = [
        PagedStep(hop.after, hop.via, hop.reached)
        for hop in answer.chain
        if hop.run == 0 and not hop.skipped
    ]
    channels = tuple(one.id for one in answer.notified)
    return SentAlert(firing, answer.response, tuple(pages), channels, answer.breaks)


def _remarks(
    metrics: tuple[MetricQuality, ...],
    strangers: tuple[tuple[str | None, int], ...],
    not_played: tuple[NotPlayed, ...],
) -> Iterator[str]:
    for one in metrics:
        if not one.scores:
            yield f"`{one.metric}` has no score in this record"
        elif one.differs:
            yield (
                f"`{one.metric}`: {one.judged} of {one.traces} traces have a score "
                f"({share_judged(one)}), and the policy says {brief(one.declared)}"
            )
    for name, count in strangers:
        called = f"`{name}`" if name is not None else "an evaluation of an odd name"
        yield f"{counted(count, 'score')} of {called}, which is no metric here"
    for alert in not_played:
        yield f"`{alert.alert}` is not played: {brief(alert.why)}"


def share_judged(one: MetricQuality) -> str:
    """Say which share of the traces has a score of a metric."""
    return f"{100 * one.judged / one.traces:.2f}%" if one.traces else "none"


def _name(name: str) -> str | None:
    return name if is_name(name) else None


# -- tables ----------------------------------------------------------------------------------------


def _metric_table(metrics: tuple[MetricQuality, ...]) -> Table:
    heads = ("metric", "scores", "mean", "bad", "threshold", "sampled", "declared")
    rows = tuple(
        (one.metric, f"{one.scores}", shown_value(one.mean),
         "" if one.bad is None else f"{one.bad}", one.threshold,
         share_judged(one) if one.judged else "", one.declared)
        for one in metrics
    )  # fmt: skip
    return Table("metrics", "Scores by metric", tuple(map(Column, heads)), rows)


def _window_table(windows: list[ScoreWindow], zone: str) -> Table:
    heads = ("metric", "from", "scores", "mean", "bad")
    rows = tuple(
        (one.metric, date_and_time(one.start, zone), f"{one.scores}", shown_value(one.mean),
         "" if one.bad is None else f"{one.bad / one.scores:.0%}")
        for one in windows
    )  # fmt: skip
    return Table("windows", f"Scores by window, times in {zone}", tuple(map(Column, heads)), rows)


def _sent_table(sent: tuple[SentAlert, ...], zone: str) -> Table:
    heads = ("alert", "at", "value", "response", "pages", "tells")
    rows = tuple(
        (one.firing.alert, date_and_time(one.firing.at, zone), shown_value(one.firing.value),
         one.response, "; ".join(said_pages(one)), ", ".join(one.notified))
        for one in sent
    )  # fmt: skip
    title = f"What the alerts would have done, times in {zone}"
    return Table("alerts", title, tuple(map(Column, heads)), rows)


def said_pages(sent: SentAlert) -> list[str]:
    """Say whom an alert would have paged, step by step, and where that breaks."""
    return [*map(_page, sent.pages), *sent.breaks]


def _page(one: PagedStep) -> str:
    return f"{', '.join(one.people) or 'nobody'} by {one.via} after {delay(one.after)}"


def shown_value(value: float | None) -> str:
    """Write a score, or a mean of some, as a reader reads it; what there is none of is empty."""
    return "" if value is None else f"{value:.4g}"


# -- data ------------------------------------------------------------------------------------------


def _metric(one: MetricQuality) -> dict[str, Any]:
    return {
        "metric": one.metric,
        "scores": one.scores,
        "mean": _rounded(one.mean),
        "bad": one.bad,
        "threshold": one.threshold or None,
        "judged": one.judged,
        "declared_sample": one.declared or None,
        "sample_differs": one.differs,
        "windows": [
            {"from": iso_of(each.start - EPOCH), "to": iso_of(each.end - EPOCH),
             "scores": each.scores, "mean": _rounded(each.mean), "bad": each.bad}
            for each in one.windows
        ],
    }  # fmt: skip


def _alert(one: SentAlert) -> dict[str, Any]:
    return {
        "alert": one.firing.alert,
        "at": iso_of(one.firing.at - EPOCH),
        "value": _rounded(one.firing.value),
        "response": one.response,
        "pages": [
            {"after": delay(page.after), "via": page.via, "people": list(page.people)}
            for page in one.pages
        ],
        "notified": list(one.notified),
        "breaks": list(one.breaks),
    }


def _rounded(value: float | None) -> float | None:
    """Round to 9 significant digits: what two engines sum in other orders is the same then."""
    return None if value is None else float(f"{value:.9g}")
