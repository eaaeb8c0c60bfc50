"""The example that makes traces: its record is what it writes, clean, and each fault is found."""

import subprocess
import sys
from pathlib import Path

import pytest

from registry.traces.check import CheckedTraces, check
from registry.traces.quality import PlayedAlert, Quality
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from tests.conftest import ROOT

COPILOT = ROOT / "examples" / "enterprise-copilot"
TRACES = COPILOT / "traces"
DAY_AFTER = "2026-11-24T09:00:00+00:00"


@pytest.mark.parametrize(("name", "arguments"), [("traces", []), ("broken", ["--faults"])])
def test_the_record_is_what_the_program_writes(name: str, arguments: list[str]) -> None:
    program = [sys.executable, str(TRACES / "assistant.py"), *arguments]
    made = subprocess.run(program, capture_output=True, check=True, timeout=120)
    assert made.stdout == (TRACES / f"{name}.jsonl").read_bytes()
    assert made.stderr == b""


def held(name: str, folder: Path) -> CheckedTraces:
    from datetime import datetime

    options = Options(datetime.fromisoformat(DAY_AFTER))
    return check(
        open_registry(str(COPILOT), options), [str(TRACES / f"{name}.jsonl")], options, str(folder)
    )


def test_the_record_is_clean(tmp_path: Path) -> None:
    found = held("traces", tmp_path)
    assert [one.message for one in found.result.diagnostics] == []
    assert found.facts.totals == (24, 126, 0)
    assert not found.is_partial
    assert not found.spending.unpriced


FAULTS = {
    "3 of 24 (12.5%) of the spans `request` lack `prompt_version`",
    "4 of 24 (16.7%) of the spans `retrieval` lack `sources_count`",
    "`copilot.debug.note` is recorded on 6 spans",
    "2 spans carry `gen_ai.input.messages` raw, which is content",
    "5 spans carry `copilot.user.ref`, which the policy hashes",
    "1 span carries `copilot.retrieval.error` with what looks like an access token",
    "1 span carries `copilot.tool.error_code` with what looks like an e-mail address",
    "2 of 126 (1.6%) of the spans have a parent that is not there",
    "1 of 126 (0.8%) of the spans have no end",
    "`policy-qna` passed its limit of 40.00 USD on Mon 2026-11-23 11:20 Europe/Berlin",
    "`ticket-creation` passed its limit of 30.00 USD on Mon 2026-11-23 11:30 Europe/Berlin",
    "9564 of 48068496 (below 0.1%) of the tokens, in 3 calls of `answer-next`, have no price",
}


def test_each_fault_is_found_with_its_count_and_nothing_else(tmp_path: Path) -> None:
    found = held("broken", tmp_path)
    messages = [one.message for one in found.result.diagnostics]
    told = {start: [one for one in messages if one.startswith(start)] for start in FAULTS}
    assert {start: len(them) for start, them in told.items()} == dict.fromkeys(FAULTS, 1)
    assert len(messages) == len(FAULTS)
    assert all(found.owner(one) for one in found.result.diagnostics)
    text = "\n".join(messages)
    assert "jo.berg" not in text
    assert "5eRt9" not in text
    assert "leave" not in text


def test_the_drop_in_quality_pages_whoever_is_on_call(tmp_path: Path) -> None:
    found = held("broken", tmp_path)
    quality = Quality(found.recording, found.workspace, 24)
    (sent,) = [one for one in quality.played() if isinstance(one, PlayedAlert)]
    assert (sent.alert, round(sent.value, 2)) == ("groundedness-drop", 0.55)
