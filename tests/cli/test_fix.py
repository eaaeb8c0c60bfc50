"""`check --fix` and `--diff`: what can only be meant one way is mended, in all files or in none."""

import json
from pathlib import Path

import pytest

from registry.cli import _fixed
from registry.errors import CannotRunError
from tests.cli.conftest import AT, Run
from tests.cli.repository import repository

ALL = ("--at", AT, "--select", "OM0,OM103")
TEXT = """\
opmodel: 1
name: ours
stage: poc
people:
  ana: {name: Ana Silva}
  ben-o: {name: Ben Okafor}
channels:
  room: {kind: slack, owner: Ana Silva, read_every: 4 hours}   # as agreed
  inbox: {kind: email, owner: bne-o}
"""
SAFE = TEXT.replace("owner: Ana Silva", "owner: ana").replace("4 hours", "4h")
UNSAFE = SAFE.replace("bne-o", "ben-o")


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    folder = tmp_path / "here" / "ours"
    folder.mkdir()
    (folder / "opmodel.yaml").write_text(TEXT, "utf-8")
    return folder


def text(folder: Path) -> str:
    return (folder / "opmodel.yaml").read_text("utf-8")


def test_a_check_says_what_can_be_fixed(run: Run, ours: Path) -> None:
    ran = run("check", "ours", *ALL)
    assert ran.err == (
        "opmodel: can be fixed: 2 findings by `--fix` and 1 finding by `--fix --unsafe-fixes`; "
        "`--diff` in place of `--fix` shows it\n"
    )
    again = run("check", "ours", *ALL)  # from memory
    assert again == ran
    (ours / "opmodel.yaml").write_text(SAFE, "utf-8")
    assert "fixed: 1 finding by `--fix --unsafe-fixes`;" in run("check", "ours", *ALL).err
    (ours / "opmodel.yaml").write_text(UNSAFE, "utf-8")
    assert run("check", "ours", *ALL).err == ""


def test_scripts_read_what_can_be_fixed(run: Run, ours: Path) -> None:
    ran = run("check", "ours", *ALL, "--format", "json")
    assert ran.err == ""
    fixes = [one["fix"] for one in json.loads(ran.out)["diagnostics"]]
    assert fixes == [
        {"message": "write `ana`", "safe": True},
        {"message": "write `4h`", "safe": True},
        {"message": "write `ben-o`", "safe": False},
    ]
    results = json.loads(run("check", "ours", *ALL, "--format", "sarif").out)["runs"][0]["results"]
    assert results[0]["properties"] == {"fix": "write `ana`", "fixIsSafe": True}


def test_safe_fixes_are_written_and_the_rest_is_reported(run: Run, ours: Path) -> None:
    code, out, err = run("check", "ours", *ALL, "--fix", "--format", "concise")
    assert text(ours) == SAFE
    assert code == 1
    assert [line.split(" ")[0] for line in out.splitlines()] == ["opmodel.yaml:9:31:"]
    assert err.startswith("opmodel: 2 findings fixed in 1 file\n")
    code, _, err = run("check", "ours", *ALL, "--fix")
    assert (text(ours), code) == (SAFE, 1)
    assert err.startswith("opmodel: nothing to fix\n")


def test_unsafe_ones_when_asked(run: Run, ours: Path) -> None:
    code, out, err = run("check", "ours", *ALL, "--fix", "--unsafe-fixes")
    assert (text(ours), code) == (UNSAFE, 0)
    assert out.startswith("0 errors, ")
    assert err == "opmodel: 3 findings fixed in 1 file\n"


def test_only_what_is_selected(run: Run, ours: Path) -> None:
    run("check", "ours", "--at", AT, "--select", "OM006", "--fix")
    assert text(ours) == TEXT.replace("4 hours", "4h")


DIFF = """\
--- a/opmodel.yaml
+++ b/opmodel.yaml
@@ -5,5 +5,5 @@
   ana: {name: Ana Silva}
   ben-o: {name: Ben Okafor}
 channels:
-  room: {kind: slack, owner: Ana Silva, read_every: 4 hours}   # as agreed
+  room: {kind: slack, owner: ana, read_every: 4h}   # as agreed
   inbox: {kind: email, owner: bne-o}
"""


@pytest.mark.parametrize("options", [("--diff",), ("--fix", "--diff")])
def test_a_diff_writes_nothing(run: Run, ours: Path, options: tuple[str, ...]) -> None:
    code, out, err = run("check", "ours", *ALL, *options)
    assert (code, out, text(ours)) == (1, DIFF, TEXT)
    head, remains = err.splitlines()
    assert head == (
        "opmodel: 2 findings would be fixed in 1 file; nothing is written: `--fix` writes it"
    )
    assert remains.startswith("opmodel: what would remain: 1 error, 0 warnings, ")


