"""Every reporter on the same nasty findings; `tests/test_goldens.py` holds what they write."""

import re
from pathlib import Path

import pytest

import registry.checks.report
from registry.checks.reporter import Reporter
from registry.output.style import Style
from registry.plugins import catalogue
from tests.checks.report.nasty import CASES, NASTY

REPORTERS = catalogue(registry.checks.report, "REPORTER", Reporter)
_COLOR = re.compile(r"\x1b\[[0-9;]*m")

each = pytest.mark.parametrize("reporter", REPORTERS, ids=lambda one: one.name)


def test_names_are_the_file_names() -> None:
    folder = Path(registry.checks.report.__file__).parent
    stems = {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}
    assert {one.name for one in REPORTERS} == stems


@each
@pytest.mark.parametrize("color", [True, False])
def test_nothing_acts_on_a_terminal(reporter: Reporter, color: bool) -> None:
    text = reporter.render(NASTY, Style(color=color, show_suppressed=True))
    plain = _COLOR.sub("", text) if color else text
    odd = {char for char in plain if not char.isprintable() and char != "\n"}
    assert odd == set()
    assert "\u200d" not in text
    text.encode("utf-8")


@each
def test_nothing_but_a_command_of_ours_acts_on_a_runner(reporter: Reporter) -> None:
    lines = reporter.render(NASTY, Style(show_suppressed=True)).splitlines()
    commands = [line for line in lines if line.lstrip().startswith("::") and "::" in line[2:]]
    ours = [line for line in commands if re.match(r"::(error|warning|notice) file=", line)]
    assert len(ours) == (len(NASTY.shown) if reporter.name == "github" else 0)
    for line in set(commands) - set(ours):
        assert line.lstrip().startswith("::: ")
    if reporter.name not in {"json", "sarif"}:
        assert not any("##[" in line for line in lines)


@each
def test_color_is_the_only_difference_of_color(reporter: Reporter) -> None:
    plain = reporter.render(NASTY, Style())
    assert "\x1b" not in plain
    assert _COLOR.sub("", reporter.render(NASTY, Style(color=True))) == plain


@each
def test_names_every_finding_and_no_suppressed_one(reporter: Reporter) -> None:
    text = reporter.render(NASTY, Style())
    assert {one.code for one in NASTY.shown} <= set(re.findall(r"[A-Z]{2}[0-9]{3}", text))
    assert "OM304" not in text


@each
def test_ends_with_one_line_break(reporter: Reporter) -> None:
    for result, style in CASES.values():
        text = reporter.render(result, style)
        assert text == "" or (text.endswith("\n") and not text.endswith("\n\n"))
