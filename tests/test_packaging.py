"""What users install: dependencies, the lock, and the contents of the wheel and the source."""

import re
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions, requires, version
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from grimp import build_graph
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from registry.version import __version__
from tests.conftest import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (ROOT / "requirements-dev.txt").read_text("utf-8")
MORE = (ROOT / "requirements-spark.txt").read_text("utf-8")
"""What Spark needs besides: it is far too large for whoever does not use it."""
_OF_SPARK = {"py4j": ["pyspark"], "pyspark": ["pyspark"]}
"""Modules by distribution, also where it is not installed; py4j is its own."""
USERS = ROOT / "requirements.txt"
"""What the action installs: the part of the lock that a user needs, and what builds the package."""


def requirements() -> list[Requirement]:
    """List what is declared; an extra that brings another of ours says nothing new."""
    extras = PROJECT["optional-dependencies"].values()
    found = [Requirement(one) for group in (PROJECT["dependencies"], *extras) for one in group]
    return [one for one in found if one.name != PROJECT["name"]]


class Pin(NamedTuple):
    """A line of the lock: the extras that it installs, and the version."""

    extras: frozenset[str]
    version: str

    def lacks(self, wanted: Requirement) -> str:
        """Say how this pin falls short of a requirement; nothing where it does not."""
        if not wanted.specifier.contains(self.version, prereleases=True):
            return f"{wanted} is pinned at {self.version}"
        extras = {canonicalize_name(extra) for extra in wanted.extras} - self.extras
        return f"{wanted} is pinned without {sorted(extras)}" if extras else ""


def locked(lock: str = LOCK) -> dict[str, Pin]:
    lines = re.findall(r"(?m)^([a-z0-9-]+)(?:\[([a-z0-9,-]+)\])?==(\S+) \\$", lock)
    return {name: Pin(frozenset(filter(None, extras.split(","))), at) for name, extras, at in lines}


@pytest.mark.parametrize("wanted", requirements(), ids=lambda one: one.name)
def test_lock_has_every_requirement(wanted: Requirement) -> None:
    assert locked(LOCK + MORE)[canonicalize_name(wanted.name)].lacks(wanted) == ""


def environment(python: str, platform: str = "linux") -> dict[str, str]:
    systems = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "os_name": "nt" if platform == "win32" else "posix",
        "platform_python_implementation": "CPython",
        "platform_system": systems[platform],
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": platform,
    }


def needs(name: str, extras: Iterable[str], where: dict[str, str]) -> Iterator[Requirement]:
    """Yield what a distribution needs, with some of its extras, in an environment."""
    for wanted in map(Requirement, requires(name) or ()):
        ways = [{**where, "extra": extra} for extra in ("", *extras)]
        if wanted.marker is None or any(wanted.marker.evaluate(way) for way in ways):
            yield wanted


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_lock_is_closed(python: str) -> None:
    """What a pinned distribution needs is pinned: a pip that must look for more refuses the lock."""
    assert held(locked(), python) == []


def held(pins: dict[str, Pin], python: str) -> list[str]:
    """List what falls short among pins, each held against what is installed of it."""
    short = []
    for name, pin in pins.items():
        if version(name) != pin.version:
            short.append(f"{name} is locked at {pin.version} and installed at {version(name)}")
        for wanted in needs(name, pin.extras, environment(python)):
            its = pins.get(canonicalize_name(wanted.name))
            lacks = its.lacks(wanted) if its else f"{wanted} is not pinned"
            short += [f"{name}: {lacks}"] if lacks else []
    return short


