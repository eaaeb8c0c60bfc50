"""The report for people: where the marks stand, and what is said beside them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.checks.report.human import render
from registry.checks.result import Result
from registry.diagnostic import Diagnostic, Label
from registry.output.style import Style
from registry.output.terminal import MAX_SHOWN, brief, escape, source_line, width
from registry.span import Location, Position, Span
from tests.checks.report.nasty import CLEAN, NASTY, PAGED

CONTRACT = """\
error[OM204] unpaged-metric: `groundedness` should page, and no alert on it does
  --> metrics.yaml:14:15
   |
14 |     response: page
   |               ^^^^ declared here
   |
  ::: alerts.yaml:31:15
   |
31 |     response: ticket
   |               ------ `groundedness-drop`, its only alert, files a ticket
   |
   = help: make `groundedness-drop` page an escalation, or declare the metric `ticket`
"""


def _one(found: Diagnostic, times: int = 1) -> Result:
    return CLEAN._replace(diagnostics=(found,) * times)


def _at(excerpt: str, start: int, end: int) -> Diagnostic:
    span = Span(Position(1, start), Position(1, end))
    return PAGED._replace(primary=Label(Location("a.yaml"), "", span, excerpt), related=())


def test_is_laid_out_as_the_contract_shows() -> None:
    assert render(_one(PAGED), Style()).startswith(CONTRACT + "\n1 error, 0 warnings, 0 info")


def test_has_one_line_of_totals() -> None:
    last = render(NASTY, Style()).splitlines()[-1]
    assert last == (
        "4 errors, 2 warnings, 1 info, 2 suppressed, 0 baselined: 212 entities in 14 files (3 skipped), "
        r"112 rules run (6 off), stage production, policy policies/acme\n.yaml, "
        "at 2026-11-20T09:00:00Z, horizon 90d, time zones 2026f, holidays 0.99"
    )


def test_says_which_files_were_skipped_and_why() -> None:
    assert render(NASTY, Style()).splitlines()[-3:-1] == [
        r"skipped `a`b\x1b[31m.yaml` and `c.yaml`: `exclude` names it",
        "skipped `scenarios/d.yaml`: `scenarios/` holds no registry files",
    ]


def test_limit_says_how_many_more_and_keeps_the_totals_true() -> None:
    lines = render(_one(PAGED, 5), Style(limit=2)).splitlines()
    assert sum(line.startswith("error[") for line in lines) == 2
    assert "… and 3 more findings: `--format concise` lists them all" in lines
    assert lines[-1].startswith("5 errors")


def test_suppressed_findings_show_reason_and_place() -> None:
    text = render(NASTY, Style(show_suppressed=True))
    assert "suppressed[OM408] orphan-runbook: no alert uses it" in text
    assert "= warning, silenced by the comment at runbooks.yaml:4: kept" in text
    assert "OM408" not in render(NASTY, Style())


def test_statistics_count_each_rule() -> None:
    lines = render(NASTY, Style(statistics=True)).splitlines()
    assert "     1 error   OM204 unpaged-metric" in lines
    assert "     0 warning OM408 orphan-runbook, 1 suppressed" in lines


@pytest.mark.parametrize(
    ("excerpt", "start", "end", "before", "marks"),
    [
        ("owner: priya", 8, 13, 7, 5),
        ("owner: priya", 8, 8, 7, 1),
        ("owner: priya", 13, 14, 12, 1),
        ("所有者: 田中", 6, 8, 8, 4),
        ("e\u0301: x", 5, 6, 3, 1),
        ("\tx", 2, 3, 4, 1),
        ("a\tx", 2, 3, 1, 3),
        ("\x1b: x", 4, 5, 6, 1),
        ("x: \u202ey", 4, 5, 3, 6),
        ("v" * 199 + "…", 500, 600, 199, 1),
        ("v" * 199 + "…", 190, 600, 189, 11),
    ],
)
def test_marks_stand_below_their_text(
    excerpt: str, start: int, end: int, before: int, marks: int
) -> None:
    line = render(_one(_at(excerpt, start, end)), Style()).splitlines()[4]
    assert line == "  | " + " " * before + "^" * marks


@pytest.mark.no_cover
@given(st.text(max_size=60))
def test_escaped_text_is_one_printable_line(text: str) -> None:
    for shown in (escape(text), source_line(text)):
        assert shown.isprintable()
        assert "##[" not in shown
        assert not any(unicodedata.category(char) in {"Cf", "Cc", "Cs"} for char in shown)


@pytest.mark.no_cover
@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), max_size=60))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert escape(text) == text
    assert width(text) == len(text)


def test_emoji_and_their_selector_stay() -> None:
    assert escape("⚠\ufe0f 日本語 e\u0301") == "⚠\ufe0f 日本語 e\u0301"


def test_a_message_is_cut_before_it_fills_the_screen() -> None:
    assert len(brief("x" * 10**6)) == MAX_SHOWN
