"""Every reader, table, page, writer and report makes what its golden folder holds, byte for byte.

The folder is found by name: `registry/export/tables/role_matrix.py` has
`tests/export/tables/golden/role_matrix/`. `--update` writes it anew. A new module needs nothing
else here; a new folder of modules needs a row in `MAKERS`. A reader's folder also holds what it
reads, in `deployed/`.
"""

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import registry.stack.generators
from registry.checks.catalogue import rules
from registry.clock.holidays import holidays_version
from registry.clock.zones import tzdata_version
from registry.deployed.ingest import NamedFiles, ingest
from registry.deployed.model import Where
from registry.export.export import export, exporters
from registry.export.publish import publish, publishers
from registry.output.table import Column, Table
from registry.plugins import stems
from registry.stack.generate import generate, generators
from registry.version import __version__
from registry.workspace.open import Opened, open_registry
from registry.workspace.options import Options
from tests.checks.report.nasty import CASES, UNOWNED
from tests.conftest import AT, ROOT
from tests.test_conventions import CONTRACTS

Made = Mapping[str, bytes]
Run = Callable[[str], str | None]
INPUT = "deployed"
"""What a reader's golden folder has beside what is expected of it."""

EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/opmodel.yaml"))
COPILOT = "examples/enterprise-copilot --at 2026-11-24T03:00:00-05:00"
RECORDS = "examples/enterprise-copilot/traces"
FORTNIGHT = "--to 2026-12-08T03:00:00-05:00"
COMMANDS: dict[str, dict[str, str]] = {
    "registry.assess.report": {
        one: f"assess examples/{one} --at 2026-11-20T09:00:00Z" for one in EXAMPLES
    },
    "registry.audit.report": {"copilot": f"audit {COPILOT}"},
    "registry.compare.report": {
        "change": "diff tests/compare/before tests/compare/after --at 2026-11-20T09:00:00Z",
        "none": "diff examples/team-of-three examples/team-of-three --at 2026-11-20T09:00:00Z",
    },
    "registry.oncall.report": {
        "show": f"oncall show {COPILOT} {FORTNIGHT}",
        "gaps": "oncall gaps examples/representative-week --at 2026-11-20T09:00:00Z",
        "next": f"oncall next {COPILOT}",
        "export": f"oncall export {COPILOT} {FORTNIGHT}",
    },
    "registry.paging.report": {
        "alert": f"who alerts/groundedness-drop {COPILOT}",
        "layer": f"who ownership/retrieval {COPILOT}",
        "person": f"impact --without tom {COPILOT}",
    },
    "registry.scenarios.report": {
        "holds": f"test {COPILOT}",
        "fails": "test examples/representative-week --at 2026-11-20T09:00:00Z",
    },
    "registry.stack.report": {
        one: f"generate {one} {COPILOT} --check -o tests/stack/generators/golden/{one}/enterprise-copilot"
        for one in stems(registry.stack.generators)
    },
    "registry.traces.report": {
        one: f"traces {one} {RECORDS}/broken.jsonl --dir examples/enterprise-copilot "
        f"--at 2026-11-24T09:00:00Z{more}"
        for one, more in (("check", ""), ("spend", " --by tenant_id"), ("quality", ""))
    },
    "registry.workspace.report": {
        "alert": f"refs alerts/groundedness-drop {COPILOT}",
        "person": f"refs people/tom {COPILOT}",
        "drawn": f"graph alerts/groundedness-drop {COPILOT} --depth 1",
    },
}
"""What is asked of each form of a report; a command that has not this form makes no file."""

SMALL = Table(
    "small",
    "Who *reads* what",
    (Column("id", verbatim=True), Column("what"), Column("note|s")),
    (
        ("plain", "The bill", ""),
        ("formula", "=1+1", "@handle"),
        ("lines", "one\ntwo", "a | b"),
        ("marks", "<b>`code`</b>", "[x](https://x.example)"),
        ("letters", "naïve café 日本 \U0001f600", "_x0041_"),
    ),
)


def folder(package: str, stem: str) -> Path:
    return ROOT.joinpath("tests", *package.split(".")[1:], "golden", stem)


@cache
def opened(example: str) -> Opened:
    return open_registry(str(ROOT / "examples" / example), Options(AT))


def module_of(package: str, stem: str) -> Any:
    return import_module(f"{package}.{stem}")


# -- what each kind of module makes --------------------------------------------------------------


def _reader(package: str, stem: str, run: Run) -> Made:
    """Every file of its folder goes to this reader without being told to, and no other takes it."""
    here = folder(package, stem)
    assert (here / INPUT).is_dir(), f"put files that this reader reads into {here / INPUT}"
    name = module_of(package, stem).READER.name
    mine = ingest([NamedFiles("", str(here / INPUT), frozenset({name}))], str(here))
    assert mine.read == len(list((here / INPUT).iterdir()))
    assert ingest([NamedFiles("", str(here / INPUT))], str(here)).deployed == mine.deployed
    text = json.dumps(_plain(mine.deployed), indent=1, ensure_ascii=False)
    return {"expected.json": f"{text}\n".encode()}


def _plain(value: Any) -> Any:
    """Write a record without its empty fields, and a place as file, line and column."""
    if isinstance(value, Where):
        return f"{value}:{value.at.start.column}"
    if hasattr(value, "_asdict"):
        return {key: _plain(one) for key, one in value._asdict().items() if one or one == 0}
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _table(package: str, stem: str, run: Run) -> Made:
    exporter = module_of(package, stem).EXPORTER
    assert exporters()[exporter.name] is exporter
    made = {
        f"{f'by-{by}' if by else 'table'}.{form}": export(
            opened("enterprise-copilot"), exporter.name, form, by, at=AT
        )
        for by in exporter.variants or (None,)
        for form in ("csv", "md")
    }
    assert {one.notes for one in made.values()} == {()}
    return {name: one.content for name, one in made.items()}


