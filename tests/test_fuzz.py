"""Whatever bytes a registry holds, a check ends with findings and not with an exception."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.checks.engine import check
from registry.checks.report.human import REPORTER
from registry.errors import CannotRunError
from registry.output.style import Style
from registry.workspace.options import Options
from tests.conftest import AT, ROOT, sizes

pytestmark = pytest.mark.no_cover

EXAMPLE = ROOT / "examples" / "team-of-three" / "opmodel.yaml"
PAGE = b"---\nid: a\n---\n# A\n\n## First checks\n- one\n\n## Hypotheses\n- If a, check b; compare c.\n"
PACK = (
    b"extends: poc\nrules:\n  OM101: {severity: info}\nsettings:\n  horizon: 30d\nwaivers:\n"
    b"  - {rule: OM101, entity: ownership/cost, reason: x, until: 2027-01-01}\n"
    b"extensions: {people: schemas/a.json}\n"
)
SCHEMA = b'{"properties": {"x-a": {"type": "string", "pattern": "^a"}}}'
PIECES = [b"\0", b"\x1b", b"\xff", b"\xc3", b"\r", b"\t", b"\n", b":", b" : ", b"- ", b"? ", b"&a ", b"*a", b"!x ",
          b"'", b'"', b"\\u202e", b"{", b"}", b"[", b"]", b"|", b">", b"#", b"---\n", b"...\n", b"<<: *a\n",
          b"~", b"TODO", b"1e999", b"9" * 400, b"%YAML 1.1\n", b"\xef\xbb\xbf", "é中\u200b".encode(),
          b"# opmodel: ignore[OM201] x", b"x-a: ", b"\n  "]  # fmt: skip


def mutate(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(5)
        if kind == 0:
            data = data[:at] + chance.choice(PIECES) + data[at:]
        elif kind == 1:
            data = data[:at] + data[at + chance.randrange(1, 40) :]
        elif kind == 2:
            data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        elif kind == 3:
            other = chance.randrange(len(data) + 1)
            data = data[:at] + data[other : other + chance.randrange(200)] + data[at:]
        else:
            lines = data.split(b"\n")
            one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[one], lines[two] = lines[two], lines[one]
            data = b"\n".join(lines)
    return data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("fuzz")
    for name in ("policies", "schemas", "runbooks"):
        (root / name).mkdir()
    return root


def survives(root: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (root / name).write_bytes(data)
    try:
        result = check(str(root), Options(AT))
    except CannotRunError as error:
        assert "opmodel.yaml" not in str(error), "the manifest is there"
        return
    text = REPORTER.render(result, Style(show_suppressed=True))
    assert text.replace("\n", "").isprintable()
    for one in result.diagnostics:
        assert one.fingerprint
        assert one.primary.at.start.line >= 1


def whole() -> dict[str, bytes]:
    manifest = EXAMPLE.read_bytes() + b"\npolicy: policies/own.yaml\n"
    return {
        "opmodel.yaml": manifest, "runbooks/a.md": PAGE, "policies/own.yaml": PACK,
        "schemas/a.json": SCHEMA,
        "extra.yaml": b"people:\n  p: {name: P, x-a: abc}\nbudgets:\n  b: {limit: 12}\n",
    }  # fmt: skip


def test_the_files_are_sound_before_they_are_changed(folder: Path) -> None:
    files = whole()
    survives(folder, files)
    found = check(str(folder), Options(AT, select="OM0"))
    assert [one.message for one in found.diagnostics] == []


@pytest.mark.parametrize("examples", sizes(20, 200))
def test_mutations(folder: Path, examples: int) -> None:
    @settings(max_examples=examples)
    @given(st.integers(0, 2**32))
    def survives_mutations(seed: int) -> None:
        chance = random.Random(seed)
        files = whole()
        for name in chance.sample(sorted(files), k=chance.randrange(1, 4)):
            files[name] = mutate(files[name], chance)
        survives(folder, files)

    survives_mutations()


@pytest.mark.parametrize("examples", sizes(20, 200))
def test_bytes(folder: Path, examples: int) -> None:
    @settings(max_examples=examples)
    @given(
        st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6), st.sampled_from(
            [b"people", b"alerts", b"metrics", b"schedules", b"name", b"owner", b"rotations", b"when", b" ", b"a"])),
            max_size=30),
        st.sampled_from(["extra.yaml", "runbooks/a.md", "policies/own.yaml", "opmodel.yaml", "schemas/a.json"]),
    )  # fmt: skip
    def survives_bytes(pieces: list[bytes], name: str) -> None:
        survives(folder, {**whole(), name: b"".join(pieces)})

    survives_bytes()
