"""What the rules found is kept, with what they had read; a check that keeps says what any other does."""

import marshal
import os
import re
import shutil
import sys
import tempfile
from datetime import timedelta
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.checks import encoded, findings_kept
from registry.checks.catalogue import rules
from registry.checks.engine import check, check_opened, open_registry
from registry.checks.findings_kept import KeptFindings
from registry.checks.result import Result
from registry.checks.rule import Context
from registry.diagnostic import Diagnostic, Fix, FixChange, Label, Severity, Suppression
from registry.model.scalars import Duration
from registry.source import pack, seen
from registry.source.cache import Cache
from registry.span import Location, Position, Span
from registry.workspace.options import Options
from registry.workspace.reads import shared, watching
from tests.checks.edited import first_difference
from tests.conftest import AT, ROOT, sizes, thirds

OPTIONS = Options(AT)
BEGUN = 10**19
"""When the checks began, in nanoseconds since 1970: late, so that nothing has only just changed."""
BY_TEXT = {"OM014", "OM015", "OM411"}
"""The rules that look at the texts of the files, and so at every change."""


@pytest.mark.no_cover
@pytest.mark.parametrize("edits", sizes(6, 20))
def test_after_random_edits_it_is_the_same_with_the_cache_and_without(edits: int) -> None:
    """By hand, for as many as one likes: `python -m tests.checks.edited SEED EDITS`."""

    @settings(max_examples=max(2, edits // 10))
    @given(st.integers(0, 2**32))
    def walk(seed: int) -> None:
        with tempfile.TemporaryDirectory() as root, pytest.MonkeyPatch.context() as patch:
            settle(patch)
            assert first_difference(Path(root), seed, edits) == ""

    walk()


def settle(patch: pytest.MonkeyPatch) -> None:
    """Take the program for settled; other tests load modules that they have only just written."""
    patch.setattr(seen, "code", lambda: [findings_kept.__file__])
    patch.setattr(seen, "_RACY", -(10**18))
    patch.setattr(pack, "_program", lambda: "program")


OWN = """\
extends: production
custom:
  ACME001: {name: no-cost, section: metrics, assert: "self.bucket != 'cost'", message: "`{id}` costs",
            severity: warning}
"""


class Kept:
    """A registry that is checked again and again with one cache; `again` are the rules that ran."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "registry"
        self.entries = folder / "cache"
        self.again: set[str] = set()
        self.notes = seen.Notes(BEGUN)
        shutil.copytree(ROOT / "examples" / "enterprise-copilot", self.folder)
        usual = KeptFindings.put

        def put(
            kept: KeptFindings, code: str, read: set[str], found: list[Diagnostic], *, is_ours: bool
        ) -> None:
            self.again.add(code)
            usual(kept, code, read, found, is_ours=is_ours)

        monkeypatch.setattr(KeptFindings, "put", put)
        settle(monkeypatch)

    def check(self, options: Options = OPTIONS) -> set[str]:
        """Check it; return the rules that ran. It says what a check without a cache does."""
        self.again.clear()
        result = self.result(options)
        assert result == check(str(self.folder), options)
        return {*self.again}

    def result(self, options: Options = OPTIONS) -> Result:
        with seen.noted(self.notes):
            return check(str(self.folder), options, Cache(str(self.entries)))

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    return Kept(tmp_path, monkeypatch)


def test_of_one_change_only_what_had_read_it_runs_again(kept: Kept) -> None:
    everything = kept.check()
    assert len(everything) > 130
    assert kept.check() == set()
    team = "who/teams.yaml"
    kept.edit(team, "name: ", "name: The ")
    assert kept.check() == BY_TEXT
    kept.edit(team, "name: The ", "name: ")
    assert kept.check() == BY_TEXT
    kept.edit("kill-switches.yaml", "drilled: 2026", "drilled: 2025")
    assert kept.check() == {*BY_TEXT, "OM017", "OM606"}
    kept.edit("runbooks.yaml", "runbooks:", "# a remark\nrunbooks:")
    assert kept.check() == BY_TEXT


def test_an_entity_more_is_read_by_those_who_go_through_its_section(kept: Kept) -> None:
    kept.check()
    kept.edit("budgets.yaml", "budgets:", "budgets:\n  one-more: {metric: daily-spend}")
    again = kept.check()
    assert {"OM007", "OM808", "OM811"} <= again
    assert not {one for one in again if one[:3] in {"OM3", "OM6"}} - {"OM315"}


def test_a_calendar_is_read_by_those_who_read_what_keeps_it(kept: Kept) -> None:
    (kept.folder / "rota.yaml").write_text(
        "holidays: {house: {dates: [2026-12-06]}}\n"
        "schedules:\n  watch:\n    timezone: UTC\n    coverage: [{days: [mon], from: '09:00', to: '17:00'}]\n"
        "    rotations:\n      - {name: day, participants: [priya], start: 2026-11-02T09:00, every: 1w,\n"
        "         holidays: [house], hours: [{days: [mon], from: '09:00', to: '17:00'}]}\n"
    )
    kept.check()
    kept.check()
    kept.edit("rota.yaml", "2026-12-06", "2026-12-07")  # from a Sunday to a Monday
    assert "OM301" in kept.check()
    told = [one for one in kept.result().diagnostics if one.code == "OM301"]
    assert any("watch" in one.message for one in told)


def test_the_instant_is_read_by_few(kept: Kept) -> None:
    kept.check()
    again = kept.check(Options(AT + timedelta(hours=1)))
    assert {"OM407", "OM301", "OM606"} <= again
    assert not again & {"OM007", "OM201", "OM715", *BY_TEXT}


def test_another_policy_zone_or_manifest_is_another_check(kept: Kept) -> None:
    everything = kept.check()
    for options in (
        Options(AT, policy="pilot"),
        Options(AT, tz="Asia/Tokyo"),
        Options(AT, horizon="30d"),
    ):
        assert len(kept.check(options)) >= len(everything) - 10
    assert kept.check() == set()
    kept.edit("opmodel.yaml", "timezone: ", "timezone: Asia/Tokyo # ")
    assert kept.check() == everything
    (kept.folder / "policies").mkdir()
    own = kept.folder / "policies" / "own.yaml"
    own.write_text("extends: production\n", "utf-8")
    kept.edit("opmodel.yaml", "stage: ", "policy: policies/own.yaml\nstage: ")
    assert kept.check() == everything
    kept.edit("policies/own.yaml", "extends:", "settings: {min_participants: 3}\nextends:")
    assert kept.check() == everything


def test_a_rule_of_a_policy_always_runs(kept: Kept) -> None:
    (kept.folder / "policies").mkdir()
    (kept.folder / "policies" / "own.yaml").write_text(OWN, "utf-8")
    kept.edit("opmodel.yaml", "stage: ", "policy: policies/own.yaml\nstage: ")
    assert {"ACME001", "OM201"} <= kept.check()
    assert kept.check() == {"ACME001"}
    kept.edit("metrics.yaml", "bucket: cost", "bucket: quality")
    assert "ACME001" in kept.check()


def test_what_is_selected_is_kept_for_all(kept: Kept) -> None:
    everything = kept.check()
    kept.edit("who/teams.yaml", "name: ", "name: The ")
    assert kept.check(Options(AT, select="OM2")) == {"OM014", "OM015"}
    assert kept.check() == {"OM411"}
    kept.edit("kill-switches.yaml", "drilled: 2026", "drilled: 2025")
    assert kept.check(Options(AT, select="OM606")) == {"OM014", "OM015", "OM606"}
    assert kept.check() == {"OM017", "OM411"}
    assert kept.check(Options(AT, ignore="OM6")) == set()
    assert len(everything) > 130


def test_a_comment_and_a_waiver_silence_what_is_kept(kept: Kept) -> None:
    kept.edit("kill-switches.yaml", "drilled: 2026", "drilled: 2024")
    kept.check()
    assert not [one for one in kept.result().diagnostics if one.code == "OM606" and one.suppressed]
    (found,) = (one for one in kept.result().diagnostics if one.code == "OM606")
    path, number = kept.folder / found.primary.location.file, found.primary.at.start.line
    lines = path.read_text("utf-8").split("\n")
    lines[number - 1] += "  # opmodel: ignore[OM606] it is known"
    path.write_text("\n".join(lines), "utf-8")
    assert kept.check() == BY_TEXT
    (found,) = (one for one in kept.result().diagnostics if one.code == "OM606")
    assert found.suppressed is not None


def entry(kept: Kept) -> Path:
    """Return the entry that the findings are in."""
    (found,) = (one for one in kept.entries.iterdir() if not one.name.startswith("files-"))
    return found


@pytest.mark.parametrize(
    "wrong",
    thirds([b"", b"\xc1", marshal.dumps(7), marshal.dumps(([], [], 7, {}, {})),
            marshal.dumps(([], [], {}, {"a": 7}, {})), marshal.dumps((7, [], {}, {}, {}))]),
)  # fmt: skip
def test_an_entry_of_nonsense_is_none(wrong: bytes, kept: Kept) -> None:
    everything = kept.check()
    Cache(str(kept.entries)).put(entry(kept).name, wrong)
    assert kept.check() == everything
    assert kept.check() == set()


def test_findings_of_nonsense_are_found_again(kept: Kept) -> None:
    kept.check()
    cache, name = Cache(str(kept.entries)), entry(kept).name
    program, changes, values, files, rules = marshal.loads(cache.get(name) or b"")
    for wrong in (7, [(99, 1)], [(0, 1)], [()]):
        spoilt = {**rules, "OM201": ((), wrong)}
        cache.put(name, marshal.dumps((program, changes, values, files, spoilt)))
        assert kept.check() == {"OM201"}


def test_another_state_of_the_program_finds_nothing_kept(kept: Kept, tmp_path: Path) -> None:
    everything = kept.check()
    cache, name = Cache(str(kept.entries)), entry(kept).name
    program, changes, *rest = marshal.loads(cache.get(name) or b"")
    changes[0] += 1
    cache.put(name, marshal.dumps((program, changes, *rest)))
    assert kept.check() == everything


def test_what_the_program_has_read_is_noted_when_it_is_kept(kept: Kept) -> None:
    kept.notes.mark(os.__file__)
    kept.check()
    kept.notes = seen.Notes(BEGUN)
    assert kept.check() == set()
    assert {os.__file__, findings_kept.__file__} <= kept.notes.program.keys()


def test_what_was_made_of_what_is_not_known_is_not_kept(kept: Kept) -> None:
    kept.notes.doubts.append("something is read that nobody notes")
    everything = kept.check()
    assert kept.check() == everything
    check(str(kept.folder), OPTIONS, Cache(str(kept.entries)))  # nothing is noted
    assert kept.check() == everything


def test_another_program_finds_nothing_kept(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = kept.check()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(findings_kept, "__file__", "/elsewhere/registry/checks/findings_kept.py")
        assert kept.check() == everything
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("sys.path", ["/elsewhere", *sys.path])
        assert kept.check() == everything
    assert kept.check() == set()


def test_a_program_that_has_just_been_changed_keeps_nothing(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "_RACY", 10**20)
    everything = kept.check()
    assert kept.check() == everything


def test_too_many_findings_of_a_rule_are_not_kept(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.edit("kill-switches.yaml", "drilled: 2026", "drilled: 2024")
    monkeypatch.setattr(findings_kept, "_MOST", 0)
    kept.check()
    assert {"OM606"} <= kept.check() <= {one.code for one in kept.result().diagnostics}


def test_where_another_watches_nothing_is_kept(kept: Kept) -> None:
    with watching({}):
        assert kept.check() == set()
    assert len(kept.check()) > 130


def test_a_rule_that_was_made_of_what_nobody_knows_is_not_kept(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where something that rules share was made before they were watched."""
    usual = findings_kept.KeptFindings.__init__

    def before(one: KeptFindings, cache: Cache, opened: Any, options: Options) -> None:
        assert opened.workspace.uncertain == frozenset()
        usual(one, cache, opened, options)

    monkeypatch.setattr(KeptFindings, "__init__", before)
    kept.check()
    assert {"OM205", "OM113"} <= kept.check()


def test_what_rests_on_anything_is_not_kept_by_those_who_share_it(kept: Kept) -> None:
    kept.check()
    cache = Cache(str(kept.entries))
    kept.edit("who/teams.yaml", "name: ", "name: A ")
    one = KeptFindings(cache, open_registry(str(kept.folder), OPTIONS, cache), OPTIONS)
    one.put("OM301", {"=horizon", "teams"}, [], is_ours=True)
    one.put("OM302", {"=horizon", "*"}, [], is_ours=True)
    one.put("OM303", {"teams"}, [], is_ours=True)
    one.put("XY1", {"=horizon", "teams"}, [], is_ours=False)
    one.share("=horizon")
    assert [one.get(code) for code in ("OM301", "OM302", "OM303", "XY1")] == [None, None, [], None]


def test_what_another_s_rule_shares_counts_for_ours_alone(kept: Kept) -> None:
    kept.check()
    cache = Cache(str(kept.entries))
    one = KeptFindings(cache, open_registry(str(kept.folder), OPTIONS, cache), OPTIONS)
    one.put("OM301", {"=horizon", "schedules"}, [], is_ours=True)
    one.put("XY1", {"=horizon", "teams.name"}, [], is_ours=False)
    one.share("=horizon")
    with seen.noted(seen.Notes(0)):
        one.save()
    kept.edit("who/teams.yaml", "name: ", "name: A ")
    assert kept.check() == {*BY_TEXT, "OM301"}


def test_of_a_file_with_faults_all_that_is_in_its_sections_counts(kept: Kept) -> None:
    kept.edit("kill-switches.yaml", "drilled: 2026-11-18", "sort: big\n    drilled: 2026-11-18")
    kept.check()
    kept.edit("kill-switches.yaml", "sort: big", "sort: odd")
    assert {*BY_TEXT, "OM604", "OM606", "OM608", "OM609"} <= kept.check()
    kept.edit("kill-switches.yaml", "    sort: odd\n", "")
    assert {*BY_TEXT, "OM604", "OM606", "OM608", "OM609"} <= kept.check()
    kept.edit("kill-switches.yaml", "drilled: 2026-11-18", "drilled: 2026-11-17")
    assert kept.check() == {*BY_TEXT, "OM017", "OM606"}


@pytest.mark.slow
@pytest.mark.no_cover
def test_a_full_disk_loses_some_entry(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    usual, full = Cache.put, [0]

    def put(cache: Cache, key: str, payload: bytes) -> None:
        full[0] -= 1
        if full[0] != 0:
            usual(cache, key, payload)

    monkeypatch.setattr(Cache, "put", put)
    for lost in count(1):
        shutil.rmtree(kept.entries, ignore_errors=True)
        full[0] = lost
        kept.check()
        if full[0] > 0:  # each of a check's entries was lost once
            break
        kept.edit("who/teams.yaml", "name: ", "name: A ")
        full[0] = lost
        assert kept.check() >= BY_TEXT
        kept.check()
    assert lost > len(BY_TEXT)


def test_two_at_once_each_say_what_they_saw(kept: Kept) -> None:
    cache = Cache(str(kept.entries))
    kept.check()
    kept.edit("who/teams.yaml", "name: ", "name: A ")
    opened = open_registry(str(kept.folder), OPTIONS, cache)
    slow = KeptFindings(cache, opened, OPTIONS)
    kept.edit("kill-switches.yaml", "drilled: 2026", "drilled: 2024")
    assert "OM606" in kept.check()
    before = check_opened(opened, OPTIONS, slow)
    assert "OM606" not in {one.code for one in before.diagnostics}
    with seen.noted(kept.notes):
        slow.save()
    assert "OM606" in kept.check()
    assert kept.check() == set()


def test_what_rules_share_is_shared_or_forgotten(kept: Kept) -> None:
    """What one rule leaves behind for another would be read by that other and not be noted."""
    opened = open_registry(str(kept.folder), OPTIONS)

    def left(context: Context) -> list[dict[str, object]]:
        """What the objects that rules share hold, but for what is shared and known to be."""
        found = []
        for one in (context, context.indexes, context.workspace):
            made = {
                name: each
                for kind in type(one).__mro__
                for name, each in vars(kind).items()
                if isinstance(each, cached_property)
            }
            assert all(isinstance(each, shared) for each in made.values()), type(one)
            known = {*made, "indexes", "workspace", "_horizon"}
            found.append({name: each for name, each in vars(one).items() if name not in known})
        return found

    fresh = Context(opened.workspace, opened.policy, AT)
    before = left(fresh)
    used = Context(opened.workspace, opened.policy, AT)
    for one in rules().values():
        if one.check is not None and one.room == "checks":
            list(one.check(used.of(one.code)))
    assert left(used) != before
    used.forget()
    assert left(used) == before


BEHIND = re.compile(
    r"__dict__|\bvars\(|model_dump|model_fields_set|model_copy|deepcopy|pickle|getattribute"
)
ROOMS = ("checks/rules", "workspace", "oncall")
KNOWN = {
    "oncall/escalation.py", "oncall/horizon.py", "workspace/load.py", "workspace/manifest.py",
    "workspace/open.py", "workspace/policy.py", "workspace/reads.py",
}  # fmt: skip
"""Who copies an entity, which reads nothing of it, reads a pack or the manifest, or watches."""


def test_nobody_reads_behind_the_back_of_a_field() -> None:
    package = ROOT / "registry"
    files = (path for room in ROOMS for path in (package / room).rglob("*.py"))
    found = (path for path in files if BEHIND.search(path.read_text("utf-8")))
    assert {path.relative_to(package).as_posix() for path in found} == KNOWN


def test_without_a_cache_nothing_is_kept(kept: Kept) -> None:
    assert check(str(kept.folder), OPTIONS, Cache(None)) == check(str(kept.folder), OPTIONS)
    assert kept.again == set()


def test_findings_are_the_same_encoded_and_back() -> None:
    at = Span(Position(1, 2), Position(3, 4))
    label = Label(Location("a.yaml", ("teams", 0), "key"), "here", at, "a line")
    change = FixChange(label.location, ("a", "b"), at)
    suppressed = Suppression("comment", "why", "a.yaml", 3)
    found = Diagnostic(
        "OM201", "told", label, "do", (label, label), ("teams", "t"), ("x", 1), "apart",
        Severity.INFO, "name", "print", suppressed, Fix("mend", True, (change,)),
    )  # fmt: skip
    plain = Diagnostic("OM202", "told", Label(Location("b.yaml")))
    known = encoded.encoded([found, plain])
    assert encoded.decoded(marshal.loads(marshal.dumps(known))) == [found, plain]
    named = found._replace(message=Duration.read("5m"))
    (back,) = encoded.decoded(encoded.encoded([named]))
    assert (back.message, type(back.message)) == ("5m", str)
    with pytest.raises(KeyError):
        encoded.encoded([found._replace(distinguish=1.5)])  # type: ignore[arg-type]
    with pytest.raises(KeyError):
        encoded.encoded([found._replace(help=os.stat_result(range(10)))])  # type: ignore[arg-type]
