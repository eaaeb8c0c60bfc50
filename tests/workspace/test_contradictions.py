"""What cannot be as it is written: one's own deputy, an owner of what is unowned on purpose."""

from pathlib import Path

import pytest

from registry.checks.engine import check, open_registry
from registry.checks.result import Result
from registry.clock.civil import instant
from registry.export.export import table
from registry.paging.who import who
from registry.workspace.options import Options
from tests.conftest import AT

MANIFEST = "opmodel: 1\nname: odd\nstage: production\n"
PEOPLE = """\
people:
  ann:
    name: Ann
    contact: {phone: "1"}
    away:
      - TODO
      - {from: 2026-11-01, to: 2026-12-20, deputy: bob}
      - {from: 2027-01-01, to: 2027-02-01, deputy: ann}
  bob: {name: Bob, contact: {phone: "2"}}
metrics: {m: {bucket: cost, response: page, owner: ann}}
alerts: {a: {metric: m, owner: ann, severity: sev1, response: page, escalation: ann}}
"""


def write(folder: Path, text: str) -> str:
    (folder / "opmodel.yaml").write_text(MANIFEST + text, "utf-8")
    return str(folder)


def said(found: Result, code: str) -> list[tuple[str, int, int]]:
    return [
        (one.message, one.primary.at.start.line, one.primary.at.start.column)
        for one in found.shown
        if one.code == code
    ]


def test_nobody_is_their_own_deputy(tmp_path: Path) -> None:
    found = check(write(tmp_path, PEOPLE), Options(AT))
    told = "`ann` is their own deputy: nobody stands in meanwhile"
    assert said(found, "OM006") == [(told, 11, 52)]
    assert said(found, "OM320") == [], "one mistake is told once"
    opened = open_registry(str(tmp_path), Options(AT))
    answers = who(opened.workspace, opened.policy, ("alerts", "a"), instant(AT)).answers
    assert [one.id for one in answers[0].chain[0].people] == ["bob"], "the other one stands in"


@pytest.mark.parametrize("away", ["5", "{deputy: ann}", "[5, {deputy: [ann]}]", "ann"])
def test_absences_of_another_shape_are_told_as_such(tmp_path: Path, away: str) -> None:
    found = check(write(tmp_path, f"people: {{ann: {{name: Ann, away: {away}}}}}\n"), Options(AT))
    assert not any("their own deputy" in one.message for one in found.shown)
    assert any(one.code in {"OM005", "OM006"} for one in found.shown)


@pytest.mark.parametrize("accountable", ["ann", "[ann, bob]", "ghost"])
def test_a_row_has_an_accountable_or_is_unowned(tmp_path: Path, accountable: str) -> None:
    row = (
        f"  cost: {{accountable: {accountable}, unowned: {{reason: Not yet., until: 2027-01-01}}}}"
    )
    found = check(write(tmp_path, f"{PEOPLE}ownership:\n{row}\n"), Options(AT))
    told = "a layer has an `accountable` or is `unowned` on purpose, not both"
    assert [message for message, _, _ in said(found, "OM006")][1:] == [told]
    (line,) = table(open_registry(str(tmp_path), Options(AT)).workspace, "role-matrix").rows
    assert line[7].startswith("`unowned` could not be read")
    assert "on purpose" not in line[7]


def test_a_placeholder_beside_unowned_is_no_accountable(tmp_path: Path) -> None:
    row = "  cost: {accountable: TODO, unowned: {reason: Not yet., until: 2027-01-01}}"
    found = check(write(tmp_path, f"ownership:\n{row}\n"), Options(AT))
    assert said(found, "OM006") == []
