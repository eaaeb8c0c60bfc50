"""Hours and holidays as time intervals: written as expected, and open when the hours are."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from registry.clock.civil import instant, wall_clock
from registry.clock.days_off import DaysOff, days_of_spans
from registry.deployed.ingest import NamedFiles, ingest
from registry.deployed.routing.intervals import is_muted
from registry.deployed.routing.tree import walk
from registry.model.oncall import Escalation
from registry.model.windows import Window, windows
from registry.oncall.windows import WeeklyHours
from registry.stack.generate import generate
from registry.stack.hours import intervals
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from tests.conftest import AT, sizes
from tests.stack.registry import HEAD, PEOPLE

WEEK = ["mon", "tue", "wed", "thu", "fri"]


def day(year: int, month: int, number: int) -> int:
    return date(year, month, number).toordinal() - 1


def found(*said: dict[str, object], off: tuple[int, ...] = ()) -> tuple[list[object], list[object]]:
    """Write windows as intervals, with the holidays of December 2026."""
    own = [Window.model_validate(one) for one in said]
    days = DaysOff([days_of_spans([(one, one) for one in off])]) if off else None
    made = intervals(own, days, "Europe/Berlin", day(2026, 12, 1), day(2027, 1, 1))
    return list(made.active), list(made.muted)


def times(*clock: str) -> list[dict[str, str]]:
    pairs = zip(clock[::2], clock[1::2], strict=True)
    return [{"start_time": one, "end_time": other} for one, other in pairs]


BERLIN = {"location": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("said", "active"),
    [
        ([{"days": WEEK, "from": "09:00", "to": "17:00"}],
         [{"times": times("09:00", "17:00"), "weekdays": ["monday:friday"], **BERLIN}]),
        ([{"days": ["mon", "wed", "sun"], "from": "09:00", "to": "17:00"}],
         [{"times": times("09:00", "17:00"), "weekdays": ["sunday:monday", "wednesday"], **BERLIN}]),
        ([{"days": ["fri"], "from": "18:00", "to": "08:00", "to_day": "mon"}],
         [{"times": times("00:00", "08:00"), "weekdays": ["monday"], **BERLIN},
          {"times": times("18:00", "24:00"), "weekdays": ["friday"], **BERLIN},
          {"weekdays": ["sunday", "saturday"], **BERLIN}]),
        ([{"days": ["sun"], "from": "22:00", "to": "06:00"}, {"days": ["mon"], "from": "05:00", "to": "07:00"}],
         [{"times": times("00:00", "07:00"), "weekdays": ["monday"], **BERLIN},
          {"times": times("22:00", "24:00"), "weekdays": ["sunday"], **BERLIN}]),
    ],
)  # fmt: skip
def test_are_written(said: list[dict[str, object]], active: list[dict[str, object]]) -> None:
    assert found(*said) == (active, [])


def test_a_holiday_is_closed_and_may_have_hours_of_its_own() -> None:
    """The 24th and the 25th of December 2026 are a Thursday and a Friday; the 26th is a Saturday."""
    night = {"days": WEEK, "from": "22:00", "to": "06:00"}
    off = {"days": ["hol"], "from": "10:00", "to": "12:00"}
    days = (day(2026, 12, 24), day(2026, 12, 25), day(2026, 12, 26))
    active, muted = found(night, off, off=days)
    month = {"months": ["12"], "years": ["2026"], **BERLIN}
    assert active[-1] == {
        "times": times("10:00", "12:00"),
        "days_of_month": ["24", "25", "26"],
        **month,
    }
    assert muted == [
        {"times": times("22:00", "24:00"), "days_of_month": ["24"], **month},
        {"times": times("00:00", "06:00", "22:00", "24:00"), "days_of_month": ["25"], **month},
        {"times": times("00:00", "06:00"), "days_of_month": ["26"], **month},
    ]


def test_a_holiday_in_a_longer_window_is_open_and_one_without_days_is_no_matter() -> None:
    long = {"days": ["wed"], "from": "09:00", "to": "09:00", "to_day": "fri"}
    assert found(long, off=(day(2026, 12, 24),)) == found(long)
    always = {"from": "09:00", "to": "17:00"}
    assert found(always, off=(day(2026, 12, 24),)) == found(always)


ESCALATION = """\
holidays:
  days: {{dates: [{dates}]}}
escalations:
  hours:
    steps: [{{after: 0m, notify: [rota]}}]
    timezone: {zone}
    holidays: [days]
    hours: [{hours}]
metrics:
  m: {{bucket: cost, response: page}}
alerts:
  a: {{metric: m, severity: sev2, response: page, escalation: hours}}
"""


@pytest.mark.no_cover
@pytest.mark.parametrize("number", sizes(20, 200))
def test_alertmanager_is_silent_when_the_escalation_is(number: int, tmp_path: Path) -> None:
    """At random instants, but within a day of where clocks change, and as Alertmanager counts."""
    random = Random("hours")
    for one in range(number):
        folder = tmp_path / str(one)
        folder.mkdir()
        zone = random.choice(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"])
        dates = ", ".join(
            str(date(2026, 1, 1) + timedelta(days=random.randrange(720))) for _ in range(12)
        )
        hours = ", ".join(_window(random) for _ in range(random.randint(1, 3)))
        own = ESCALATION.format(dates=dates, zone=zone, hours=hours)
        (folder / "opmodel.yaml").write_text(
            HEAD
            + PEOPLE.replace("escalations:\n  page: {steps: [{after: 0m, notify: [rota]}]}\n", "")
            + own
        )
        opened = open_registry(str(folder), Options(AT))
        made = generate(opened, "alertmanager", Options(AT))
        (folder / "alertmanager.yml").write_bytes(made.files["alertmanager.yml"])
        read = ingest([NamedFiles("alertmanager", str(folder / "alertmanager.yml"))], str(folder))
        assert not read.deployed.not_read
        (router,) = read.deployed.routers
        route = next(each for each in walk(router.root) if each.active)
        escalation = opened.workspace.all(Escalation)["hours"]
        clock = wall_clock(zone)
        open_ = WeeklyHours(windows(escalation.hours), clock, escalation.days_off())
        for _ in range(200):
            at = instant(
                datetime(2026, 1, 2, tzinfo=UTC) + timedelta(minutes=random.randrange(720 * 1440))
            )
            near = list(clock.changes(at - 86_400_000_000, at + 86_400_000_000))
            if near or (clock.wall_at(at) // 86_400_000_000 == day(2026, 3, 31)):
                continue
            is_open = next(open_.openings(at, at + 1), None) is not None
            assert is_muted(route, router.intervals, at) is not is_open, (own, at)


def _window(random: Random) -> str:
    days = random.sample(
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "hol"], random.randint(1, 6)
    )
    start, end = (f'"{random.randrange(24):02}:{random.choice(("00", "30"))}"' for _ in range(2))
    until = f", to_day: {random.choice(WEEK)}" if not random.randrange(3) else ""
    return f"{{days: [{', '.join(days)}], from: {start}, to: {end}{until}}}"
