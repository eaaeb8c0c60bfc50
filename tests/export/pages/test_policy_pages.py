"""The telemetry policy and the release checklist where things are missing, or did not load."""

import re

from registry.export.publish import publish
from registry.workspace.options import Options
from tests.conftest import AT
from tests.export.conftest import Open


def page(opened: Open, name: str, text: str) -> str:
    (content,) = publish(opened(text), name, "md", Options(AT)).files.values()
    return content.decode()


def test_a_policy_of_nothing(opened: Open) -> None:
    shown = page(opened, "telemetry-policy", "")
    assert "**Approved by**: *nobody*" in shown
    assert "**Last reviewed**: *never*" in shown
    assert shown.count("*Nothing is written down.*") == 2


def test_a_policy_that_did_not_load_in_full(opened: Open) -> None:
    shown = page(
        opened,
        "telemetry-policy",
        "people: {ana: {name: Ana}}\n"
        "stores:\n"
        "  raw: {kind: debug, retention: forever, access: [everyone], audited: true, approval: ana,\n"
        "    cohort: the pilot, expires_after: 1d, hold: {reason: evidence, until: 2027-01-31}}\n"
        "  torn: {kind: traces, retention: 5}\n"
        "  lost: 7\n"
        "fields:\n"
        "  text: {group: output, classification: content, redaction: drop}\n"
        "  intent: {group: input}\n"
        "  role: {group: slice, stores: [raw]}\n"
        "  gone: 7\n",
    )
    assert (
        "| `raw` | debug | for ever | everyone | yes | raw content after a yes of Ana;"
        " only of: the pilot; switches itself off after 1d; held until 2027-01-31: evidence |"
    ) in shown
    assert "| *no end is set* | *nobody* | no | `retention` could not be read |" in shown
    assert "| slice | `role` | *none is set* | as it is | `raw` |" in shown
    assert "| input | `intent` | *none is set* | as it is | *no store* |" in shown
    assert re.search(r"\|  \| `gone` \|  \| \(not read: .opmodel check. says why\) \|", shown)
    assert shown.endswith("## What is never captured\n\n- `text`\n")


def test_a_checklist_of_nothing(opened: Open) -> None:
    shown = page(opened, "release-checklist", "")
    assert shown.endswith("# Release checklist of fixture\n\n*Nothing is written down.*\n")


def test_a_checklist_says_what_a_gate_lacks(opened: Open) -> None:
    shown = page(
        opened,
        "release-checklist",
        "components:\n"
        "  prompt: {kind: prompt, title: Prompt}\n"
        "  index: {kind: retrieval, title: Index}\n"
        "gates:\n"
        "  bare: {applies_to: [prompt]}\n"
        "  thin: {requires: [{metric: m}, {eval: e, above: 0.5, below: 0.9}], canary: {},"
        " rollback: {}}\n"
        "  lost: 7\n",
    )
    bare, thin, rest = re.findall(r"(?s)^## .*?(?=^## |\Z)", shown, re.M)[:3]
    assert "**No canary is written down.**" in bare
    assert "**No way back is written down.**" in bare
    assert "- [ ] `m`: **no threshold is set**\n- [ ] `e` is above 0.5 and below 0.9" in thin
    assert "*no cohort is named*, for *no time that is set*:" in thin
    assert "- **By**: *nobody*" in thin
    assert "not read" in rest
    assert shown.endswith("## Changes that pass no gate\n\n- `index`\n")


def test_a_gate_that_did_not_load_may_guard_what_it_names(opened: Open) -> None:
    torn = "gates: {lost: {applies_to: [index], owner: {a: b}, requires: 7}, torn: [index]}\n"
    shown = page(opened, "release-checklist", "components: {index: {kind: retrieval}}\n" + torn)
    assert "Changes that pass no gate" not in shown
