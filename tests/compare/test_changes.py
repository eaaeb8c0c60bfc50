"""What a change does, question by question: small registries, and the same with one thing changed."""

import re
from pathlib import Path

import pytest

from registry.clock.civil import instant, utc
from registry.compare.difference import RegistryDifference
from registry.compare.facts import facts
from registry.compare.findings import changes
from registry.compare.paging_facts import NOBODY, OTHERS
from registry.compare.report import human, json, markdown
from registry.compare.report._summary import told_of
from registry.compare.sentence import Id, Name, Sentence
from registry.workspace.options import iso
from tests.compare.conftest import BASE, Changed
from tests.conftest import AT

HOUR = 3_600_000_000


def paging(found: RegistryDifference) -> list[str]:
    return [
        f"{one.kind} {one.id} {'+'.join(iso(utc(at)) for at in one.spans[0])} x{len(one.spans)}"
        if one.spans != ((found.start, found.end),)
        else f"{one.kind} {one.id}"
        for one in found.paging
    ]


def told(found: RegistryDifference) -> list[str]:
    return [
        "".join(f"`{word.text}`" if isinstance(word, Id) else word.text if isinstance(word, Name)
                else word for word in sentence)
        for _, sentences in facts(found) for sentence in sentences
    ]  # fmt: skip


def test_nothing_changes_where_only_words_do(changed: Changed) -> None:
    found = changed(("Ana Silva", "Ana da Silva"), ("metrics:", "# a line\nmetrics:"))
    assert found.is_empty
    assert (found.ownership, found.paging, found.switches, found.telemetry) == ((), (), (), ())
    assert (found.findings.new, found.findings.gone) == ((), ())
    assert told(found) == []


# -- pages ---------------------------------------------------------------------------------------


def test_an_id_that_is_called_otherwise_is_told_by_both_names(changed: Changed) -> None:
    """Ids that change places: who was paged before is not named as who has that id now."""
    found = changed(
        ("ben: {name: Ben Okafor", "ben: {name: Ana Silva"),
        ("ana: {name: Ana Silva", "ana: {name: Ben Okafor"),
        ("notify: [ben]", "notify: [ana]"),
    )
    sentence = (
        "Ben Okafor, until now Ana Silva [ana] is paged by `b` "
        "in place of Ana Silva, until now Ben Okafor [ben]: at any time"
    )
    assert sentence in told(found)


def test_a_person_who_is_removed_is_nobody(changed: Changed) -> None:
    found = changed(('  ben: {name: Ben Okafor, contact: {phone: "2"}}\n', ""))
    assert paging(found) == ["nobody b"]
    assert "nobody is paged by `b`: at any time; before: Ben Okafor" in told(found)


def test_a_person_who_leaves_is_nobody_from_then_on(changed: Changed) -> None:
    found = changed(('"2"}', '"2"}, until: 2026-12-01'))
    assert paging(found) == ["nobody b 2026-12-02T00:00:00Z+2026-12-20T09:00:00Z x1"]


def test_a_person_who_is_away_is_nobody_for_a_while(changed: Changed) -> None:
    away = '"1"}, away: [{from: 2026-11-25, to: 2026-11-26}]'
    found = changed(('"1"}', away))
    spans = "2026-11-25T00:00:00Z+2026-11-27T00:00:00Z x1"
    assert paging(found) == [f"nobody c {spans}", f"nobody rota {spans}", f"others a {spans}"]
    assert any(
        line.startswith("Ana Silva is no longer paged by `a`, the first after 15m in place of")
        for line in told(found)
    )


def test_a_page_that_comes_after_somebody_went_is_lost(changed: Changed) -> None:
    """The second step goes out a quarter of an hour after the alert."""
    lost = BASE.replace("notify: [on]", "notify: [ghost]")
    found = changed(('"3"}', '"3"}, until: 2026-12-01'), before=lost)
    assert "nobody a 2026-12-01T23:45:00Z+2026-12-20T09:00:00Z x1" in paging(found)


