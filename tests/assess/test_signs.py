"""Each sign: true with its evidence, false only where the registry says so, else not told."""

import pytest

import registry.assess.signs
from registry.assess.assess import signs
from registry.assess.sign import Verdict, sign
from registry.plugins import stems
from tests.assess.conftest import Ask, Assess

ROW = "ownership: {behavioural-quality: {accountable: ana, team: ml, responsible: [ml]}}\n"
WHO = """
people:
  ana: {name: Ana, email: ana@acme.example, skills: [Prompts]}
  ben: {name: Ben, email: ben@acme.example, skills: [kubernetes]}
  cyd: {name: Cyd, email: cyd@acme.example}
teams:
  ml: {name: ML, function: engineering, lead: ana, members: [ana]}
  fin: {name: Finance, function: finance, lead: ben, members: [ben]}
  odd: {name: Odd, members: [cyd], lead: cyd}
"""
METRICS = """
metrics:
  grounded: {bucket: quality, response: page, owner: ana, layer: behavioural-quality}
  spend: {bucket: cost, response: ticket, owner: ana}
  uptime: {bucket: reliability, response: page, owner: ben}
"""
ON_CALL = """
schedules:
  sre: {rotations: [{name: a, participants: [ben], start: 2026-01-05T09:00, every: 1w}]}
  ai: {rotations: [{name: a, participants: [ana, ben], start: 2026-01-05T09:00, every: 1w}]}
  quiet: {rotations: [{name: a, participants: [cyd], start: 2026-01-05T09:00, every: 1w}]}
  old:
    rotations:
      - {name: a, participants: [ana], start: 2025-01-05T09:00, end: 2025-06-01T09:00, every: 1w}
  new: {rotations: [{name: a, participants: [ben], start: 2026-01-05T09:00, every: 1w}]}
roles:
  commander: {title: Commander, schedule: ai}
  nobody: {title: Nobody}
escalations:
  up: {steps: [{after: 0m, notify: [sre]}, {after: 15m, notify: [commander]}]}
  flat: {steps: [{after: 0m, notify: [sre]}]}
  void: {steps: [{after: 0m, notify: [nobody]}]}
"""
PARTS = """
components:
  prompt: {kind: prompt, layer: behavioural-quality}
  server: {kind: infrastructure, layer: behavioural-quality}
"""
BASE = WHO + ROW + METRICS


def alert(extra: str, name: str = "drop", metric: str = "grounded") -> str:
    return f"alerts:\n  {name}: {{metric: {metric}, severity: sev2, owner: ana, {extra}}}\n"


def incident(extra: str) -> str:
    return f"incidents:\n  worse: {{title: Worse, severity: sev3, {extra}}}\n"


WHEN = "detected: 2026-10-01T09:00Z"
CAUSED = "cause: {component: prompt}"


def review(extra: str, metric: str = "spend") -> str:
    agenda = f"agenda: [{{item: x, metrics: [{metric}]}}]"
    return f"reviews: {{r: {{kind: other, {extra}, {agenda}}}}}\n"


def board(extra: str) -> str:
    return f"dashboards: {{d: {{{extra}}}}}\n"


def inbox(extra: str) -> str:
    return f"channels: {{in: {{kind: email{extra}}}}}\n" + alert("response: ticket, notify: [in]")


def pages(target: str, metric: str = "grounded") -> str:
    return ON_CALL + alert(f"response: page, escalation: {target}", metric=metric)


def actions(*kinds: str, about: str = CAUSED) -> str:
    listed = ", ".join(f"{{title: x{kind}}}" for kind in kinds)
    return incident(", ".join(filter(None, (about, f"actions: [{listed}]"))))


MORE, FIX = ", kind: add-metric", ", kind: fix"
DATABASE = "runbooks: {db: {title: Database}}\n"
SAID = "first_checks: [a], escalate_to: ana, rollback: [b], resolved_when: [c]"
"""What a runbook holds that answers the four questions."""
CLIENT = "detected_by: customer"

