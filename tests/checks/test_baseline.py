"""The baseline: which findings it silences, which it never does, and which entries are faults."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from registry.checks.engine import check
from registry.checks.result import Result
from registry.errors import CannotRunError
from registry.workspace.options import Options
from tests.conftest import AT

HEAD = "opmodel: 1\nname: known\nstage: pilot\npolicy: policies/own.yaml\n"
PEOPLE = (
    "people:\n  mei: {name: Mei Lin}\n  gus: {name: Gus Ode, until: 2026-11-01}\n"
    "teams:\n  crew: {name: Crew}\n"
)
METRIC = "metrics:\n  m: {bucket: quality, response: analytics}\n"
Write = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Write:
    """Write a registry, with entries in its baseline, and check it for unowned metrics."""

    def write(
        *entries: dict[str, Any], text: str = METRIC, pack: str = "", select: str = "", **asked: Any
    ) -> Result:
        (tmp_path / "policies").mkdir(exist_ok=True)
        (tmp_path / "opmodel.yaml").write_text(HEAD)
        (tmp_path / "people.yaml").write_text(PEOPLE)
        (tmp_path / "a.yaml").write_text(text)
        (tmp_path / "policies/own.yaml").write_text(pack)
        if entries:
            (tmp_path / "opmodel-baseline.yaml").write_text(baseline(*entries))
        return check(str(tmp_path), Options(AT, select=select, **asked))

    return write


def baseline(*entries: dict[str, Any]) -> str:
    lines = ["format: opmodel.baseline.v1", "entries:"]
    for one in entries:
        lines += ["  -", *(f"    {name}: {value}" for name, value in one.items())]
    return "\n".join([*lines, ""])


def entry(found: Result, **other: Any) -> dict[str, Any]:
    """Describe the first finding of a rule as an entry, and change some of it."""
    one = next(each for each in found.diagnostics if each.code == "OM201")
    given = {
        "fingerprint": one.fingerprint,
        "code": "OM201",
        "severity": one.severity.value,
        "entity": "/".join(one.entity or ()),
        "reason": "Known when we began",
        "owner": "mei",
        "until": "2027-01-15",
    }
    return {name: value for name, value in {**given, **other}.items() if value is not None}


def told(found: Result, *codes: str) -> list[tuple[str, str, int]]:
    return [
        (one.code, one.primary.location.file, one.primary.at.start.line)
        for one in found.shown
        if one.code in (codes or ("OM010", "OM012", "OM018", "OM201"))
    ]


def test_an_entry_silences_its_finding(run: Write) -> None:
    before = run()
    found = run(entry(before))
    assert told(found) == []
    silenced = found.baselined[0].suppressed
    assert silenced == (
        "baseline", "Known when we began", "opmodel-baseline.yaml", 4, "mei", "2027-01-15",
    )  # fmt: skip
    assert (len(found.baselined), len(found.suppressed)) == (1, 0)
    assert len(found.shown) == len(before.shown) - 1
    assert found.files == before.files
    assert found.skipped == before.skipped


def test_moved_lines_and_files_change_nothing(run: Write, tmp_path: Path) -> None:
    known = entry(run())
    assert told(run(known, text=f"# moved\n\n{METRIC}")) == []
    (tmp_path / "teams").mkdir()
    (tmp_path / "teams/ours.yaml").write_text(METRIC)
    assert told(run(known, text="roles: {boss: {title: Boss, holder: mei}}\n")) == []


def test_a_new_finding_is_shown(run: Write) -> None:
    more = METRIC + "  n: {bucket: quality, response: analytics}\n"
    assert told(run(entry(run()), text=more)) == [("OM201", "a.yaml", 3)]


def test_none_is_asked_for(run: Write) -> None:
    known = entry(run())
    assert told(run(known, baseline="")) == [("OM201", "a.yaml", 2)]


def test_another_file_may_be_named(run: Write, tmp_path: Path) -> None:
    known = entry(run())
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci/known.yaml").write_text(baseline(known))
    found = run(baseline=str(tmp_path / "ci/known.yaml"))
    assert told(found) == []
    assert found.baselined[0].suppressed is not None
    assert found.baselined[0].suppressed.file == "ci/known.yaml"
    assert [one for one in found.shown if one.code == "OM003"] == []
    with pytest.raises(CannotRunError, match="the baseline ci/none\\.yaml"):
        run(baseline="ci/none.yaml")


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "changed", [{"code": "OM202"}, {"entity": "metrics/n"}, {"entity": None}, {"fingerprint": 0}]
)
def test_an_entry_accepts_only_what_a_reader_sees_in_it(
    run: Write, changed: dict[str, Any]
) -> None:
    if "fingerprint" in changed:
        changed = {"fingerprint": '"' + "0" * 32 + '"'}
    found = run(entry(run(), **changed))
    assert told(found, "OM201") == [("OM201", "a.yaml", 2)]
    assert told(found, "OM010") == [("OM010", "opmodel-baseline.yaml", 4)]


# -- what comes first ----------------------------------------------------------------------------

COMMENTED = METRIC.replace("analytics}", "analytics}  # opmodel: ignore[OM201] soon")
WAIVER = "waivers:\n  - {rule: OM201, entity: metrics/m, reason: soon, until: 2027-01-15}\n"


@pytest.mark.parametrize(("text", "pack"), [(COMMENTED, ""), (METRIC, WAIVER)])
def test_a_comment_and_a_waiver_come_first(run: Write, text: str, pack: str) -> None:
    found = run(entry(run()), text=text, pack=pack)
    assert told(found) == [("OM010", "opmodel-baseline.yaml", 4)]
    assert (len(found.suppressed), len(found.baselined)) == (1, 0)


# -- entries that are faults ---------------------------------------------------------------------


def test_a_stale_entry_is_a_finding(run: Write) -> None:
    known = entry(run())
    mended = "metrics:\n  m: {bucket: quality, response: analytics, owner: mei}\n"
    found = run(known, text=mended)
    (stale,) = [one for one in found.shown if one.code == "OM010"]
    assert stale.message == "the baseline's entry of OM201 for `metrics/m` silences nothing"
    assert "opmodel baseline prune" in stale.help
    off = "rules: {OM201: {severity: off}}\n"
    assert told(run(known, text=mended, pack=off)) == []
    assert told(run(known, text=mended, select="OM1")) == []


def test_past_its_end_it_is_a_finding_and_what_it_covered_is_back(run: Write) -> None:
    known = entry(run(), until="2026-11-19")
    found = run(known)
    assert told(found) == [("OM012", "opmodel-baseline.yaml", 10), ("OM201", "a.yaml", 2)]
    assert "agree on a new date" in next(one.help for one in found.shown if one.code == "OM012")
    mended = "metrics:\n  m: {bucket: quality, response: analytics, owner: mei}\n"
    over = run(known, text=mended)
    assert told(over) == [("OM012", "opmodel-baseline.yaml", 10)]
    assert "prune" in next(one.help for one in over.shown if one.code == "OM012")
    assert told(run(entry(found, until="2026-11-20"))) == []


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("changed", "line", "says"),
    [
        ({"owner": None}, 4, "has no owner"),
        ({"owner": "TODO"}, 4, "has no owner"),
        ({"owner": "gus"}, 9, "is owned by `gus`, who has left"),
        ({"owner": "crew"}, 9, "is owned by a team, `crew`, and so by nobody"),
        ({"until": None}, 4, "has no end"),
        ({"until": "2027-12-31"}, 10, "runs until 2027-12-31, for longer than 180d"),
    ],
)
def test_an_entry_of_nobody_or_without_an_end(
    run: Write, changed: dict[str, Any], line: int, says: str
) -> None:
    found = run(entry(run(), **changed))
    assert told(found) == [("OM018", "opmodel-baseline.yaml", line)]
    (one,) = [one for one in found.shown if one.code == "OM018"]
    assert one.message == f"the baseline's entry of OM201 for `metrics/m` {says}"
    assert len(found.baselined) == 1


def test_a_graver_finding_is_shown(run: Write) -> None:
    weak = "rules: {OM201: {severity: warning}}\n"
    known = entry(run(pack=weak))
    assert told(run(known, pack=weak)) == []
    found = run(known)
    assert told(found) == [("OM201", "a.yaml", 2)]
    (one,) = [one for one in found.shown if one.code == "OM201"]
    assert one.help.endswith("; the baseline accepts it as `warning`, and it is graver now")
    strict = entry(found)
    assert told(run(strict, pack=weak)) == []


# -- findings that are alike ---------------------------------------------------------------------


def alike(number: int) -> list[Any]:
    """Findings of one fingerprint at several places."""
    from registry.diagnostic import Diagnostic, Label, Severity
    from registry.span import Location, Position, Span

    def at(line: int) -> Label:
        return Label(Location("a.yaml"), "", Span(Position(line, 1), Position(line, 2)))

    return [
        Diagnostic("OM201", f"finding {one}", at(one + 1), "mend it" * (one % 2), (),
                   ("metrics", "m"), (), "", Severity.WARNING, "x", "a" * 32)
        for one in range(number)
    ]  # fmt: skip


@pytest.mark.no_cover
@pytest.mark.parametrize(("findings", "entries"), [(2, 2), (3, 2), (1, 2), (2, 1), (2, 0)])
def test_a_new_one_never_hides_behind_an_old_one_that_is_alike(
    run: Write, tmp_path: Path, findings: int, entries: int
) -> None:
    from registry.checks.baseline import BaselineCheck, EntryState
    from registry.model.scalars import Duration
    from registry.workspace.open import open_registry

    run()
    known = entry(run(), fingerprint="a" * 32, severity="warning")
    if entries:
        run(*[known] * entries)
    opened = open_registry(str(tmp_path), Options(AT))
    held = BaselineCheck(opened.baseline, opened.workspace, AT, Duration("180d"))
    done = held.match(alike(findings))
    shown = sum(one.suppressed is None for one in done.diagnostics)
    assert shown == (findings if findings > entries else 0)
    states = {EntryState.CROWDED: entries} if findings > entries else {
        EntryState.SILENCES: findings, EntryState.STALE: entries - findings,
    }  # fmt: skip
    assert {state: done.states.count(state) for state in set(done.states)} == {
        state: number for state, number in states.items() if number
    }
    if findings > entries > 0:
        says = f"the baseline holds {entries} of these {findings}, and which one is new"
        assert [says in one.help for one in done.diagnostics] == [True] * findings
    marks = [one.distinguish for one in held.findings(done, {"OM201"})]
    assert len(set(marks)) == len(marks) == max(entries - findings, 0)


# -- the file itself -----------------------------------------------------------------------------


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("format: [\n", "OM001", 1),
        ("format: opmodel.baseline.v2\nentries: []\n", "OM006", 1),
        ("entries: []\n", "OM005", 1),
        ("format: opmodel.baseline.v1\nentries: 3\n", "OM006", 2),
        ("format: opmodel.baseline.v1\nentrys: []\n", "OM004", 2),
        ("format: opmodel.baseline.v1\nentries:\n  - {code: OM201}\n", "OM005", 3),
        ("format: opmodel.baseline.v1\nformat: opmodel.baseline.v1\n", "OM002", 2),
        ("x: &a 1\nformat: opmodel.baseline.v1\n", "OM004", 1),
        ("\xff", "OM001", 1),
    ],
)
def test_its_own_faults_are_told_where_they_stand(
    run: Write, tmp_path: Path, text: str, code: str, line: int
) -> None:
    run()
    (tmp_path / "opmodel-baseline.yaml").write_bytes(text.encode("latin-1"))
    found = run()
    own = [one for one in found.shown if one.primary.location.file == "opmodel-baseline.yaml"]
    assert (own[0].code, own[0].primary.at.start.line) == (code, line)
    assert told(found, "OM201") == [("OM201", "a.yaml", 2)]


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("changed", "code", "line", "says"),
    [
        ({"code": "OM2011"}, "OM007", 5, "there is no rule `OM2011`"),
        ({"code": "OM007"}, "OM006", 5, "findings of `OM007` cannot be in a baseline"),
        ({"code": "OM018"}, "OM006", 5, "findings of `OM018` cannot be in a baseline"),
        ({"owner": "mai"}, "OM007", 9, "there is no person or role `mai`"),
        ({"fingerprint": "abc"}, "OM006", 4, "fingerprint"),
        ({"severity": "bad"}, "OM006", 6, "severity"),
    ],
)
def test_an_entry_that_names_what_is_not_there(
    run: Write, changed: dict[str, Any], code: str, line: int, says: str
) -> None:
    found = run(entry(run(), **changed))
    own = [one for one in found.shown if one.primary.location.file == "opmodel-baseline.yaml"]
    assert [(one.code, one.primary.at.start.line) for one in own] == [(code, line)]
    assert says in own[0].message


def test_of_a_wrong_entry_the_others_stand(run: Write) -> None:
    known = entry(run())
    found = run({**known, "severity": "bad"}, known)
    assert told(found, "OM201") == []
    assert found.baselined[0].suppressed is not None
    assert found.baselined[0].suppressed.line == 12


def test_a_link_is_not_followed(run: Write, tmp_path: Path) -> None:
    known = entry(run())
    (tmp_path.parent / "elsewhere.yaml").write_text(baseline(known))
    (tmp_path / "opmodel-baseline.yaml").symlink_to(tmp_path.parent / "elsewhere.yaml")
    found = run()
    assert told(found, "OM013", "OM201") == [
        ("OM013", "opmodel-baseline.yaml", 1),
        ("OM201", "a.yaml", 2),
    ]
