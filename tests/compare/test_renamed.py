"""What is only called otherwise is told so, in a line, and hides nothing that a change does beside."""

import json as plain_json

import pytest

from registry.compare.renamed import Renaming
from registry.compare.report import human, json, markdown
from tests.compare.conftest import BASE, Changed
from tests.compare.test_changes import paging, told

ADA = (
    ("ana: {", "ada: {"), ("lead: ana", "lead: ada"), ("accountable: ana", "accountable: ada"),
    ("owner: ana", "owner: ada"), ("participants: [ana]", "participants: [ada]"),
)  # fmt: skip


def test_a_person_under_another_id_is_one_line(changed: Changed) -> None:
    found = changed(*ADA)
    assert found.renamed == (Renaming("people", "ana", "ada"),)
    facts = (found.ownership, found.paging, found.switches, found.telemetry)
    assert facts == ((), (), (), ())
    assert (found.findings.new, found.findings.gone) == ((), ())
    assert not found.is_empty
    assert told(found) == ["`people/ana` is now `people/ada`"]
    assert human.render(found, "UTC").splitlines()[2:] == [
        "1 entity renamed", "", "Renamed, and the same in all else",
        "  `people/ana` is now `people/ada`",
    ]  # fmt: skip
    assert "- `people/ana` is now `people/ada`" in markdown.render(found, "UTC")
    written = plain_json.loads(json.render(found))
    assert written["renamed"] == [{"section": "people", "before": "ana", "after": "ada"}]
    assert (written["ownership"], written["paging"]) == ([], [])


@pytest.mark.parametrize(
    ("edits", "line"),
    [
        ([("desk: {", "bench: {"), ("[desk]", "[bench]")], "`teams/desk` is now `teams/bench`"),
        ([("  ic: {", "  lead: {"), ("[ic]", "[lead]")], "`roles/ic` is now `roles/lead`"),
        ([("  rota: {", "  week: {"), ("schedule: rota", "schedule: week"), ("escalation: rota", "escalation: week")],
         "`schedules/rota` is now `schedules/week`"),
        ([("  page: {", "  call: {"), ("escalation: page", "escalation: call")],
         "`escalations/page` is now `escalations/call`"),
        ([("  m: {", "  n: {"), ("metric: m", "metric: n")], "`metrics/m` is now `metrics/n`"),
        ([("  a: {metric", "  d: {metric")], "`alerts/a` is now `alerts/d`"),
        ([("  k: {", "  stop: {")], "`kill_switches/k` is now `kill_switches/stop`"),
        ([("  s: {", "  t: {")], "`stores/s` is now `stores/t`"),
        ([("  f: {", "  g: {")], "`fields/f` is now `fields/g`"),
    ],
)  # fmt: skip
def test_each_kind_under_another_id_is_one_line(
    changed: Changed, edits: list[tuple[str, str]], line: str
) -> None:
    assert told(changed(*edits)) == [line]


def test_several_that_name_each_other_are_a_line_each(changed: Changed) -> None:
    found = changed(
        *ADA, ("  rota: {", "  week: {"), ("schedule: rota", "schedule: week"),
        ("escalation: rota", "escalation: week"), ("  on: {", "  duty: {"), ("[on]", "[duty]"),
    )  # fmt: skip
    assert told(found) == [
        "`people/ana` is now `people/ada`", "`roles/on` is now `roles/duty`",
        "`schedules/rota` is now `schedules/week`",
    ]  # fmt: skip


def test_what_changes_beside_is_told_as_it_is(changed: Changed) -> None:
    found = changed(
        *ADA, ("[{name: r, participants: [ada]", "[{name: r, participants: [ben]"),
        ("accountable: ada", "accountable: cho"),
    )  # fmt: skip
    assert found.renamed == (Renaming("people", "ana", "ada"),)
    assert [(one.id, one.before, one.after) for one in found.ownership] == [
        ("prompts", "ada", "cho")
    ]
    assert "others rota" in paging(found)
    assert "Ben Okafor is on call on `rota` in place of Ana Silva: at any time" in told(found)


def test_a_name_that_was_left_behind_is_told(changed: Changed) -> None:
    """The id is gone, and the schedule still names it: nobody is on call."""
    found = changed(*ADA[:-1])
    assert found.renamed == (Renaming("people", "ana", "ada"),)
    assert "nobody rota" in paging(found)


def test_another_content_is_another_person_and_both_have_their_ids(changed: Changed) -> None:
    """Of one name they may be one person, or two: the ids say which."""
    found = changed(*ADA, ('contact: {phone: "1"}', 'contact: {phone: "9"}'))
    assert found.renamed == ()
    lines = told(found)
    assert "Ana Silva [ada] is on call on `rota` in place of Ana Silva [ana]: at any time" in lines
    assert any(
        line.startswith("Ana Silva [ada] owns the metric `m` in place of Ana Silva [ana]")
        for line in lines
    )
    assert not any("Ben Okafor [" in line for line in lines)