def test_a_diff_of_nothing_is_as_the_check(run: Run, ours: Path) -> None:
    (ours / "opmodel.yaml").write_text(SAFE, "utf-8")
    assert run("check", "ours", *ALL, "--diff")[:2] == (1, "")  # an error remains
    (ours / "opmodel.yaml").write_text(UNSAFE, "utf-8")
    assert run("check", "ours", *ALL, "--diff")[:2] == (0, "")


def test_options_that_do_not_go_together(run: Run, ours: Path) -> None:
    assert run("check", "ours", "--unsafe-fixes") == (
        2, "", "opmodel: --unsafe-fixes fixes nothing alone; add --fix, or --diff to see it\n"
    )  # fmt: skip
    ran = run("check", "ours", "--diff", "--format", "json")
    assert ran.err.startswith("opmodel: --format json says nothing beside --diff; ")
    ran = run("check", "ours", "--diff", "--report", "json=x.json")
    assert (ran.code, "--report says nothing" in ran.err) == (2, True)
    assert text(ours) == TEXT


def test_several_registries_are_fixed_in_one_go(
    run: Run, ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = ours.parent / "other"
    other.mkdir()
    (other / "opmodel.yaml").write_text(TEXT, "utf-8")
    ran = run("check", "ours", "other", *ALL, "--diff")
    assert ran.out == DIFF.replace("opmodel.yaml", "ours/opmodel.yaml") + DIFF.replace(
        "opmodel.yaml", "other/opmodel.yaml"
    )
    assert run("check", "ours", "other", "none", *ALL, "--diff").code == 2
    assert run("check", "none", "ours", *ALL, "--fix").code == 2  # the other one is fixed
    assert (text(ours), text(other)) == (SAFE, TEXT)
    assert run("check", "none", "nope", *ALL, "--diff").code == 2
    assert run("check", "none", "nope", *ALL, "--fix").code == 2
    (ours / "opmodel.yaml").write_text(TEXT, "utf-8")

    def refuse(path: str) -> bytes:
        raise CannotRunError(f"{path} cannot be read", "wait")

    with monkeypatch.context() as patch:
        patch.setattr(_fixed, "read_if_there", refuse)
        assert run("check", "ours", "other", *ALL, "--fix").code == 2
    assert (text(ours), text(other)) == (TEXT, TEXT)
    ran = run("check", "ours", "other", *ALL, "--fix")
    assert ran.err.startswith("opmodel: 4 findings fixed in 2 files\n")
    assert (text(ours), text(other)) == (SAFE, SAFE)


def test_since_a_revision_only_what_is_new_is_fixed(run: Run, ours: Path) -> None:
    repository(ours.parent)
    (ours / "opmodel.yaml").write_text(TEXT + "  more: {kind: Slack}\n", "utf-8")
    code, out, _ = run("check", "ours", *ALL, "--since", "main", "--fix")
    assert (code, text(ours)) == (0, TEXT + "  more: {kind: slack}\n")
    assert out.startswith("new since main (3 known, 0 gone): 0 errors")
    new = ours.parent / "new"
    new.mkdir()
    (new / "opmodel.yaml").write_text(TEXT, "utf-8")
    assert run("check", "new", *ALL, "--since", "main", "--fix").code == 1
    assert text(new) == SAFE


def test_what_is_silenced_is_not_fixed(run: Run, ours: Path) -> None:
    layer = "ownership:\n  cost: {title: Cost, accountable: [ana, ben-o]}  # opmodel: ignore[OM103] why\n"
    (ours / "opmodel.yaml").write_text(UNSAFE + layer, "utf-8")
    assert run("check", "ours", *ALL, "--fix", "--unsafe-fixes").code == 0
    assert text(ours) == UNSAFE + layer


def test_what_cannot_be_written_is_told(run: Run, ours: Path) -> None:
    more = "  a: {kind: slack, address: &o Ben-O}\n  b: {kind: slack, owner: *o}\n"
    (ours / "opmodel.yaml").write_text(UNSAFE + more, "utf-8")
    ran = run("check", "ours", *ALL, "--fix")
    assert ran.err.startswith(
        "opmodel: opmodel.yaml:11:27: OM007 is not fixed: its text is shared,".replace(":27", "")
    )
    assert text(ours) == UNSAFE + more


def test_a_file_that_changes_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("new", "utf-8")
    with pytest.raises(CannotRunError, match="has changed meanwhile"):
        _fixed.write({str(path): b"old"}, {str(path): b"fixed"})
    assert path.read_text("utf-8") == "new"


def test_no_command_is_given_by_a_diff(run: Run, ours: Path) -> None:
    (ours / "opmodel.yaml").write_text(
        "# ::error::x \x1b[2K\n" + TEXT.replace("people:", "# \u202e\npeople:"), "utf-8"
    )
    out = run("check", "ours", *ALL, "--diff").out
    assert "\x1b" not in out
    assert "\u202e" not in out