def test_a_deputy_is_somebody_else(changed: Changed) -> None:
    away = '"2"}, away: [{from: 2026-11-25, to: 2026-11-25, deputy: cho}]'
    found = changed(('"2"}', away))
    assert paging(found) == ["others b 2026-11-25T00:00:00Z+2026-11-26T00:00:00Z x1"]
    assert told(found)[0].startswith("Cho Min is paged by `b` in place of Ben Okafor: ")


def test_who_is_on_call_changes_for_all_that_page_the_rota(changed: Changed) -> None:
    found = changed(("participants: [ana]", "participants: [ana, ben]"))
    assert {line.partition(" ")[0] for line in paging(found)} == {"others"}
    assert [line.rpartition(": ")[0] for line in told(found)][:1] != []
    assert "Ben Okafor is paged by `a` and `c` in place of Ana Silva" in " ".join(told(found))
    assert "Ben Okafor is on call on `rota` in place of Ana Silva" in " ".join(told(found))


def test_the_holder_of_a_role_changes(changed: Changed) -> None:
    found = changed(("holder: cho", "holder: ben"))
    assert paging(found) == ["others a"]
    assert "Ben Okafor is paged by `a` in place of Cho Min: at any time" in told(found)


def test_a_person_is_paged_as_well(changed: Changed) -> None:
    found = changed(("notify: [ben]", "notify: [ben, cho]"))
    assert told(found) == ["Cho Min is paged by `b` as well: at any time"]


def test_another_order_is_told(changed: Changed) -> None:
    both = "direct: {steps: [{after: 0m, notify: [ben]}, {after: 15m, notify: [cho]}]}"
    swapped = "direct: {steps: [{after: 0m, notify: [cho]}, {after: 15m, notify: [ben]}]}"
    before = BASE.replace("direct: {steps: [{after: 0m, notify: [ben]}]}", both)
    found = changed((both, swapped), before=before)
    assert told(found) == ["Cho Min and Ben Okafor are paged by `b` in this order now: at any time"]


def test_one_of_two_in_place_of_both(changed: Changed) -> None:
    both = "direct: {steps: [{after: 0m, notify: [ben, cho]}]}"
    one = "direct: {steps: [{after: 0m, pick: one, notify: [ben, cho]}]}"
    before = BASE.replace("direct: {steps: [{after: 0m, notify: [ben]}]}", both)
    found = changed((both, one), before=before)
    assert paging(found) == ["others b"]
    assert told(found) == [
        "the same people are paged by `b`, in other steps or one in place of all: at any time"
    ]
    assert found.paging[0].after is not None
    assert found.paging[0].after[0].choices == (("ben",), ("cho",))


def test_a_later_step_is_told(changed: Changed) -> None:
    found = changed(("after: 15m", "after: 1h"))
    assert told(found) == [
        "the same people are paged by `a`, at other times after it fires: at any time"
    ]
    found = changed(("direct: {steps: [{after: 0m", "direct: {steps: [{after: 10m"))
    assert told(found)[-1] == (
        "the same people are paged by `b`, the first after 10m in place of at once: at any time"
    )


def test_a_page_that_waits_for_hours_is_told(changed: Changed) -> None:
    hours = 'direct: {hours: [{from: "09:00", to: "17:00"}], outside: hold, steps: [{after: 0m'
    found = changed(("direct: {steps: [{after: 0m", hours))
    assert {line.partition(" ")[0] for line in paging(found)} == {"timing"}
    assert "the first when its hours open in place of at once" in told(found)[0]
    skipped = hours.replace("hold", "skip")
    found = changed(("direct: {steps: [{after: 0m", skipped))
    assert {line.partition(" ")[0] for line in paging(found)} == {"nobody"}


def test_a_repeat_that_reaches_somebody_is_somebody(changed: Changed) -> None:
    """Of an escalation whose first run meets an absence, the second run still pages."""
    again = "direct: {repeat: 1, repeat_after: 1d, steps: [{after: 0m, notify: [ben]}]}"
    before = BASE.replace("direct: {steps: [{after: 0m, notify: [ben]}]}", again)
    away = '"2"}, away: [{from: 2026-11-25T00:00, to: 2026-11-25T12:00}]'
    found = changed(('"2"}', away), before=before)
    assert paging(found) == ["timing b 2026-11-25T00:00:00Z+2026-11-25T12:00:00Z x1"]


