"""Fixes in the text: what was meant is written, in the quotes that stand there, and nothing else."""

from pathlib import Path

import pytest

from registry.checks.engine import check_opened
from registry.diagnostic import Diagnostic, Fix, FixChange, Label
from registry.edit.fixed import fixed
from registry.edit.mend import mend
from registry.edit.refusals import UnreadError
from registry.span import Location, Position, Span
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from tests.conftest import AT

HEAD = "opmodel: 1\nname: fixture\nstage: poc\n"
PEOPLE = "people:\n  ana: {name: Ana Silva}\n  ben-o: {name: Ben Okafor}\n"


def fix(tmp_path: Path, text: str, *, unsafe: bool = False, name: str = "a.yaml") -> str:
    """Write a file beside a manifest with two people, fix the registry, and return the file."""
    (tmp_path / "opmodel.yaml").write_text(HEAD + PEOPLE, "utf-8")
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    options = Options(AT)
    done = fixed(open_registry(str(tmp_path), options), options, lambda _, it: it, unsafe=unsafe)
    return done.after.get(str(path), text.encode()).decode()


SAFE = [
    # spellings of durations
    ("channels:\n  c: {kind: slack, read_every: 4 hours}\n", "channels:\n  c: {kind: slack, read_every: 4h}\n"),
    ('channels:\n  c: {kind: slack, read_every: "PT4H"} # x\n', 'channels:\n  c: {kind: slack, read_every: "4h"} # x\n'),
    ("channels:\r\n  c:\r\n    kind: slack\r\n    read_every: '1.5 h'\r\n",
     "channels:\r\n  c:\r\n    kind: slack\r\n    read_every: '1h30m'\r\n"),
    ("\ufeffchannels:\n  c:\n    kind: slack\n    read_every: 2 Weeks   # fine", "\ufeffchannels:\n  c:\n    kind: slack\n    read_every: 2w   # fine"),
    # a word of a few, in another case
    ("channels:\n  c: {kind: Slack}\n", "channels:\n  c: {kind: slack}\n"),
    # an id that can only be one: case, signs, a name, an address
    ("channels:\n  c: {kind: slack, owner: Ben_O}\n", "channels:\n  c: {kind: slack, owner: ben-o}\n"),
    ("channels:\n  c: {kind: slack, owner: 'Ana Silva'}\n", "channels:\n  c: {kind: slack, owner: 'ana'}\n"),
    ("channels:\n  c: &c {kind: slack, owner: &o Ben-O}\n  d: {kind: slack, owner: *o}\n",
     "channels:\n  c: &c {kind: slack, owner: &o ben-o}\n  d: {kind: slack, owner: *o}\n"),
    ("channels:\n  c:\n    kind: slack\n    owner: >-\n      Ben-O\n    read_every: 1d\n",
     "channels:\n  c:\n    kind: slack\n    owner: ben-o\n    read_every: 1d\n"),
    # comments that silence nothing
    ("channels:\n  # opmodel: ignore[OM209] why\n  c: {kind: slack, owner: ana}\n", "channels:\n  c: {kind: slack, owner: ana}\n"),
    ("channels:\n  c: {kind: slack, owner: ana}  # opmodel: ignore[OM209] why\n", "channels:\n  c: {kind: slack, owner: ana}\n"),
    ("channels:\n  c: {kind: slack, owner: ana}  # here # opmodel: ignore[OM209] why", "channels:\n  c: {kind: slack, owner: ana}  # here"),
    ("channels:\n  c: {kind: slack, owner: ana}  # opmodel: ignore[OM001, OM209] why\n", "channels:\n  c: {kind: slack, owner: ana}\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), SAFE)
def test_what_can_only_be_meant_one_way(tmp_path: Path, text: str, wanted: str) -> None:
    assert fix(tmp_path, text) == wanted
    assert fix(tmp_path, wanted) == wanted


LEFT = [
    "channels:\n  c: {kind: slack, read_every: 5M}\n",  # months, or minutes
    "channels:\n  c: {kind: slack, owner: bne-o}\n",  # only near
    "channels:\n  c: {kind: slak}\n",
    "channels:\n  c: {kind: slack, owner: ana}  # opmodel: ignore[OM20x] why\n",  # no rule at all
    # what the comment is about may be hidden by the other fault
    "channels:\n  c: {kind: slack, owner: bne-o}  # opmodel: ignore[OM209] why\n",
    "channels:\n  # opmodel: ignore[OM209] why\n  c: {kind: slack, owner: ana, read_every: 5M}\n",
    "# opmodel: ignore[OM209] why\nchanels: {c: {kind: slack}}\n",
]


@pytest.mark.parametrize("text", LEFT)
def test_what_may_be_meant_otherwise_is_left(tmp_path: Path, text: str) -> None:
    assert fix(tmp_path, text) == text


LAYER = "ownership:\n  cost: {title: Cost, "
UNSAFE = [
    ("channels:\n  c: {kind: slack, owner: bne-o}\n", "channels:\n  c: {kind: slack, owner: ben-o}\n"),
    ("channels:\n  c: {kind: slak}\n", "channels:\n  c: {kind: slack}\n"),
    (LAYER + "accountable: [ana, ben-o]}\n", LAYER + "accountable: ana, consulted: [ben-o]}\n"),
    (LAYER + "accountable: [ana, ben-o], consulted: [ben-o]}\n", LAYER + "accountable: ana, consulted: [ben-o]}\n"),
    ("ownership:\n  cost:\n    title: Cost\n    accountable:\n      - ana\n      - ben-o\n    consulted:\n      - r\nroles:\n  r: {title: R}\n",
     "ownership:\n  cost:\n    title: Cost\n    accountable: ana\n    consulted:\n      - r\n      - ben-o\nroles:\n  r: {title: R}\n"),
    # the one who has left, and a team, do not decide
    (LAYER + "accountable: [joe, ana]}\npeople:\n  joe: {name: Joe Low, until: 2026-01-31}\n",
     LAYER + "accountable: ana, consulted: [joe]}\npeople:\n  joe: {name: Joe Low, until: 2026-01-31}\n"),
    (LAYER + "accountable: [t, ana]}\nteams:\n  t: {name: T}\n", LAYER + "accountable: ana, consulted: [t]}\nteams:\n  t: {name: T}\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), UNSAFE)
def test_what_is_probably_meant_is_written_when_asked(
    tmp_path: Path, text: str, wanted: str
) -> None:
    assert fix(tmp_path, text) == text
    assert fix(tmp_path, text, unsafe=True) == wanted
    assert fix(tmp_path, wanted, unsafe=True) == wanted


def test_nobody_says_which_of_three_decides(tmp_path: Path) -> None:
    text = LAYER + "accountable: [ana, ben-o, joe]}\npeople:\n  joe: {name: Joe Low}\n"
    assert fix(tmp_path, text, unsafe=True) == text


def test_who_is_consulted_is_not_guessed_at(tmp_path: Path) -> None:
    text = LAYER + "accountable: [ana, ben-o], consulted: ana}\n"
    assert fix(tmp_path, text, unsafe=True) == text


PAGE = "---\nowner: Ana Silva\nalerts: []\n---\n\n# Drop\n\n## First checks\n\n<!-- opmodel: ignore[OM404] why -->\n- one <!-- opmodel: ignore[OM404] y --> more\n"
"""Both comments are about nothing: the one beside text goes with the blank after it."""


def test_front_matter_and_comments_of_a_page(tmp_path: Path) -> None:
    page = PAGE.replace("alerts: []\n", "")
    after = fix(tmp_path, page, name="runbooks/drop.md")
    assert "owner: ana\n" in after


def test_waivers_that_silence_nothing_go(tmp_path: Path) -> None:
    waiver = "  # {why}\n  - rule: OM209\n    entity: channels/{id}\n    reason: r\n    until: 2026-12-31\n"
    rest = "  - {rule: OM201, entity: metrics/m, reason: r, until: 2026-12-31}\n"
    (tmp_path / "policies").mkdir()
    pack = tmp_path / "policies" / "own.yaml"
    metrics = "metrics:\n  m: {bucket: quality, response: analytics}\n"
    manifest = HEAD + "policy: policies/own.yaml\n" + PEOPLE + metrics
    (tmp_path / "opmodel.yaml").write_text(manifest, "utf-8")
    pack.write_text("extends: poc\nwaivers:\n" + waiver.format(why="gone", id="c") + rest, "utf-8")
    options = Options(AT)
    opened = open_registry(str(tmp_path), options)
    done = fixed(opened, options, lambda _, it: it, unsafe=False)
    assert {*done.after.values()} == {f"extends: poc\nwaivers:\n  # gone\n{rest}".encode()}
    pack.write_text("extends: poc\nwaivers:\n" + waiver.format(why="gone", id="c"), "utf-8")
    done = fixed(open_registry(str(tmp_path), options), options, lambda _, it: it, unsafe=False)
    assert {*done.after.values()} == {b"extends: poc\nwaivers: []\n  # gone\n"}
    text = (
        "extends: poc\nwaivers: [{rule: OM209, entity: channels/c, reason: r, until: 2026-12-31}, "
    )
    other = "{rule: OM201, entity: metrics/m, reason: r, until: 2026-12-31}"
    pack.write_text(f"{text}{other}]\n", "utf-8")
    done = fixed(open_registry(str(tmp_path), options), options, lambda _, it: it, unsafe=False)
    assert {*done.after.values()} == {f"extends: poc\nwaivers: [{other}]\n".encode()}
    pack.write_text(f"extends: poc\nwaivers: [{other}, {text.partition('[')[2][:-2]}]\n", "utf-8")
    done = fixed(open_registry(str(tmp_path), options), options, lambda _, it: it, unsafe=False)
    assert {*done.after.values()} == {f"extends: poc\nwaivers: [{other}]\n".encode()}
    pack.write_text(f"{text[:-2]}]\n", "utf-8")
    done = fixed(open_registry(str(tmp_path), options), options, lambda _, it: it, unsafe=False)
    assert {*done.after.values()} == {b"extends: poc\nwaivers: []\n"}


def test_entries_of_a_baseline_that_match_nothing_go(tmp_path: Path) -> None:
    entry = "  - {{fingerprint: {0}, code: OM201, severity: warning, entity: {1}, reason: r, owner: ana, until: 2026-12-31}}\n"
    head = "format: opmodel.baseline.v1\nentries:\n"
    (tmp_path / "opmodel.yaml").write_text(HEAD + PEOPLE, "utf-8")
    (tmp_path / "a.yaml").write_text(
        "metrics:\n  m: {bucket: quality, response: page, unit: 5, x: 1}\n", "utf-8"
    )
    path = tmp_path / "opmodel-baseline.yaml"
    kept = entry.format("b" * 32, "metrics/m")  # `m` did not load whole
    path.write_text(head + entry.format("a" * 32, "metrics/gone") + kept, "utf-8")
    for options in (Options(AT), Options(AT, baseline=str(path))):
        opened = open_registry(str(tmp_path), options)
        done = fixed(opened, options, lambda _, it: it, unsafe=False)
        assert done.after == {str(path): (head + kept).encode()}
        assert {*done.names.values()} == {"opmodel-baseline.yaml"}


def test_a_policy_that_the_command_names_is_fixed_where_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "registry"
    folder.mkdir()
    (folder / "opmodel.yaml").write_text(HEAD + PEOPLE, "utf-8")
    pack = tmp_path / "pack.yaml"
    pack.write_text("extends: poc\nsettings: {max_waiver: 90 days}\n", "utf-8")
    options = Options(AT, policy=str(pack))
    done = fixed(open_registry(str(folder), options), options, lambda _, it: it, unsafe=False)
    assert done.after == {str(pack): b"extends: poc\nsettings: {max_waiver: 90d}\n"}
    assert "OM006" not in {one.code for one in done.result.diagnostics}


@pytest.mark.parametrize("linked", ["sub/link.yaml", "sub"])
def test_beside_what_could_not_be_read_nothing_is_fixed(tmp_path: Path, linked: str) -> None:
    (tmp_path / linked).parent.mkdir(exist_ok=True)
    (tmp_path / linked).symlink_to(tmp_path)
    text = "channels:\n  c: {kind: slack, read_every: 1 day}\n"
    with pytest.raises(UnreadError, match=r"nothing is fixed: .* could not be read, and this may"):
        fix(tmp_path, text)
    assert (tmp_path / "a.yaml").read_text("utf-8") == text


def test_a_waiver_of_what_did_not_load_stays(tmp_path: Path) -> None:
    pack = "extends: poc\nwaivers:\n  - {rule: OM209, entity: channels/c, reason: r, until: 2026-12-31}\n"
    (tmp_path / "own.yaml").write_text(pack, "utf-8")
    (tmp_path / "a.yaml").write_text("channels:\n  c: {kind: slack, read_every: 5M}\n", "utf-8")
    (tmp_path / "opmodel.yaml").write_text(HEAD + "policy: own.yaml\n" + PEOPLE, "utf-8")
    options = Options(AT)
    done = fixed(open_registry(str(tmp_path), options), options, lambda _, it: it, unsafe=True)
    assert done.after == {}
    assert "OM010" in {one.code for one in done.result.diagnostics}


def test_what_an_alias_shares_with_something_else_is_left_and_told(tmp_path: Path) -> None:
    text = "channels:\n  c: {kind: slack, address: &o Ben-O}\n  d: {kind: slack, owner: *o}\n"
    (tmp_path / "opmodel.yaml").write_text(HEAD + PEOPLE, "utf-8")
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    options = Options(AT)
    done = fixed(open_registry(str(tmp_path), options), options, lambda _, it: it, unsafe=False)
    assert done.after == {}
    assert [(one.found.code, "shared" in one.why) for one in done.unmended] == [("OM007", True)]


def test_one_that_cannot_be_made_keeps_no_other(tmp_path: Path) -> None:
    text = "channels:\n  b: {kind: Slack}\n  c: {kind: slack, address: &o Ben-O}\n  d: {kind: slack, owner: *o}\n  e: {kind: Email}\n"
    after = fix(tmp_path, text)
    assert after == text.replace("Slack", "slack").replace("Email", "email")


def _asked(tmp_path: Path, text: bytes, *changes: FixChange) -> list[str]:
    """Ask for fixes that no rule gives, and return why each is refused."""
    (tmp_path / "opmodel.yaml").write_text(HEAD, "utf-8")
    (tmp_path / "a.yaml").write_bytes(text)
    opened = open_registry(str(tmp_path), Options(AT))
    assert check_opened(opened, Options(AT)).entities >= 0
    found = [
        Diagnostic("OM007", "m", Label(one.location), fix=Fix("f", True, (one,))) for one in changes
    ]

    def read(name: str) -> bytes | None:
        return text if name == "a.yaml" else None

    done = mend(opened, found, read)
    assert done.after == {}
    return [one.why for one in done.unmended]


def test_a_place_that_is_not_there_is_refused(tmp_path: Path) -> None:
    def change(*path: str | int, value: str | None = "x", span: Span | None = None) -> FixChange:
        return FixChange(Location("a.yaml", path), value, span)

    text = b"channels:\n  c: {kind: slack, owner: , x-a: [1]}\n"
    nowhere = "it stands in no place of its own"
    first = Span(Position(1, 1), Position(1, 9))
    assert _asked(tmp_path, text, change("channels", "d")) == [nowhere]
    assert _asked(tmp_path, text, change("channels", "c", "x-a", 4)) == [nowhere]
    assert _asked(tmp_path, text, change("channels", "c", "owner")) == ["nothing stands there"]
    assert _asked(tmp_path, text, change("channels", "c", "kind", value=None)) == [
        "it is no item of a list"
    ]
    assert _asked(tmp_path, text, change("channels", 0, value=None)) == ["it is no item of a list"]
    assert _asked(tmp_path, text, change(span=first)) == [nowhere]
    assert _asked(tmp_path, b"\xff", change("channels")) == ["its file is not UTF-8"]
    assert _asked(tmp_path, b"a: [", change(span=first)) == [nowhere]
    elsewhere = FixChange(Location("b.yaml", ("channels",)), "x")
    assert _asked(tmp_path, text, elsewhere) == ["its file cannot be read"]
    pages = FixChange(Location("a.md", ("runbooks", "a")), "x")
    assert _asked(tmp_path, text, pages) == ["its file cannot be read"]


def test_what_still_silences_something_stays_in_its_comment(tmp_path: Path) -> None:
    text = "metrics:\n  m: {bucket: cost, response: ticket}  # opmodel: ignore[OM209, OM201] soon\n"
    assert fix(tmp_path, text) == text.replace("OM209, ", "")


def test_a_page_without_front_matter_has_no_field_to_change(tmp_path: Path) -> None:
    opened = open_registry(str(_written(tmp_path)), Options(AT))
    change = FixChange(Location("runbooks/a.md", ("runbooks", "a", "title")), "x")
    found = Diagnostic("OM007", "m", Label(change.location), fix=Fix("f", True, (change,)))
    done = mend(opened, [found], lambda _: b"# Title\n")
    assert [one.why for one in done.unmended] == ["it stands under a heading of its page"]


def _written(folder: Path) -> Path:
    (folder / "opmodel.yaml").write_text(HEAD, "utf-8")
    return folder