def needed() -> set[str]:
    """List what a user needs, on any system, and what builds the package."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    waiting = [Requirement(one) for one in (*PROJECT["dependencies"], *build)]
    found: set[str] = set()
    while waiting:
        name = canonicalize_name(waiting.pop().name)
        if name not in found:
            found.add(name)
            for platform in ("linux", "darwin", "win32"):
                waiting += needs(name, locked()[name].extras, environment("3.11", platform))
    return found


def test_what_users_install_is_the_same_lock(update: bool) -> None:
    """Version for version and hash for hash; `--update` writes it anew of the tools' lock."""
    head = (
        "# Part of requirements-dev.txt: what opmodel needs to run and to be installed.\n"
        "# Written by `pytest --update tests/test_packaging.py`.\n"
    )
    entries = re.split(r"(?m)^(?=[a-z0-9,\[\]-]+==)", LOCK)[1:]
    pins = [re.sub("(?m)^ +#.*\n", "", one) for one in entries]
    wanted = needed()
    text = head + "".join(one for one in pins if re.split(r"\[|==", one)[0] in wanted)
    if update:
        USERS.write_text(text, "utf-8")
    assert USERS.read_text("utf-8") == text
    assert len(re.findall("==", text)) == len(wanted) > 20
    assert text.count("--hash=sha256:") >= len(wanted)


def test_lock_is_hashes_and_names_alone() -> None:
    for lock, least in ((LOCK, 30), (MORE, 5)):
        entries = re.split(r"(?m)^(?=[a-z0-9,\[\]-]+==)", lock)[1:]
        assert len(entries) == len(locked(lock)) > least
        assert all("--hash=sha256:" in entry for entry in entries)
        assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links|(?m:^/)", lock)
    assert not locked().keys() & locked(MORE).keys()


def test_dependencies_are_what_is_imported() -> None:
    """Each runtime dependency has a use, and nothing is imported that is not declared."""
    imported = build_graph("registry", include_external_packages=True, cache_dir=None).modules
    files = (path.relative_to(ROOT) for path in (ROOT / "registry").rglob("*.py"))
    ours = {".".join(one.with_suffix("").parts).removesuffix(".__init__") for one in files}
    assert ours == {one for one in imported if one.partition(".")[0] == "registry"}
    outside = {one.partition(".")[0] for one in imported}
    outside -= {*sys.stdlib_module_names, "registry"}
    owners = {**packages_distributions(), **_OF_SPARK}
    used = {canonicalize_name(owners[name][0]) for name in outside}
    extras = PROJECT["optional-dependencies"]
    users = (one for name, group in extras.items() if name not in {"dev", "docs"} for one in group)
    declared = [Requirement(one) for one in (*PROJECT["dependencies"], *users)]
    named = {canonicalize_name(one.name) for one in declared}
    assert used == named - {PROJECT["name"]}


def test_wheel_holds_all_that_the_program_reads(tmp_path: Path) -> None:
    from hatchling.builders.wheel import WheelBuilder

    [built] = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    names = set(zipfile.ZipFile(built).namelist())
    for folder in (
        "policies",
        "schemas",
        "tests/checks/rules",
        "tests/audit/rules",
        "tests/traces/rules",
    ):
        ours = {path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert ours
        assert {f"registry/shipped/{path.as_posix()}" for path in ours} <= names
    page = list((ROOT / "registry" / "shipped" / "page").iterdir())
    assert {f"registry/shipped/page/{path.name}" for path in page} <= names
    assert {path.suffix for path in page} == {".css", ".html", ".js"}
    assert {"registry/py.typed", f"opmodel-{__version__}.dist-info/licenses/LICENSE"} <= names
    assert {name.partition("/")[0] for name in names} == {
        "registry",
        f"opmodel-{__version__}.dist-info",
    }


def test_source_distribution_holds_the_pages_and_what_they_show(tmp_path: Path) -> None:
    from hatchling.builders.sdist import SdistBuilder

    [built] = SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(built) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    kept = [path for folder in ("docs", "examples") for path in (ROOT / folder).rglob("*")]
    kept += [*ROOT.glob("*.md"), ROOT / "LICENSE"]
    assert {path.relative_to(ROOT).as_posix() for path in kept if path.is_file()} <= names
