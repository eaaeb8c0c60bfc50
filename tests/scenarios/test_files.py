"""Scenario files that are wrong: each is an error at its place, and none is left out in silence."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.source import folder
from tests.scenarios.conftest import REGISTRY, read, without

GOOD = (
    "good: {title: Good, at: 2026-01-06T03:00, given: {alert: drop}, expect: {pages: somebody}}\n"
)
ONE = """\
one:
  title: One
  at: 2026-01-06T03:00
  given: {alert: drop}
  expect: {pages: somebody}
"""


def problems(root: Path, text: str, registry: str = REGISTRY) -> list[str]:
    """Read a file beside a good one, and write its problems with their places."""
    played, found = read(root, registry, {"a.yaml": text, "good.yaml": GOOD})
    assert [one.id for one in played.outcomes][-1:] == ["good"]
    return [
        f"{one.primary.location.file}:{one.primary.at.start.line}:{one.primary.at.start.column}"
        f" {one.code} {one.message}; {one.help}"
        for one in found.problems
    ]


def changed(old: str, new: str) -> str:
    assert ONE.count(old) == 1, old
    return ONE.replace(old, new)


EXACTLY = "`given` holds exactly one of `alert`, `failure`, `metric`, `layer`"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            changed("pages:", "page:"),
            "5:12 OM004 `expect` of a scenario has no field `page`; did you mean `paged`?",
        ),
        (
            changed("  expect:", "  expects:"),
            "5:3 OM004 a scenario has no field `expects`; did you mean `expect`?",
        ),
        (
            changed("pages: somebody", "pages: someone"),
            ("5:19 OM006 `someone` is no `expect.pages`; it is one of `somebody`, `nobody`; "
            "pick one of these"),
        ),
        (
            changed("title: One", "title: TODO"),
            ("2:10 OM005 scenario `one` has no `title`, which is required "
            "(`TODO` counts as missing); add `title`"),
        ),
        (
            changed("pages: somebody", "pages: somebody, runbook: TBD"),
            "5:38 OM008 `TBD` stands for a value; write the value",
        ),
        (
            changed("pages: somebody", "told: [TODO]"),
            "5:19 OM006 `expect` expects nothing (`TODO` counts as missing); say what must happen",
        ),
        (
            ONE + "  acknowledged_after:\n",
            "6:22 OM008 the value is empty; write the value",
        ),
        (
            changed("alert: drop", "alert: dorp"),
            "4:18 OM007 there is no alert `dorp`; did you mean `drop`?",
        ),
        (
            changed("alert: drop", "failure: zzz"),
            "4:20 OM007 there is no failure `zzz`; name one that the registry has",
        ),
        (
            changed("alert: drop", "layer: qualitty"),
            "4:18 OM007 there is no layer `qualitty`; did you mean `quality`?",
        ),
        (
            changed("alert: drop", "metric: grounded, value: 1, slice: {intend: hr}"),
            "4:47 OM007 there is no telemetry field `intend`; did you mean `intent`?",
        ),
        (
            changed("pages: somebody", "not_paged: [anna]"),
            "5:24 OM007 there is no person, role or schedule `anna`; did you mean `ana`?",
        ),
        (
            changed("pages: somebody", "not_paged: [room]"),
            ("5:24 OM007 there is no person, role or schedule `room`; "
            "name one that the registry has"),
        ),
        (
            changed("pages: somebody", "fires: [dorp]"),
            "5:20 OM007 there is no alert `dorp`; did you mean `drop`?",
        ),
        (
            changed("pages: somebody", "paged: [{person: anna, after: 0m}]"),
            "5:29 OM007 there is no person `anna`; did you mean `ana`?",
        ),
        (
            changed("pages: somebody", "paged: [{after: 0m}, {via: nights}]"),
            "5:39 OM007 there is no person, role or schedule `nights`; did you mean `night`?",
        ),
        (
            changed("pages: somebody", "told: [room, rooom]"),
            "5:25 OM007 there is no channel `rooom`; did you mean `room`?",
        ),
        (
            changed("pages: somebody", "read_by: [cto]"),
            "5:22 OM007 there is no person `cto`; name one that the registry has",
        ),
        (
            changed("pages: somebody", "runbook: nosuch"),
            "5:21 OM007 there is no runbook `nosuch`; name one that the registry has",
        ),
        (
            changed("pages: somebody", "switches: [nosuch]"),
            "5:23 OM007 there is no kill switch `nosuch`; name one that the registry has",
        ),
        (
            changed("pages: somebody", "accountable: nosuch"),
            "5:25 OM007 there is no person or role `nosuch`; name one that the registry has",
        ),
        (
            changed("alert: drop", "alert: drop, layer: quality"),
            f"4:31 OM006 {EXACTLY}; keep one of them",
        ),
        (changed("{alert: drop}", "{}"), f"4:10 OM006 {EXACTLY}; name one"),
        (changed("{pages: somebody}", "{}"), ("5:11 OM006 `expect` expects nothing; "
         "say what must happen")),
        (changed("pages: somebody", "told: []"), ("5:11 OM006 `expect` expects nothing; "
         "say what must happen")),
        (
            changed("pages: somebody", "paged: [{}]"),
            ("5:20 OM006 this page says nothing; "
            "name a `person` or a `via`, or say `after` how long"),
        ),
        (
            changed("alert: drop", "metric: grounded"),
            ("4:19 OM006 a metric moves: to `value`, or by `drops_by` or `rises_by`; "
            "say how it moves"),
        ),
        (
            changed("alert: drop", "metric: grounded, drops_by: 1, rises_by: 1"),
            "4:52 OM006 a metric does not drop and rise at once; keep one of the two",
        ),
        (
            changed("alert: drop", "alert: drop, value: 3"),
            ("4:31 OM006 `value` goes with `metric`; here it would mean nothing; "
            "remove it, or give the metric"),
        ),
        (
            changed("alert: drop", "layer: quality, slice: {intent: hr}"),
            ("4:34 OM006 `slice` goes with `metric`; here it would mean nothing; "
            "remove it, or give the metric"),
        ),
        (
            changed("alert: drop", "metric: grounded, value: lots"),
            ("4:36 OM006 `given.value` is `lots`: expected a number or a percentage such as "
            "`0.9` or `10%`; correct it"),
        ),
        (
            changed("at: 2026-01-06T03:00", "at: tomorrow"),
            ("3:7 OM006 `at` is `tomorrow`: expected an ISO 8601 date or date-time such as "
            "`2026-11-24` or `2026-11-24T09:00`; correct it"),
        ),
        (
            changed("at: 2026-01-06T03:00", "at: 2026-02-30"),
            ("3:7 OM006 `at` is `2026-02-30`: no such date or time: day is out of range for month; "
            "write an ISO 8601 date or date-time such as `2026-11-24` or `2026-11-24T09:00`"),
        ),
        (
            changed("at: 2026-01-06T03:00", "at: 0001-01-01T00:00:00+14:00"),
            ("3:7 OM006 `0001-01-01T00:00:00+14:00` is not within the years 1 to 9999, in UTC; "
            "correct the year"),
        ),
        (
            changed("at: 2026-01-06T03:00", "at: 9999-12-31T23:00:00-05:00"),
            ("3:7 OM006 `9999-12-31T23:00:00-05:00` is not within the years 1 to 9999, in UTC; "
            "correct the year"),
        ),
        (
            changed("one:", "one two:"),
            ("1:1 OM006 `one two` is no id; an id is at most 128 letters, digits, `.`, `_` and "
            "`-`, and begins with a letter or digit"),
        ),
        ("one:\n", ("1:5 OM006 scenario `one` must be a mapping, not one value; indent its fields "
         "below it: `title`, `at`, `given`, `acknowledged_after`, `expect`")),
        ("", "1:1 OM016 no scenario stands in this file; add one, or remove the file"),
        ("# nothing yet\n", ("1:1 OM016 no scenario stands in this file; add one, or remove the "
         "file")),
    ],
)  # fmt: skip
def test_is_an_error_at_its_place(root: Path, text: str, problem: str) -> None:
    assert problems(root, text) == [f"scenarios/a.yaml:{problem}"]


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("one: {title: One\n", "1:6", "OM001"),
        ("one:\n\ttitle: One\n", "2:1", "OM001"),
        (ONE + ONE, "6:1", "OM002"),
        (ONE + "  title: Two\n", "6:3", "OM002"),
        ("- one\n", "1:1", "OM006"),
        ("[]: 1\n", "1:1", "OM006"),
        ("one: !!set {}\n", "1:6", "OM013"),
        ("one: \u202e\n", "1:6", "OM014"),
        ("one: 1\n---\ntwo: 2\n", "2:1", "OM001"),
    ],
)
def test_broken_text(root: Path, text: str, place: str, code: str) -> None:
    found = problems(root, text)
    assert found[0].startswith(f"scenarios/a.yaml:{place} {code} ")
    assert not any("OM016" in one for one in found)


def test_what_is_right_of_a_broken_file_is_played(root: Path) -> None:
    text = ONE + ONE.replace("one:", "two:").replace("drop", "dorp") + GOOD
    played, found = read(root, REGISTRY, {"a.yaml": text})
    assert [one.id for one in played.outcomes] == ["one", "good"]
    assert len(found.problems) == 1


def test_two_files_may_use_one_id(root: Path) -> None:
    played, found = read(root, REGISTRY, {"b.yml": ONE, "a.YAML": ONE})
    assert [one.file for one in played.outcomes] == ["scenarios/a.YAML", "scenarios/b.yml"]
    assert found.problems == ()


def test_an_id_that_may_stand_in_what_did_not_load(root: Path) -> None:
    registry = without(("failures:\n", "failurez: {lost: 1}\nfailures:\n"))
    assert problems(root, changed("alert: drop", "failure: lost"), registry) == [
        (
            "scenarios/a.yaml:4:20 OM007 there is no failure `lost` in what loaded; "
            "`opmodel check` says what did not load"
        )
    ]


# -- instants ------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["0001-01-01T12:00", "9999-12-31T12:00", "9999-12-31T23:59:59Z"])
def test_any_year_of_the_calendar(root: Path, at: str) -> None:
    text = changed("2026-01-06T03:00", at).replace("pages: somebody", "told: [room]")
    played, found = read(root, REGISTRY, {"a.yaml": text})
    assert [one.misses for one in played.outcomes] == [()]
    assert found.problems == ()


def test_a_local_time_needs_a_zone_that_loads(root: Path) -> None:
    registry = without(("stage: pilot\ntimezone: Europe/Berlin", "stage: pilot\ntimezone: Berlin"))
    played, found = read(root, registry, {"a.yaml": ONE, "b.yaml": changed("03:00", "03:00:00Z")})
    assert [one.file for one in played.outcomes] == ["scenarios/b.yaml"]
    assert [one.message for one in found.problems] == [
        "`at` is local to the manifest's `timezone`, `Berlin`, which did not load"
    ]
    registry = without(("stage: pilot\ntimezone: Europe/Berlin", "stage: pilot\ntimezone: TODO"))
    played, found = read(root, registry, {"a.yaml": ONE})
    assert played.outcomes[0].at % 86_400_000_000 == 3 * 3_600_000_000, "as UTC"
    assert found.problems == ()


# -- folders, links, names -----------------------------------------------------------------------


def codes(root: Path) -> list[tuple[str, str]]:
    _, found = read(root, REGISTRY, {"good.yaml": GOOD})
    return [(one.code, one.primary.location.file) for one in found.problems]


def make(root: Path, name: str, text: str = ONE) -> Path:
    path = root / "scenarios" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("inner", ["deep/er/a.yaml", "evals/a.yaml", "policies/a.yml", "n/a.yaml"])
def test_every_folder_is_read(root: Path, inner: str) -> None:
    make(root, inner, changed("drop", "dorp"))
    if inner == "n/a.yaml":
        make(root, "n/opmodel.yaml", "opmodel: 1\n")
    assert ("OM007", f"scenarios/{inner}") in codes(root)


def test_hidden_files_and_other_kinds_are_no_scenarios(root: Path) -> None:
    for name in (".draft.yaml", ".old/a.yaml", "README.md", "a.json", "a.yaml~"):
        make(root, name, "broken: [")
    assert codes(root) == []


def test_links_are_refused(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.yaml").write_text(ONE, "utf-8")
    make(root, "good.yaml", GOOD)
    (root / "scenarios" / "file.yaml").symlink_to(outside / "a.yaml")
    (root / "scenarios" / "folder").symlink_to(outside)
    (root / "scenarios" / "dangling.yaml").symlink_to(outside / "none.yaml")
    assert codes(root) == [
        ("OM013", "scenarios/dangling.yaml"),
        ("OM013", "scenarios/file.yaml"),
        ("OM013", "scenarios/folder"),
    ]


def test_the_folder_itself_may_be_no_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (root / "scenarios").symlink_to(tmp_path / "outside")
    assert codes(root) == [("OM013", "scenarios")]


def test_a_folder_with_a_files_name(root: Path) -> None:
    make(root, "a.yaml/b.txt")
    assert codes(root) == [("OM013", "scenarios/a.yaml")]


def test_an_odd_name(root: Path) -> None:
    make(root, "a\u202eb.yaml", GOOD)
    assert codes(root) == [("OM014", r"scenarios/a\u202eb.yaml")]


def test_folders_that_cannot_be_listed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(root, "in/a.yaml")
    real = os.scandir

    def closed(ending: str) -> Callable[[str], object]:
        def scandir(path: str) -> object:
            if path.endswith(ending):
                raise PermissionError(13, "Permission denied", path)
            return real(path)

        return scandir

    monkeypatch.setattr(folder.os, "scandir", closed("scenarios/in/"))
    assert codes(root) == [("OM001", "scenarios/in/")]
    monkeypatch.setattr(folder.os, "scandir", closed("scenarios/"))
    assert codes(root) == [("OM001", "scenarios")]


def test_a_secret_is_starred_out(root: Path) -> None:
    key = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    found = problems(root, changed("pages: somebody", f"pages: {key}"))
    assert len(found) == 1
    assert key not in found[0]
    played, _ = read(root, REGISTRY, {"b.yaml": changed("title: One", f"title: {key}")})
    assert all(key not in one.title for one in played.outcomes)