def test_alerts_that_come_and_go(changed: Changed) -> None:
    line = "  b: {metric: m, severity: sev2, response: page, owner: ana, escalation: direct}\n"
    found = changed((line, ""))
    assert "`b` is gone; paged until now: Ben Okafor" in told(found)
    assert "the alert `b` is gone; until now: Ana Silva" in told(found)
    found = changed(before=BASE.replace(line, ""), after=BASE)
    assert "Ben Okafor is paged by the new `b`" in told(found)
    found = changed(
        before=BASE.replace(line, ""), after=BASE.replace("escalation: direct", "escalation: ghost")
    )
    assert "nobody is paged by the new `b`: at any time" in told(found)


def test_a_schedule_that_comes_and_goes(changed: Changed) -> None:
    more = "  more: {rotations: [{name: r, participants: [ben], start: 2026-12-01, every: 1w}]}\n"
    both = BASE.replace("escalations:\n", f"{more}escalations:\n")
    found = changed(before=BASE, after=both)
    assert "Ben Okafor is on call on the new `more`" in told(found)
    assert any(
        line.startswith("nobody is on call on the new `more`: until ") for line in told(found)
    )
    found = changed(before=both, after=BASE)
    assert "`more` is gone; on call until now: Ben Okafor" in told(found)


def test_an_alert_that_files_a_ticket_pages_nobody(changed: Changed) -> None:
    b = "response: page, owner: ana, escalation: direct"
    found = changed((b, b.replace("page", "ticket", 1)))
    assert told(found)[0] == (
        "nobody is paged by `b`, for it files a ticket now: at any time; before: Ben Okafor"
    )
    found = changed(before=BASE.replace(b, b.replace("page", "ticket", 1)), after=BASE)
    assert "Ben Okafor is paged by `b`: at any time; before: nobody" in told(found)


def test_alerts_to_which_the_same_happens_are_one_fact(changed: Changed) -> None:
    more = "".join(
        f"  {name}: {{metric: m, severity: sev2, response: page, owner: ana, escalation: direct}}\n"
        for name in ("d", "e", "f")
    )
    before = BASE.replace("kill_switches:", f"{more}kill_switches:")
    found = changed(("notify: [ben]", "notify: [cho]"), before=before)
    assert told(found) == [
        "Cho Min is paged by `b`, `d`, `e` and `f` (4 alerts) in place of Ben Okafor: at any time"
    ]


# -- what is not certain -------------------------------------------------------------------------


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("b: {metric: m, severity: sev2", "b: {metric: m, severity: nine"),
        ("escalation: direct", "escalation: [[1]]"),
        ("notify: [ben]", "notify: {a: 1}"),
        ("participants: [ana]", "participants: {a: 1}"),
        ("operators: [ic]", "operators: {a: 1}"),
        ("retention: 30d", "retention: long"),
        ("access: [desk]", "access: {a: 1}"),
        ("redaction: hash", "redaction: much"),
        ("m: {bucket: cost, response: page, owner: ana}", "m: {bucket: cost, response: page, owner: {a: 1}}"),
    ],
)  # fmt: skip
def test_of_what_did_not_load_nothing_is_told(changed: Changed, old: str, new: str) -> None:
    for found in (changed((old, new)), changed(before=BASE.replace(old, new), after=BASE)):
        assert (found.ownership, found.paging, found.switches, found.telemetry) == ((), (), (), ())
        assert found.doubts


