"""The summary of a check: the gravest first, harmless, and never longer than its hosts take."""

import re

import pytest

from registry.checks.report.markdown import REPORTER, render
from registry.checks.reporter import Reported
from registry.checks.result import Since
from registry.output.bounded import BOUND
from registry.output.style import Style
from tests.checks.report.nasty import CLEAN, LONG, MARKUP, NASTY, PAGED


def test_has_totals_then_the_gravest() -> None:
    lines = render(NASTY, Style(prefix="a/")).split("\n")[::2]
    title, totals, skipped, more, heading, first = lines[:6]
    assert title == "## opmodel: nasty"
    assert totals.startswith("4 errors, 2 warnings, 1 info, 2 suppressed, 0 baselined: 212 ")
    assert skipped.startswith("skipped ")
    assert more == r"skipped `scenarios/d.yaml`\: `scenarios/` holds no registry files"
    assert heading == "### 4 errors"
    assert first.startswith("- **OM006 invalid-value** at ")
    text = render(CLEAN._replace(diagnostics=(PAGED,)), Style(prefix="a/"))
    assert text.endswith(
        "- **OM204 unpaged-metric** at `a/metrics.yaml:14:15`: `groundedness` should page, and no "
        "alert on it does; help: make `groundedness-drop` page an escalation, or declare the metric "
        "`ticket`\n"
    )


def test_headings_are_in_the_order_of_gravity() -> None:
    text = render(NASTY, Style(show_suppressed=True))
    headings = re.findall("(?m)^### (.*)$", text)
    assert headings == ["4 errors", "2 warnings", "1 info", "silenced"]
    assert "(warning, silenced by the comment at `runbooks.yaml:4`: kept)" in text


def test_nothing_found_is_the_totals_alone() -> None:
    text = render(CLEAN, Style())
    assert text.count("\n") == 3
    assert "0 errors, 0 warnings" in text


def test_what_strangers_wrote_does_nothing() -> None:
    odd = MARKUP._replace(message="@acme/all fixes #12 <img src=x> ![a](b) ``` | www.evil.example")
    text = render(CLEAN._replace(diagnostics=(odd,)), Style())
    item = text[text.index("- **") :]
    assert r"\@&#8203;acme/all fixes \#&#8203;12 \<img src=x\> \!\[a\](b) \`\`\` \|" in item
    assert "www.evil" not in item
    quoted = odd._replace(message="`@acme/all` and `#12` and `<b>` are quoted")
    text = render(CLEAN._replace(diagnostics=(quoted,)), Style())
    assert "`@acme/all` and `#12` and `<b>` are quoted" in text


def test_says_what_it_is_held_against_and_what_explains_it() -> None:
    text = render(NASTY._replace(since=Since("main", 3, 1, 2), is_short=True), Style())
    assert "new since main (3 known, 1 gone): 4 errors" in text
    assert "2 new findings come of the changed policy" in text
    assert "shorter than a week" in text


def _size(text: str) -> int:
    return len(text.encode())


def test_is_bounded_and_says_how_many_are_left_out() -> None:
    many = CLEAN._replace(diagnostics=(PAGED,) * 300 + (LONG,) * 300)
    text = render(many, Style())
    shown = text.count("- **OM")
    assert BOUND - 3000 < _size(text) <= BOUND
    assert "### 600 errors" in text
    assert text.endswith(f"… and {600 - shown} more findings: `opmodel check` with "
                         "`--format concise` lists them all\n")  # fmt: skip


def test_several_share_a_page() -> None:
    many = CLEAN._replace(diagnostics=(PAGED,) * 1000)
    several = [Reported(name, many, Style(prefix=f"{name}/")) for name in ("a", "b")]
    text = REPORTER.join(render, several)
    assert text.startswith("2 registries: 2000 errors, 0 warnings, 0 info\n")
    assert _size(text) <= BOUND
    of_a, of_b = (text.count(f"at `{name}/metrics.yaml:14:15`") for name in ("a", "b"))
    assert of_a == of_b > 100
    assert text.count("more findings: ") == 2


@pytest.mark.no_cover
def test_more_registries_than_a_page_holds_are_counted() -> None:
    several = [Reported(f"team-{n}", NASTY, Style(prefix=f"team-{n}/")) for n in range(500)]
    text = REPORTER.join(render, several)
    assert _size(text) <= BOUND
    named = text.count("## opmodel: ")
    assert text.endswith(f"… and {500 - named} more, whose findings are in the totals alone\n")
    assert text.startswith("500 registries: 2000 errors")
