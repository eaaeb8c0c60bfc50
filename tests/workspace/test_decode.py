"""Data to entities: what counts as missing, what keeps its spelling, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from registry.model.cadence import Budget, Review
from registry.model.fields import references
from registry.model.metrics import Alert, Metric
from registry.model.oncall import Escalation, Schedule
from registry.model.people import Person, Team
from registry.model.release import Gate
from registry.model.runbooks import Runbook
from registry.model.sections import SECTIONS
from registry.workspace.decode import decode_one, validated
from registry.workspace.decode_errors import EntityPlace
from registry.workspace.load import Loaded, load

HEAD = "opmodel: 1\nname: decode\nstage: poc\n"


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Loaded]:
    """Load a registry of one file beside the manifest."""

    def load_text(text: str) -> Loaded:
        (tmp_path / "opmodel.yaml").write_text(HEAD)
        (tmp_path / "a.yaml").write_text(text, "utf-8")
        return load(str(tmp_path))

    return load_text


def faults(loaded: Loaded) -> list[tuple[str, int]]:
    workspace = loaded.workspace
    return [
        (one.code, (one.primary.span or workspace.resolve(one.primary.location)).start.line)
        for one in loaded.problems
    ]


@pytest.mark.parametrize(
    ("spelled", "text"),
    [
        ("1.10", "1.10"), ("no", "no"), ("+44 20 7946 0018", "+44 20 7946 0018"), ("+4420", "+4420"),
        ("12:30", "12:30"), ("true", "true"), ("0x1F", "0x1F"), ("1e3", "1e3"), (".inf", ".inf"),
        ("'1.10'", "1.10"), ("9999999999999999999999", "9999999999999999999999"), ("007", "007"),
        ("2026-02-30", "2026-02-30"), ("TODO: ask", "TODO: ask"), ("\"a\\nb\"", "a\nb"),
    ],
)  # fmt: skip
def test_a_text_keeps_its_spelling(spelled: str, text: str, read: Callable[[str], Loaded]) -> None:
    if ": " in spelled:
        spelled = f"'{spelled}'"
    loaded = read(
        f"people:\n  a: {{name: {spelled}, skills: [{spelled}]}}\n"
        f"runbooks:\n  r: {{title: {spelled}, steps: [{{phase: assess, do: [{spelled}]}}]}}\n"
        f"metrics:\n  m: {{bucket: cost, response: page}}\n"
        f"alerts:\n  l: {{metric: m, severity: sev1, response: page, labels: {{t: {spelled}}}}}\n"
    )
    assert loaded.problems == ()
    person = loaded.workspace.all(Person)["a"]
    assert (person.name, person.skills) == (text, (text,))
    assert loaded.workspace.all(Runbook)["r"].steps[0].do == (text,)
    assert loaded.workspace.all(Alert)["l"].labels == {"t": text}


@pytest.mark.parametrize("spelled", ["", "''", "TODO", "tbd", "n/a", "'-'", "'???'", "~", "null"])
def test_missing_before_types_and_references(spelled: str, read: Callable[[str], Loaded]) -> None:
    loaded = read(
        f"metrics:\n  m:\n    bucket: {spelled}\n    response: page\n"
        f"budgets:\n  b:\n    limit: {spelled}\n    per: {spelled}\n    unit: {spelled}\n"
        f"reviews:\n  r:\n    kind: other\n    days: {spelled}\n    agenda: [{spelled or 'TODO'}]\n"
        f"people:\n  p:\n    name: P\n    until: {spelled}\n    timezone: {spelled}\n    skills: [{spelled}]\n"
    )
    assert faults(loaded) == [("OM005", 3)]
    workspace = loaded.workspace
    quoted = "" if spelled in {"", "''"} else spelled.strip("'")
    (problem,) = loaded.problems
    assert (
        "(its value is empty)" if not quoted else f"(`{quoted}` counts as missing)"
    ) in problem.message
    budget = workspace.all(Budget)["b"]
    assert (budget.limit, budget.per, budget.unit) == (None, None, None)
    assert workspace.all(Review)["r"].agenda == ()
    assert set(workspace.placeholders["budgets", "b"]) == {("limit",), ("per",), ("unit",)}
    assert set(workspace.placeholders["budgets", "b"].values()) == {quoted}
    assert ("until",) in workspace.placeholders["people", "p"]


@pytest.mark.parametrize(
    ("spelled", "wrong"),
    [("", False), ("''", False), ("TODO", False), ("n/a", False), ("~", True), ("null", True),
     ("Null", True), ("404", True), ("1.5", True), ("true", True), ("2026-11-24", False)],
)  # fmt: skip
def test_a_reference(spelled: str, *, wrong: bool, read: Callable[[str], Loaded]) -> None:
    loaded = read(
        f"teams:\n  t:\n    name: T\n    lead: {spelled}\n    members: [{spelled}]\n"
        f"metrics:\n  m:\n    bucket: cost\n    response: page\n    owner: {spelled}\n"
        f"    layer: {spelled}\n"
    )
    lines = [4, 10, 11]
    if spelled:
        lines.insert(1, 5)
    assert faults(loaded) == ([("OM006", line) for line in lines] if wrong else [])
    if wrong:
        assert all(
            "quote it" in one.help or "leave the field out" in one.help for one in loaded.problems
        )
    elif not spelled.startswith("2026"):
        assert loaded.workspace.all(Team)["t"].members == ()
        assert loaded.workspace.all(Metric)["m"].owner is None


@pytest.mark.parametrize(
    ("value", "right"),
    [("1200", True), ("1.5", True), ("-3", True), ("0x10", True), ("1e3", True), ("1e999", False),
     (".inf", False), ("-.inf", False), (".nan", False), ("9" * 5000, False), ("'5'", False),
     ("5 EUR", False), ("true", False), ("[5]", False), ("{a: 5}", False), ("no", False)],
)  # fmt: skip
def test_a_number(value: str, *, right: bool, read: Callable[[str], Loaded]) -> None:
    loaded = read(f"budgets:\n  b: {{limit: {value}}}\n")
    assert faults(loaded) == ([] if right else [("OM006", 2)])
    assert (loaded.workspace.all(Budget)["b"].limit is None) is not right
    threshold = read(f"gates:\n  g: {{requires: [{{metric: m, above: {value}}}]}}\n")
    assert faults(threshold) == ([] if right else [("OM006", 2)])


def test_a_whole_number_within_bounds(read: Callable[[str], Loaded]) -> None:
    for value, right in (("3", True), ("0", True), ("-1", False), ("101", False), ("1.5", False)):
        loaded = read(f"escalations:\n  e: {{repeat: {value}, repeat_after: 5m}}\n")
        assert faults(loaded) == ([] if right else [("OM006", 2)]), value
        assert loaded.workspace.all(Escalation)["e"].repeat == (3 if value == "3" else 0)


def test_each_fault_at_its_own_place(read: Callable[[str], Loaded]) -> None:
    loaded = read(
        "schedules:\n"
        "  s:\n"
        "    rotations:\n"
        "      - name: day\n"
        "        start: yesterday\n"
        "        every: 5m\n"
        "        particpants: [a]\n"
        "        hours: {days: [monday], from: '9:00', to: '18:00'}\n"
        "      - night\n"
        "    overrides: none\n"
        "    coverage: sometimes\n"
        "    team: [a]\n"
        "    tean: b\n"
        "    x-own: [1]\n"
    )
    assert sorted(faults(loaded)) == [
        ("OM004", 7), ("OM004", 13), ("OM006", 5), ("OM006", 6), ("OM006", 8), ("OM006", 8),
        ("OM006", 9), ("OM006", 10), ("OM006", 11), ("OM006", 12),
    ]  # fmt: skip
    workspace = loaded.workspace
    assert workspace.failed_fields["schedules", "s"] == {
        "rotations", "overrides", "coverage", "team",
    } | ({"tean"} & workspace.failed_fields["schedules", "s"])  # fmt: skip
    assert workspace.all(Schedule)["s"].rotations == ()
    assert workspace.extensions["schedules", "s"] == {("x-own",): [1]}


def test_the_help_names_the_nearest(read: Callable[[str], Loaded]) -> None:
    loaded = read(
        "metrics:\n  m: {bucket: qualty, response: pge, ownr: a}\n"
        "people:\n  p: {name: P, timezone: Europe/Berlim, contact: {fon: 1}}\n"
    )
    helps = [one.help for one in loaded.problems]
    assert "did you mean `quality`?" in helps
    assert "did you mean `page`?" in helps
    assert "did you mean `owner`?" in helps
    assert "did you mean `Europe/Berlin`?" in helps
    assert any(one.startswith("it has `email`") for one in helps)


def test_what_an_entity_is_not(read: Callable[[str], Loaded]) -> None:
    loaded = read("people:\n  a: Priya\n  b: [name]\n  c:\n  d: TODO\n  e: 5\ntelemetry: [x]\n")
    assert faults(loaded) == [("OM006", line) for line in (2, 3, 4, 5, 6, 7)]
    assert set(loaded.workspace.failed["people"]) == {"a", "b", "c", "d", "e"}


def test_faults_between_values(read: Callable[[str], Loaded]) -> None:
    loaded = read(
        "experiments:\n  e: {starts: 2026-11-21, ends: 2026-11-20}\n"
        "roles:\n  r: {title: R, holder: a, schedule: b}\n"
        "people:\n  p: {name: P, away: [{from: 2026-01-02, to: 2026-01-01}]}\n"
        "alerts:\n  a: {metric: m, severity: sev1, response: page, when: {for: 5m}}\n"
    )
    assert faults(loaded) == [("OM006", line) for line in (6, 4, 8, 2)]


def test_what_is_wrong_already_is_not_also_lacking(read: Callable[[str], Loaded]) -> None:
    """One slip, one finding: not a second that the condition, or the time, is not there."""
    alert = "alerts:\n  a: {metric: m, severity: sev1, response: page, when: %s}\n"
    steps = "escalations:\n  e: {repeat: 1, %s, steps: [{after: 0m, notify: [a]}]}\n"
    for text, code in {
        alert % "{above: lots}": "OM006",
        alert % "{abve: 3}": "OM004",
        steps % "repeat_after: soon": "OM006",
        steps % "repeatafter: 5m": "OM004",
        "bindings:\n  b: {receiver: [x], means: p}\n": "OM006",
        "bindings:\n  b: {label: team, value: x, maens: p}\n": "OM004",
        "bindings:\n  b: {label: team, value: [x], means: p}\n": "OM006",
    }.items():
        assert faults(read(text)) == [(code, 2)], text


def test_a_page_is_asked_for_a_sentence_and_a_file_for_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "opmodel.yaml").write_text(HEAD)
    (tmp_path / "a.yaml").write_text("runbooks:\n  r: {hypotheses: [Ask around.]}\n")
    (tmp_path / "runbooks").mkdir()
    (tmp_path / "runbooks" / "p.md").write_text("# P\n## Hypotheses\n- Ask around.\n")
    told = [(one.message, one.help) for one in load(str(tmp_path)).problems]
    assert told == [
        (
            "`hypotheses[0]` must be a mapping, not one value",
            "indent its fields below it: `if`, `check`, `compare`, `then`",
        ),
        (
            "`hypotheses[0]` does not read `If …, check …; compare …; then …`",
            "write it so; what follows the check may be left out",
        ),
    ]


def test_a_placeholder_where_a_value_is_lacking_is_quoted(read: Callable[[str], Loaded]) -> None:
    loaded = read(
        "alerts:\n  a: {metric: m, severity: sev1, response: page, when: {above: TBD}}\n"
        "escalations:\n  e: {repeat: 1, repeat_after: '', steps: [{after: 0m, notify: [a]}]}\n"
    )
    assert [(one.code, one.field) for one in loaded.problems] == [
        ("OM006", ("when", "above")),
        ("OM006", ("repeat_after",)),
    ]
    told = [one.message for one in loaded.problems]
    assert told[0].endswith("this one has none of them (`TBD` counts as missing)")
    assert told[1].endswith("the time between two runs (its value is empty)")
    assert loaded.workspace.placeholders == {}, "so OM008 says nothing of them"


def test_fast_and_thorough_agree(read: Callable[[str], Loaded]) -> None:
    text = (
        "gates:\n  g: {requires: [{metric: m, above: 0.9}, {eval: e, at_least: 95%}],"
        " canary: {for: 2d}}\n"
        "runbooks:\n  r: {hypotheses: [{if: a, check: b}], mitigations: [{switch: s}, text]}\n"
        "schedules:\n  s: {coverage: {from: '09:00', to: '18:00'}, overrides: ["
        "{person: a, from: 2026-11-24, to: 2026-11-25}], rotations: [{name: d, participants: [a, [b, c]],"
        " start: 2026-11-02T09:00, every: 1w, hours: [{from: '09:00', to: '18:00'}]}]}\n"
        "stores:\n  t: {kind: traces, retention: 30d, access: [everyone]}\n"
    )
    data = read(text).workspace
    for section, row in SECTIONS.items():
        for id_, entity in data.entities[section].items():
            raw = data.raw(section, id_)
            place = EntityPlace("a.yaml", (section, id_), row.noun, (section, id_), lambda _: None)
            done = decode_one(row.model, raw, place)
            assert done.problems == ()
            assert done.entity == entity == validated(row.model, {id_: raw})[id_]
    assert data.all(Gate)["g"].requires[0].comparisons == ("above",)


def test_every_reference_is_a_field_that_can_be_reached() -> None:
    """The fast look-up of references goes by attributes: a name of another spelling would hide."""
    for row in SECTIONS.values():
        for path, _ in references(row.model):
            kinds: list[Any] = [row.model]
            for step in (one for one in path if one not in {"*", "*key"}):
                found = [kind for kind in kinds if step in getattr(kind, "model_fields", ())]
                assert found, (row.name, path)
                kinds = _inside([kind.__annotations__[str(step)] for kind in found])


def _inside(kinds: list[Any]) -> list[Any]:
    from typing import get_args

    found = list(kinds)
    for kind in found:
        found += get_args(kind)
    return found
