"""`opmodel graph` and `opmodel refs`: pictures and lists of what refers to what."""

import json
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from registry.output.terminal import width
from tests.cli.conftest import Run
from tests.conftest import ROOT
from tests.paging.acme import ACME, edited, write

COPILOT = str(ROOT / "examples" / "enterprise-copilot")
AT = "2026-11-20T09:00:00Z"
NASTY = r'A "q" [x] <script>alert(1)</script> & \N `t` #35; "]; end %% {{x}} |'
HANGING = edited(("    escalation: page\n", "    escalation: night\n"),
                 ("Cho Min", json.dumps(f"{NASTY}\u202e")))  # fmt: skip


@pytest.fixture
def acme(tmp_path: Path) -> str:
    return write(tmp_path / "acme")


@pytest.fixture
def hanging(tmp_path: Path) -> str:
    return write(tmp_path / "hanging", HANGING)


# -- graph ---------------------------------------------------------------------------------------


def test_mermaid_around_an_id(run: Run, acme: str) -> None:
    ran = run("graph", "failures/leak", acme, "--depth", "1")
    assert (ran.code, ran.err) == (0, "")
    assert (
        ran.out
        == """\
flowchart LR
  n0["drop<br>alert"]
  n1["cut<br>kill switch"]
  n2["leak<br>failure"]
  n2 -->|"detected by"| n0
  n2 -->|"contained by"| n1
  classDef single fill:#fde8e8,stroke:#b3261e,stroke-width:3px,color:#000
  classDef doubtful stroke-dasharray:5 5
"""
    )


def test_depth(run: Run, acme: str) -> None:
    def nodes(*argv: str) -> set[str]:
        found = json.loads(run("graph", *argv[:1], acme, *argv[1:], "--format", "json").out)[
            "nodes"
        ]
        return {f"{one['section']}/{one['id']}" for one in found}

    assert len(nodes("drop", "--depth", "1")) == 7
    assert nodes("drop") == nodes("drop", "--depth", "2") > nodes("drop", "--depth", "1")
    assert nodes("drop", "--depth", "0") >= nodes("drop", "--depth", "9")
    assert "ownership/cost" in nodes()


def test_what_all_pages_hang_on(run: Run, hanging: str) -> None:
    ran = run("graph", "--single-points", hanging, "--at", AT)
    assert ran.code == 0
    lines = HANGING.splitlines()
    said = [
        f"the one alert that pages hangs on the {kind} `{id_}` (opmodel.yaml:{line})"
        for kind, id_, line in (
            ("person", "cho", lines.index("  cho:") + 1),
            ("schedule", "night", lines.index("  night:") + 1),
        )
    ]
    assert ran.err.splitlines() == [f"opmodel: {one}" for one in said]
    assert [line.strip() for line in ran.out.splitlines()[1:3]] == [f"%% {one}" for one in said]
    assert "  class n0 single\n  class n2 single\n" in ran.out
    assert "grounded" not in ran.out, "only what pages"
    found = json.loads(run("graph", "--single-points", hanging, "--at", AT, "--format", "json").out)
    assert [one["id"] for one in found["single_points"]] == ["cho", "night"]
    assert {one["meaning"] for one in found["edges"]} == {"pages", "on call"}
    apart = run(
        "graph", "metrics/spend", hanging, "--single-points", "--at", AT, "--format", "json"
    )
    assert json.loads(apart.out)["single_points"] == []


def test_no_single_point(run: Run, acme: str) -> None:
    ran = run("graph", "--single-points", acme, "--at", AT)
    assert ran.err == "opmodel: no alert that pages hangs on one person, role or schedule alone\n"


def test_names_have_no_effect_in_mermaid(run: Run, hanging: str) -> None:
    out = run("graph", hanging).out
    (label,) = [line for line in out.splitlines() if "script" in line]
    text = re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label.partition('(["')[2])
    assert text.startswith(NASTY + "\\u202e<br>person cho")
    written = label.partition('(["')[2].removesuffix('"])').replace("<br>", "")
    assert not re.search(r'["<>\[\]{}|`\\&]|#(?!\d+;)', written)
    assert "\u202e" not in out


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_names_have_no_effect_in_svg(run: Run, hanging: str) -> None:
    ran = run("graph", hanging, "--single-points", "--at", AT, "--format", "svg")
    assert ran.code == 0
    tree = ET.fromstring(ran.out)
    texts = {text.text for text in tree.iter("{http://www.w3.org/2000/svg}text")}
    assert NASTY + "\\u202e" in texts
    assert not list(tree.iter("{http://www.w3.org/2000/svg}script"))
    assert "1 of 1 alerts" in texts


def test_names_have_no_effect_in_dot(run: Run, hanging: str) -> None:
    (line,) = [
        one for one in run("graph", hanging, "--format", "dot").out.splitlines() if "<sc" in one
    ]
    assert r'[label="A \"q\" [x] <script>alert(1)</script> &amp; \\N `t` #35; \"]; end %%' in line
    assert r"|\\u202e\nperson cho" in line


def test_svg_without_graphviz_says_what_to_install(
    run: Run, acme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    ran = run("graph", acme, "--format", "svg")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "opmodel: svg is drawn by Graphviz's `dot`, which is not installed; install graphviz, or "
        "take --format mermaid or dot\n"
    )


