"""Owner, accountable and paged are told apart, and are the same wherever they are told.

What `who` says in the form that scripts read is the measure: of the examples, of registries grown
from them, and of one in which owners are teams, several people, vacant, unknown and gone.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from registry.checks.engine import Opened, open_registry
from registry.clock.civil import instant, utc
from registry.clock.tzif import DAY
from registry.export.edition import Edition
from registry.export.export import table
from registry.export.publish import publish
from registry.export.site.chains import Chains
from registry.export.site.entities import PageEntities
from registry.export.site.plain import PlainText
from registry.export.workbook.book import returned_sheets
from registry.output.contacts import hide_contacts
from registry.output.markdown import literal
from registry.paging.impact import Impact, impact
from registry.paging.report import who_json
from registry.paging.who import answers, who
from registry.workspace.options import Options
from tests.checks.grown import NUMBER, Grown
from tests.conftest import AT, ROOT

pytestmark = pytest.mark.no_cover
EXAMPLES = ("enterprise-copilot", "representative-week", "team-of-three")
DOUBTFUL = """\
opmodel: 1
name: doubtful
stage: poc
people:
  ann: {name: Ann Adams, contact: {phone: "1"}}
  bob: {name: Bob Burke, contact: {phone: "2"}}
  cyd: {name: Cyd Cole, contact: {phone: "3"}, until: 2026-10-01}
teams: {crew: {name: Crew, lead: head, members: [ann, bob]}}
roles:
  head: {title: Head, holder: ann}
  empty: {title: Empty}
  duty: {title: Duty, schedule: rota}
schedules:
  rota: {rotations: [{name: r, participants: [ann, bob], start: 2026-01-05T09:00, every: 1w}]}
ownership:
  one: {title: One, accountable: head, team: crew, responsible: [bob]}
  two: {title: Two, accountable: [ann, bob], team: crew}
  three: {title: Three, accountable: crew, team: crew}
  four: {title: Four, accountable: duty, team: crew}
  five: {title: Five, accountable: empty, team: crew}
  six: {title: Six, accountable: cyd, team: crew}
  seven: {title: Seven, unowned: {reason: Not yet., until: 2027-01-01}}
  eight: {title: Eight, accountable: ghost}
components: {prompt: {kind: prompt, layer: one}, index: {kind: index, layer: two}, tool: {kind: tool}}
runbooks:
  one: {title: First, owner: crew, first_checks: [Look.], mitigations: [{switch: off}]}
  two: {title: Second, owner: [ann, bob], first_checks: [Look.]}
  three: {title: Third, owner: head, first_checks: [Look.]}
kill_switches:
  "off": {action: Stop., disables: [prompt], operators: [head], owner: crew}
  "out": {action: Stop., disables: [prompt], operators: [ann], owner: head}
objectives: {fewer: {metric: m0, target: {below: 1}, window: 4w, owner: crew}}
budgets: {spend: {metric: m0, limit: 10 USD, per: 1d, owner: head}}
dashboards: {wall: {audience: crew, owner: duty, metrics: [m0], read_every: 1d, decision: Buy.}}
escalations: {page: {steps: [{after: 0m, notify: [head]}, {after: 10m, notify: [duty, bob]}]}}
"""
OWNERS = ("head", "[ann, bob]", "crew", "duty", "empty", "cyd", "ann", "", "ghost")
LAYERS = ("one", "two", "three", "four", "five", "six", "seven", "", "eight")
OWNING = {"owns", "commands", "leads", "holds"}


def _doubtful() -> str:
    metrics, alerts = ["metrics:"], ["alerts:"]
    for number, (owner, layer) in enumerate(zip(OWNERS, LAYERS, strict=True)):
        owned = f"owner: {owner}, " if owner else ""
        row = f"layer: {layer}, " if layer else ""
        metrics.append(f"  m{number}: {{{owned}{row}bucket: cost, response: page}}")
        runbook = ("one", "two", "three")[number % 3]
        paging = f"severity: sev1, response: page, escalation: page, runbook: {runbook}"
        alerts.append(f"  a{number}: {{metric: m{number}, {owned}{paging}}}")
    return "\n".join((DOUBTFUL, *metrics, *alerts, ""))


class Told:
    """One registry, and what `who` says of everything in it."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.workspace = opened.workspace
        self.at = instant(AT)
        self.who: dict[tuple[str, str], Any] = {}
        for section, entities in opened.workspace.entities.items():
            for id_ in entities:
                found = who(opened.workspace, opened.policy, (section, id_), self.at)
                self.who[section, id_] = json.loads(who_json.render(found, AT))

    def name(self, section: str, id_: str, of: str) -> str:
        """Name whom `who` gives as the `owner`, or the `accountable`; nothing for nobody."""
        named = self.who[section, id_][of]
        return named["name"] if named else ""

    def rows(self, name: str, by: str | None = None) -> Iterator[dict[str, str]]:
        made = table(self.workspace, name, by, at=AT)
        return (dict(zip(made.headings, row, strict=True)) for row in made.rows)


