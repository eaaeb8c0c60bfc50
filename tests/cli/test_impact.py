"""`opmodel impact`: what is lost without a person or a team, and when."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from registry.model.fields import references
from registry.model.sections import SECTIONS
from registry.output.terminal import width
from registry.paging.duties import NO_DUTY
from registry.paging.loss import KINDS, OF_MEANING
from registry.paging.report.impact_human import _TITLES
from registry.schemas import schemas
from tests.cli.conftest import Ran, Run
from tests.conftest import ROOT
from tests.oncall import walk
from tests.paging.acme import ACME, edited, write

COPILOT = str(ROOT / "examples" / "enterprise-copilot")
AT = "2026-11-20T09:00:00Z"
SPAN = ("--from", "2026-11-20", "--to", "2026-12-03")

Json = dict[str, Any]


@cache
def checker() -> Draft202012Validator:
    return Draft202012Validator(json.loads(schemas()["opmodel.impact.v1.schema.json"]))


def told(ran: Ran) -> Json:
    """Read the answer; it is of its format, and something is lost where the exit code says so."""
    found: Json = json.loads(ran.out)
    assert [one.message for one in checker().iter_errors(found)] == []
    assert ran.code == (1 if found["losses"] or found["doubts"] else 0)
    kinds = [KINDS.index(one["kind"]) for one in found["losses"]]
    assert kinds == sorted(kinds)
    return found


def losses(run: Run, folder: str, who: str, *more: str) -> dict[tuple[str, str], Json]:
    found = told(run("impact", "--without", who, folder, *(more or SPAN), "--format", "json"))
    return {(one["kind"], one["entity"]["id"]): one for one in found["losses"]}


def spans(loss: Json) -> list[tuple[str, str]]:
    return [(one["start"], one["end"]) for one in loss["spans"]]


# -- each kind -----------------------------------------------------------------------------------


def test_what_is_lost_with_a_person_for_good(run: Run, tmp_path: Path) -> None:
    found = losses(run, write(tmp_path / "a"), "dee")
    assert {key: one["detail"] for key, one in found.items()} == {
        ("layer", "quality"): "`dee` is accountable, as `head`",
        ("role", "head"): "`dee` holds it",
        ("owner", "room"): "`dee` owns it, as `head`",
        ("step", "page"): "step 3, after 30m, pages `head`, and then nobody",
    }
    assert all(bool(one["spans"]) == (one["kind"] == "step") for one in found.values())
    lines = ACME.splitlines()
    assert [lines[one["line"] - 1].strip() for one in found.values()] == [
        "quality: {accountable: head, covers: [behaviour]}",
        "head: {title: Head, holder: dee}",
        "room: {kind: slack, owner: head, read_every: 4h}",
        "- {after: 30m, notify: [head]}",
    ]


def test_owners_section_by_section(run: Run, tmp_path: Path) -> None:
    found = losses(run, write(tmp_path / "a"), "ana")
    assert [key for key in found if key[0] == "owner"] == [
        ("owner", "grounded"), ("owner", "spend"), ("owner", "drop"), ("owner", "overspend"),
    ]  # fmt: skip
    out = run("impact", "--without", "ana", str(tmp_path / "a"), *SPAN).out
    assert "\nthings that lose their owner: 4\n  metrics: grounded, spend\n  alerts: drop, " in out


def test_shifts_that_go_empty(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    loss = losses(run, folder, "ana")["shift", "day"]
    assert loss["detail"] == "`ana` is on call, nobody else"
    assert spans(loss) == [
        ("2026-11-19T23:00:00Z", "2026-11-23T08:00:00Z"),
        ("2026-11-30T08:00:00Z", "2026-12-03T23:00:00Z"),
    ]
    out = run("impact", "--without", "ana", folder, *SPAN).out
    assert (
        "  day: `ana` is on call, nobody else\n"
        f"    opmodel.yaml:{ACME.splitlines().index('  day:') + 1}\n"
        "    Fri 2026-11-20 00:00 – Mon 2026-11-23 09:00\n"
        "    Mon 2026-11-30 09:00 – Fri 2026-12-04 00:00\n"
        "    Europe/Berlin\n"
    ) in out


def test_escalations_and_switches_that_reach_nobody(run: Run, tmp_path: Path) -> None:
    """Without Cho the night watch is empty: what rests on it alone is lost all the time."""
    text = edited(("    escalation: page\n", "    escalation: night\n"))
    folder = write(tmp_path / "a", text)
    found = losses(run, folder, "cho")
    whole = [("2026-11-19T23:00:00Z", "2026-12-03T23:00:00Z")]
    assert list(found) == [
        ("shift", "night"), ("escalation", "night"), ("switch", "cut"), ("lead", "answers"),
        ("escalated_to", "drop"),
    ]  # fmt: skip
    by_time = [spans(one) for one in found.values() if one["kind"] != "lead"]
    assert by_time == [whole] * 4
    assert found["escalated_to", "drop"]["detail"] == "it is escalated to `commander`"
    assert found["escalation", "night"]["entity"] == {"section": "schedules", "id": "night"}
    assert found["escalation", "night"]["detail"] == "alerts that reach nobody: `drop`"
    assert found["switch", "cut"]["detail"] == "its operators are `commander`"
    assert run("impact", "--without", "cho", folder, *SPAN).out.count("    all the time\n") == 4


def test_a_later_step_still_reaches_somebody(run: Run, tmp_path: Path) -> None:
    for who in ("ana", "cho", "dee"):
        assert ("escalation", "page") not in losses(run, write(tmp_path / who), who)


def test_a_step_that_pages_them_by_name(run: Run, tmp_path: Path) -> None:
    """Others still hear of it, but later: that is told, and only while the rest still answers."""
    text = edited(("{after: 0m, notify: [day]}", "{after: 0m, notify: [dee]}"),
                  ("notify: [commander]}", "notify: [day, ben]}"),
                  ("{after: 30m, notify: [head]}", "{after: 30m, notify: [dee, day]}"))  # fmt: skip
    folder = write(tmp_path / "a", text)
    loss = losses(run, folder, "dee")["step", "page"]
    assert loss["detail"] == "step 1, after 0m, pages `dee`, and then nobody"
    assert spans(loss) == [("2026-11-19T23:00:00Z", "2026-12-03T23:00:00Z")]
    assert text.splitlines()[loss["line"] - 1].strip() == "- {after: 0m, notify: [dee]}"
    # A quarter of an hour after the alert, Ben is on call as well as named.
    loss = losses(run, folder, "ben")["step", "page"]
    assert loss["detail"] == "step 2, after 15m, pages `day`, `ben`, and then nobody"
    assert spans(loss) == [("2026-11-23T07:45:00Z", "2026-11-30T07:45:00Z")]
    assert ("step", "page") not in losses(run, folder, "ana")
    out = run("impact", "--without", "dee", folder, *SPAN).out
    assert "\nsteps of escalations that reach nobody: 1\n  page: step 1, after 0m, " in out


def test_a_whole_escalation_is_told_once(run: Run, tmp_path: Path) -> None:
    text = edited(("{after: 0m, notify: [day]}", "{after: 0m, notify: [cho]}"),
                  ("      - {after: 30m, notify: [head]}\n", ""))  # fmt: skip
    found = losses(run, write(tmp_path / "a", text), "cho")
    assert ("escalation", "page") in found
    assert ("step", "page") not in found


def test_open_actions_lose_their_owner(run: Run, tmp_path: Path) -> None:
    incidents = """incidents:
  late:
    title: Late
    severity: sev2
    actions:
      - {title: Tell sooner, owner: head}
      - {title: Tell more, owner: dee}
      - {title: Told, owner: dee, done: 2026-11-02}
      - {title: Ask, owner: ana}
