"""Ignore comments and waivers: what each silences, and which are faults themselves."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.checks.engine import check
from registry.checks.result import Result
from registry.workspace.options import Options
from tests.conftest import AT

HEAD = "opmodel: 1\nname: quiet\nstage: poc\npolicy: policies/own.yaml\n"
UNOWNED = "metrics:\n  m: {bucket: quality, response: analytics}"
WAIVER = "  - {rule: OM201, entity: metrics/m, reason: In January, until: 2027-01-15}\n"


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    def write_and_check(
        text: str, pack: str = "", head: str = HEAD, at: datetime = AT, **options: str
    ) -> Result:
        (tmp_path / "policies").mkdir(exist_ok=True)
        (tmp_path / "opmodel.yaml").write_text(head)
        (tmp_path / "a.yaml").write_text(text, "utf-8")
        (tmp_path / "policies/own.yaml").write_text(pack)
        return check(str(tmp_path), Options(at, **options))  # type: ignore[arg-type]

    return write_and_check


def shown(result: Result, *codes: str) -> list[tuple[str, int]]:
    return [
        (one.code, one.primary.at.start.line)
        for one in result.shown
        if one.code in (codes or ("OM201",))
    ]


def silenced(result: Result) -> list[tuple[str, str, str, str, int]]:
    return [
        (one.code, *one.suppressed[:4]) for one in result.suppressed if one.suppressed is not None
    ]  # fmt: skip


def test_on_its_line_or_alone_above_it(run: Callable[..., Result]) -> None:
    trailing = run(UNOWNED + "  # opmodel: ignore[OM201] soon\n")
    assert silenced(trailing) == [("OM201", "comment", "soon", "a.yaml", 2)]
    above = run("metrics:\n  # opmodel: ignore[OM201] soon\n" + UNOWNED.split("\n")[1] + "\n")
    assert silenced(above) == [("OM201", "comment", "soon", "a.yaml", 2)]
    assert shown(trailing) == shown(above) == []
    far = run("# opmodel: ignore[OM201] soon\n" + UNOWNED + "\n")
    assert shown(far, "OM201", "OM010") == [("OM010", 1), ("OM201", 3)]


def test_one_comment_for_several_rules(run: Callable[..., Result]) -> None:
    text = UNOWNED + "  # opmodel: ignore[OM201, OM202, OM101] soon\n"
    result = run(text)
    assert {code for code, *_ in silenced(result)} == {"OM201", "OM202"}
    assert shown(result, "OM010") == [("OM010", 2)]
    (idle,) = [one for one in result.shown if one.code == "OM010"]
    assert "OM101" in idle.message


def test_it_silences_no_other_file(run: Callable[..., Result]) -> None:
    result = run("x-a: b\n" + UNOWNED + "\n", pack="x-a: b  # opmodel: ignore[OM201] soon\n")
    assert shown(result) == [("OM201", 3)]


@pytest.mark.parametrize(
    ("comment", "code", "says"),
    [
        ("# opmodel: ignore", "OM011", "names no rule"),
        ("# opmodel: ignore[OM201]", "OM011", "gives no reason"),
        ("# opmodel: ignore[] why", "OM011", "names no rule"),
        ("# opmodel: ignore[OM005] why", "OM010", "cannot be silenced"),
        ("# opmodel: ignore[OM2010] why", "OM010", "there is no rule"),
        ("# opmodel: ignore[OM102] why", "OM010", "silences nothing"),
    ],
)
def test_comments_that_are_faults(
    comment: str, code: str, says: str, run: Callable[..., Result]
) -> None:
    result = run(UNOWNED + "  " + comment + "\n")
    assert shown(result, "OM201", code)[-2:] in (
        [("OM201", 2), (code, 2)],
        [(code, 2), ("OM201", 2)],
    )
    (found,) = [one for one in result.shown if one.code == code]
    assert says in found.message
    assert found.primary.at.start.column > 40


def test_two_comments_that_say_the_same_are_told_apart(run: Callable[..., Result]) -> None:
    lone, idle = "# opmodel: ignore\n", "# opmodel: ignore[OM201] soon\n"
    found = [
        one
        for one in run(lone + lone + idle + "x-a: 1\n" + idle + "people: {p: {name: P}}\n").shown
        if one.code in {"OM010", "OM011"}
    ]
    assert [(one.code, one.primary.at.start.line) for one in found] == [
        ("OM011", 1), ("OM011", 2), ("OM010", 3), ("OM010", 5),
    ]  # fmt: skip
    assert len({one.fingerprint for one in found}) == 4
    (first,) = (one for one in run(lone + "people: {p: {name: P}}\n").shown if one.code == "OM011")
    assert first.fingerprint == found[0].fingerprint, "the first stays itself when another joins"


def test_idle_ones_are_no_fault_where_their_rule_did_not_run(run: Callable[..., Result]) -> None:
    text = UNOWNED + "  # opmodel: ignore[OM102] why\n"
    assert shown(run(text, select="OM201"), "OM010") == []
    assert shown(run(text, "rules: {OM102: {severity: 'off'}}\n"), "OM010") == []
    assert shown(run(text, ignore="OM102"), "OM010") == []
    idle = "waivers:\n" + WAIVER.replace("metrics/m", "metrics/n")
    assert shown(run(UNOWNED + "\n", idle), "OM010") == [("OM010", 2)]
    assert shown(run(UNOWNED + "\n", idle, select="OM201"), "OM010") == []
    assert shown(run(UNOWNED + "\n", idle, ignore="OM201"), "OM010") == []


IDLE = [
    "the comment ignores OM102, and silences nothing",
    "the waiver of OM201 for `metrics/n` silences nothing",
]


@pytest.mark.parametrize(
    ("select", "idle"),
    [("", IDLE), ("OM010", []), ("OM010,OM201", []), ("OM010,OM102,OM201", [])],
)
def test_a_narrowed_run_calls_no_suppression_idle(
    select: str, idle: list[str], run: Callable[..., Result]
) -> None:
    """Though OM010 itself runs; what is wrong with a suppression in any run is told in any."""
    pack = "waivers:\n" + WAIVER.replace("metrics/m", "metrics/n")
    result = run(UNOWNED + "  # opmodel: ignore[OM102, OM2010] why\n", pack, select=select)
    told = sorted(one.message for one in result.shown if one.code == "OM010")
    assert told == [*idle, "there is no rule `OM2010` to ignore"]


def test_a_waiver(run: Callable[..., Result]) -> None:
    result = run(UNOWNED + "\n", "waivers:\n" + WAIVER)
    assert silenced(result) == [("OM201", "waiver", "In January", "policies/own.yaml", 2)]
    assert shown(result, "OM201", "OM010", "OM012") == []


def test_a_waivers_last_day_counts_in_the_manifests_zone(run: Callable[..., Result]) -> None:
    pack = "waivers:\n" + WAIVER
    for zone, hour, holds in (
        ("UTC", 23, True), ("Asia/Tokyo", 14, True), ("Asia/Tokyo", 15, False),
        ("America/New_York", 23, True),
    ):  # fmt: skip
        head = HEAD + f"timezone: {zone}\n"
        result = run(UNOWNED + "\n", pack, head, datetime(2027, 1, 15, hour, tzinfo=UTC))
        assert (shown(result) == []) is holds, (zone, hour)
        assert shown(result, "OM012") == ([] if holds else [("OM012", 2)])
        (*_, column) = [
            one.primary.at.start.column for one in result.shown if one.code == "OM012"
        ] or [0]
        assert column in {0, 65}, "the finding points at the date"


def test_an_expired_waiver_is_not_idle_too(run: Callable[..., Result]) -> None:
    pack = "waivers:\n" + WAIVER.replace("2027", "2026").replace("metrics/m", "metrics/n")
    assert shown(run(UNOWNED + "\n", pack), "OM010", "OM012") == [("OM012", 2)]


def test_a_comment_wins_over_a_waiver_which_is_then_idle(run: Callable[..., Result]) -> None:
    result = run(UNOWNED + "  # opmodel: ignore[OM201] soon\n", "waivers:\n" + WAIVER)
    assert silenced(result) == [("OM201", "comment", "soon", "a.yaml", 2)]
    assert shown(result, "OM010") == [("OM010", 2)]


def test_suppressing_moves_findings_and_never_their_total(run: Callable[..., Result]) -> None:
    plain = run(UNOWNED + "\n")
    quiet = run(UNOWNED + "  # opmodel: ignore[OM201, OM202, OM203] soon\n")
    assert len(plain.diagnostics) == len(quiet.diagnostics)
    assert {one.fingerprint for one in plain.diagnostics} == {
        one.fingerprint for one in quiet.diagnostics
    }


def test_an_endless_waiver_is_no_finding_where_its_rule_is_off(run: Callable[..., Result]) -> None:
    pack = "waivers:\n" + WAIVER.replace("2027-01-15", "2099-01-15")
    stricter = HEAD.replace("poc", "production")
    assert shown(run(UNOWNED + "\n", pack=pack, head=stricter), "OM018")
    assert not shown(run(UNOWNED + "\n", pack=pack), "OM018"), "off in a proof of concept"