@cache
def told(name: str) -> Told:
    if name == "doubtful":
        with TemporaryDirectory() as folder:
            Path(folder, "opmodel.yaml").write_text(_doubtful(), "utf-8")
            return Told(open_registry(folder, Options(AT)))
    if name in EXAMPLES:
        return Told(open_registry(str(ROOT / "examples" / name), Options(AT)))
    with TemporaryDirectory() as folder:
        grown = Grown(int(name)).write(Path(folder), ())
        return Told(open_registry(str(grown), Options(AT)))


GROWN = [pytest.param(str(number), marks=pytest.mark.slow) for number in range(2, NUMBER)]
REGISTRIES = [*EXAMPLES, "doubtful", "0", "1", *GROWN]
everywhere = pytest.mark.parametrize("registry", REGISTRIES)


@everywhere
@pytest.mark.parametrize(
    ("name", "section", "column", "of"),
    [
        ("metric-dictionary", "metrics", "person", "owner"),
        ("alert-coverage", "alerts", "person", "owner"),
        ("alert-coverage", "alerts", "accountable", "accountable"),
        ("kill-switches", "kill_switches", "kept_by", "owner"),
        ("dashboards", "dashboards", "kept_by", "owner"),
    ],
)
def test_tables_name_whom_who_names(
    registry: str, name: str, section: str, column: str, of: str
) -> None:
    one = told(registry)
    for row in one.rows(name):
        id_ = next(iter(row.values()))
        assert row[column] == one.name(section, id_, of), id_


@everywhere
@pytest.mark.parametrize("by", ["role", "function", "person", "team"])
def test_the_matrix_names_whom_who_names(registry: str, by: str) -> None:
    one = told(registry)
    for row in one.rows("role-matrix", by):
        name = one.name("ownership", row["layer"], "accountable")
        said = row.get("accountable_name", row["accountable"])
        if name:
            assert said.startswith(name)
            assert "accountable" not in row["missing"]
        else:
            assert re.search("accountable|unowned on purpose", row["missing"]), row


@everywhere
def test_the_registers_of_duties_have_every_owner(registry: str) -> None:
    one = told(registry)
    duties = {(row["who"], row["section"], row["id"], row["meaning"]) for row in one.rows("duties")}
    for (section, id_), said in one.who.items():
        entity = one.workspace.entities[section][id_]
        is_over = getattr(entity, "resolved", None) is not None
        is_in_turn = section == "roles" and entity.schedule is not None
        if said["owner"] and section != "people" and not is_over and not is_in_turn:
            who_owns = said["owner"]["id"], section, id_
            assert any((*who_owns, meaning) in duties for meaning in OWNING), who_owns
        if section == "ownership" and said["accountable"]:
            assert (said["accountable"]["id"], section, id_, "answers for") in duties


@everywhere
def test_the_workbook_has_the_ids_that_who_follows(registry: str) -> None:
    one = told(registry)
    for name, section in (("Metrics", "metrics"), ("Alerts", "alerts"), ("Runbooks", "runbooks"),
                          ("Kill switches", "kill_switches")):  # fmt: skip
        sheet = returned_sheets(one.workspace, with_contacts=True).sheets[name]
        at = [column.key for column in sheet.columns].index("owner")
        for row in sheet.rows:
            found = who(one.workspace, one.opened.policy, (section, row.key), one.at)
            if found.owner is not None:
                assert row.cells[at] == found.owner.via