"""
    folder = write(tmp_path / "a", ACME, more=incidents)
    ran = run("impact", "--without", "dee", folder, *SPAN, "--format", "json")
    found = [one for one in told(ran)["losses"] if one["entity"]["section"] == "incidents"]
    assert [one["detail"] for one in found] == [
        "`dee` owns the open action `Tell sooner`, as `head`",
        "`dee` owns the open action `Tell more`",
    ]
    assert found[1]["line"] == found[0]["line"] + 1
    out = run("impact", "--without", "dee", folder, *SPAN).out
    assert "\nthings that lose their owner: 2\n  channels: room\n  incidents: late\n" in out


def test_the_last_resort_of_a_week(run: Run, tmp_path: Path) -> None:
    """An escalation to one schedule is lost in the weeks of the one who is gone."""
    one_step = """\
      - {after: 15m, notify: [commander]}
      - {after: 30m, notify: [head]}
"""
    repeats = "    repeat: 2\n    repeat_after: 15m\n"
    folder = write(tmp_path / "a", edited((one_step, ""), (repeats, "")))
    found = losses(run, folder, "ben")
    assert spans(found["escalation", "page"]) == [("2026-11-23T08:00:00Z", "2026-11-30T08:00:00Z")]
    assert found["escalation", "page"]["entity"]["section"] == "escalations"


def test_repeats_may_reach_the_next_one(run: Run, tmp_path: Path) -> None:
    """The second run is a quarter of an hour later: an alert just before the handoff is heard."""
    two_steps = """\
      - {after: 15m, notify: [commander]}
      - {after: 30m, notify: [head]}
