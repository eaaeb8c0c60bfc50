"""Code Quality reports: what GitLab demands of them, and fingerprints that tell issues apart."""

import json
import re
from typing import Any

import jsonschema
import pytest

from registry.checks.report.gitlab import REPORTER, render
from registry.checks.reporter import Reported
from registry.output.style import Style
from tests.checks.report.nasty import CLEAN, NASTY, PAGED

TEXT = {"type": "string", "minLength": 1}
DEMANDED = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": TEXT,
            "check_name": TEXT,
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "not": {"pattern": r"^(/|\./)"}},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
"""What GitLab's page on Code Quality reports asks of an issue."""

Issues = list[dict[str, Any]]


def issues(text: str) -> Issues:
    found: Issues = json.loads(text)
    jsonschema.validate(found, DEMANDED)
    marks = [one["fingerprint"] for one in found]
    assert len(set(marks)) == len(marks)
    assert text.isascii()
    return found


@pytest.mark.parametrize("is_silent", [True, False])
def test_is_what_gitlab_demands(is_silent: bool) -> None:
    found = issues(render(NASTY, Style(show_suppressed=is_silent)))
    assert len(found) == len(NASTY.diagnostics if is_silent else NASTY.shown)
    assert render(CLEAN, Style()) == "[]\n"


def test_says_what_where_and_how_grave() -> None:
    paged = next(one for one in issues(render(NASTY, Style())) if one["check_name"] == "OM204")
    assert paged == {
        "description": "OM204 unpaged-metric: `groundedness` should page, and no alert on it does "
        "(help: make `groundedness-drop` page an escalation, or declare the metric `ticket`)",
        "check_name": "OM204",
        "fingerprint": "0" * 32,
        "severity": "critical",
        "location": {"path": "metrics.yaml", "lines": {"begin": 14}},
    }
    grave = {one["check_name"]: one["severity"] for one in issues(render(NASTY, Style()))}
    assert (grave["OM201"], grave["XX999"]) == ("minor", "info")


def test_what_is_silenced_is_information_and_says_why() -> None:
    found = issues(render(NASTY, Style(show_suppressed=True)))
    waived = next(one for one in found if one["check_name"] == "OM304")
    assert waived["severity"] == "info"
    assert waived["description"].endswith(
        r"(silenced by the waiver at policies/a b.yaml:14: second\n\x1b[31mjoins)"
    )


def test_findings_alike_are_told_apart_and_keep_their_fingerprints() -> None:
    twice = CLEAN._replace(diagnostics=(PAGED, PAGED, PAGED))
    first, second, third = (one["fingerprint"] for one in issues(render(twice, Style())))
    assert first == PAGED.fingerprint
    assert [one["fingerprint"] for one in issues(render(twice, Style()))] == [first, second, third]


def test_the_way_to_a_registry_tells_its_issues_apart() -> None:
    one = CLEAN._replace(diagnostics=(PAGED,))
    several = [
        Reported("a", one, Style(prefix="a/")),
        Reported(".", one, Style()),
        Reported("../b", one, Style()),
    ]
    found = issues(REPORTER.join(render, several))
    paths = [issue["location"]["path"] for issue in found]
    assert paths == ["a/metrics.yaml", "metrics.yaml", "../b/metrics.yaml"]
    alone = issues(render(one, Style(prefix="a/")))
    assert alone == found[:1]  # in a job of its own, as well
    assert found[1]["fingerprint"] == PAGED.fingerprint


def test_a_path_is_where_the_file_is() -> None:
    forger = issues(render(NASTY, Style(prefix="a b/")))[0]
    assert forger["location"]["path"] == "a b/" + NASTY.diagnostics[0].primary.location.file
    assert not re.search("[\n\u202e]", forger["description"])
