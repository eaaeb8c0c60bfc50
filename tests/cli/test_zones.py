"""`--tz` means the same in every command: times are read in it, and told in it."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import ROOT
from tests.paging.acme import edited, write

COPILOT = str(ROOT / "examples" / "enterprise-copilot")
OFFICE = (
    "[ana, ben], start",
    '[ana, ben], hours: {days: [mon, sat], from: "09:00", to: "17:00"}, start',
)
AT = ("--at", "2026-11-24T03:00", "--tz", "Asia/Tokyo")
"""18:00 on the day before, in UTC."""


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("check", "at 2026-11-24T03:00:00+09:00"),
        ("assess", "as of 2026-11-24T03:00:00+09:00"),
        ("assess --format md", "As of 2026-11-24T03:00:00+09:00"),
        ("audit", "as of 2026-11-24T03:00:00+09:00"),
        ("who groundedness-drop", "Tue 24 Nov 2026 03:00 (UTC+09:00)"),
        ("who groundedness-drop", "until Mon 30 Nov 17:00 Asia/Tokyo"),
        ("oncall next", "ai-oncall (Asia/Tokyo)"),
        ("oncall show ai-oncall", "Mon 2026-11-30   00:00–17:00  17:00–24:00"),
        ("oncall gaps", "from Tue 2026-11-24 03:00 to"),
        ("impact --without priya", "Tue 2026-11-24 03:00 – "),
        ("test", "three-on-a-tuesday (Tue 2026-11-24 17:00,"),
    ],
)
def test_the_instant_and_all_times(run: Run, command: str, says: str) -> None:
    word, *more = command.split()
    assert says in run(word, *more, COPILOT, *AT).out


def test_what_a_check_finds_is_the_same_and_told_in_the_zone(run: Run, tmp_path: Path) -> None:
    """Its identity is none of the zone's: what is accepted stays so wherever one asks from."""
    folder = write(tmp_path / "a", edited(OFFICE))
    found = {}
    for zone in ("Europe/Berlin", "Asia/Tokyo"):
        at = ("--at", "2026-11-20T12:00:00Z", "--tz", zone, "--no-cache")
        out = run("check", folder, *at, "--select", "OM301,OM308", "--format", "sarif").out
        found[zone] = out
    told = {zone: json.loads(out)["runs"][0]["results"] for zone, out in found.items()}
    prints = {
        zone: sorted(str(one["partialFingerprints"]) for one in results)
        for zone, results in told.items()
    }
    assert prints["Europe/Berlin"] == prints["Asia/Tokyo"]
    words = " ".join(one["message"]["text"] for one in told["Asia/Tokyo"])
    assert "(Asia/Tokyo)" in words
    assert "Berlin" not in words
    assert "first 2026-11-22 01:00+09:00" in words


@pytest.mark.parametrize(
    ("rotation", "says"),
    [
        (
            (
                'start: 2026-10-01T09:00, end: 2026-11-21T17:00, hours: {days: [sat], from: "09:00", '
                'to: "17:00"}'
            ),
            "on `day` until Saturday 2026-11-21 17:00 (Asia/Tokyo)\n",
        ),
        (
            "start: 2026-10-01T09:00, end: 2026-11-01T09:00",
            "on `day` at any time from 2026-11-20 21:00+09:00 on (Asia/Tokyo)\n",
        ),
    ],
)
def test_a_gap_that_comes_once(run: Run, tmp_path: Path, rotation: str, says: str) -> None:
    old = "[ana, ben], start: 2026-11-02T09:00"
    folder = write(tmp_path / "a", edited((old, f"[ana, ben], {rotation}")))
    at = ("--at", "2026-11-20T12:00:00Z", "--tz", "Asia/Tokyo", "--horizon", "10d")
    out = run("check", folder, *at, "--format", "concise", "--select", "OM301").out
    assert says in out
    assert "Berlin" not in out
