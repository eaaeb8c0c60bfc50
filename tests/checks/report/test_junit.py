"""JUnit reports: what the schemas of Ant's, Jenkins' and GitLab's readers have in common.

Written down here in our own words: each element, its attributes and its order.
"""

import re
import xml.etree.ElementTree as ET

import pytest

from registry.checks.report.junit import REPORTER, render
from registry.checks.reporter import Reported
from registry.checks.result import Result, Since
from registry.diagnostic import Severity
from registry.output.style import Style
from tests.checks.report.nasty import CLEAN, NASTY, PAGED

_INTEGER, _DECIMAL, _TEXT = r"\d+", r"\d+(\.\d+)?", r"(?s)\S.*"
SUITE = {
    "name": _TEXT, "package": _TEXT, "hostname": _TEXT, "time": _DECIMAL, "id": _INTEGER,
    "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
    **dict.fromkeys(("tests", "failures", "errors", "skipped"), _INTEGER),
}  # fmt: skip


def _has(element: ET.Element, attributes: dict[str, str]) -> None:
    assert set(element.attrib) == set(attributes)
    for name, pattern in attributes.items():
        assert re.fullmatch(pattern, element.attrib[name]), name


def suites(text: str) -> list[ET.Element]:
    """Read a report, and hold it to what its readers demand."""
    assert not re.search("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    root = ET.fromstring(text)
    assert (root.tag, root.attrib) == ("testsuites", {})
    seen = set()
    for number, suite in enumerate(root):
        assert suite.tag == "testsuite"
        _has(suite, SUITE)
        assert suite.attrib["id"] == str(number)
        tags = [one.tag for one in suite]
        cases = suite.findall("testcase")
        assert tags == ["properties", *["testcase"] * len(cases), "system-out", "system-err"]
        for one in suite[0]:
            _has(one, {"name": _TEXT, "value": "(?s).*"})
        for one in cases:
            _has(one, {"classname": _TEXT, "name": _TEXT, "time": _DECIMAL})
            seen.add((one.attrib["classname"], one.attrib["name"]))
            for inner in one:
                has_type = inner.tag == "failure"
                _has(inner, {"message": _TEXT, **({"type": _TEXT} if has_type else {})})
        counts = {tag: len(suite.findall(f"testcase/{tag}")) for tag in ("failure", "skipped")}
        assert suite.attrib["tests"] == str(len(cases))
        assert suite.attrib["failures"] == str(counts["failure"])
        assert suite.attrib["skipped"] == str(counts["skipped"])
    assert len(seen) == len(root.findall("testsuite/testcase"))  # GitLab shows one of a name
    return list(root)


def only(result: Result, style: Style | None = None) -> ET.Element:
    (suite,) = suites(render(result, style or Style()))
    return suite


def failed(suite: ET.Element) -> list[str]:
    cases = suite.findall("testcase")
    return [one.attrib["classname"][:5] for one in cases if one.find("failure") is not None]


def said(suite: ET.Element) -> str:
    return suite.findtext("system-out") or ""


@pytest.mark.parametrize("is_silent", [True, False])
def test_is_what_its_readers_demand(is_silent: bool) -> None:
    suite = only(NASTY, Style(show_suppressed=is_silent))
    assert len(suite.findall("testcase")) == 1 + len(
        NASTY.diagnostics if is_silent else NASTY.shown
    )
    assert len(suite.findall("testcase/skipped")) == (2 if is_silent else 0)


def test_a_clean_check_is_a_case_that_passes() -> None:
    suite = only(CLEAN)
    (case,) = suite.findall("testcase")
    assert case.attrib["name"] == "check of clean"
    assert list(case) == []
    assert said(suite).startswith("0 errors, 0 warnings, 0 info, 0 suppressed, 0 baselined: ")


@pytest.mark.parametrize(
    ("least", "codes"),
    [
        (Severity.ERROR, ["OM006", "OM204", "OM014", "OM013"]),
        (Severity.WARNING, ["OM006", "OM204", "OM201", "OM014", "OM105", "OM013"]),
        (Severity.INFO, [one.code for one in NASTY.shown]),
        (None, []),
    ],
)
def test_what_fails_the_check_fails_here(least: Severity | None, codes: list[str]) -> None:
    suite = only(NASTY, Style(fails_from=least))
    assert failed(suite) == codes
    told = said(suite).splitlines()
    assert len(told) == 3 + len(NASTY.shown) - len(codes)
    assert told[-2] == "skipped `scenarios/d.yaml`: `scenarios/` holds no registry files"
    assert told[-1].startswith("4 errors, 2 warnings, 1 info, 2 suppressed")


def test_a_failure_says_what_where_and_what_to_do() -> None:
    (case,) = only(CLEAN._replace(diagnostics=(PAGED,))).findall("testcase")[1:]
    assert case.attrib["classname"] == "OM204 unpaged-metric"
    assert case.attrib["name"] == "metrics/groundedness response"
    (failure,) = case
    assert failure.attrib == {"type": "error", "message": PAGED.message}
    assert failure.text == f"metrics.yaml:14:15: {PAGED.message}\nhelp: {PAGED.help}"


def test_a_name_stays_when_lines_move_and_is_given_once() -> None:
    names = [
        one.attrib["name"]
        for one in only(CLEAN._replace(diagnostics=(PAGED, PAGED))).findall("testcase")[1:]
    ]
    assert names == ["metrics/groundedness response", "metrics/groundedness response (2)"]


def test_properties_say_what_was_looked_at() -> None:
    since = NASTY._replace(since=Since("main\n", 3, 1, 0))
    found = {one.attrib["name"]: one.attrib["value"] for one in only(since)[0]}
    assert found["since"] == r"main\n"
    assert (found["files"], found["skipped"]) == ("14", "3")
    assert (found["suppressed"], found["baselined"]) == ("2", "0")
    assert said(only(since)).splitlines()[-1].startswith(r"new since main\n (3 known, 1 gone): 4")


def test_several_are_a_suite_each_whose_cases_are_told_apart() -> None:
    one = CLEAN._replace(diagnostics=(PAGED,))
    several = [Reported("a", one, Style(prefix="a/")), Reported("b/", one, Style())]
    first, second = suites(REPORTER.join(render, several))
    assert first.attrib["name"] == "opmodel check of a (clean)"
    assert second[-3].attrib["name"] == "b/: metrics/groundedness response"
    assert "b/metrics.yaml:14:15: " in (second.findtext("testcase/failure") or "")


def test_a_path_leads_from_where_the_report_is_read() -> None:
    suite = only(CLEAN._replace(diagnostics=(PAGED,)), Style(prefix="teams/a/"))
    assert (suite.findtext("testcase/failure") or "").startswith("teams/a/metrics.yaml:14:15: ")
