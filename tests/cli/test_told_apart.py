"""Answers that must not run together: what is certain, what is in turn, what is not known."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run

AT = "2026-11-29T00:00Z"
HEAD = """\
opmodel: 1
name: x
stage: poc
people:
  ann: {name: Ann A, contact: {phone: "+1"}}
  bob: {name: Bob B, contact: {phone: "+2"}}
  cyd: {name: Cyd C, contact: {phone: "+3"}}
"""
ALERT = """\
metrics:
  m: {definition: Errors., owner: ann, decision: Roll back., bucket: reliability, response: page}
alerts:
  a: {metric: m, owner: ann, severity: sev1, response: page, when: {above: 1, for: 5m}, escalation: e}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, text: str) -> str:
    (folder / "opmodel.yaml").write_text(HEAD + text)
    return str(folder)


def test_who_is_paged_in_any_case_is_not_in_turn(run: Run, folder: Path) -> None:
    steps = "[{after: 0m, notify: [ann, bob], pick: one}, {after: 0m, notify: [cyd]}]"
    out = run(
        "who", "alerts/a", write(folder, f"{ALERT}escalations: {{e: {{steps: {steps}}}}}\n")
    ).out
    turn, certain = out.partition("  and in any case:\n")[::2]
    assert "one of these, in turn" in turn
    assert "Bob B" in turn
    assert "Cyd C" not in turn
    assert "Cyd C (cyd)" in certain


@pytest.mark.parametrize(
    "escalation",
    [
        '{hours: {days: [xyz], from: "09:00", to: "17:00"}, outside: skip, steps: [{after: 0m, notify: [ann]}]}',
        '{steps: [{after: 0m, notify: [ann], hours: {days: [xyz], from: "09:00", to: "17:00"}}]}',
    ],
)
def test_hours_that_did_not_load_skip_nobody(run: Run, folder: Path, escalation: str) -> None:
    given = write(folder, f"{ALERT}escalations: {{e: {escalation}}}\n")
    ran = run("who", "alerts/a", given, "--at", AT)
    assert ran.code == 1
    assert "did not load" in ran.out
    assert "skipped" not in ran.out.lower()
    assert "PAGED NOW\n  Ann A (ann)\n" in ran.out


def test_a_page_whose_hours_never_open_is_never_sent(run: Run, folder: Path) -> None:
    hours = 'holidays: [never], hours: {days: [hol], from: "09:00", to: "10:00"}'
    text = f"holidays: {{never: {{dates: [2020-01-01]}}}}\nescalations: {{e: {{{hours}, steps: [{{after: 0m, notify: [ann]}}]}}}}\n"
    ran = run("who", "alerts/a", write(folder, ALERT + text), "--at", AT)
    assert ran.code == 1
    assert "NEVER PAGED" in ran.out
    assert "PAGED NOW" not in ran.out


@pytest.mark.parametrize("year", [2031, 2046, 2130])
def test_whoever_begins_after_years_is_next(run: Run, folder: Path, year: int) -> None:
    rotation = f"{{name: p, participants: [ann, bob], start: {year}-11-02T09:00, every: 1w}}"
    given = write(folder, f"schedules: {{s: {{rotations: [{rotation}]}}}}\n")
    out = run("oncall", "next", "s", given, "--at", AT).out
    assert f"{year}-11-02 09:00" in out
    assert "next  ann" in " ".join(out.split("\n")).replace("next ann", "next  ann")
    assert "nobody else" not in out


def test_a_coverage_that_did_not_load_covers_nothing(run: Run, folder: Path) -> None:
    given = write(folder, 'schedules: {s: {coverage: {days: [hol], from: "09:00", to: "17:00"}}}\n')
    ran = run("oncall", "gaps", given, "--at", AT)
    assert ran.code == 1
    assert "s (UTC): not certain\n" in ran.out
    assert "1 schedule, 0 with open times, 1 not certain\n" in ran.out


@pytest.mark.parametrize("name", ["telemetry-policy", "release-checklist", "reviews"])
@pytest.mark.parametrize("suffix", ["xlsx", "csv", "html"])
def test_a_page_is_no_table(run: Run, folder: Path, name: str, suffix: str) -> None:
    ran = run("export", name, write(folder, ""), "-o", str(folder / f"page.{suffix}"))
    assert ran.code == 2
    assert f"{name} has no form `{suffix}`" in ran.err
    assert not (folder / f"page.{suffix}").exists()


def test_a_registry_is_named_once(run: Run, folder: Path) -> None:
    given = write(folder, "")
    ran = run("export", "role-matrix", given, f"{given}/.")
    assert (ran.code, ran.out) == (2, "")
    assert "is named twice; name each registry once" in ran.err


def test_registries_of_one_name_come_back_each_to_its_folder(run: Run, folder: Path) -> None:
    row = "ownership: {cost: {title: Cost, accountable: ann}}\n"
    for name in ("a", "b", "c"):
        (folder / name).mkdir()
        write(folder / name, row)
    (folder / "c/opmodel.yaml").write_text((HEAD + row).replace("name: x", "name: y"))
    table = folder / "both.csv"
    run("export", "role-matrix", str(folder / "a"), str(folder / "b"), "-o", str(table))
    first, _, last = table.read_text().rpartition('"Cost"')
    table.write_text(f'{first}"Spend"{last}')
    assert "nothing to change" in run("import", "role-matrix", str(table), str(folder / "a")).err
    ran = run("import", "role-matrix", str(table), str(folder / "b"))
    assert "+ownership: {cost: {title: Spend, accountable: ann}}" in ran.out
    assert "1 row of other registries, which are left" in ran.err
    ran = run("import", "role-matrix", str(table), str(folder / "c"))
    assert ran.code == 2
    assert "no row of the file is of the registry `y`" in ran.err


def test_an_owner_for_what_is_unowned_on_purpose_is_told(run: Run, folder: Path) -> None:
    given = write(folder, "ownership: {cost: {title: Cost, unowned: {reason: Not yet.}}}\n")
    table = folder / "m.csv"
    run("export", "role-matrix", given, "-o", str(table))
    cells = table.read_text().replace('"Cost","","","","",""', '"Cost","","","ann","",""')
    table.write_text(cells)
    ran = run("import", "role-matrix", str(table), given)
    assert "accountable: ann" in ran.out
    assert "A2: `cost` is unowned on purpose; take `unowned` out of it by hand" in ran.err