@everywhere
def test_pages_name_whom_who_names(registry: str) -> None:
    one = told(registry)
    pages = publish(one.opened, "runbooks", "md", Options(AT)).files
    heads = {"#": "runbooks", "### Kill switch": "kill_switches", "###": "alerts"}
    met = set()
    for file, raw in pages.items():
        node = ("", "")
        for line in raw.decode().splitlines():
            head = re.match(r"(### Kill switch|###|#) (?:`([^`]+)`)?", line)
            if head:
                node = (heads[head[1]], head[2] or file.removesuffix(".md"))
            for label, of in (("Owner", "owner"), ("Answers for its layer", "accountable")):
                said = line.removeprefix(f"- **{label}**: ")
                if said == line:
                    continue
                name = literal(hide_contacts(one.name(*node, of)))
                met.add((*node, of))
                if name:
                    assert said.startswith(name), (node, said)
                else:
                    assert said.startswith(("*nobody*", "*no one person*: ")), (node, said)
    assert {id_ for section, id_, _ in met if section == "runbooks"} == {
        *one.workspace.entities["runbooks"]
    }


@everywhere
def test_the_page_of_the_report_names_whom_who_names(registry: str) -> None:
    one = told(registry)
    edition = Edition(one.workspace, one.opened.policy, AT)
    entities = PageEntities(edition, PlainText(edition))
    nodes = list(entities.nodes)
    for node, row in zip(nodes, entities.rows(), strict=True):
        if node in one.who:
            said = one.who[node]
            for number, of in ((row[6], "owner"), (row[7], "accountable")):
                assert (nodes[number][1] if number >= 0 else None) == (said[of] or {}).get("id")
    chains = Chains(entities)
    for answer in answers(one.workspace, one.opened.policy, one.at):
        drawn, said = chains.shape(answer), one.who["alerts", answer.alert]
        for of in ("owner", "accountable"):
            number = drawn[of][1] if drawn[of] else -1
            assert (nodes[number][1] if number >= 0 else None) == (said[of] or {}).get("id")


@everywhere
def test_without_an_owner_what_they_own_is_lost(registry: str) -> None:
    one = told(registry)
    found: dict[str, Impact] = {}
    for (section, id_), said in one.who.items():
        for of, kinds in (("owner", {"owner", "commander", "lead", "role"}),
                          ("accountable", {"layer"})):  # fmt: skip
            own = section == "ownership" if of == "accountable" else section != "people"
            if not said[of] or not own:
                continue
            person = said[of]["id"]
            if person not in found:
                found[person] = impact(one.workspace, person, one.at, one.at + 30 * DAY)
            lost = {(loss.kind, loss.section, loss.id) for loss in found[person].losses}
            entity = one.workspace.entities[section][id_]
            if getattr(entity, "resolved", None) or getattr(entity, "schedule", None):
                continue  # it is over, or whoever is on call is meant, of whom shifts are lost
            assert any((kind, section, id_) in lost for kind in kinds), (person, id_)


@everywhere
def test_what_falls_to_somebody_through_a_role_is_lost_with_them(registry: str) -> None:
    one = told(registry)
    for person in one.workspace.entities["people"]:
        lost = impact(one.workspace, person, one.at, one.at + 30 * DAY).losses
        places = {(loss.section, loss.id) for loss in lost}
        for duty in one.who["people", person]["duties"]:
            through = duty.get("through")
            role = one.workspace.entities["roles"].get(through or "")
            if role is not None and duty["meaning"] in {
                "owns",
                "answers for",
                "approves",
                "chairs",
            }:
                assert (duty["section"], duty["id"]) in places, duty


def test_a_step_that_is_paged_through_a_role_is_lost_with_its_holder() -> None:
    one = told("doubtful")
    paged = [
        (duty["section"], duty["id"], duty["field"])
        for duty in one.who["people", "ann"]["duties"]
        if duty["through"] == "head" and duty["meaning"] == "is paged"
    ]
    assert paged == [("escalations", "page", "steps/0/notify/0")]
    lost = impact(one.workspace, "ann", one.at, one.at + 7 * DAY).losses
    (step,) = [loss for loss in lost if loss.kind == "step"]
    assert (step.section, step.id) == ("escalations", "page")
    assert step.detail == "step 1, after 0m, pages `head`, and then nobody"
    assert utc(step.spans[0].start) == AT


def test_an_alert_without_a_row_has_no_accountable_anywhere() -> None:
    one = told("doubtful")
    said = one.who["alerts", "a7"]
    assert (said["owner"], said["accountable"]) == (None, None)
    page = publish(one.opened, "runbooks", "md", Options(AT)).files["two.md"].decode()
    assert "- **Owner**: *no one person*: Ann Adams, Bob Burke" in page
    assert "- **Answers for its layer**: *nobody*" in page