def test_what_may_stand_in_what_could_not_be_read_is_not_gone(
    changed: Changed, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "torn.yaml").write_text("alerts: [b k s f ben\n")
    lines = [line for line in BASE.splitlines(keepends=True)
             if not line.startswith(("  b:", "  k:", "  s:", "  f:", "  ben:"))]  # fmt: skip
    found = changed(after="".join(lines))
    assert (found.ownership, found.paging, found.switches, found.telemetry) == ((), (), (), ())
    assert any("could not be read" in doubt for doubt in found.doubts)
    for text in (human.render(found, "UTC"), markdown.render(found, "UTC")):
        assert "not certain, and left out: new: something could not be read" in text


# -- owners --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("accountable: ana", "accountable: ben",
         "Ben Okafor answers for the layer `prompts` in place of Ana Silva"),
        ("holder: cho", "holder: ben", "Ben Okafor holds the role `ic` in place of Cho Min"),
        ("lead: ana", "lead: ben", "Ben Okafor leads the team `desk` in place of Ana Silva"),
        ("accountable: ana", "accountable: [ana, ben]",
         ("nobody answers for the layer `prompts` (its `accountable` is 2 names (`ana`, `ben`)); "
         "before: Ana Silva")),
        ("accountable: ana", "unowned: {reason: none yet, until: 2027-01-01}",
         ("nobody answers for the layer `prompts` (it is unowned on purpose until 2027-01-01: "
         "none yet); before: Ana Silva")),
        ("  prompts: {accountable: ana}", "  prompts: {accountable: ana}\n  more: {accountable: ben}",
         "Ben Okafor answers for the layer `more`, new"),
        ("  prompts: {accountable: ana}", "  prompts: {accountable: ana}\n  more: {title: M}",
         "nobody answers for the layer `more`, new (it has no `accountable`)"),
        ('"1"}', '"1"}, until: 2026-11-01',
         "nobody owns the metric `m` (`ana` left on 2026-11-01); before: Ana Silva"),
    ],
)  # fmt: skip
def test_whose_things_are(changed: Changed, old: str, new: str, says: str) -> None:
    assert says in told(changed((old, new)))


def test_a_thing_that_is_won(changed: Changed) -> None:
    found = changed(before=BASE.replace("{accountable: ana}", "{title: P}"), after=BASE)
    assert "Ana Silva answers for the layer `prompts`; before: nobody" in told(found)
    found = changed(
        before=BASE, after=BASE.replace("{accountable: ana}", "{accountable: ana, title: P}")
    )
    assert found.ownership == ()


def test_a_thing_that_was_nobodys_and_goes_is_no_loss(changed: Changed) -> None:
    more = BASE.replace("ownership:\n", "ownership:\n  more: {title: M}\n")
    assert changed(before=more, after=BASE).ownership == ()


# -- switches ------------------------------------------------------------------------------------


def test_operators_who_come_and_go(changed: Changed) -> None:
    found = changed(("operators: [ic]", "operators: [ben, rota]"))
    assert "Cho Min may no longer flip `k`" in told(found)
    assert "Ben Okafor and Ana Silva may now flip `k`" in told(found)
    found = changed(("operators: [ic]", "operators: []"))
    assert told(found)[0] == "nobody may flip `k`: at any time"
    found = changed(
        (
            "  k: {action: Stop., operators: [ic], owner: ana}\n",
            "  l: {action: Halt., operators: [ic], owner: ana}\n  n: {action: Stop., owner: ana}\n",
        )
    )
    assert "`k` is gone; until now it was there for Cho Min" in told(found)
    assert "Cho Min may now flip `l`" in told(found)
    assert "nobody may flip the new `n`: at any time" in told(found)


