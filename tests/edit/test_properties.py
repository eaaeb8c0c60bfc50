"""Fixes and new ids over whole registries: nothing else moves, and what was done can be undone."""

import random
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.checks.engine import check_opened
from registry.checks.result import Result
from registry.edit.fixed import fixed
from registry.edit.rename import rename
from registry.model.sections import SECTIONS
from registry.workspace.edges import Node
from registry.workspace.open import Opened, open_registry
from registry.workspace.options import Options
from registry.workspace.workspace import Workspace
from tests.conftest import AT, ROOT, sizes
from tests.corpus import convert_repos, convert_sigs

EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/opmodel.yaml"))
SMALL = [path for path in EXAMPLES if path.name in {"team-of-three", "parcel-tracking"}]
OPTIONS = Options(AT)
CORPUS = {
    "kubernetes+community/sigs.yaml": convert_sigs.convert,
    "alphagov+govuk-developer-docs/data/repos.yml": convert_repos.convert,
}

pytestmark = pytest.mark.no_cover


def nodes(workspace: Workspace) -> list[Node]:
    """List what can be renamed."""
    return [
        (section, id_)
        for section, row in SECTIONS.items()
        if not row.single and not row.ids
        for id_ in workspace.origins[section]
    ]


def write(folder: Path, opened: Opened, subject: Node, new: str) -> dict[str, tuple[bytes, bytes]]:
    """Rename, write, and return what changed: the bytes before and after, by file."""
    done = rename(opened, OPTIONS, subject, new)
    for path, data in done.after.items():
        Path(path).write_bytes(data)
    return {done.names[path]: (done.before[path], data) for path, data in done.after.items()}


def counted(result: Result) -> Counter[str]:
    """Count what is found by rule; that a policy asks for an id by its name is not the renaming's."""
    return Counter(one.code for one in result.shown if one.code not in {"OM101", "OM401", "OM501"})


def there_and_back(folder: Path, every: int) -> Iterator[Node]:
    """Rename entities of a registry and take it back; yield each that was."""
    opened = open_registry(str(folder), OPTIONS)
    before = counted(check_opened(opened, OPTIONS))
    some = nodes(opened.workspace)
    random.Random(every).shuffle(some)
    for section, old in some[::every]:
        new = f"zz-{old}"[:128]
        changed = write(folder, opened, (section, old), new)
        for was, now in changed.values():
            for line, other in zip(was.split(b"\n"), now.split(b"\n"), strict=False):
                assert line == other or new.encode() in other or b"fingerprint" in other
        renamed = open_registry(str(folder), OPTIONS)
        assert counted(check_opened(renamed, OPTIONS)) == before, (section, old)
        write(folder, renamed, (section, new), old)
        for name, (was, _) in changed.items():
            after = (folder / name).read_bytes()
            assert after == was or after == _with_id(was, old), (section, old)
        opened = open_registry(str(folder), OPTIONS)
        yield section, old


def _with_id(page: bytes, old: str) -> bytes:
    """A page that had no id of its own has one since."""
    line = f"id: {old}\n".encode()
    rest = page[4:] if page.startswith(b"---\n") else b"---\n\n" + page
    return b"---\n" + line + rest


@pytest.mark.parametrize("every", sizes(300, 40))
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_a_new_id_moves_nothing_else_and_comes_back(
    example: Path, every: int, tmp_path: Path
) -> None:
    folder = tmp_path / "registry"
    shutil.copytree(example, folder)
    assert len(list(there_and_back(folder, every))) * every > 25


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.parametrize("source", CORPUS)
def test_so_in_registries_of_real_organisations(source: str, corpus: Path, tmp_path: Path) -> None:
    folder = Path(CORPUS[source](corpus / source, tmp_path))
    total = len(nodes(open_registry(str(folder), OPTIONS).workspace))
    assert len(list(there_and_back(folder, total // 4))) > 3


DURATION = re.compile(rb"(?m)(?<=: )(\d+)(m|h|d|w)(?=[,}\n])")
OWNER = re.compile(rb"(?m)(?<=owner: )([a-z][a-z-]*)(?=[,}\n])")
WORDS = {b"m": b"minutes", b"h": b"hours", b"d": b"days", b"w": b"Weeks"}


def faulty(text: bytes, chosen: random.Random) -> bytes:
    """Spell some durations and owners another way, and add comments that silence nothing."""

    def duration(match: re.Match[bytes]) -> bytes:
        return match[1] + b" " + WORDS[match[2]] if chosen.random() < 0.2 else match[0]

    def owner(match: re.Match[bytes]) -> bytes:
        return match[0].upper() if chosen.random() < 0.2 else match[0]

    text = OWNER.sub(owner, DURATION.sub(duration, text))
    lines = text.split(b"\n")
    for number, line in enumerate(lines):
        if line.lstrip().startswith(b"owner: ") and chosen.random() < 0.2:
            lines[number] += b"  # opmodel: ignore[OM201,OM207, OM203] of no use"
    return b"\n".join(lines)


@settings(max_examples=2)
@given(st.sampled_from(SMALL), st.integers(0, 2**32))
def test_safe_fixes_undo_what_only_is_spelt_otherwise(example: Path, seed: int) -> None:
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / "registry"
        shutil.copytree(example, folder)
        chosen = random.Random(seed)
        names = open_registry(str(folder), OPTIONS).workspace.files
        files = [folder / name for name in names if name.endswith(".yaml")]
        before = {path: path.read_bytes() for path in files}
        for path, data in before.items():
            path.write_bytes(faulty(data, chosen))
        done = fixed(open_registry(str(folder), OPTIONS), OPTIONS, lambda _, it: it, unsafe=False)
        for path, data in done.after.items():
            Path(path).write_bytes(data)
        assert {path: path.read_bytes() for path in files} == before
        assert done.unmended == ()
        again = fixed(open_registry(str(folder), OPTIONS), OPTIONS, lambda _, it: it, unsafe=True)
        assert again.after == {}


@pytest.mark.slow
@pytest.mark.corpus
def test_fixes_of_a_real_organisation_converge(corpus: Path, tmp_path: Path) -> None:
    source = corpus / "kubernetes+community" / "sigs.yaml"
    folder = Path(convert_sigs.convert(source, tmp_path))
    done = fixed(open_registry(str(folder), OPTIONS), OPTIONS, lambda _, it: it, unsafe=True)
    for path, data in done.after.items():
        Path(path).write_bytes(data)
    again = fixed(open_registry(str(folder), OPTIONS), OPTIONS, lambda _, it: it, unsafe=True)
    assert again.after == {}