def test_graphviz_that_fails_is_told(
    run: Run, acme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "dot"
    fake.write_text("#!/bin/sh\necho 'out of paper' >&2\nexit 3\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    ran = run("graph", acme, "--format", "svg")
    assert ran.code == 2
    assert "opmodel: Graphviz: out of paper; " in ran.err


def test_what_is_missing_and_what_did_not_load_is_marked(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ACME, more="roles: {r: {title: R, holder: ghost}, bad: [x]}\n")
    found = json.loads(run("graph", folder, "--format", "json").out)
    states = {one["id"]: one["state"] for one in found["nodes"] if one["state"] != "loaded"}
    assert states == {"ghost": "missing", "bad": "not loaded"}
    assert found["doubts"] == ["the role `bad` did not load"]
    assert run("graph", folder).out.count(" doubtful\n") == 2
    assert run("graph", folder, "--format", "dot").out.count("dashed") == 2


@pytest.mark.parametrize("form", ["mermaid", "dot", "graphml", "json"])
def test_a_folder_alone_is_the_registry(
    run: Run, acme: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run("graph", acme, "--format", form).out
    assert whole
    monkeypatch.chdir(acme)
    assert run("graph", "--format", form).out == whole
    assert run("graph", ".", "--format", form).out == whole


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("dropp",), "there is no entity `dropp`; did you mean `drop`?"),
        (("--depth", "2"), "--depth counts steps from an ID"),
        (("drop", "--depth", "-1"), "--depth counts steps from an ID"),
        (("./nowhere",), "nowhere"),
    ],
)
def test_bad_usage_is_one_line(
    run: Run, acme: str, argv: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(acme)
    ran = run("graph", *argv)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


# -- refs ----------------------------------------------------------------------------------------


def test_refs_both_ways(run: Run, acme: str) -> None:
    ran = run("refs", "roles/head", acme)
    assert ran.code == 0
    lines = ACME.splitlines()
    at = {name: lines.index(line) + 1 for name, line in {
        "head": "  head: {title: Head, holder: dee}",
        "room": "  room: {kind: slack, owner: head, read_every: 4h}",
        "quality": "  quality: {accountable: head, covers: [behaviour]}",
        "page": "      - {after: 30m, notify: [head]}",
        "faq": "    operators: [day, head]",
    }.items()}  # fmt: skip
    assert (
        ran.out
        == f"""\
roles/head
opmodel.yaml:{at["head"]}

refers to: 1
  held by: people/dee
    holder, opmodel.yaml:{at["head"]}

referred to by: 4
  channels/room: owned by
    owner, opmodel.yaml:{at["room"]}
  ownership/quality: answered for by
    accountable, opmodel.yaml:{at["quality"]}
  escalations/page: pages
    steps/2/notify/0, opmodel.yaml:{at["page"]}
  kill_switches/faq: operated by
    operators/1, opmodel.yaml:{at["faq"]}
"""
    )


def test_refs_for_scripts(run: Run, acme: str) -> None:
    found = json.loads(run("refs", "drop", acme, "--format", "json").out)
    assert found["subject"]["section"] == "alerts"
    assert [(one["meaning"], one["id"], one["state"]) for one in found["refers_to"]] == [
        ("measures", "grounded", "loaded"), ("owns", "ana", "loaded"), ("pages", "page", "loaded"),
        ("tells", "room", "loaded"), ("follows", "drop", "loaded"),
    ]  # fmt: skip
    assert [(one["meaning"], one["id"]) for one in found["referred_to_by"]] == [("detects", "leak")]


def test_refs_that_are_not_certain(run: Run, tmp_path: Path) -> None:
    more = "people: {lost: {nme: L}}\nteams: {crew: {name: C, lead: lost, members: [ghost]}}\n"
    more += "metrics: {m: {bucket: cost}}\n"
    folder = write(tmp_path / "a", ACME, more=more)
    ran = run("refs", "people/lost", folder)
    assert "refers to: nothing\n" in ran.out
    assert "not certain: the person `lost` did not load\n" in ran.out
    assert "not certain: the metric `m` did not load\n" in ran.out
    out = run("refs", "crew", folder).out
    assert "led by: people/lost (not loaded)\n" in out
    assert "has member: people/ghost (missing)\n" in out
    found = json.loads(run("refs", "crew", folder, "--format", "json").out)
    assert [one["state"] for one in found["refers_to"]] == ["not loaded", "missing"]


def test_refs_fit_a_phone_and_say_the_same_in_color(run: Run) -> None:
    for subject in ("teams/assistant", "groundedness", "traces"):
        out = run("refs", subject, COPILOT).out
        for line in out.splitlines():
            assert width(line) <= 60 or " " not in line.strip(), line
        painted = run("refs", subject, COPILOT, "--color", "always").out
        assert "\x1b[1mreferred to by: " in painted
        assert painted.replace("\x1b[1m", "").replace("\x1b[0m", "") == out


def test_refs_of_nothing(run: Run, acme: str) -> None:
    assert run("refs", "page", acme).code == 0
    ran = run("refs", "pge", acme)
    assert (ran.code, ran.out) == (2, "")
    assert "there is no entity `pge`; did you mean `page`?" in ran.err
