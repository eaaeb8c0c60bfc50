"""What is printed where an escalation pages at some hours only, and where holidays are kept."""

import json
from pathlib import Path

import pytest

from registry.clock.holidays import holidays_version
from tests.cli.conftest import Run
from tests.cli.test_who import answer
from tests.paging.acme import AT, edited, write

OFFICE = 'hours: [{days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00"}]'
SATURDAY, NOON = "2026-11-28T12:00:00+01:00", "2026-11-30T12:00:00+01:00"
HOLIDAYS = """\
holidays:
  berlin: {country: DE, subdivision: BE}
  office: {dates: [2026-11-30, {from: 2027-12-24, to: 2027-12-31}]}
"""


def _page(text: str) -> tuple[str, str]:
    return ("    repeat: 2\n    repeat_after: 15m\n", f"    {text}\n")


def _step(text: str) -> tuple[str, str]:
    return ("{after: 15m, notify: [commander]}", f"{{after: 15m, notify: [commander], {text}}}")


def test_a_held_escalation_pages_nobody_before_it_opens(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", edited(_page(OFFICE)))
    ran = run("who", "drop", folder, "--at", SATURDAY)
    assert ran.code == 0
    assert "PAGED NOW" not in ran.out
    assert "HELD UNTIL Mon 30 Nov 09:00 Europe/Berlin\n  Ana Ruiz" in ran.out
    assert "HELD UNTIL Mon 30 Nov 09:15 Europe/Berlin\n  Cho Min" in ran.out
    assert "HELD UNTIL" not in run("who", "drop", folder, "--at", NOON).out
    chain = answer(run, folder, at=SATURDAY)["chain"]
    assert [hop["held_until"] for hop in chain] == [
        f"2026-11-30T09:{minute}:00+01:00" for minute in ("00", "15", "30")
    ]
    assert [hop["after"] for hop in chain] == ["0m", "15m", "30m"]
    tokyo = answer(run, folder, "alerts/drop", SATURDAY, "--tz", "Asia/Tokyo")["chain"]
    assert tokyo[0]["held_until"] == "2026-11-30T17:00:00+09:00"


def test_runs_that_wait_are_told_one_by_one(run: Run, tmp_path: Path) -> None:
    text = edited(("repeat_after: 15m\n", f"repeat_after: 15m\n    {OFFICE}\n"))
    folder = write(tmp_path / "a", text)
    out = run("who", "drop", folder, "--at", SATURDAY).out
    assert "AGAIN HELD UNTIL Mon 30 Nov 09:45 Europe/Berlin" in out
    assert "then the same again" not in out
    assert "then the same again after 45m and 1h30m" in run("who", "drop", folder, "--at", NOON).out


def test_a_held_step_is_in_its_own_zone(run: Run, tmp_path: Path) -> None:
    step = _step(f"{OFFICE}, timezone: America/New_York, outside: hold")
    folder = write(tmp_path / "a", edited(_page("approved_by: head"), step))
    out = run("who", "drop", folder, "--at", SATURDAY).out
    assert "PAGED NOW\n  Ben Okafor" in out
    assert "HELD UNTIL Mon 30 Nov 09:00 America/New_York\n  Cho Min" in out
    assert "AFTER 30m\n  Dee Novak" in out


def test_a_skipped_step_names_nobody_and_breaks_nothing(run: Run, tmp_path: Path) -> None:
    late = ("{after: 0m, notify: [day]}", f"{{after: 0m, notify: [day], {OFFICE}}}")
    folder = write(tmp_path / "a", edited(_page("approved_by: head"), _step(OFFICE), late))
    ran = run("who", "drop", folder, "--at", SATURDAY)
    assert ran.code == 0
    assert "SKIPPED NOW\n  day: not paged at this hour" in ran.out
    assert "SKIPPED AFTER 15m\n  commander: not paged at this hour" in ran.out
    chain = answer(run, folder, at=SATURDAY)["chain"]
    assert [(hop["people"], hop.get("skipped")) for hop in chain[:2]] == [([], True), ([], True)]
    assert "skipped" not in chain[2]


def test_an_alert_of_which_each_step_is_skipped_breaks(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", edited(_page(f"{OFFICE}\n    outside: skip")))
    breaks = answer(run, folder, at=SATURDAY)["breaks"]
    assert breaks == ["every step of `page` is skipped at this hour: nobody is paged"]
    assert answer(run, folder, at=NOON)["breaks"] == []


def test_hours_that_never_open_break(run: Run, tmp_path: Path) -> None:
    closed = 'holidays: [office]\n    hours: {days: [hol], from: "09:00", to: "10:00"}'
    folder = write(
        tmp_path / "a", edited(_page(closed)), more="holidays:\n  office: {dates: [2020-01-01]}\n"
    )
    breaks = answer(run, folder, at=SATURDAY)["breaks"]
    assert breaks == ["`page` waits for hours that never open"]


@pytest.mark.parametrize(
    ("calendar", "why"),
    [
        ("", "the holiday calendar `office` does not exist"),
        ("holidays:\n  office: [2026-12-24]\n", "the holiday calendar `office` did not load"),
        ("holidays:\n  office: {dates: [2026-12-24, x]}\n",
         "`dates` of the holiday calendar `office` did not load"),
    ],
)  # fmt: skip
def test_a_calendar_that_is_not_known_is_a_doubt(
    run: Run, tmp_path: Path, calendar: str, why: str
) -> None:
    kept = f"holidays: [office]\n    {OFFICE}"
    folder = write(tmp_path / "a", edited(_page(kept)), more=calendar)
    assert why in answer(run, folder)["breaks"]
    day = ("  day:\n", "  day:\n    holidays: [office]\n")
    folder = write(tmp_path / "b", edited(day), more=calendar)
    assert f"{why}: who is paged is not certain" in answer(run, folder)["breaks"]


def test_holidays_are_kept_by_every_command(run: Run, tmp_path: Path) -> None:
    hours = '{days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00"}'
    day = ("  day:\n", f"  day:\n    holidays: [berlin, office]\n    coverage: {hours}\n")
    turns = ("participants: [ana, ben], start: 2026-11-02T09:00, every: 1w",
             f"participants: [ana, ben], start: 2026-11-02T09:00, every: 1w, hours: {hours}")  # fmt: skip
    folder = write(tmp_path / "a", edited(day, turns), more=HOLIDAYS)
    span = ("--from", "2026-11-27", "--to", "2026-12-01", "--at", AT)
    shown = json.loads(run("oncall", "show", "day", folder, *span, "--format", "json").out)
    assert [one["start"] for one in shown["shifts"]] == [
        "2026-11-27T08:00:00Z",
        "2026-12-01T08:00:00Z",
    ]
    assert shown["gaps"] == []
    ics = run("oncall", "export", "day", folder, *span, "--format", "ics").out
    assert ics.count("BEGIN:VEVENT") == 2
    figures = run("oncall", "export", "day", folder, *span, "--format", "csv").out
    assert "2026-11-30" not in figures
    gone = json.loads(run("who", "drop", folder, "--at", NOON, "--format", "json").out)
    assert "nobody is on call on `day` until Tue 01 Dec" in gone["breaks"][0]
    assert run("oncall", "gaps", "day", folder, *span).code == 0


def test_summaries_tell_the_version(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    checked = json.loads(run("check", folder, "--at", AT, "--format", "json").out)
    assert checked["summary"]["holidays"] == holidays_version()
    assert f"holidays {holidays_version()}" in run("check", folder, "--at", AT).out


def test_tables_and_pages_tell_the_hours(run: Run, tmp_path: Path) -> None:
    held = _step(
        'hours: {days: [sat, sun, hol], from: "10:00", to: "12:00"}, holidays: [berlin], outside: hold'
    )
    folder = write(tmp_path / "a", edited(_page(OFFICE), held), more=HOLIDAYS)
    table = run("export", "alert-coverage", folder, "--at", AT, "--format", "csv").out
    assert "in mon–fri 09:00–17:00 alone, else held; 0m: " in table
    assert "in sat/sun/hol 10:00–12:00 alone, else held" in table
    page = run("export", "runbooks", folder, "--at", AT, "-o", str(tmp_path / "pages"))
    text = "".join(one.read_text("utf-8") for one in (tmp_path / "pages").rglob("*.md"))
    assert page.code == 0
    assert "It pages in mon–fri 09:00–17:00 alone, else held." in text
    assert "in sat/sun/hol 10:00–12:00 alone, else held" in text


def test_a_zone_that_is_not_known_is_a_doubt(run: Run, tmp_path: Path) -> None:
    lost = ("timezone: Europe/Berlin\n", "timezone: Europe/Berlim\n")
    folder = write(tmp_path / "a", edited(_page(OFFICE), lost))
    assert "the manifest's `timezone` did not load" in answer(run, folder)["breaks"]
    own = _page(f"{OFFICE}\n    timezone: Europe/Berlin")
    folder = write(tmp_path / "b", edited(lost, own))
    assert "the manifest's `timezone` did not load" not in answer(run, folder)["breaks"]
