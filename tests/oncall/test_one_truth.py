"""`oncall show`, `next`, `gaps`, `who`, `impact` and `check` never contradict each other.

Random registries are asked about instants, all of them in the forms that scripts read. What the
calendar says is the measure; whom it stands for, by name or in somebody's place, the walk says.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.checks.engine import check_opened
from registry.clock.civil import instant
from registry.oncall.report import json as oncall_json
from registry.oncall.rota import open_times, rota, turn
from registry.paging.impact import impact
from registry.paging.report import impact_json, who_json
from registry.paging.who import who
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from tests.conftest import sizes
from tests.oncall import shapes, walk

pytestmark = pytest.mark.no_cover

AHEAD = timedelta(days=40)
LIMITS = {"sev1": timedelta(minutes=5), "sev2": timedelta(hours=1)}
HAND = timedelta(minutes=1)


def _time(text):
    """Read a time of an answer; one that is not there never comes."""
    return datetime.fromisoformat(text) if text else datetime.max.replace(tzinfo=UTC)


def _holds(span, at):
    return _time(span["start"]) <= at < _time(span["end"])


def _naive(at):
    return at.astimezone(UTC).replace(tzinfo=None)


class Asked:
    """A registry, and what each command says of it."""

    def __init__(self, raw, at, folder):
        self.raw = raw
        self.at = at.replace(tzinfo=UTC)
        self.end = self.at + AHEAD
        text = "opmodel: 1\nname: one\nstage: production\n"
        Path(folder, "opmodel.yaml").write_text(text, "utf-8")
        Path(folder, "all.yaml").write_text(json.dumps(shapes.written(raw)), "utf-8")
        self.options = Options(self.at, horizon="40d")
        self.opened = open_registry(folder, self.options)
        self.workspace = self.opened.workspace
        self.span = instant(self.at), instant(self.end)

    @cached_property
    def findings(self):
        found = check_opened(self.opened, self.options).diagnostics
        return [(one.code, one.entity, one.message) for one in found]

    def found(self, code, section="", id_=""):
        """Return the messages of a rule about an entity, or about any."""
        return [
            message
            for rule, entity, message in self.findings
            if rule == code and (not id_ or entity == (section, id_))
        ]

    @cached_property
    def show(self):
        """The calendar of each schedule."""
        return {
            id_: json.loads(oncall_json.render([rota(self.workspace, id_, *self.span)], alone=True))
            for id_ in self.raw["schedules"]
        }

    @cached_property
    def gaps(self):
        found = [open_times(self.workspace, id_, *self.span) for id_ in self.raw["schedules"]]
        return json.loads(oncall_json.render_gaps(found, *self.span, ()))

    def next(self, schedule, at):
        found = [turn(self.workspace, schedule, instant(at), None)]
        (row,) = json.loads(oncall_json.render_next(found, instant(at)))["schedules"]
        return row

    def who(self, alert, at):
        found = who(self.workspace, self.opened.policy, ("alerts", alert), instant(at))
        told = json.loads(who_json.render(found, at))
        (answer,) = told["answers"]
        hops = (*answer["chain"], *answer["repeats"])
        failing = [hop for hop in hops if hop["breaks"] or any(one["but"] for one in hop["people"])]
        silent = all(hop.get("skipped") for hop in hops)
        assert bool(answer["breaks"]) == bool(failing or silent)
        for hop in hops:
            held = hop.get("held_until")
            hop["wait"] = _time(held) - at if held else _after(hop["after"])
        return answer

    def impact(self, person):
        return json.loads(impact_json.render(impact(self.workspace, person, *self.span)))["losses"]

    # -- what follows from the calendar ------------------------------------------------------------

    def on_call(self, schedule, at):
        """Return whom the calendar has at an instant; None where it does not go so far."""
        if not self.at <= at < self.end:
            return None
        shifts = (one for one in self.show[schedule]["shifts"] if _holds(one, at))
        return next(({*one["people"]} for one in shifts), set())

    def behind(self, id_, at):
        """Return whom a page to an id reaches at an instant."""
        role = self.raw["roles"].get(id_, {})
        name = role.get("holder") or role.get("schedule") or id_
        if name in self.raw["schedules"]:
            return self.on_call(name, at)
        return {walk.stand_in(self.raw["people"], name, _naive(at))}

    def schedules(self, ids):
        """Return the schedules behind ids."""
        roles = self.raw["roles"]
        names = [roles.get(id_, {}).get("schedule") or id_ for id_ in ids]
        return [one for one in names if one in self.raw["schedules"]]

    def is_gone(self, person, at):
        return walk.is_gone(self.raw["people"][person], _naive(at))

    def is_dead(self, ways, at):
        """Whether each way holds an id that reaches nobody, and the rules of gaps do not say so."""
        ids = [id_ for way in ways for id_ in way]
        reported = any(self.is_open(one, at) for one in self.schedules(ids))
        return not reported and all(any(not self.behind(id_, at) for id_ in way) for way in ways)

    def is_open(self, schedule, at):
        """Whether a schedule has nobody, and OM301 is to say so: from its first rotation on."""
        begins = self.begins(schedule)
        gaps = self.show[schedule]["gaps"]
        return begins is not None and at >= begins and any(_holds(one, at) for one in gaps)

    def begins(self, schedule):
        raw = self.raw["schedules"][schedule]
        starts = [
            walk.moment(one["start"], one.get("timezone") or raw["timezone"])
            for one in raw["rotations"]
            if not one.get("shadow")
        ]
        return min(starts).replace(tzinfo=UTC) if starts else None

    @cached_property
    def changes(self):
        """Every instant from the start on at which any calendar changes."""
        spans = [
            span
            for one in self.show.values()
            for span in (*one["shifts"], *one["gaps"], *one["unreachable"])
        ]
        edges = {_time(span[edge]) for span in spans for edge in ("start", "end")}
        begun = {self.begins(id_) for id_ in self.raw["schedules"]} - {None}
        return sorted(at for at in {self.at, *edges, *begun} if self.at <= at < self.end)

    def is_filled(self, ids):
        """Whether each schedule behind ids has somebody in every rotation, so that no other rule
        speaks of it."""
        return all(
            rotations and all(any(map(_turn, one["participants"])) for one in rotations)
            for one in self.schedules(ids)
            for rotations in [self.raw["schedules"][one]["rotations"]]
        )


def _turn(turn):
    return [turn] if isinstance(turn, str) else turn


def _ways(step):
    is_one = step.get("pick") == "one" and len(step["notify"]) > 1
    return [step["notify"]] if is_one else [[one] for one in step["notify"]]


def _choices(hops):
    """Return the steps of a run as lists of choices, each whom it reaches; and after how long."""
    found = {}
    for hop in hops:
        key = (hop["run"], hop["after"], hop["wait"])
        people = frozenset(one["id"] for one in hop["people"])
        is_one = hop.get("pick") == "one"
        found.setdefault(key, []).append((people, is_one))
    return {
        key: [people for people, _ in choices]
        if choices[0][1]
        else [frozenset().union(*(people for people, _ in choices))]
        for key, choices in found.items()
    }


def _after(text):
    """Read a delay as `3h15m`."""
    found = {unit: int(n) for n, unit in re.findall(r"(\d+)([hm])", text)}
    return timedelta(hours=found.get("h", 0), minutes=found.get("m", 0))


def _hops(answer):
    return [*({"run": 0, **hop} for hop in answer["chain"]), *answer["repeats"]]


def _second(answer):
    """Return after how long a second person is reached by the worst choice; None for never."""
    lonely = {frozenset()}
    for (_, _, wait), choices in sorted(_choices(_hops(answer)).items(), key=lambda one: one[0][2]):
        chosen = {one | people for one in lonely for people in choices}
        lonely = {one for one in chosen if len(one) < 2}
        if not lonely:
            return wait
    return None


def _said(message, word):
    """Read the instant that stands after a word of a message."""
    return datetime.fromisoformat(re.search(rf"{word} (\S+ \S+[+-]\d\d:\d\d)", message)[1])


@pytest.mark.parametrize("examples", sizes(5, 25))
def test_all_commands_tell_one_truth(examples):
    @settings(max_examples=examples, derandomize=True, deadline=None)
    @given(st.integers(0, 2**32))
    def hold(seed):
        random = Random(seed)
        raw, at = shapes.registry(random)
        with TemporaryDirectory() as folder:
            asked = Asked(raw, at, folder)
            if asked.found("OM006"):
                return
            every = [*asked.changes, *(one - HAND for one in asked.changes[1:])]
            times = random.sample(every, min(8, len(every)))
            _the_calendar(asked, times)
            for when in times:
                for alert in raw["alerts"]:
                    _a_page(asked, alert, when)
            for alert in raw["alerts"]:
                _escalations(asked, alert, times)
            _people(asked, times)
            for person in random.sample(shapes.PEOPLE, 2):
                _losses(asked, person, times)

    hold()


def _the_calendar(asked, times):
    """`show`, `next`, `gaps` and what `check` says of schedules."""
    open_ = {(one["schedule"]) for one in asked.gaps["gaps"]}
    lost = [{k: v for k, v in one.items() if k != "schedule"} for one in asked.gaps["unreachable"]]
    assert lost == [span for one in asked.show.values() for span in one["unreachable"]]
    for id_, shown in asked.show.items():
        assert bool(shown["gaps"]) == (id_ in open_)
        hours = sum(one["hours"] for one in asked.gaps["gaps"] if one["schedule"] == id_)
        gaps = [_time(one["end"]) - _time(one["start"]) for one in shown["gaps"]]
        assert abs(sum(gaps, timedelta()) - timedelta(hours=hours)) < timedelta(seconds=1)
        if asked.is_filled([id_]):
            is_open = any(asked.is_open(id_, at) for at in asked.changes)
            assert bool(asked.found("OM301", "schedules", id_)) == is_open
        for at in times:
            now = asked.next(id_, at)
            held = [one for one in shown["shifts"] if _holds(one, at)]
            assert set(now["now"]["people"]) == (asked.on_call(id_, at) or set())
            for one in held:
                assert (now["now"]["because"], now["now"]["shadows"]) == (
                    one["because"],
                    one["shadows"],
                )
                assert now["now"]["end"] == one["end"] or _time(one["end"]) == asked.end
            later = [one for one in shown["shifts"] if _time(one["start"]) > at][: len(now["next"])]
            ends = [one["end"] for one in later if _time(one["end"]) < asked.end]
            assert [one["end"] for one in now["next"]][: len(ends)] == ends
            gone = [one["because"] for one in shown["unreachable"] if _holds(one, at)]
            assert now["unreachable"] == next(iter(gone), None)


def _a_page(asked, alert, at):
    """`who` names whom the calendar, or the walk, has when each page goes out."""
    answer = asked.who(alert, at)
    for hop in _hops(answer):
        if hop.get("skipped"):
            assert (hop["people"], hop["breaks"]) == ([], None)
            continue
        when = at + hop["wait"]
        people = {one["id"] for one in hop["people"]}
        expected = asked.behind(hop["via"], when)
        assert expected is None or people == expected
        assert bool(hop["breaks"]) == (not people)
        for one in hop["people"]:
            assert bool(one["but"]) == asked.is_gone(one["id"], when)
            assert one["until"] is None or when < _time(one["until"])
        if hop.get("deputy_for"):
            assert asked.is_gone(hop["deputy_for"], when)
            assert people.isdisjoint({hop["deputy_for"]})
        schedules = asked.schedules([hop["via"]])
        if schedules and people and when < asked.end:
            lost = any(_holds(one, when) for one in asked.show[schedules[0]]["unreachable"])
            assert lost == all(one["but"] for one in hop["people"])
    operators = asked.raw["kill_switches"]["stop"]["operators"]
    (switch,) = answer["kill_switches"]
    expected = set().union(*(asked.behind(one, at) for one in operators))
    assert set(switch["operators_on_call"]) == expected


def _escalations(asked, alert, times):
    """OM305, OM306, OM308, OM322 and OM605 against `who`."""
    escalation = asked.raw["escalations"].get(alert)
    answers = {at: asked.who(alert, at) for at in times}
    section = "escalations" if escalation else "schedules"
    steps = escalation["steps"] if escalation else [{"after": "0m", "notify": [alert]}]
    ids = [one for step in steps for one in step["notify"]]
    timed = any("hours" in one for one in (escalation or {}, *steps))
    if asked.is_filled(ids) and not timed:
        dead = any(
            asked.is_dead(ways, at)
            for at in asked.changes
            for ways in [[way for step in steps for way in _ways(step)], *map(_ways, steps)]
        )
        assert bool(asked.found("OM306", section, alert)) == dead
    operators = asked.raw["kill_switches"]["stop"]["operators"]
    if asked.is_filled(operators):
        dead = any(asked.is_dead([[one] for one in operators], at) for at in asked.changes)
        assert bool(asked.found("OM605")) == dead
    limit = LIMITS[asked.raw["alerts"][alert]["severity"]]
    late = asked.found("OM308", "alerts", alert)
    if late:
        found = _second(asked.who(alert, _said(late[0], "as on")))
        assert found is None or found > limit
    elif not asked.found("OM208", "alerts", alert):
        for answer in answers.values():
            found = _second(answer)
            assert found is not None
            assert found <= limit
    if not escalation or len(steps) < 2:
        return
    alone, wasted = (asked.found(code, section, alert) for code in ("OM305", "OM322"))
    moments = {at: _first_run(answer) for at, answer in answers.items()}
    assert alone or not any(map(_is_one, moments.values()))
    if alone:
        assert _is_one(_first_run(asked.who(alert, _said(alone[0], "from"))))
    told = {int(message.split()[1]) - 1: message for message in wasted}
    for step in range(0 if timed else len(steps)):
        assert step in told or not any(_is_wasted(one, step) for one in moments.values())
        if step in told:
            assert _is_wasted(_first_run(asked.who(alert, _said(told[step], "from"))), step)


def _first_run(answer):
    return [people for (run, _, _), people in _choices(_hops(answer)).items() if not run]


def _is_one(choices):
    """Whether one person is every step, whatever is picked."""
    people = {one for step in choices for one in step}
    return len(people) == 1 and len(*people) == 1


def _is_wasted(choices, step):
    """Whether a step reaches only those whom an earlier one reached, whatever is picked."""
    if _is_one(choices) or not step or frozenset() in choices[step]:
        return False
    earlier = [frozenset().union(*one) for one in product(*choices[:step])]
    return all(people <= one for people in choices[step] for one in earlier)


def _people(asked, times):
    """OM303, OM319 and OM321 against the calendar."""
    for id_, shown in asked.show.items():
        on_call = {
            one for shift in shown["shifts"] for one in shift["people"]
            if any(asked.is_gone(one, at) for at in (_time(shift["start"]), _time(shift["end"]) - HAND))
        }  # fmt: skip
        told = " ".join(
            asked.found("OM303", "schedules", id_) + asked.found("OM319", "schedules", id_)
        )
        for person in on_call:
            assert f"`{person}`" in told
        because = {one["because"] for one in shown["unreachable"]}
        assert "left" not in because or asked.found("OM303", "schedules", id_)
        for message in asked.found("OM321", "schedules", id_):
            person = re.match(r"`(\w+)` never", message)
            for shift in shown["shifts"] if person else ():
                assert "override" in shift["because"] or person[1] not in shift["people"]


def _losses(asked, person, times):
    """`impact` takes from the calendar, and from the pages of `who`, what is theirs alone."""
    losses = asked.impact(person)

    def spans(kind, id_, says=""):
        found = [
            one for one in losses
            if one["kind"] == kind and one["entity"]["id"] == id_ and says in one["detail"]
        ]  # fmt: skip
        return [span for one in found for span in one["spans"]]

    for id_, shown in asked.show.items():
        for shift in shown["shifts"]:
            is_lost = set(shift["people"]) == {person}
            assert any(_holds(one, _time(shift["start"])) for one in spans("shift", id_)) == is_lost
    for alert in asked.raw["alerts"]:
        for at in times:
            hops = _hops(asked.who(alert, at))
            whole = _is_lost(_choices(hops).values(), person)
            assert any(_holds(one, at) for one in spans("escalation", alert)) == whole
            for number, choices in enumerate(_first_run({"chain": hops, "repeats": []})):
                if not any(_holds(one, at) for one in spans("step", alert, f"step {number + 1},")):
                    continue
                assert _is_lost([choices], person)
                assert not whole
    operators = asked.raw["kill_switches"]["stop"]["operators"]
    for at in times:
        there = [frozenset(asked.behind(one, at)) for one in operators]
        is_lost = _is_lost([[frozenset().union(*there)]], person)
        assert any(_holds(one, at) for one in spans("switch", "stop")) == is_lost


def _is_lost(steps, person):
    """Whether a choice reaches somebody, and nobody without this person."""
    return any(set().union(*choice) == {person} for choice in product(*steps))