def _page(package: str, stem: str, run: Run) -> Made:
    publisher = module_of(package, stem).PUBLISHER
    assert publishers()[publisher.name] is publisher
    return {
        f"{example}-{form}/{file}": content
        for example in ("enterprise-copilot", "representative-week")
        for form in publisher.formats
        for file, content in publish(
            opened(example), publisher.name, form, Options(AT)
        ).files.items()
    }


def _writer(package: str, stem: str, run: Run) -> Made:
    """A workbook is a zip archive, whose compression is the machine's: its parts are compared."""
    content: bytes = module_of(package, stem).WRITER.render(SMALL)
    if not content.startswith(b"PK"):
        return {f"small.{stem}": content}
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {f"small.{stem}/{name}": archive.read(name) for name in archive.namelist()}


def _findings(package: str, stem: str, run: Run) -> Made:
    render = module_of(package, stem).REPORTER.render
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("registry.checks.catalogue.rules", lambda: {UNOWNED.code: UNOWNED})
        return {
            f"{case}.{stem}": render(*given).replace(__version__, "VERSION").encode()
            for case, given in CASES.items()
        }


def _answers(package: str, stem: str, run: Run) -> Made:
    """Ask every command of the package for this form; `who_json` is `json` of `who` alone."""
    command, _, form = stem.rpartition("_")
    printed = {
        case: run(f"{line} --format {form}")
        for case, line in COMMANDS[package].items()
        if line.startswith(command)
    }
    return {f"{case}.{form}": _fixed(text) for case, text in printed.items() if text is not None}


def _fixed(text: str) -> bytes:
    """Take out the versions of the program, of the time zones and of the holidays."""
    known = {holidays_version(): "HOLIDAYS", tzdata_version(): "TZDATA", __version__: "VERSION"}
    for version, word in known.items():
        text = text.replace(version, word)
    return text.encode()


def _generator(package: str, stem: str, run: Run) -> Made:
    """Generate from every example: a folder each."""
    generator = module_of(package, stem).GENERATOR
    assert generators()[generator.name] is generator
    return {
        f"{example}/{file}": content
        for example in EXAMPLES
        for file, content in generate(opened(example), generator.name, Options(AT)).files.items()
    }


MAKERS: dict[str, Callable[[str, str, Run], Made]] = {
    "registry.checks.report": _findings,
    "registry.deployed.readers": _reader,
    "registry.export.pages": _page,
    "registry.export.tables": _table,
    "registry.output.tables": _writer,
    "registry.stack.generators": _generator,
    **dict.fromkeys(COMMANDS, _answers),
}
PLUGINS = [(package, stem) for package in sorted(MAKERS) for stem in stems(import_module(package))]


# -- the runner ----------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line at the root; None where it cannot, for it has not this form."""
    from registry.cli.main import main

    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def run(line: str) -> str | None:
        code = main(line.split())
        printed = capsys.readouterr()
        assert code != 2 or re.search("has no form|invalid choice|--format", printed.err), line
        return None if code == 2 else printed.out

    return run


@pytest.mark.parametrize(
    ("package", "stem"), PLUGINS, ids=lambda one: one.rpartition("registry.")[2]
)
def test_makes_what_its_golden_folder_holds(
    package: str, stem: str, run: Run, update: bool
) -> None:
    made = MAKERS[package](package, stem, run)
    here = folder(package, stem)
    assert made, "the module makes nothing of what it is asked here"
    if update:
        _write(here, made)
    missing = f"write it with `pytest --update tests/test_goldens.py`, and look at it: {here}"
    assert here.is_dir(), missing
    there = {
        path.relative_to(here).as_posix(): path.read_bytes()
        for path in here.rglob("*")
        if path.is_file() and not path.is_relative_to(here / INPUT)
    }
    assert there.keys() == made.keys(), missing
    for name, content in made.items():
        assert there[name] == content, name


def _write(here: Path, made: Made) -> None:
    for old in here.glob("*"):
        if old.is_dir() and old.name != INPUT:
            shutil.rmtree(old)
        elif old.is_file():
            old.unlink()
    for name, content in made.items():
        path = here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@pytest.mark.parametrize("package", sorted(MAKERS))
def test_no_golden_folder_is_left_over(package: str) -> None:
    here = folder(package, "")
    assert sorted(path.name for path in here.iterdir()) == stems(import_module(package))


def test_every_kind_of_plug_in_has_goldens() -> None:
    """Rules have fixtures of their own, signs are asked one at a time, and engines say the same."""
    siblings = {one.removesuffix(".*") for one in CONTRACTS["siblings"]["modules"]}
    others = {one for one in siblings if one.rpartition(".")[2] in {"engines", "rules", "signs"}}
    assert siblings - others == set(MAKERS)
    kinds = {"generators", "pages", "readers", "report", "tables"}
    found = [path.parent for path in (ROOT / "registry").rglob("__init__.py")]
    named = {".".join(path.relative_to(ROOT).parts) for path in found if path.name in kinds}
    assert named == set(MAKERS)


def test_the_findings_are_of_a_rule_that_is_none_of_ours() -> None:
    assert UNOWNED is not rules()[UNOWNED.code]
