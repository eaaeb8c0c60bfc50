"""`opmodel traces`: what is read and shown, exits, and what keeps it from running."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from registry.output.style import Style
from registry.traces.answer import check_answer
from registry.traces.check import check
from registry.traces.report.human import REPORTER
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from tests.cli.conftest import Run
from tests.conftest import AT as ROOT_AT
from tests.conftest import ROOT, thirds
from tests.traces.record import LLM, line, registry, span

COPILOT = str(ROOT / "examples" / "enterprise-copilot")
AT = "--at=2026-11-24T09:00:00Z"
CLEAN, BROKEN = (f"{COPILOT}/traces/{name}.jsonl" for name in ("traces", "broken"))
FEW = """
fields:
  tenant: {group: slice, attribute: assistant.tenant}
  bare: {group: slice}
prices:
  small: {currency: USD, per: 1M, rates: [{from: 2026-01-01, input: 1, output: 4}]}
"""


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """A registry with a record of two spans beside it."""
    (tmp_path / "few").mkdir()
    root = registry(tmp_path / "few", FEW)
    spans = line(span(1, 1, None, "ask", {"assistant.tenant": "t1"}), span(1, 2, 1, "chat", LLM))
    (root / "traces.jsonl").write_text(f"{spans}\n", "utf-8")
    return root


def test_what_is_clean_exits_0_and_what_is_not_1(run: Run) -> None:
    ran = run("traces", "check", CLEAN, "--dir", COPILOT, AT)
    assert (ran.code, ran.err) == (0, "")
    assert "0 errors, 0 warnings" in ran.out
    assert run("traces", "check", BROKEN, "--dir", COPILOT, AT).code == 1
    assert run("traces", "check", BROKEN, "--dir", COPILOT, AT, "--fail-on=never").code == 0
    assert run("traces", "spend", BROKEN, "--dir", COPILOT, AT).code == 1
    assert run("traces", "spend", CLEAN, "--dir", COPILOT, AT).code == 0
    assert run("traces", "quality", BROKEN, "--dir", COPILOT, AT).code == 0


def test_sarif_leads_from_the_top_of_the_repository(run: Run, few: Path) -> None:
    (few.parent / ".git").mkdir()
    record = str(few / "traces.jsonl")
    ran = run("traces", "check", record, "--dir", str(few), AT, "--format=sarif")
    (told,) = json.loads(ran.out)["runs"]
    places = [one["locations"][0]["physicalLocation"] for one in told["results"]]
    assert {one["artifactLocation"]["uri"] for one in places} == {f"{few.name}/opmodel.yaml"}


def test_what_is_counted_twice_or_is_no_count_is_told(run: Run, few: Path) -> None:
    path = few / "traces.jsonl"
    odd = span(3, 3, None, "chat", {**LLM, "gen_ai.usage.input_tokens": "many"})
    path.write_text(f"{path.read_text('utf-8') * 2}{line(odd)}\n", "utf-8")
    ran = run("traces", "spend", str(path), "--dir", str(few), AT)
    assert "2 spans recorded again, and counted once" in ran.out
    assert "1 count of tokens that are no numbers" in ran.out
    path.write_text(
        f"{line(span(1, 1, None, 'chat', {'gen_ai.operation.name': 'chat'}))}\n", "utf-8"
    )
    ran = run("traces", "spend", str(path), "--dir", str(few), AT, "--format=md")
    assert "not in these sums: 1 call without a count of tokens" in ran.out
    ran = run(
        "traces", "check", str(path), "--dir", str(few), AT, "--format=sarif", "--show-suppressed"
    )
    assert json.loads(ran.out)["version"] == "2.1.0"


def test_a_field_that_nothing_carries_is_said_to_be_unchecked(run: Run, few: Path) -> None:
    more = "spans:\n  chat: {match: {name: chat}, fields: [bare, tenant]}\n"
    (few / "spans.yaml").write_text(more, "utf-8")
    ran = run("traces", "check", str(few / "traces.jsonl"), "--dir", str(few), AT)
    assert "`bare` of the spans `chat` is not checked: no attribute carries it" in ran.out
    assert "`tenant` of the spans" not in ran.out


def test_rules_are_chosen(run: Run) -> None:
    ran = run("traces", "check", BROKEN, "--dir", COPILOT, AT, "--select=OM923", "--format=csv")
    assert {row.split(",")[1] for row in ran.out.splitlines()[1:]} == {'"OM923"'}
    assert ran.code == 0
    ran = run("traces", "check", BROKEN, "--dir", COPILOT, AT, "--select=OM101")
    assert (ran.code, ran.out) == (2, "")
    assert "OM101 is none of the rules that run here; `opmodel check` runs it" in ran.err
    ran = run("check", COPILOT, "--select=OM920")
    assert "`opmodel traces` runs it" in ran.err


def test_what_is_not_read_is_never_fine(run: Run, few: Path) -> None:
    path = few / "traces.jsonl"
    path.write_text(f"{path.read_text('utf-8')}half a line", "utf-8")
    ran = run("traces", "spend", str(path), "--dir", str(few), AT)
    assert ran.code == 1
    assert f"not read: {path}:2: the last line is cut off" in ran.out
    assert run("traces", "spend", str(path), "--dir", str(few), AT, "--allow-unread").code == 0
    path.write_text("", "utf-8")
    for form in ("human", "md"):
        ran = run("traces", "quality", str(path), "--dir", str(few), AT, f"--format={form}")
        assert ran.code == 1
        assert "o span was read: nothing here is said to be fine" in ran.out


def test_many_bad_lines_are_one(run: Run, few: Path) -> None:
    path = few / "traces.jsonl"
    path.write_text("odd\n" * 1500, "utf-8")
    ran = run("traces", "check", str(path), "--dir", str(few), AT)
    assert f"not read: {path}:1: it is no JSON (1,500 times, here first)" in ran.out
    ran = run("traces", "check", str(path), "--dir", str(few), AT, "--format=md")
    assert "it is no JSON, 1,500 in all" in ran.out
    ran = run("traces", "check", str(path), "--dir", str(few), AT, "--format=json")
    assert json.loads(ran.out)["not_read"] == [
        {"path": str(path), "line": 1, "reason": "it is no JSON", "count": 1500}
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["spend", CLEAN, "--format=sarif"], "`traces spend` has no form sarif; it has human, json, csv, md"),
        (["check", CLEAN, "--engine=oracle"], "--engine: `oracle` is no engine; it is one of duckdb, spark"),
        (["spend", CLEAN, "--by=tenat_id"], "--by: there is no field `tenat_id`; did you mean `tenant_id`?"),
        (["spend", CLEAN, "--by=trace_id"], "--by: no attribute carries `trace_id`; set its `attribute` under `fields`"),
        (["spend", CLEAN, "--by=tenant_id", "--by=route", "--format=csv"], "csv is one table, and there is one of each --by; name one of them"),
        (["check", f"{CLEAN}x"], f"{CLEAN}x: No such file or directory; correct the path"),
        (["check", COPILOT], f"{COPILOT}: Is a directory; name the files in it"),
        (["check", CLEAN, CLEAN], f"{CLEAN} is named twice; name each file once"),
        (["watch", CLEAN], "traces: argument action: invalid choice: 'watch'"),
    ],
)  # fmt: skip
def test_what_cannot_run_is_one_line(run: Run, arguments: list[str], message: str) -> None:
    ran = run("traces", *arguments, "--dir", COPILOT, AT)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"opmodel: {message}")
    assert ran.err.count("\n") == 1


def test_spending_is_split(run: Run, few: Path) -> None:
    arguments = ("traces", "spend", str(few / "traces.jsonl"), "--dir", str(few), AT)
    ran = run(*arguments, "--by", "tenant", "--by", "tenant")
    assert "spent: 0.0030 USD" in ran.out
    assert ran.out.count("Spent by tenant") == 1
    assert "  t1      small      1         1,000       0            500  0.0030  USD" in ran.out
    answer = json.loads(run(*arguments, "--by", "tenant", "--format=json").out)
    assert answer["slices"][0]["values"][0]["amount"] == "0.003"
    assert run(*arguments, "--format=csv").out.splitlines()[0].startswith('"model","calls",')
    split = run(*arguments, "--by", "tenant", "--format=csv").out.splitlines()
    assert split[0].startswith('"tenant","model","calls",')
    assert split[1].startswith('"t1","small","1",')


def test_findings_may_be_silenced(run: Run, few: Path) -> None:
    waiver = (
        "{rule: OM921, entity: fields/gen_ai.usage.input_tokens, reason: agreed, "
        "until: 2026-12-31, approved_by: x}"
    )
    (few / "pack.yaml").write_text(f"extends: production\nwaivers: [{waiver}]\n", "utf-8")
    manifest = few / "opmodel.yaml"
    named = manifest.read_text("utf-8").replace("production", "production\npolicy: pack.yaml")
    manifest.write_text(named, "utf-8")
    path = few / "traces.jsonl"
    arguments = ("traces", "check", str(path), "--dir", str(few), AT, "--select=OM921")
    for form in ("human", "json", "csv", "md"):
        shown = run(*arguments, f"--format={form}").out.replace("\\", "")
        assert "`gen_ai.usage.input_tokens`" not in shown
        shown = run(*arguments, "--show-suppressed", f"--format={form}").out.replace("\\", "")
        assert "`gen_ai.usage.input_tokens`" in shown
    assert "1 suppressed" in run(*arguments).out


def test_of_many_findings_some_are_shown(few: Path) -> None:
    (few / "work").mkdir()
    options = Options(ROOT_AT)
    opened = open_registry(str(few), options)
    found = check(opened, [str(few / "traces.jsonl")], options, str(few / "work"))
    text = REPORTER.render(check_answer(found, "UTC"), Style(limit=1))
    assert text.count("= help") == 1
    assert "more findings: `--format json` lists them all" in text


@pytest.mark.parametrize(("library", "what"), [("duckdb", "DuckDB"), ("msgspec", "msgspec")])
def test_without_the_extra_it_says_what_to_install(library: str, what: str) -> None:
    program = (
        f"import sys; sys.modules[{library!r}] = None; from registry.cli.main import main; "
        f"sys.exit(main(['traces', 'check', {CLEAN!r}, '--dir', {COPILOT!r}]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert f"with {what}, which is not installed; pip install 'opmodel[traces]'" in ran.stderr
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize("remote", ["", "sc://127.0.0.1:15002"])
def test_without_spark_it_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch, remote: str
) -> None:
    monkeypatch.setenv("SPARK_REMOTE", remote)
    for one in [name for name in sys.modules if name.partition(".")[0] == "pyspark"]:
        monkeypatch.delitem(sys.modules, one)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    ran = run("traces", "check", CLEAN, "--dir", COPILOT, AT, "--engine=spark")
    what = "Spark Connect is" if remote else "Spark is"
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"opmodel: --engine spark: {what} not installed; pip install 'opmodel[spark]'\n"
    )


def test_help_names_the_engines(run: Run) -> None:
    assert "what answers, of duckdb, spark; else duckdb" in " ".join(
        run("traces", "--help").out.split()
    )


@pytest.mark.parametrize("library", thirds(["duckdb", "msgspec", "numpy"]))
def test_a_check_needs_none_of_it(library: str) -> None:
    program = (
        f"import sys; sys.modules[{library!r}] = None; from registry.cli.main import main; "
        f"sys.exit(main(['check', {COPILOT!r}, '--no-cache', '--at', '2026-11-24T09:00:00Z']))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("form", ["human", "json", "csv", "md"])
def test_no_form_tells_a_value_that_belongs_in_no_trace(run: Run, few: Path, form: str) -> None:
    path = few / "traces.jsonl"
    spans = line(
        span(1, 1, None, "ask", {"assistant.tenant": "jo@acme.example"}), span(1, 2, 1, "chat", LLM)
    )
    path.write_text(f"{spans}\n", "utf-8")
    ran = run(
        "traces", "spend", str(path), "--dir", str(few), AT, "--by=tenant", f"--format={form}"
    )
    assert "acme" not in ran.out + ran.err


@pytest.mark.parametrize("form", ["human", "json", "csv", "md", "sarif"])
def test_no_form_tells_a_name_that_holds_a_secret(run: Run, few: Path, form: str) -> None:
    body = "4tGh8kLmN2pQrS5vWxYz7aBcD9eFgHiJkLmN"
    names = [
        f"header.x_ghp_{body}", f"header.ghp_{body}", f"key-sk-proj-{body}", f"userXoxb-ghp_{body}",
        "token_AKIAQ4J5XK2LM7NP3RST", "user-xoxb-123456789012-4tGh8kLmN2pQ",
        "to-jo@acme.example", "headerAKIAQ4J5XK2LM7NP3RST",
    ]  # fmt: skip
    spans = [
        span(1, 1, None, "ask", dict.fromkeys(names, "x")),
        span(1, 2, 1, "chat", {**LLM, "gen_ai.request.model": names[2]}),
    ]
    path = few / "traces.jsonl"
    path.write_text(f"{line(*spans)}\n", "utf-8")
    parts = ("check",) if form == "sarif" else ("check", "spend", "quality")
    for part in parts:
        ran = run("traces", part, str(path), "--dir", str(few), AT, f"--format={form}")
        told = ran.out + ran.err
        assert body not in told
        assert "AKIA" not in told
        assert "xoxb" not in told
        assert "acme" not in told
        if part == "check":
            assert "8 more attributes that no field declares" in told


def test_sarif_notifies_of_what_was_not_read(run: Run, few: Path) -> None:
    path = few / "traces.jsonl"
    good = path.read_text("utf-8")
    arguments = ("traces", "check", str(path), "--dir", str(few), AT, "--format=sarif")
    (invocation,) = json.loads(run(*arguments).out)["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is True
    assert "toolExecutionNotifications" not in invocation
    path.write_text(f"{good}odd\nodd\n", "utf-8")
    ran = run(*arguments)
    assert ran.code == 1
    (invocation,) = json.loads(ran.out)["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"] == [
        {
            "level": "error",
            "message": {"text": f"not read: {path}:2: it is no JSON (2 times, here first)"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": str(path)},
                        "region": {"startLine": 2},
                    }
                }
            ],
        }
    ]
    ran = run(*arguments, "--allow-unread")
    (invocation,) = json.loads(ran.out)["runs"][0]["invocations"]
    assert (ran.code, invocation["executionSuccessful"]) == (0, True)
    assert [one["level"] for one in invocation["toolExecutionNotifications"]] == ["warning"]
    path.write_text("", "utf-8")
    ran = run(*arguments)
    (invocation,) = json.loads(ran.out)["runs"][0]["invocations"]
    assert (ran.code, invocation["executionSuccessful"]) == (1, False)
    told = invocation["toolExecutionNotifications"]
    assert [one["message"]["text"] for one in told] == [
        "no span was read: nothing here is said to be fine",
        f"not read: {path}: it is empty",
    ]
    assert "locations" not in told[0]
    assert "region" not in told[1]["locations"][0]["physicalLocation"]


@pytest.mark.parametrize("part", ["check", "spend", "quality"])
def test_csv_is_rows_and_what_was_not_read_is_noted(run: Run, few: Path, part: str) -> None:
    path = few / "traces.jsonl"
    arguments = ("traces", part, str(path), "--dir", str(few), AT, "--format=csv")
    assert run(*arguments).err == ""
    path.write_text(f"{path.read_text('utf-8')}odd\nodd\n", "utf-8")
    ran = run(*arguments)
    assert (ran.code, ran.err) == (
        1,
        f"opmodel: not read: {path}:2: it is no JSON (2 times, here first)\n",
    )
    assert "not read" not in ran.out
    path.write_text("", "utf-8")
    ran = run(*arguments)
    nothing = "opmodel: no span was read: nothing here is said to be fine\n"
    assert (ran.code, ran.err) == (1, f"{nothing}opmodel: not read: {path}: it is empty\n")


def test_calls_that_cannot_be_counted_are_told_and_never_free(run: Run, few: Path) -> None:
    path = few / "traces.jsonl"
    with (few / "opmodel.yaml").open("a", encoding="utf-8") as file:
        file.write("budgets:\n  day: {limit: 5, unit: USD, per: 1d}\n")
    calls = [
        {**LLM, "gen_ai.usage.input_tokens": "a lot"},
        {**LLM, "gen_ai.usage.output_tokens": -5},
        {"gen_ai.operation.name": "chat", "gen_ai.request.model": "small"},
        {**LLM, "gen_ai.request.model": "other"},
    ]
    spans = [span(one, one, None, "chat", given) for one, given in enumerate(calls, 1)]
    path.write_text(f"{line(*spans)}\n", "utf-8")
    arguments = (str(path), "--dir", str(few), AT)
    ran = run("traces", "spend", *arguments)
    assert "not in these sums: 1 call without a count of tokens" in ran.out
    assert "not in these sums: all of 2 calls with a count of tokens that is no number" in ran.out
    assert (
        "the budget `day` may have come to more: 1500 tokens that nothing prices and 3 calls whose "
        "tokens were not all counted" in ran.out
    )
    assert "2 calls of `small` cannot be priced: a count of its tokens is no number" in ran.out
    answer = json.loads(run("traces", "spend", *arguments, "--format=json").out)
    assert answer["budgets"][0]["unpriced"]["uncounted_calls"] == 3
    ran = run("traces", "check", *arguments)
    assert "in no amount: 1 call without a count of tokens" in ran.out
    assert "in no amount: all of 2 calls with a count of tokens that is no number" in ran.out