"""
    folder = write(tmp_path / "a", edited((two_steps, ""), ("repeat: 2", "repeat: 1")))
    found = losses(run, folder, "ben")
    assert spans(found["escalation", "page"]) == [("2026-11-23T08:00:00Z", "2026-11-30T07:45:00Z")]


def test_an_escalation_that_pages_itself_reaches_nobody(run: Run, tmp_path: Path) -> None:
    text = edited(("{after: 0m, notify: [day]}", "{after: 0m, notify: [page]}"))
    assert ("escalation", "page") not in losses(run, write(tmp_path / "a", text), "ana")


def test_an_escalation_that_nothing_uses(run: Run, tmp_path: Path) -> None:
    unused = "escalations:\n  spare: {steps: [{after: 0m, notify: [cho]}]}\n"
    found = losses(run, write(tmp_path / "a", edited(("escalations:\n", unused))), "cho")
    assert found["escalation", "spare"]["detail"] == "no alert uses it"


def test_what_nobody_could_do_before_is_not_lost(run: Run, tmp_path: Path) -> None:
    text = edited(("schedules:\n", "schedules:\n  idle: {}\n"),
                  ("operators: [commander]", "operators: [idle]"),
                  ("    escalation: page\n", "    escalation: gone\n"))  # fmt: skip
    found = losses(run, write(tmp_path / "a", text), "cho")
    assert list(found) == [("shift", "night"), ("lead", "answers"), ("escalated_to", "drop")]


def test_only_the_hours_that_somebody_served_are_lost(run: Run, tmp_path: Path) -> None:
    hours = "hours: {days: [mon], from: '09:00', to: '17:00'}"
    text = edited(("participants: [cho]", f"participants: [cho], {hours}"))
    found = losses(run, write(tmp_path / "a", text), "cho")
    wanted = [("2026-11-23T14:00:00Z", "2026-11-23T22:00:00Z"),
              ("2026-11-30T14:00:00Z", "2026-11-30T22:00:00Z")]  # fmt: skip
    assert spans(found["switch", "cut"]) == spans(found["shift", "night"]) == wanted


RITUALS = """\
objectives: {o: {metric: spend, approved_by: [dee, ana]}}
dashboards: {d: {audience: head}}
stores: {s: {kind: logs, access: [everyone, ana, head]}}
reviews:
  r: {kind: other, chair: head, attendees: [head, answers]}