# -- telemetry -----------------------------------------------------------------------------------


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("retention: 30d", "retention: 31d", "the store `s`: retention `31d`, before: `30d`"),
        ("retention: 30d", "retention: forever", "the store `s`: retention `forever`, before: `30d`"),
        ("retention: 30d, ", "", "the store `s`: retention nothing said, before: `30d`"),
        ("access: [desk]", "access: [desk, cho]", "the store `s` may now be read by Cho Min"),
        ("access: [desk]", "access: [everyone]", "the store `s` may now be read by everyone"),
        ("members: [ben]", "members: [ben, cho]", "the store `s` may now be read by Cho Min"),
        ("redaction: hash", "redaction: none", "the telemetry field `f`: redaction `none`, before: `hash`"),
        ("  s: {kind", "  t: {kind: logs, retention: 1d}\n  s: {kind", "the store `t`: retention `1d`, before: nothing said"),
        ("  s: {kind", "  t: {kind: logs}\n  s: {kind", "the store `t`: retention nothing said, before: nothing said"),
        ("  f: {group", "  g: {group: input}\n  f: {group", "the telemetry field `g`: redaction `none`, before: nothing said"),
    ],
)  # fmt: skip
def test_what_grows_and_shrinks(changed: Changed, old: str, new: str, says: str) -> None:
    (sentences,) = [
        found for heading, found in facts(changed((old, new))) if heading.startswith("Tele")
    ]
    assert says in told(changed((old, new)))
    assert len(sentences) == 1
    back = changed(before=BASE.replace(old, new), after=BASE)
    assert {one.way for one in back.telemetry} == {"shrank"}


def test_equal_lengths_are_equal(changed: Changed) -> None:
    assert changed(("retention: 30d", "retention: 720h")).telemetry == ()


# -- findings, and the whole ---------------------------------------------------------------------


def test_a_finding_is_told_once(changed: Changed) -> None:
    found = changed(
        (
            "b: {metric: m, severity: sev2, response: page, owner: ana,",
            "b: {metric: m, severity: sev2, response: page,",
        )
    )
    assert [one.code for one in found.findings.new] == ["OM207"]
    same = changes(found.after.checked, found.after.checked)
    assert (same.new, same.gone) == ((), ())
    assert same.known == found.after.result.shown


def test_a_change_that_only_betters_says_so(changed: Changed) -> None:
    found = changed(before=BASE.replace("{accountable: ana}", "{title: P}"), after=BASE)
    only = found._replace(findings=found.findings._replace(gone=(), new=()))
    assert "Only what is new, or better than before." in human.render(only, "UTC")


def test_very_many_facts_are_cut_and_said_to_be(changed: Changed) -> None:
    more = "".join(f"  m{n}: {{bucket: cost, response: analytics}}\n" for n in range(60))
    found = changed(("schedules:", f"{more}schedules:"))
    count = len(found.findings.new)
    assert count > 100
    for text in (human.render(found, "UTC"), markdown.render(found, "UTC")):
        assert f"… and {count - 50} more: " in text
    assert json.render(found).count('"OM201"') == 60


def test_a_secret_in_a_name_is_starred_out(changed: Changed) -> None:
    secret = "ghp_" + "a1B2" * 9
    found = changed(("Ben Okafor", secret), ("notify: [ben]", "notify: [cho]"))
    for text in (human.render(found, "UTC"), markdown.render(found, "UTC"), json.render(found)):
        assert secret not in text


def test_markdown_of_odd_messages(changed: Changed) -> None:
    found = changed(("bucket: cost", "bucket: '` [x](y) `` | <b>'"))
    page = markdown.render(found, "UTC")
    assert "[x](y)" not in page
    assert "<b>" not in page


def test_ends_where_time_does(changed: Changed) -> None:
    assert changed().end == instant(AT) + 30 * 24 * HOUR


def test_no_page_that_reaches_nobody_is_left_out_of_a_list() -> None:
    many: list[Sentence] = [(f"fact {n}",) for n in range(60)]
    assert told_of(NOBODY, many) == many
    assert told_of(OTHERS, many) == many[:50]


def test_a_summary_is_bounded(changed: Changed, monkeypatch: pytest.MonkeyPatch) -> None:
    more = "".join(f"  m{n}: {{bucket: cost, response: analytics}}\n" for n in range(60))
    found = changed(("schedules:", f"{more}schedules:"))
    monkeypatch.setattr("registry.compare.report.markdown.BOUND", 2000)
    text = markdown.render(found, "UTC")
    assert 1500 < len(text.encode()) <= 2000
    assert re.search(
        r"\n… and \d+ more: `opmodel diff` with `--format json` lists them all\n$", text
    )
