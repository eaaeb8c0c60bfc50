"""Quality over time on the page: curves, what alerts would have done, and what was not read."""

import re
from pathlib import Path
from typing import Any

import pytest

from registry.clock.civil import instant
from registry.clock.tzif import HOUR, MINUTE
from registry.export.site.curve import BOTTOM, FLOOR, LEFT, RIGHT, TOP, curve
from registry.export.site.report import Beside, report
from registry.traces.check import check
from registry.traces.playing import PlayedCondition
from registry.traces.quality import MetricQuality, ScoreWindow
from registry.traces.quality_answer import told_quality
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from tests.conftest import AT
from tests.export.site.conftest import Page
from tests.traces.record import line, registry, span

REGISTRY = """
people: {ana: {name: Ana, email: ana@acme.example}}
channels: {room: {kind: chat, owner: ana}}
severities: {sev2: {acknowledge_within: 15m}}
escalations: {page: {steps: [{after: 0m, notify: [ana]}]}}
metrics:
  faithfulness: {bucket: quality, owner: ana, response: page, measured: {window: 15m, sample: 20%}}
  tone: {bucket: quality, owner: ana, response: page, measured: {window: 1h}}
alerts:
  faithfulness-low:
    {metric: faithfulness, owner: ana, response: page, severity: sev2, escalation: page, notify: [room],
     when: {below: 0.8}}
  unheard: {metric: faithfulness, owner: ana, response: page, severity: sev2, when: {below: 0.6}}
"""
LOW = PlayedCondition("below", 0.8, is_share=False, text="below 0.8", holds_for=0, over=0)
START = instant(AT)
QUARTER = 15 * MINUTE


def scored(number: int, at: float, score: float, name: str = "faithfulness") -> dict[str, Any]:
    given = {"gen_ai.evaluation.name": name, "gen_ai.evaluation.score.value": score}
    return span(number, number, None, "judge", given, at=at)


def page(folder: Path, *lines: str, text: str = REGISTRY) -> Page:
    return Page(content(folder, *lines, text=text))


def content(folder: Path, *lines: str, text: str = REGISTRY) -> bytes:
    opened = open_registry(str(registry(folder, text)), Options(AT))
    record = folder / "record.jsonl"
    record.write_text("".join(f"{one}\n" for one in lines), "utf-8")
    (folder / "work").mkdir()
    checked = check(opened, [str(record)], Options(AT, ignore="OM92"), str(folder / "work"))
    quality = told_quality(checked, opened.policy, "UTC")
    return report(opened, Options(AT), Beside(quality=quality), "UTC").content


def windows(*given: tuple[int, float], bad: int | None = 0) -> tuple[ScoreWindow, ...]:
    """Make windows of a quarter of an hour, each with two scores: which of them, and its mean."""
    return tuple(
        ScoreWindow("faithfulness", START + at * QUARTER, START + (at + 1) * QUARTER, 2, mean, bad)
        for at, mean in given
    )


def metric(
    *given: tuple[int, float], limit: PlayedCondition | None = LOW, bad: int | None = 0
) -> Any:
    bad_ones = None if limit is None else bad
    found = windows(*given, bad=bad_ones)
    return MetricQuality(
        "faithfulness", 2 * len(found), 0.5, bad_ones, limit, 0, 0, "", differs=False, windows=found
    )


# -- the page --------------------------------------------------------------------------------------


def test_scores_alerts_and_whom_they_would_have_paged(tmp_path: Path) -> None:
    spans = [scored(1, 60, 0.9), scored(2, 1000, 0.5), scored(3, 1010, 0.6)]
    shown = page(tmp_path, line(*spans, span(4, 4, None, "ask")))
    text = shown.text
    assert "Quality over time" in text
    assert "4 spans in 4 traces" in text
    assert (
        "scores 3, mean 0.6667, bad 66.7%, judged 75.00%, declared 20%; a score is bad below 0.8"
        in text
    )
    assert "FromScoresMeanBad Fri 2026-11-20 09:0010.90%Fri 2026-11-20 09:1520.55100%" in text
    assert "`tone` has no score in this record" not in text
    assert "has no score in this record" in text
    alerts = text.partition("What the alerts would have done")[2].partition("Findings, by")[0]
    assert "faithfulness-low Fri 2026-11-20 09:170.55 ana by ana after 0m room" in alerts
    assert (
        "unheard Fri 2026-11-20 09:170.55 it should page, and has no escalation: nobody is paged"
        in alerts
    )


def test_the_picture_is_told_to_whoever_does_not_see_it(tmp_path: Path) -> None:
    spans = [scored(1, 60, 0.9), scored(2, 1000, 0.5), scored(3, 1010, 0.6)]
    made = content(tmp_path, line(*spans)).decode()
    said = "The mean of 2 windows, from 0.55 to 0.9; 2 alerts would have been sent"
    assert f'role="img" aria-label="{said}"' in made
    assert made.count('class="sent"') == 2
    assert made.count("<circle") == 2
    assert made.count('<circle class="bad"') == 1
    assert "style=" not in made


