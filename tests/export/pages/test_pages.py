"""Runbooks and playbooks as pages: whole, linked, escaped, and the same bytes each time."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from registry.export.edition import Edition, file_names
from registry.export.publish import publish, publishers
from registry.source.links import read_page
from registry.workspace.open import Opened, open_registry
from registry.workspace.options import Options
from tests.conftest import AT, HOSTILE, ROOT
from tests.export.conftest import Open
from tests.export.rendered import Rendered, assert_harmless

EXAMPLES = ("enterprise-copilot", "representative-week")
CASES = [
    (example, name, form)
    for example in EXAMPLES
    for name, one in publishers().items()
    for form in one.formats
]


def opened_example(name: str) -> Opened:
    return open_registry(str(ROOT / "examples" / name), Options(AT))


def pages(opened: Opened, name: str, form: str = "md", **options: bool) -> Mapping[str, str]:
    made = publish(opened, name, form, Options(AT), **options)
    return {file: content.decode("utf-8") for file, content in made.files.items()}


def assert_linked(made: Mapping[str, str]) -> None:
    """Every relative link leads to a page, and every fragment to a heading of it."""
    read = {name: read_page(text) for name, text in made.items()}
    for name, page in read.items():
        for link in page.links:
            if "://" in link.target or link.target.startswith("mailto:"):
                continue
            file, _, fragment = link.target.partition("#")
            assert (file or name) in read, f"{name}: {link.target}"
            assert not fragment or fragment in read[file or name].anchors, f"{name}: {link.target}"


@pytest.mark.parametrize(("example", "name", "form"), CASES)
def test_publication_has_no_notes(example: str, name: str, form: str) -> None:
    assert publish(opened_example(example), name, form, Options(AT)).notes == ()


@pytest.mark.no_cover
@pytest.mark.parametrize("name", ["runbooks", "playbooks"])
@pytest.mark.parametrize("example", [*EXAMPLES, "team-of-three"])
def test_pages_of_examples_are_linked_and_harmless(example: str, name: str) -> None:
    made = pages(opened_example(example), name)
    assert_linked(made)
    index = [link.target for link in read_page(made["index.md"]).links]
    assert set(index) == made.keys() - {"index.md"}
    for file, text in made.items():
        assert text.startswith(f"<!-- opmodel export {name}: ")
        assert text.count("\n# ") == 1
        assert assert_harmless(text).text, file
        if file != "index.md":
            assert "](<index.md>)" in text


def test_a_page_is_joined_with_what_the_registry_knows(example: Opened) -> None:
    text = Rendered(pages(example, "runbooks")["groundedness-drop.md"]).text
    for part in (
        "drops by 10% over 1h for 10m",
        "at once: ai-oncall (Priya Natarajan, Jonas Albrecht,",
        "after 15m: Incident commander: ic (Olu Adeyemi,",
        "after 30m: Dana Whitfield",
        "all of it 2 times more, 15m after the last step",
        "assistant-room (slack, read by Priya Natarajan every 4h)",
        "Somebody responds within: 1h",
        "Takes effect within: 5m",
        "Switch on once the access metadata is verified",
        "rag-and-tools for Mei Tanaka (Engineering lead)",
        "Call Viktor Hallberg (Security lead).",
        "Users see a confident answer that is wrong",
        "follow the access violation runbook.",
    ):
        assert part in text, part


def test_a_link_between_runbooks_leads_to_the_page(example: Opened) -> None:
    page = read_page(pages(example, "runbooks")["groundedness-drop.md"])
    assert "access-violation.md" in [link.target for link in page.links]


def test_every_alert_and_switch_stands_somewhere(example: Opened) -> None:
    made = pages(example, "runbooks")
    text = "\n".join(made.values())
    for section in ("alerts", "kill_switches", "runbooks"):
        for id_ in example.workspace.entities[section]:
            assert f"`{id_}`" in text, id_


def test_every_owner_finds_their_own(example: Opened) -> None:
    made = pages(example, "playbooks")
    text = "\n".join(text for name, text in made.items() if name.startswith("role-") is False)
    sections = ("ownership", "metrics", "alerts", "runbooks", "kill_switches", "reviews",
                "failures", "gates", "experiments", "objectives", "dashboards")  # fmt: skip
    for section in sections:
        for id_ in example.workspace.entities[section]:
            assert f"- `{id_}`" in text, f"{section}/{id_}"


def test_a_role_is_paged_through_its_schedule(example: Opened) -> None:
    made = {name: Rendered(text).text for name, text in pages(example, "playbooks").items()}
    assert "p0-page, at once: p0-failure, hr-leak" in made["role-incident-commander.md"]
    assert "ai-page, after 15m: groundedness-drop" in made["support.md"]
    assert "on call on ai-oncall" in made["role-prompt-engineer.md"]
    assert "executive-readiness, reads it every 1w" in made["leadership.md"]
    assert "monthly-governance, chairs: every 1mo, 60 minutes" in made["leadership.md"]


def test_four_functions_always_have_a_page(opened: Open) -> None:
    made = pages(opened("people: {ana: {name: Ana}}\n"), "playbooks")
    assert set(made) == {"index.md", "leadership.md", "engineering.md", "product.md", "support.md"}
    assert "nowhere" in made["support.md"]
    assert_linked(made)


def test_a_person_without_a_team_counts_by_their_roles(opened: Open) -> None:
    made = pages(
        opened(
            "people: {ana: {name: Ana}, ben: {name: Ben}}\n"
            "teams: {t: {name: T, function: engineering, members: [ben]}}\n"
            "roles: {o: {title: Owner, function: product, holder: ana},\n"
            "        p: {title: Seller, function: finance, holder: ben}}\n"
            "metrics: {m: {bucket: cost, response: ticket, owner: ana},\n"
            "          n: {bucket: cost, response: ticket, owner: ben}}\n"
        ),
        "playbooks",
    )
    assert "`m`" in made["product.md"]
    assert "`n`" in made["engineering.md"]
    assert "`n`" not in made["finance.md"]
    assert "`n`" in made["role-p.md"]


# -- what is missing -----------------------------------------------------------------------------


def test_a_page_says_what_is_not_written_down(opened: Open) -> None:
    made = pages(opened("runbooks: {bare: {}}\n"), "runbooks")
    text = Rendered(made["bare.md"]).text
    assert text.count("Nothing is written down.") == 7
    assert "No alert uses this runbook." in text
    assert "nobody" in text
    assert_linked(made)


def test_an_alert_that_reaches_nobody_says_so(opened: Open) -> None:
    text = pages(
        opened(
            "runbooks: {r: {escalate_to: gone, mitigations: [{switch: lost}]}}\n"
            "metrics: {m: {bucket: cost, response: page}}\n"
            "alerts:\n"
            "  a: {metric: m, severity: sev1, response: page, runbook: r}\n"
            "  b: {metric: m, severity: sev1, response: ticket, runbook: r}\n"
            "  c: {metric: x, severity: sev1, response: page, escalation: gone, runbook: r}\n"
            "  d: {metric: m, severity: sev1, response: page, escalation: e, runbook: r}\n"
            "escalations: {e: {steps: [{after: 5m, notify: [v]}, {after: 0m}]}}\n"
            "roles: {v: {title: Vacant}}\n"
        ),
        "runbooks",
    )["r.md"]
    shown = Rendered(text).text
    assert "It pages nobody: no escalation is set." in shown
    assert "It goes nowhere: no channel and no escalation is set." in shown
    assert "Pages gone: it does not exist" in shown
    assert "at once: nobody after 5m: Vacant (vacant)" in shown
    assert "no threshold is set" in shown
    assert "Kill switch lost It does not exist." in shown
    assert "Call gone (unknown)" in shown


def test_what_did_not_load_is_said(opened: Open) -> None:
    broken = opened(
        "runbooks: {r: {steps: 7, first_checks: [a]}, s: {reviewed: 7, owner: {}}, t: 7}\n"
        "metrics: {m: {bucket: cost, response: page}}\n"
        "alerts: {a: {metric: m, severity: sev1, response: page, notify: 7, runbook: r,"
        " escalation: e}, b: {metric: m, severity: sev1, response: page, runbook: r,"
        " escalation: s1}}\n"
        "escalations: {e: 7}\n"
        "schedules: {s1: {rotations: 7}}\n"
        "roles: {x: 7}\n"
    )
    made = publish(broken, "runbooks", "md", Options(AT))
    text = {name: Rendered(content.decode()).text for name, content in made.files.items()}
    assert made.notes
    assert all("opmodel check says why" in page for page in text.values())
    assert "Could not be read of this runbook: steps" in text["r.md"]
    assert "Could not be read of this alert: notify" in text["r.md"]
    assert text["r.md"].count("not read: opmodel check says why") == 2
    books = pages(broken, "playbooks")
    assert "not read" in books["role-x.md"]


# -- names and contacts --------------------------------------------------------------------------


def test_names_of_files_are_safe_and_different() -> None:
    found = file_names(["a", "A", "index", "INDEX", "con", "aux.x", "a_2", "x.md"])
    assert found["a"] == "a.md"
    assert found["con"] == "con_.md"
    assert found["aux.x"] == "aux.x_.md"
    assert len({name.casefold() for name in found.values()} | {"index.md"}) == 9


@pytest.mark.parametrize("name", sorted(publishers()))
def test_contacts_stay_behind_unless_asked_for(example: Opened, name: str) -> None:
    for form in publishers()[name].formats:
        plain = "\n".join(pages(example, name, form).values()).replace("\r\n ", "")
        assert "7946" not in plain
        assert "acme.example" not in plain.replace("dashboards.acme.example", "")
        told = "\n".join(pages(example, name, form, with_contacts=True).values())
        if name in {"runbooks", "playbooks"}:
            assert "\\+44 20 7946 0018" in told
            assert "priya\\@acme.example" in told
        elif form == "ics":
            assert "mailto:priya@acme.example" in told.replace("\r\n ", "")


def test_contacts_in_free_text_stay_behind_too(opened: Open) -> None:
    text = (
        "runbooks:\n  r:\n    title: Call +44 20 7946 0018\n"
        "    first_checks: ['Write to ana@acme.example', '[Ana](mailto:ana@acme.example)']\n"
    )
    plain = "\n".join(pages(opened(text), "runbooks").values())
    assert "7946" not in plain
    assert "acme" not in plain
    assert "Ana (\\[e-mail hidden\\])" in plain
    told = pages(opened(text), "runbooks", with_contacts=True)["r.md"]
    assert "[Ana](<mailto:ana@acme.example>)" in told


def test_secrets_stay_behind_always(opened: Open) -> None:
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" * 2
    made = pages(
        opened(f"runbooks: {{r: {{first_checks: ['use {secret[:40]}']}}}}\n"),
        "runbooks",
        with_contacts=True,
    )
    assert "a1B2c3D4" not in made["r.md"]


# -- hostile text --------------------------------------------------------------------------------


def hostile() -> list[str]:
    from ruamel.yaml import YAML

    data = YAML(typ="safe").load((HOSTILE / "o02_html_xss.yaml").read_text("utf-8"))
    names = [one["name"] for one in data["teams"]] + [one["url"] for one in data["links"]]
    template = (HOSTILE / "o04_runbook_template.md").read_text("utf-8")
    return [*names, *template.splitlines()]


def hostile_registry(texts: list[str]) -> str:
    """Put hostile texts into every free field of people, runbooks, alerts, reviews and roles."""
    import json

    data = {
        "people": {f"p{n}": {"name": text} for n, text in enumerate(texts)},
        "runbooks": {
            "r": {
                "title": texts[0],
                "owner": "p1",
                "escalate_to": "p2",
                "covers": texts,
                "hypotheses": [{"if": texts[3], "check": texts[4], "compare": texts[5]}],
                "steps": [{"phase": "learn", "do": texts}],
                **dict.fromkeys(
                    ("first_checks", "rollback", "communicate", "resolved_when", "mitigations"),
                    texts,
                ),
            }
        },
        "metrics": {
            "m": {
                "bucket": "cost",
                "response": "page",
                "owner": "p3",
                "definition": texts[5],
                "decision": texts[6],
            }
        },
        "alerts": {
            "a": {
                "metric": "m",
                "severity": "sev1",
                "response": "page",
                "owner": texts[1],
                "escalation": texts[2],
                "runbook": "r",
                "notify": [texts[4]],
                "slice": {texts[0]: texts[1]},
                "when": {"expr": texts[10]},
            }
        },
        "dashboards": {
            f"d{n}": {"metrics": ["m"], "owner": f"p{n}", "audience": f"p{n}", "url": text}
            for n, text in enumerate(texts)
        },
        "reviews": {
            "v": {
                "kind": "governance",
                "every": "1w",
                "starts": "2026-11-02T09:00",
                "chair": "p0",
                "agenda": [{"item": text} for text in texts],
            }
        },
        "roles": {
            f"o{n}": {"title": text, "function": "product", "temporary_until": "2026-01-01"}
            for n, text in enumerate(texts)
        },
    }
    return "".join(f"{section}: {json.dumps(value)}\n" for section, value in data.items())


def test_hostile_text_reads_as_text(opened: Open) -> None:
    texts = hostile()
    registry = opened(hostile_registry(texts))
    for name in publishers():
        for file, text in pages(registry, name).items():
            found = assert_harmless(text)
            assert all("evil" not in one and "alert" not in one for one in found.links), file
    page = Rendered(pages(registry, "runbooks")["r.md"])
    assert "https://ok.example.com/runbook" in page.links
    for text in texts[:4] + texts[-4:]:
        shown = " ".join(text.replace("`id`", "id").replace("__class__", "class").split())
        assert shown.replace("__subclasses__", "subclasses").replace("__globals__", "globals")[
            :20
        ] in page.text.replace("`", ""), text


def test_a_hostile_markdown_runbook_reads_as_text(tmp_path: Path) -> None:
    (tmp_path / "opmodel.yaml").write_text("opmodel: 1\nname: x\nstage: poc\n", "utf-8")
    folder = tmp_path / "runbooks"
    folder.mkdir()
    template = (HOSTILE / "o04_runbook_template.md").read_text("utf-8")
    body = (
        f"{template}\n<script>alert(1)</script>\n\n## First checks\n\n- {{{{ x }}}} <img src=x>\n"
        "\n## Notes\n\n- a\n  - b\n\n```\n{{ y }}\n```\n\n```sh\nls | wc\n```\n\n> quoted\n"
    )
    (folder / "o04.md").write_text(body, "utf-8")
    text = pages(open_registry(str(tmp_path), Options(AT)), "runbooks")["o04.md"]
    found = assert_harmless(text)
    assert "{{ config.items() }}" in found.text
    assert "${{ secrets.GITHUB_TOKEN }}" in found.text
    assert "<script>alert(1)</script>" in found.text
    assert "{{ x }} <img src=x>" in found.text
    assert "{{ y }}" in found.text
    assert "ls | wc" in found.text
    assert "quoted" in found.text


def test_an_edition_shows_no_contact_of_somebody_unknown(example: Opened) -> None:
    edition = Edition(example.workspace, example.policy, AT, with_contacts=True)
    assert edition.contacts("nobody") == ""
    assert "pager ruth-sre" in edition.contacts("ruth")
    assert edition.id("a@b") == "\\`a\\@b\\`"


WINDOWS = """
people: {ana: {name: Ana Ruiz}}
roles: {cto: {title: CTO, function: leadership, holder: ana, responsibilities: [Decides.]}}
severities: {sev1: {detect_within: 15m, mitigate_within: 1h}}
incidents:
  late:
    {title: Late, severity: sev1, commander: ana, started: 2026-10-20T08:00Z, tags: [access, hr],
     detected: 2026-10-20T08:32Z, mitigated: 2026-10-20T08:37Z, resolved: 2026-10-21T08:00Z}
  unmeasured: {title: Unmeasured, severity: sev2, detected: 2026-11-03, resolved: 2026-11-05}
  long-ago: {title: Old, severity: sev1, detected: 2026-01-20T08:32Z, resolved: 2026-01-20T08:33Z}
  undated: {title: Undated, severity: sev1}
  untimed: {title: Untimed, severity: sev1, started: 2026-11-02}
"""


def test_leadership_sees_how_fast_incidents_were_noticed_and_mitigated(opened: Open) -> None:
    leadership = pages(opened(WINDOWS), "playbooks")["leadership.md"]
    assert "- Decides. *(Ana Ruiz (CTO))*" in leadership
    assert "| sev1 | 15m | 1h |" in leadership
    late = "sev1: detected 32m after it started (15m allowed), too late; mitigated 5m after that"
    assert f"- `late`, {late} (1h allowed); tags: access, hr (Ana Ruiz)" in leadership
    assert "- `unmeasured`, sev2: resolved at least 24h after that (" in leadership
    assert "long-ago" not in leadership
    assert "`untimed`" not in leadership


def test_windows_that_nobody_set_are_said(opened: Open) -> None:
    leadership = pages(opened("people: {ana: {name: Ana Ruiz}}\n"), "playbooks")["leadership.md"]
    assert "No severity says within what time an incident is to be noticed" in leadership
    assert "No incident of the last quarter has such times." in leadership
