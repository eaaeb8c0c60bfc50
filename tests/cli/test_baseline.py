"""`opmodel baseline`: what is known is accepted for a time, and what is new is shown."""

import json
import os
import shutil
from pathlib import Path

import pytest

from registry.cli import _reports
from registry.output import files
from tests.cli.conftest import AT, Run
from tests.conftest import FIXTURES, ROOT

NAME = "opmodel-baseline.yaml"
TERMS = ("--owner", "asha", "--until", "2027-01-15", "--reason", "Known when we began")


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A registry at production, where much is found, with something deployed beside it."""
    folder = tmp_path / "ours"
    shutil.copytree(ROOT / "examples" / "team-of-three", folder)
    path = folder / "opmodel.yaml"
    path.write_text(path.read_text("utf-8").replace("stage: poc", "stage: production"), "utf-8")
    shutil.copytree(FIXTURES["OM901"] / "bad" / "deployed", folder / "deployed")
    return folder


def summary(run: Run, ours: Path, *more: str) -> dict[str, int]:
    out = run("check", str(ours), "--at", AT, "--format", "json", *more).out
    found: dict[str, int] = json.loads(out)["summary"]
    return found


def create(run: Run, ours: Path, *more: str) -> tuple[int, str, str]:
    return run("baseline", "create", str(ours), "--at", AT, *TERMS, *more)


def test_from_a_pile_to_a_green_check_and_back(run: Run, ours: Path) -> None:
    before = summary(run, ours)
    assert run("check", str(ours), "--at", AT).code == 1
    total = sum(before[one] for one in ("error", "warning", "info"))
    code, out, err = create(run, ours)
    assert code == 0
    assert sum(int(line.split()[0]) for line in out.splitlines()) == total
    assert err == f"opmodel: {NAME}: {total} findings accepted until 2027-01-15, owned by asha\n"
    assert run("check", str(ours), "--at", AT, "--fail-on", "info").code == 0
    after = summary(run, ours)
    assert after["baselined"] == total
    assert (after["files"], after["skipped"]) == (before["files"], before["skipped"])
    assert summary(run, ours, "--no-baseline") == before
    late = run("check", str(ours), "--at", "2027-01-16T09:00:00Z")
    assert late.code == 1
    assert late.out.count("error[OM012]") == total


def test_memory_knows_the_baseline(run: Run, ours: Path) -> None:
    assert summary(run, ours)["baselined"] == 0
    assert create(run, ours)[0] == 0
    full = summary(run, ours)
    path = ours / NAME
    text = path.read_text("utf-8")
    path.write_text(text[: text.rindex("  - fingerprint")], "utf-8")
    fewer = summary(run, ours)
    assert fewer["baselined"] == full["baselined"] - 1
    assert fewer == summary(run, ours, "--no-cache")
    path.rename(ours / "other.yaml")
    other = ("--baseline", str(ours / "other.yaml"))
    assert summary(run, ours, *other) == summary(run, ours, *other) == fewer
    assert summary(run, ours, "--no-baseline", "--select", "OM003")["error"] == 2


@pytest.mark.no_cover
@pytest.mark.parametrize("name", _reports.formats())
def test_every_format_tells_how_many(run: Run, ours: Path, name: str) -> None:
    assert create(run, ours)[0] == 0
    total = summary(run, ours)["baselined"]
    code, out, err = run("check", str(ours), "--at", AT, "--format", name)
    assert code == 0
    told = (f'"baselined": {total}', f"{total} baselined")
    assert any(one in out + err for one in told)


def test_sarif_has_each_as_a_suppression(run: Run, ours: Path) -> None:
    assert create(run, ours)[0] == 0
    out = run("check", str(ours), "--at", AT, "--format", "sarif", "--show-suppressed").out
    results = json.loads(out)["runs"][0]["results"]
    assert results
    for one in results:
        (suppression,) = one["suppressions"]
        assert suppression["kind"] == "external"
        assert suppression["justification"] == "Known when we began"
        place = suppression["location"]["physicalLocation"]
        assert place["artifactLocation"]["uri"].endswith(NAME)


def test_people_see_who_accepted_what(run: Run, ours: Path) -> None:
    assert create(run, ours)[0] == 0
    out = run("check", str(ours), "--at", AT, "--show-suppressed", "--statistics").out
    assert f"silenced by the baseline at {NAME}:5: Known when we began" in out
    assert ", 1 baselined\n" in out


# -- create --------------------------------------------------------------------------------------


def test_again_only_with_a_word_and_nothing_is_lost(run: Run, ours: Path) -> None:
    assert create(run, ours, "--select", "OM3,OM5")[0] == 0
    first = (ours / NAME).read_text("utf-8")
    code, out, err = create(run, ours)
    assert (code, out) == (2, "")
    assert err.endswith(
        "is there already; nothing is overwritten; `--add` puts what is new into it\n"
    )
    kept = first.replace("known", "x") + "# ours\n"
    (ours / NAME).write_text(kept, "utf-8")
    code, _, _ = create(run, ours, "--add", "--until", "2027-02-01")
    assert code == 0
    text = (ours / NAME).read_text("utf-8")
    assert text.startswith(kept.removesuffix("# ours\n"))
    assert "until: 2027-02-01" in text
    assert run("check", str(ours), "--at", AT, "--fail-on", "info").code == 0
    assert create(run, ours, "--add") == (0, "", "opmodel: nothing to accept\n")
    assert (ours / NAME).read_text("utf-8") == text


def test_by_rule(run: Run, ours: Path) -> None:
    before = summary(run, ours)
    code, out, _ = create(run, ours, "--select", "OM3,OM7", "--ignore", "OM708")
    assert code == 0
    codes = {line.split()[2] for line in out.splitlines()}
    assert codes == {"OM304", "OM715"}
    assert 0 < summary(run, ours)["baselined"] < before["error"] + before["warning"]


def test_what_ended_or_is_graver_is_accepted_anew(run: Run, ours: Path) -> None:
    assert create(run, ours, "--until", "2026-11-30")[0] == 0
    later = "2026-12-01T09:00:00Z"
    entries = (ours / NAME).read_text("utf-8").count("fingerprint")
    again = run("baseline", "create", str(ours), "--at", later, *TERMS, "--add")
    assert again.code == 0
    text = (ours / NAME).read_text("utf-8")
    assert text.count("fingerprint") >= entries
    assert "2026-11-30" not in text
    assert "OM012" not in run("check", str(ours), "--at", later).out
    (ours / NAME).write_text(text.replace("severity: error", "severity: info"), "utf-8")
    assert run("check", str(ours), "--at", later).code == 1
    assert run("baseline", "create", str(ours), "--at", later, *TERMS, "--add").code == 0
    assert (ours / NAME).read_text("utf-8").count("fingerprint") == text.count("fingerprint")
    assert run("check", str(ours), "--at", later).code == 0


def test_what_no_baseline_accepts_is_listed(run: Run, ours: Path) -> None:
    (ours / "more.yaml").write_text("metrics:\n  m: {bucket: quality, owner: nobody}\n", "utf-8")
    code, out, err = create(run, ours)
    assert code == 1
    assert "more.yaml:2:31: OM007 unknown-reference: " in out
    assert err.endswith("opmodel: 2 findings that no baseline accepts: mend them\n")
    text = (ours / NAME).read_text("utf-8")
    assert "code: OM0" not in text
    again = create(run, ours, "--add")
    assert again[0] == 1
    assert (ours / NAME).read_text("utf-8") == text


def test_of_a_sound_registry_there_is_nothing_to_accept(run: Run, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "team-of-three", tmp_path / "sound")
    assert create(run, tmp_path / "sound") == (0, "", "opmodel: nothing to accept\n")
    assert not (tmp_path / "sound" / NAME).exists()


def test_without_terms_it_lasts_as_long_as_the_policy_lets_it(run: Run, ours: Path) -> None:
    code, _, err = run("baseline", "create", str(ours), "--at", AT)
    assert code == 0
    assert "no `--owner`: each entry is OM018" in err
    text = (ours / NAME).read_text("utf-8")
    assert "until: 2027-02-18" in text
    assert "reason: known on 2026-11-20, when it was accepted" in text
    found = run("check", str(ours), "--at", AT, "--select", "OM018", "--format", "concise").out
    assert found.count("has no owner") == text.count("fingerprint")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--owner", "asah"), "there is no person or role `asah`; did you mean `asha`?"),
        (("--owner", "cloverpost"), "there is no person or role"),
        (("--until", "soon"), "--until `soon` is no date; write one, as 2027-02-15\n"),
        (("--until", "2027-02-30"), "--until `2027-02-30` is no date: no such date or time: "),
        (("--until", "2026-11-19"), "--until 2026-11-19 has passed"),
        (("--reason", " "), "--reason is empty"),
        (("--select", ","), "--select names no rule"),
        (("--format", "json"), "`baseline show --format json`"),
        (("--baseline", "gone/known.yaml"), "cannot be written"),
    ],
)
def test_terms_that_make_no_sense(
    run: Run, ours: Path, options: tuple[str, ...], says: str
) -> None:
    code, _, err = run("baseline", "create", str(ours), "--at", AT, *options)
    assert code == 2
    assert says in err
    assert not (ours / NAME).exists()


def test_an_owner_who_has_left(run: Run, ours: Path) -> None:
    path = ours / "opmodel.yaml"
    path.write_text(path.read_text("utf-8").replace(
        "    name: Asha Menon\n", "    name: Asha Menon\n    until: 2026-11-01\n"), "utf-8")  # fmt: skip
    code, _, err = create(run, ours)
    assert (code, "who has left" in err) == (2, True)


def test_an_end_beyond_the_policy_is_said(run: Run, ours: Path) -> None:
    code, _, err = create(run, ours, "--until", "2028-01-01")
    assert code == 0
    assert "longer than max_waiver (90d): each entry is OM018\n" in err


def test_an_end_beyond_the_policy_is_no_finding_where_the_rule_is_off(run: Run, ours: Path) -> None:
    path = ours / "opmodel.yaml"
    path.write_text(path.read_text("utf-8").replace("stage: production", "stage: poc"), "utf-8")
    code, _, err = create(run, ours, "--until", "2038-01-01")
    assert code == 0
    assert ": each entry is OM018 where that rule is on\n" in err


def test_a_difference_alone_writes_nothing(run: Run, ours: Path) -> None:
    code, out, err = create(run, ours, "--diff")
    assert code == 0
    assert "--- /dev/null\n+++ b/opmodel-baseline.yaml\n" in out
    assert err.endswith("nothing is written: leave `--diff` out\n")
    assert not (ours / NAME).exists()


def test_another_file(run: Run, ours: Path) -> None:
    named = ("--baseline", str(ours / "known.yaml"))
    assert create(run, ours, *named)[0] == 0
    assert not (ours / NAME).exists()
    assert run("check", str(ours), "--at", AT, *named).code == 0
    assert run("baseline", "show", str(ours), "--at", AT, *named).out.startswith("11 entries: ")
    assert create(run, ours, *named)[0] == 2


def test_a_baseline_with_faults_is_not_touched(run: Run, ours: Path) -> None:
    (ours / NAME).write_text("format: opmodel.baseline.v1\nentries: 3\n", "utf-8")
    for action in ("show", "prune"):
        code, _, err = run("baseline", action, str(ours), "--at", AT)
        assert (code, "has faults; mend what `opmodel check` says of it first" in err) == (2, True)
    assert create(run, ours, "--add")[0] == 2


def test_killed_while_writing_the_old_file_stands(
    run: Run, ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert create(run, ours, "--select", "OM3,OM5")[0] == 0
    before = (ours / NAME).read_bytes()

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "replace", fail)
    create(run, ours, "--add")
    monkeypatch.undo()
    assert (ours / NAME).read_bytes() == before
    assert sorted(one for one in os.listdir(ours) if one.startswith(".")) == []


def test_a_file_that_is_not_edited_by_itself_is_left(run: Run, ours: Path) -> None:
    text = (
        "format: opmodel.baseline.v1\nentries: [{fingerprint: %s, code: OM304, severity: error, "
        "entity: schedules/x, reason: known, owner: asha, until: 2027-01-15}]\n" % ("a" * 32)
    )
    (ours / NAME).write_text(text, "utf-8")
    code, out, err = run("baseline", "prune", str(ours), "--at", AT)
    assert (code, out) == (2, "")
    assert "its entries stand between brackets; edit it by hand" in err
    assert (ours / NAME).read_text("utf-8") == text


def test_of_findings_that_are_alike_only_the_excess_is_added(run: Run, ours: Path) -> None:
    groups = ours / "deployed" / "again.yml"
    rule = "{name: g, rules: [{alert: TwiceOver, expr: up == 0}]}"
    groups.write_text(f"groups:\n- {rule}\n", "utf-8")
    assert create(run, ours, "--deployed")[0] == 0
    first = (ours / NAME).read_text("utf-8")
    (ours / "deployed" / "other.yml").write_text(f"groups:\n- {rule}\n", "utf-8")
    shown = run("audit", str(ours), "--at", AT, "--format", "concise").out
    assert shown.count("OM905") == 2, "nobody can tell which of the two is new"
    assert create(run, ours, "--add", "--deployed")[0] == 0
    text = (ours / NAME).read_text("utf-8")
    assert text.startswith(first)
    assert text.count("entity: deployed/TwiceOver") == 2 * first.count("entity: deployed/TwiceOver")
    assert run("audit", str(ours), "--at", AT, "--fail-on", "info").code == 0


# -- prune and show ------------------------------------------------------------------------------


def test_what_is_mended_is_taken_out(run: Run, ours: Path) -> None:
    assert create(run, ours)[0] == 0
    before = (ours / NAME).read_text("utf-8")
    kept = run("baseline", "prune", str(ours), "--at", AT)
    assert kept == (0, "", "opmodel: nothing to remove\n")
    fingerprint = "0" * 31 + "a"
    first = before.partition("  - fingerprint: ")[2][:32]
    stale = before.replace(first, fingerprint, 1)
    (ours / NAME).write_text(stale, "utf-8")
    assert run("check", str(ours), "--at", AT).out.count("warning[OM010]") == 1
    shown = run("baseline", "prune", str(ours), "--at", AT, "--diff")
    assert f"-  - fingerprint: {fingerprint}\n" in shown.out
    assert (ours / NAME).read_text("utf-8") == stale
    code, out, err = run("baseline", "prune", str(ours), "--at", AT)
    number = before.count("fingerprint")
    assert (code, err) == (0, f"opmodel: {NAME}: 1 entry of {number} removed\n")
    assert out == shown.out
    left = (ours / NAME).read_text("utf-8")
    assert left == before[: before.index("  - fing")] + before[before.index("  - f", 300) :]


def test_what_is_off_is_not_judged(run: Run, ours: Path) -> None:
    assert create(run, ours)[0] == 0
    before = (ours / NAME).read_bytes()
    code, _, err = run("baseline", "prune", str(ours), "--at", AT, "--policy", "poc")
    assert code == 0
    assert "of rules that did not run here left as they are" in err
    assert len((ours / NAME).read_bytes()) <= len(before)


def test_each_entry_and_what_it_does(run: Run, ours: Path) -> None:
    assert create(run, ours, "--until", "2026-12-10")[0] == 0
    code, out, err = run("baseline", "show", str(ours), "--at", AT)
    total = (ours / NAME).read_text("utf-8").count("fingerprint")
    assert (code, err) == (0, "")
    assert out.startswith(f"{total} entries: silences a finding\n  ")
    assert ": asha, until 2026-12-10, runs out: Known when we began\n" in out
    assert out.endswith(
        f"{NAME}: {total} entries: {total} silences; {total} run out within 30 days;"
        f" by owner: asha {total}\n"
    )


def test_show_for_scripts(run: Run, ours: Path) -> None:
    from tests.test_schemas import errors

    assert create(run, ours, "--select", "OM3,OM5")[0] == 0
    text = (ours / NAME).read_text("utf-8").replace("until: 2027-01-15", "until: 2026-11-01", 1)
    (ours / NAME).write_text(text.replace("severity: error", "severity: info", 2), "utf-8")
    code, out, _ = run("baseline", "show", str(ours), "--at", AT, "--format", "json")
    assert code == 0
    made = json.loads(out)
    assert errors("opmodel.baselined.v1", made) == []
    counts = made["summary"]
    assert counts["ended"] == 1
    assert counts["graver"] >= 1
    states = ("silences", "graver", "crowded", "stale", "ended", "over", "not_judged")
    assert counts["entries"] == sum(counts[one] for one in states) == len(made["entries"])
    assert counts["not_accepted"] > 0
    assert all(one["finding"] for one in made["entries"])


def test_without_a_file_there_is_nothing_to_show(run: Run, ours: Path) -> None:
    shown = run("baseline", "show", str(ours), "--at", AT)
    assert shown == (0, f"{NAME}: no entry\n", "")
    assert run("baseline", "prune", str(ours), "--at", AT).err == "opmodel: nothing to remove\n"


@pytest.mark.parametrize(
    ("action", "options"),
    [("show", ("--owner", "asha")), ("prune", ("--add",)), ("show", ("--diff",))],
)
def test_options_of_another_action(
    run: Run, ours: Path, action: str, options: tuple[str, ...]
) -> None:
    code, _, err = run("baseline", action, str(ours), *options)
    assert (code, "says nothing here" in err) == (2, True)


# -- audit ---------------------------------------------------------------------------------------


@pytest.mark.no_cover
def test_an_audit_reads_the_same_file(run: Run, ours: Path) -> None:
    first = run("audit", str(ours), "--at", AT)
    assert first.code == 1
    assert create(run, ours, "--deployed")[0] == 0
    assert "entity: deployed/QueueFull" in (ours / NAME).read_text("utf-8")
    audited = run("audit", str(ours), "--at", AT, "--format", "json")
    assert audited.code == 0
    counts = json.loads(audited.out)["summary"]
    assert (counts["error"], counts["warning"], counts["info"]) == (0, 0, 0)
    assert counts["baselined"] > 0
    for form in ("human", "md", "sarif", "github", "concise"):
        out = run("audit", str(ours), "--at", AT, "--format", form).out
        assert "baselined" in out or form == "concise"
    assert run("audit", str(ours), "--at", AT, "--no-baseline").out == first.out
    assert run("check", str(ours), "--at", AT, "--fail-on", "warning").code == 0
    moved = ours / "deployed" / "elsewhere"
    moved.mkdir()
    for one in (ours / "deployed").glob("*.yml"):
        text = one.read_text("utf-8")
        one.unlink()
        (moved / f"new-{one.name}").write_text(f"# moved\n{text}", "utf-8")
    assert run("audit", str(ours), "--at", AT, "--fail-on", "info").code == 0


def test_entries_of_an_audit_wait_for_one(run: Run, ours: Path) -> None:
    assert create(run, ours, "--deployed")[0] == 0
    text = (ours / NAME).read_text("utf-8")
    shutil.rmtree(ours / "deployed")
    assert "OM010" not in run("check", str(ours), "--at", AT).out
    code, _, err = run("baseline", "prune", str(ours), "--at", AT)
    assert code == 0
    assert "of rules that did not run here left as they are" in err
    assert (ours / NAME).read_text("utf-8") == text


def test_where_nothing_is_accepted_nothing_is_said_of_its_owner(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "clean"
    assert run("init", str(root)).code == 0
    ran = run("baseline", "create", str(root), "--select", "OM201", "--at", AT)
    assert (ran.code, ran.err) == (0, "opmodel: nothing to accept\n")
    assert not (root / NAME).exists()


@pytest.mark.parametrize("is_linked", [False, True])
def test_beside_a_file_that_is_not_read_nothing_is_idle(
    run: Run, tmp_path: Path, is_linked: bool
) -> None:
    """What the file holds may be what an entry, a comment or a waiver is for: all of them stay."""
    root = tmp_path / "week"
    shutil.copytree(ROOT / "examples" / "representative-week", root)
    incidents, metrics = root / "incidents.yaml", root / "metrics.yaml"
    assert run("baseline", "create", str(root), "--at", AT, "--owner", "simone").code == 0
    lines = incidents.read_text("utf-8").split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith("  2026-"))
    lines[first] += "  # opmodel: ignore[OM201] agreed with the owner"
    incidents.write_text("\n".join(lines), "utf-8")
    if is_linked:
        metrics.rename(tmp_path / "elsewhere.yaml")
        metrics.symlink_to(tmp_path / "elsewhere.yaml")
    else:
        metrics.write_text(metrics.read_text("utf-8") + "x: [\n", "utf-8")
    before = {path: path.read_bytes() for path in (root / NAME, incidents)}
    pruned = run("baseline", "prune", str(root), "--at", AT)
    assert (pruned.code, pruned.err) == (
        2,
        (
            "opmodel: the baseline is left as it is: `metrics.yaml` could not be read, and this may hang "
            "on what stands there; mend what `opmodel check` says first\n"
        ),
    )
    assert run("check", str(root), "--at", AT, "--fix", "--unsafe-fixes").code == 1
    assert {path: path.read_bytes() for path in before} == before
    assert "OM010" not in run("check", str(root), "--at", AT, "--format", "concise").out


def test_beside_a_section_that_is_none_no_entry_is_idle(run: Run, tmp_path: Path) -> None:
    """Its file was read; what stands in the section is known by its words alone."""
    root = tmp_path / "week"
    shutil.copytree(ROOT / "examples" / "representative-week", root)
    assert run("baseline", "create", str(root), "--at", AT, "--owner", "simone").code == 0
    metrics, before = root / "metrics.yaml", (root / NAME).read_bytes()
    text = metrics.read_text("utf-8").replace("metrics:", "metricks:", 1)
    metrics.write_text(text, "utf-8")
    pruned = run("baseline", "prune", str(root), "--at", AT)
    assert (pruned.code, pruned.err.split("entries ")[1]) == (
        0, "that may be for what was not read left as they are\nopmodel: nothing to remove\n",
    )  # fmt: skip
    assert (root / NAME).read_bytes() == before


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("a\u202eb\u202e\x07", "the text hides what a reader cannot see: U+202E, U+0007"),
        ("a\x1b[31mb", "the text hides what a reader cannot see: U+001B (ESC)"),
        ("a\x85b", "the text hides what a reader cannot see: U+0085 (NEL)"),
        ("a\u200bb", "the text hides what a reader cannot see: U+200B"),
        ("a\udcffb", "it is not UTF-8"),
    ],
)
def test_a_reason_that_hides_something_is_refused(
    run: Run, tmp_path: Path, reason: str, why: str
) -> None:
    """The check would tell it at each entry."""
    root = tmp_path / "week"
    shutil.copytree(ROOT / "examples" / "representative-week", root)
    given = ("--at", AT, "--owner", "simone", "--reason")
    ran = run("baseline", "create", str(root), *given, reason)
    assert (ran.code, ran.out) == (2, "")
    assert f"--reason: {why}; " in ran.err
    assert not (root / NAME).exists()
    assert run("baseline", "create", str(root), *given, "of old,\tdécidé 中").code == 0
    assert "reason: of old, décidé 中\n" in (root / NAME).read_text("utf-8")
    assert "OM014" not in run("check", str(root), "--at", AT, "--format", "concise").out