gates: {g: {rollback: {by: dee}}, h: {rollback: {by: day}}}
incidents:
  past: {title: P, severity: sev1, commander: dee, resolved: 2026-11-01}
  now: {title: N, severity: sev1, commander: dee}
bindings: {b: {receiver: pager, means: head}}
"""


def test_every_reference_that_leads_to_nobody(run: Run, tmp_path: Path) -> None:
    text = edited(("{accountable: ana}", "{accountable: ana, team: answers, consulted: [head]}"))
    folder = write(tmp_path / "a", text, more=RITUALS)
    before = {key[0] for key in losses(run, write(tmp_path / "b"), "dee")}
    found = {key: one for key, one in losses(run, folder, "dee").items() if key[0] not in before}
    assert {key: one["detail"] for key, one in found.items()} == {
        ("commander", "now"): "`dee` commands it",
        ("approver", "o"): "`dee` approves it",
        ("chair", "r"): "`dee` chairs it, as `head`",
        ("attendee", "r"): "`dee` attends it, as `head`",
        ("reader", "d"): "`dee` reads it, as `head`",
        ("rollback", "g"): "`dee` rolls it back",
        ("consulted", "cost"): "`dee` is consulted, as `head`",
        ("access", "s"): "`dee` may read it, as `head`",
        ("stands_for", "b"): "`dee` is what it stands for, as `head`",
    }
    assert "\nreviews that lose an attendee: 1\n  reviews: r\n" in (
        run("impact", "--without", "dee", folder, *SPAN).out
    )
    found = losses(run, folder, "answers")
    assert found["team", "cost"]["detail"] == "`answers` is its team, and nobody of it is left"
    assert ("attendee", "r") in found
    assert ("team", "cost") not in losses(run, folder, "ana")


def test_every_meaning_that_may_name_somebody_has_its_kind() -> None:
    parties = {"people", "teams", "roles"}
    met = {
        reference.meaning
        for row in SECTIONS.values()
        for _, reference in references(row.model)
        if not parties.isdisjoint(reference.sections)
    }
    assert met - OF_MEANING.keys() == NO_DUTY - {"may read"}
    assert set(KINDS) == _TITLES.keys()
    schema = json.loads(schemas()["opmodel.impact.v1.schema.json"])
    assert schema["properties"]["losses"]["items"]["properties"]["kind"]["enum"] == list(KINDS)


# -- person and team -----------------------------------------------------------------------------


def test_a_team_is_its_members_and_who_leads_it(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    found = told(run("impact", "--without", "answers", folder, *SPAN, "--format", "json"))
    assert (found["without"], found["gone"]) == ("answers", ["ana", "ben", "cho"])
    keys = [(one["kind"], one["entity"]["id"], one["detail"]) for one in found["losses"]]
    assert [key for key in keys if key[0] == "shift"] == [
        ("shift", "day", "`ana` is on call, nobody else"),
        ("shift", "day", "`ben` is on call, nobody else"),
        ("shift", "night", "`cho` is on call, nobody else"),
    ]
    out = run("impact", "--without", "answers", folder, *SPAN).out
    assert out.startswith("without answers (ana, ben, cho)\nFri 2026-11-20 00:00 – Fri 2026-12-04 ")
    assert "\nschedules that have nobody on call: 2\n" in out


def test_a_group_is_empty_only_without_all_of_it(run: Run, tmp_path: Path) -> None:
    text = edited(("participants: [ana, ben]", "participants: [[ben, ana], cho]"))
    folder = write(tmp_path / "a", text)
    assert ("shift", "day") not in losses(run, folder, "ana")
    loss = losses(run, folder, "answers")
    assert loss["shift", "day"]["detail"] in {
        "`ana` and `ben` are on call, nobody else", "`cho` is on call, nobody else",
    }  # fmt: skip


def test_a_team_led_by_a_role_is_led_by_its_holder(run: Run, tmp_path: Path) -> None:
    text = edited(("lead: cho, members: [ana, ben]", "lead: head"))
    found = told(run("impact", "--without", "answers", write(tmp_path / "a", text), *SPAN,
                     "--format", "json"))  # fmt: skip
    assert found["gone"] == ["dee"]


# -- when ----------------------------------------------------------------------------------------

CHRISTMAS = {
    "timezone": "Europe/Berlin",
    "rotations": [{"name": "usual", "participants": [["ana", "ben"]], "start": "2026-01-05T09:00",
                   "every": "1w"}],
    "overrides": [{"person": "ben", "from": "2026-12-24T00:00", "to": "2026-12-31T00:00"}],
}  # fmt: skip


def christmas(folder: Path) -> str:
    return write(folder, json.dumps({
        "opmodel": 1, "name": "office", "stage": "poc", "timezone": "Europe/Berlin",
        "people": {"ana": {"name": "Ana"}, "ben": {"name": "Ben"}},
        "schedules": {"desk": CHRISTMAS},
    }))  # fmt: skip


def test_a_loss_at_christmas_alone(run: Run, tmp_path: Path) -> None:
    folder = christmas(tmp_path / "a")
    (loss,) = losses(run, folder, "ben", "--at", AT).values()
    assert spans(loss) == [("2026-12-23T23:00:00Z", "2026-12-30T23:00:00Z")]
    out = run("impact", "--without", "ben", folder, "--at", AT).out
    assert "    Thu 2026-12-24 00:00 – Thu 2026-12-31 00:00\n" in out
    assert losses(run, folder, "ben", "--from", "2026-11-20", "--to", "2026-12-23") == {}
    assert losses(run, folder, "ben", "--from", "2026-12-31", "--to", "2027-11-30") == {}
    assert losses(run, folder, "ana", "--at", AT) == {}


def test_nothing_is_lost(run: Run, tmp_path: Path) -> None:
    ran = run("impact", "--without", "ana", christmas(tmp_path / "a"), "--at", AT)
    assert ran.code == 0
    assert ran.out.endswith(
        "\nEurope/Berlin\n\nnothing loses its owner, its pager or its operator\n"
    )


def test_looks_as_far_as_the_policy(run: Run, tmp_path: Path) -> None:
    found = told(run("impact", "--without", "ana", christmas(tmp_path / "a"), "--at", AT,
                     "--format", "json"))  # fmt: skip
    assert (found["from"], found["to"]) == (AT, "2027-02-18T09:00:00Z")
    found = told(run("impact", "--without", "ana", str(tmp_path / "a"), "--at", AT,
                     "--format", "json", "--policy", "production"))  # fmt: skip
    assert found["to"] == "2027-12-25T09:00:00Z"


def test_many_spans_are_folded(run: Run, tmp_path: Path) -> None:
    plain = {
        "rotations": [{"name": "day", "participants": ["ana"], "start": "2026-01-05T00:00",
                       "every": "1w", "hours": {"from": "09:00", "to": "17:00"}}],
    }  # fmt: skip
    folder = write(tmp_path / "a", json.dumps({
        "opmodel": 1, "name": "office", "stage": "poc", "people": {"ana": {"name": "Ana"}},
        "schedules": {"desk": plain},
    }))  # fmt: skip
    out = run("impact", "--without", "ana", folder, "--at", AT).out
    assert out.count(" 17:00\n") == 12
    assert "    … and 78 more: every day 09:00–17:00\n    UTC\n" in out


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "who", ["tom", *(pytest.param(one, marks=pytest.mark.slow) for one in ("jonas", "ines"))]
)
def test_shifts_equal_a_walk_minute_by_minute(run: Run, who: str) -> None:
    """Two weeks over Christmas, by code that shares nothing with the engine."""
    from registry.source.composer import compose

    start, end = datetime(2026, 12, 21), datetime(2027, 1, 4)  # noqa: DTZ001
    found = losses(run, COPILOT, who, "--from", "2026-12-21T00:00Z", "--to", "2027-01-04T00:00Z")
    data = compose(Path(COPILOT, "oncall.yaml").read_bytes(), "oncall.yaml").data
    assert data is not None
    for name, plain in data["schedules"].items():
        empty, at = set(), start
        while at < end:
            if walk.who(plain, at)[0] == (who,):
                empty.add(at)
            at += timedelta(minutes=1)
        loss = found.get(("shift", name))
        assert (loss is not None) is bool(empty)
        covered = set()
        for since, until in spans(loss) if loss else ():
            at = datetime.fromisoformat(since).astimezone(UTC).replace(tzinfo=None)
            while at < datetime.fromisoformat(until).astimezone(UTC).replace(tzinfo=None):
                covered.add(at)
                at += timedelta(minutes=1)
        assert covered == empty


# -- what is not certain -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  night:\n", "  broken: [x]\n  night:\n", "the schedule `broken` did not load"),
        ("every: 1w}\n  night", "every: 1x}\n  night",
         "`rotations` of the schedule `day` did not load"),
        ("holder: dee", "holder: 7", "`holder` of the role `head` did not load"),
        ("operators: [commander]", "operators: 7",
         "`operators` of the kill switch `cut` did not load"),
        ("    owner: ana\n    layer", "    owner: 7\n    layer",
         "`owner` of the metric `grounded` did not load"),
        ("  clicks: {bucket: adoption, ", "  clicks: {", "the metric `clicks` did not load"),
    ],
)  # fmt: skip
def test_what_did_not_load_may_hide_a_loss(
    run: Run, tmp_path: Path, old: str, new: str, says: str
) -> None:
    folder = write(tmp_path / "a", edited((old, new)))
    ran = run("impact", "--without", "cho", folder, *SPAN, "--format", "json")
    assert told(ran)["doubts"] == [says]
    out = run("impact", "--without", "cho", folder, *SPAN).out
    assert f"not certain: {says}" in " ".join(out.split())


def test_a_fault_elsewhere_hides_no_loss(run: Run, tmp_path: Path) -> None:
    text = edited(("    decision: Roll back.", "    decision: [Roll back.]"))
    found = told(run("impact", "--without", "cho", write(tmp_path / "a", text), *SPAN,
                     "--format", "json"))  # fmt: skip
    assert found["doubts"] == []


def test_a_file_that_could_not_be_read_may_hide_a_loss(run: Run, tmp_path: Path) -> None:
    folder = christmas(tmp_path / "a")
    Path(folder, "broken.yaml").write_text("roles:\n  x: [\n", "utf-8")
    ran = run("impact", "--without", "ana", folder, "--at", AT)
    assert ran.code == 1
    assert "\nnot certain: something could not be read, " in ran.out


# -- usage ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("--without", "anna"), "there is no person or team `anna`; did you mean `ana`?"),
        (("--without", "nad"), "there is no person or team `nad`; name a person or a team"),
        (("--without", "aan"), "there is no person or team `aan`; did you mean `ana`?"),
        (("--without", "ANA  ruiz"), "`ANA  ruiz`; did you mean `ana` (Ana Ruiz)?"),
        (("--without", "nobody-like-that"), "name a person or a team of the registry"),
        (
            ("--without", "head"),
            "there is no person or team `head`; it is a role, which `dee` holds",
        ),
        (("--without", "commander"), "there is no person or team `commander`"),
        (("--without", "empty"), "the team `empty` has no members"),
        (("--without", "lost"), "the person `lost` did not load; `opmodel check` says why"),
        (("--without", "crew"), "the team `crew` did not load"),
        ((), "required: --without"),
        (("--without", "ana", "--to", "2026-11-19", "--at", AT), "`--to` is not after `--from`"),
        (
            ("--without", "ana", "--from", "2026-11-19T25:00"),
            "--from `2026-11-19T25:00` is no instant",
        ),
    ],
)
def test_bad_usage_is_one_line(run: Run, tmp_path: Path, argv: tuple[str, ...], says: str) -> None:
    folder = write(tmp_path / "a", ACME, more="people: {lost: {nme: Lo}}\nteams: {crew: [ana]}\n")
    ran = run("impact", folder, *argv)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err.splitlines()[-1]


@pytest.mark.no_cover
def test_fits_a_phone_and_says_the_same_in_color(run: Run) -> None:
    for who in ("tom", "assistant", "dana"):
        out = run("impact", "--without", who, COPILOT, "--at", AT).out
        for line in out.splitlines():
            assert width(line) <= 60 or " " not in line.strip(), line
        painted = run("impact", "--without", who, COPILOT, "--at", AT, "--color", "always").out
        assert "\x1b[1mroles that are vacant: " in painted or who == "tom"
        assert "\x1b[1mthings that lose their owner: " in painted
        assert painted.replace("\x1b[1m", "").replace("\x1b[0m", "") == out


@pytest.mark.no_cover
def test_the_same_bytes_every_time(run: Run) -> None:
    for form in ("human", "json"):
        argv = ("impact", "--without", "assistant", COPILOT, "--at", AT, "--format", form)
        assert run(*argv).out == run(*argv).out


# -- who stands in, and who is picked ------------------------------------------------------------


def test_a_choice_that_reaches_nobody_any_more_is_lost(run: Run, tmp_path: Path) -> None:
    text = edited(
        ("- {after: 30m, notify: [head]}", "- {after: 30m, notify: [head, cho], pick: one}"),
    )
    folder = write(tmp_path / "a", text)
    found = losses(run, folder, "dee")
    assert found["step", "page"]["detail"] == (
        "step 3, after 30m, pages one of `head`, `cho`, and then maybe nobody"
    )
    assert ("escalation", "page") not in found
    both = write(tmp_path / "b", edited(("- {after: 30m, notify: [head]}",
                                         "- {after: 30m, notify: [head, cho]}")))  # fmt: skip
    assert ("step", "page") not in losses(run, both, "dee")


def test_an_escalation_is_lost_by_its_worst_choice(run: Run, tmp_path: Path) -> None:
    steps = (
        "      - {after: 15m, notify: [commander]}\n      - {after: 30m, notify: [head]}\n",
        "",
    )
    first = "- {after: 0m, notify: [day]}"
    folder = write(
        tmp_path / "a", edited(steps, (first, "- {after: 0m, notify: [dee, cho], pick: one}"))
    )
    loss = losses(run, folder, "dee")["escalation", "page"]
    assert spans(loss) == [("2026-11-19T23:00:00Z", "2026-12-03T23:00:00Z")]
    assert ("escalation", "page") in losses(run, folder, "cho")
    assert ("escalation", "page") not in losses(run, folder, "ben")


def test_a_deputy_is_lost_while_they_are_needed(run: Run, tmp_path: Path) -> None:
    away = "{from: 2026-11-25, to: 2026-11-26, deputy: cho}, {from: 2025-01-01, to: 2025-02-01, deputy: cho}"
    text = edited(
        ("    email: dee@acme.example\n", f"    email: dee@acme.example\n    away: [{away}]\n"),
    )
    folder = write(tmp_path / "a", text)
    found = losses(run, folder, "cho")
    assert found["deputy", "dee"]["detail"] == "`cho` is the deputy"
    span = [("2026-11-24T23:00:00Z", "2026-11-26T23:00:00Z")]
    assert spans(found["deputy", "dee"]) == span
    first, last = ("2026-11-24T22:30:00Z", "2026-11-26T22:30:00Z")
    assert spans(found["step", "page"]) == [(first, last)]
    gone = losses(run, folder, "dee")["step", "page"]
    assert spans(gone) == [("2026-11-19T23:00:00Z", first), (last, "2026-12-03T23:00:00Z")]
    assert ("deputy", "dee") not in losses(
        run, folder, "cho", "--from", "2027-01-01", "--to", "2027-02-01"
    )