def test_an_id_that_stays_is_not_renamed(changed: Changed) -> None:
    """Somebody of the same name and contact beside is a copy: who is paged is another id."""
    found = changed(
        ("  ben: {", '  ada: {name: Ana Silva, contact: {phone: "1"}}\n  ben: {'),
        ("participants: [ana]", "participants: [ada]"),
    )
    assert found.renamed == ()
    assert "others rota" in paging(found)
    assert "Ana Silva [ada] is on call on `rota` in place of Ana Silva [ana]: at any time" in told(
        found
    )


TWINS = BASE.replace("  cho: {", '  zoe: {name: Ana Silva, contact: {phone: "1"}}\n  cho: {')


@pytest.mark.parametrize(
    ("before", "edits"),
    [
        (TWINS, [("  ana: {", "  ada: {"), ("  zoe: {", "  eva: {"), ("participants: [ana]", "participants: [ada]")]),
        (TWINS, [("  ana: {", "  ada: {"), ('  zoe: {name: Ana Silva, contact: {phone: "1"}}\n', "")]),
    ],
)  # fmt: skip
def test_where_two_might_be_meant_none_is_renamed(
    changed: Changed, before: str, edits: list[tuple[str, str]]
) -> None:
    found = changed(*edits, before=before)
    assert found.renamed == ()


def test_what_says_nothing_or_did_not_load_is_not_renamed(changed: Changed) -> None:
    assert (
        changed(before=BASE + "spans:\n  x: {}\n", after=BASE + "spans:\n  y: {}\n").renamed == ()
    )
    odd = "audiences: 5, name: Desk, lead: ana, members: [ben]"
    before = BASE.replace("name: Desk, lead: ana, members: [ben]", odd)
    assert changed(("desk: {", "bench: {"), ("[desk]", "[bench]"), before=before).renamed == ()


def test_a_section_with_ids_of_its_own_is_never_renamed(changed: Changed) -> None:
    more = "severities:\n  {}: {{respond_within: 5m}}\n"
    before, after = (BASE + more.format(one) for one in ("sev1", "sev2"))
    assert changed(before=before, after=after).renamed == ()


def test_extensions_are_part_of_what_is_the_same(changed: Changed) -> None:
    before = BASE.replace("ana: {name", "ana: {x-desk: 4, name")
    assert changed(*ADA, before=before).renamed != ()
    assert changed(*ADA, ("x-desk: 4", "x-desk: 5"), before=before).renamed == ()


def test_findings_go_with_the_entity_and_others_are_told(changed: Changed) -> None:
    """Those of a person who is renamed are no news; what is found no more is."""
    before = BASE.replace("  cho: {name: Cho Min", "  cho: {name: Cho Min, absences: 5")
    edits = (("  cho: {", "  che: {"), ("holder: cho", "holder: che"))
    found = changed(*edits, ("absences: 5, ", ""), before=before)
    assert {one.code for one in found.findings.gone} != set()
    plain = changed(*edits)
    assert plain.renamed == (Renaming("people", "cho", "che"),)
    assert (plain.findings.new, plain.findings.gone) == ((), ())
    more = changed(*edits, ("alerts:\n", "  o: {steps: []}\nalerts:\n"))
    assert more.renamed == (Renaming("people", "cho", "che"),)
    assert {one.entity for one in more.findings.new} == {("escalations", "o")}
    assert more.findings.gone == ()
    less = changed(*edits, ("  o: {steps: []}\nalerts:\n", "alerts:\n"),
                   before=BASE.replace("alerts:\n", "  o: {steps: []}\nalerts:\n"))  # fmt: skip
    assert {one.entity for one in less.findings.gone} == {("escalations", "o")}


def test_a_finding_of_what_is_renamed_is_no_news(changed: Changed) -> None:
    edits = (("  m: {", "  n: {"), ("metric: m", "metric: n"))
    before = BASE.replace("response: page, owner: ana}\n", "response: page}\n")
    assert any(one.entity == ("metrics", "m") for one in changed(before=before).findings.known)
    found = changed(*edits, before=before)
    assert (found.findings.new, found.findings.gone) == ((), ())
    found = changed(*edits, ("stage: poc", "stage: production"), before=before)
    graver = {one.code for one in found.findings.new if one.entity == ("metrics", "n")}
    assert graver & {one.code for one in found.findings.gone if one.entity == ("metrics", "m")}


def test_keys_that_name_it_are_asked_under_the_new_id(changed: Changed) -> None:
    """A switch's scope names telemetry fields by its keys, and words stay words."""
    before = BASE.replace("operators: [ic]", "operators: [ic], scope: {f: high}")
    before = before.replace("access: [desk]", "access: [everyone, desk]")
    found = changed(
        ("  f: {", "  g: {"), ("{f: high}", "{g: high}"), ("  k: {", "  q: {"), before=before
    )
    assert told(found) == [
        "`kill_switches/k` is now `kill_switches/q`", "`fields/f` is now `fields/g`"
    ]  # fmt: skip


def test_what_may_be_one_name_or_several_is_read_as_either(changed: Changed) -> None:
    before = BASE.replace("accountable: ana", "accountable: [ana, ben]")
    found = changed(*ADA[:2], ("accountable: [ana", "accountable: [ada"), *ADA[3:], before=before)
    assert found.renamed == (Renaming("people", "ana", "ada"),)
    assert found.ownership == ()