CASES: dict[str, dict[str, list[str]]] = {
    "told-by-customers": {
        "true": [
            incident(f"{WHEN}, {CAUSED}, {CLIENT}"),
            incident(f"{WHEN}, {CAUSED}, detected_by: support"),
            incident(f"{WHEN}, late_signals: [spend], {CLIENT}"),
            incident(f"started: 2026-08-20, {CAUSED}, {CLIENT}"),
        ],
        "false": [incident(f"{WHEN}, {CAUSED}, detected_by: employee")],
        "cannot-be-told": [
            "",
            incident(f"started: 2026-08-19, {CAUSED}, {CLIENT}"),
            incident(f"started: 2026-11-21, {CAUSED}, {CLIENT}"),
            incident(f"{WHEN}, {CLIENT}"),
            incident(f"{WHEN}, {CAUSED}"),
            incident(f"{CAUSED}, {CLIENT}"),
            incident(f"{WHEN}, cause: {{component: server}}, {CLIENT}"),
        ],
    },
    "unclear-quality-owner": {"false": ["", "failures: {f: {priority: PX}}\n"]},
    "no-reader-on-call": {
        "true": [pages("flat")],
        "false": [
            pages("up"),
            pages("ai"),
            pages("flat", "uptime"),
            ON_CALL + alert("response: ticket, escalation: flat"),
        ],
        "cannot-be-told": ["", pages("quiet")],
    },
    "alerts-to-nobody": {
        "true": [inbox(""), inbox(", owner: ml"), alert("response: ticket"), pages("void")],
        "false": [inbox(", owner: ana"), pages("flat")],
        "cannot-be-told": ["", pages("gone"), alert("response: ticket, notify: [gone]")],
    },
    "no-behavioural-runbook": {
        "true": [
            DATABASE,
            DATABASE + alert("response: page, runbook: db", metric="uptime"),
            DATABASE + alert("response: page, runbook: db"),
            "runbooks: {x: {covers: [fallback-spike], first_checks: [a], rollback: [b]}}\n",
            f"runbooks: {{x: {{{SAID}}}, cost-anomaly: {{}}}}\n",
        ],
        "false": [
            f"runbooks: {{db: {{{SAID}}}}}\n" + alert("response: page, runbook: db"),
            f"runbooks: {{x: {{covers: [fallback-spike], {SAID}}}}}\n",
            f"runbooks: {{cost-anomaly: {{{SAID}}}, fallback-spike: {{}}}}\n",
        ],
        "cannot-be-told": [
            "",
            "runbooks: {db: {reviewed: never}}\n",
            "runbooks: {cost-anomaly: {url: https://wiki.acme.example/cost}, fallback-spike: {}}\n",
        ],
    },
    "cost-read-too-late": {
        "true": [
            review("every: 1mo, attendees: [fin]"),
            review("every: 1w, attendees: [fin]"),
            review("every: 1mo, chair: ana"),
            board("audience: ben, read_every: 1w, metrics: [spend]"),
        ],
        "false": [
            review("every: 1w, chair: ana"),
            review("every: 1d, attendees: [ml, fin]"),
            board("audience: ana, read_every: 1w, metrics: [spend]"),
        ],
        "cannot-be-told": [
            "",
            review("every: 1w, attendees: [ml]", "grounded"),
            review("every: 1w, attendees: [odd]"),
            review("attendees: [ml]"),
        ],
    },
    "dashboard-without-operator": {
        "true": [board(""), board("") + pages("flat", "uptime"), board("") + pages("void")],
        "false": [pages("flat"), board("") + pages("flat")],
        "cannot-be-told": ["", board("") + pages("gone")],
    },
    "only-more-metrics": {
        "true": [actions(MORE), actions(MORE, MORE)],
        "false": [actions(MORE, FIX)],
        "cannot-be-told": [
            "",
            incident(CAUSED),
            actions(""),
            actions(MORE, about=""),
            actions(MORE, about="cause: {component: server}"),
        ],
    },
}
FLAT = [
    (id_, verdict, text)
    for id_, verdicts in CASES.items()
    for verdict, texts in verdicts.items()
    for text in texts
]


@pytest.mark.parametrize(("id_", "verdict", "text"), FLAT)
def test_verdict(asked: Ask, id_: str, verdict: str, text: str) -> None:
    one = asked(id_, BASE + PARTS + text)
    assert (one.verdict.value, one.because) == (verdict, one.because)
    assert (one.step == "") == (verdict == "false")
    assert one.because
    if verdict != "cannot-be-told":
        assert one.evidence
        assert all(place.entity and place.line > 1 for place in one.evidence)


def owned(extra: str, metric: str = "") -> str:
    row = f"ownership: {{behavioural-quality: {{{extra}}}, other: {{accountable: ben}}}}\n"
    asks = f"metrics: {{m: {{bucket: quality, response: page{metric}}}}}\n" if metric else ""
    return row + asks