def test_what_would_not_have_been_sent_is_said_of_what_was_read(tmp_path: Path) -> None:
    spans = line(scored(1, 60, 0.9), scored(2, 60, 0.9, "tone"))
    (tmp_path / "whole").mkdir()
    (tmp_path / "part").mkdir()
    whole = "No condition on these metrics held: no alert would have been sent."
    part = "No condition that could be played over what was read held."
    calm = page(tmp_path / "whole", spans).text
    assert whole in calm
    assert part not in calm
    assert "scores 1, mean 0.9, judged 50.00%." in calm
    cut = page(tmp_path / "part", spans, "x").text
    assert whole not in cut
    assert part in cut


def test_a_record_of_nothing_is_not_said_to_be_fine(tmp_path: Path) -> None:
    text = page(tmp_path, "x").text
    assert "no span was read: nothing here is said to be fine" in text
    assert "record.jsonl:1: it is no JSON" in text
    assert "faithfulness has no score in this record" in text
    assert "What the alerts would have done" not in text


def test_a_registry_without_a_measured_metric(tmp_path: Path) -> None:
    text = page(tmp_path, line(scored(1, 60, 0.9)), text="").text
    assert "No metric here is measured by scores, and none has any in this record." in text
    assert "1 score of faithfulness, which is no metric here" in text


def test_without_a_record_the_page_says_nothing_of_it(tmp_path: Path) -> None:
    opened = open_registry(str(registry(tmp_path, REGISTRY)), Options(AT))
    assert "Quality over time" not in Page(report(opened, Options(AT)).content).text


# -- the picture -----------------------------------------------------------------------------------


def test_a_curve_goes_through_the_middle_of_each_window() -> None:
    made = curve(metric((0, 1.0), (1, 0.6), bad=1), (), "UTC")
    assert made.lines == ("M220 28.3L548 131.7",)
    assert (made.bands, made.together, made.sent) == ((), 1, ())
    assert made.limit == 80
    assert made.ticks == ((131.7, "0.6"), (80, "0.8"), (28.3, "1"))
    assert [(dot.said, dot.is_bad) for dot in made.dots] == [
        ("Fri 2026-11-20 09:00: 1", False), ("Fri 2026-11-20 09:15: 0.6", True)
    ]  # fmt: skip
    assert made.bars == ((56, 166, 327.5, 16), (384, 166, 327.5, 16))
    assert (made.first, made.last) == ("Fri 2026-11-20 09:00", "Fri 2026-11-20 09:30")


def test_where_no_score_was_the_curve_breaks() -> None:
    made = curve(metric((0, 0.9), (1, 0.9), (3, 0.7), limit=None), (), "UTC")
    assert [one.count("L") for one in made.lines] == [1, 0]
    assert (made.limit, made.bars) == (None, ())
    assert not any(dot.is_bad for dot in made.dots)


@pytest.mark.parametrize("value", [0.0, 3.0])
def test_a_flat_curve_has_room_around_it(value: float) -> None:
    made = curve(metric((0, value), (1, value), limit=None), (), "UTC")
    assert made.lines == ("M220 80L548 80",)


def test_of_many_windows_some_are_one_point() -> None:
    made = curve(metric(*((at, at % 2) for at in range(481))), (), "UTC")
    assert made.together == 3
    assert len(made.bands) == 1
    assert made.bands[0].endswith("Z")
    assert made.lines[0].count("L") == 160
    assert made.dots == ()


def test_a_point_that_stands_alone_is_a_dot_among_many() -> None:
    made = curve(metric(*((at, 0.9) for at in range(100)), (200, 0.7)), (), "UTC")
    assert [dot.said for dot in made.dots] == ["Sun 2026-11-22 11:00: 0.7"]


def test_what_was_sent_lies_within_the_picture() -> None:
    late = START + 5 * HOUR
    made = curve(metric((0, 0.5), (1, 0.4)), [(late, "low"), (START - HOUR, "early")], "UTC")
    assert [(one.x, one.said) for one in made.sent] == [(RIGHT, "low"), (LEFT, "early")]
    assert (made.first, made.last) == ("Fri 2026-11-20 08:00", "Fri 2026-11-20 14:00")


@pytest.mark.parametrize("scale", [1e-9, 1.0, 12345.0, 1e12])
def test_everything_lies_within_its_frame(scale: float) -> None:
    many = ((at, scale * ((at * 7919) % 100 - 50)) for at in range(0, 900, 2))
    made = curve(metric(*many, bad=2), [(START, "x")], "UTC")
    places = [float(y) for one in made.lines for y in re.findall(r" ([0-9.]+)", one)]
    assert min(places) >= TOP
    assert max(places) <= BOTTOM
    assert 2 <= len(made.ticks) <= 8
    for x, y, width, height in made.bars:
        assert LEFT <= x <= x + width <= RIGHT + 1
        assert y + height == pytest.approx(FLOOR)