HERE = ", layer: behavioural-quality"
TWO = "ownership: {{a: {{covers: [behavioural-quality], accountable: ana}}, b: {{{}}}}}\n"
QUALITY = [
    (owned("accountable: [ana, ben]"), "true"),
    (owned("team: ml"), "true"),
    (owned("accountable: ml"), "true"),
    (owned("accountable: vacant") + "roles: {vacant: {title: V}}\n", "true"),
    (owned("unowned: {reason: later, until: 2027-01-01}"), "true"),
    ("ownership: {infrastructure: {accountable: ana}}\n", "true"),
    (TWO.format("accountable: ben"), "false"),
    (TWO.format("covers: [behavioural-quality], accountable: ben"), "true"),
    (owned("accountable: ana", ", unit: ratio"), "true"),
    (owned("accountable: ana", ", owner: [ana, ben]"), "true"),
    (owned("accountable: ana, team: ml", f", owner: ben{HERE}"), "true"),
    (owned("accountable: ana, team: ml", ", owner: ben, layer: other"), "false"),
    (owned("accountable: ana, team: fin", f", owner: ana{HERE}"), "false"),
    ("metrics: {m: {bucket: quality, response: page, owner: ana}}\n", "cannot-be-told"),
    (owned("accountable: gone"), "cannot-be-told"),
    (owned("accountable: 7"), "cannot-be-told"),
]


@pytest.mark.parametrize(("text", "verdict"), QUALITY)
def test_who_owns_quality(asked: Ask, text: str, verdict: str) -> None:
    one = asked("unclear-quality-owner", WHO + text)
    assert one.verdict.value == verdict, one.because


@pytest.mark.no_cover
@pytest.mark.parametrize("id_", [one.id for one in signs()])
def test_nothing_written_down_is_never_false(asked: Ask, id_: str) -> None:
    assert asked(id_, "").verdict is Verdict.UNKNOWN
    assert asked(id_, WHO).verdict is Verdict.UNKNOWN


GOOD = (
    BASE + PARTS + ON_CALL + alert("response: page, escalation: up, runbook: drop")
    + f"runbooks: {{drop: {{{SAID}}}}}\n"
    + "reviews: {r: {kind: other, every: 1w, chair: ana, agenda: [{item: x, metrics: [spend]}]}}\n"
    + incident(f"{WHEN}, {CAUSED}, detected_by: drop, actions: [{{title: x, kind: fix}}]")
)  # fmt: skip
UNIVERSAL = ("told-by-customers", "unclear-quality-owner", "alerts-to-nobody", "only-more-metrics")
"""Signs that are false only if all of their section is: what is unread may be what is wrong."""


def test_all_are_false_where_all_is_well(assessed: Assess) -> None:
    assert {one.verdict for one in assessed(GOOD).signs} == {Verdict.FALSE}


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "broken",
    [
        "incidents: {x: [}\n",
        "incident: {x: {title: Misspelt, detected_by: customer}}\n",
        "metrics: {bad id: {}}\n",
    ],
)
def test_a_file_that_is_not_read_proves_nothing(assessed: Assess, broken: str) -> None:
    found = {one.id: one.verdict for one in assessed(GOOD, broken=broken).signs}
    assert {found[id_] for id_ in UNIVERSAL} == {Verdict.UNKNOWN}
    assert Verdict.TRUE not in found.values()


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("sign_", "extra"),
    [
        ("told-by-customers", "incidents: {y: {title: Y, severity: sev9}}\n"),
        ("told-by-customers", "incidents: {worse: {title: Again, severity: sev2}}\n"),
        (
            "alerts-to-nobody",
            "alerts: {y: {metric: x, severity: sev2, response: page, notify: 7}}\n",
        ),
        ("only-more-metrics", "incidents: {y: {title: Y, severity: sev3, actions: 7}}\n"),
        ("unclear-quality-owner", "metrics: {y: {bucket: quality, response: never}}\n"),
    ],
)
def test_a_part_that_is_not_sound_proves_nothing(assessed: Assess, sign_: str, extra: str) -> None:
    found = {one.id: one for one in assessed(GOOD, zz=extra).signs}
    assert found[sign_].verdict is Verdict.UNKNOWN
    assert "`" in found[sign_].because
    assert "check" in found[sign_].step


def test_the_eight_signs_in_order() -> None:
    assert [one.number for one in signs()] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert len({one.id for one in signs()}) == 8
    names = [f"s{one.number}_{one.id.replace('-', '_')}" for one in signs()]
    assert names == stems(registry.assess.signs)


def test_a_sign_says_how_it_is_decided() -> None:
    for one in signs():
        assert one.title.endswith(".")
        assert all(part in one.definition for part in ("True: ", "False: ", "Cannot be told: "))
    with pytest.raises(ValueError, match="Cannot be told"):
        sign("s9_x", "A sign.\n\nTrue: x.\n\nFalse: y.", signs()[0].ask)


def test_without_skills_in_the_policy_nobody_can_tell(assessed: Assess) -> None:
    pack = "extends: production\nsettings: {behavioural_skills: []}\n"
    manifest = "policy: policies/own.yaml\n" + BASE + ON_CALL
    found = {one.id: one for one in assessed(manifest, policies__own=pack).signs}
    assert found["no-reader-on-call"].verdict is Verdict.UNKNOWN
