"""What the workloads run on: the tools that are compared, and the registries, made when needed."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import yaml
from processes import Command, CouldNotRunError, run

AT = "2026-11-20T09:00:00Z"
"""The instant from which the generated registries are clean."""

_HERE = Path(__file__).resolve().parent

# The summary alone leaves the child that reads the report, so that this process stays small.
_SUMMARY = "import json, sys; print(json.dumps(json.load(open(sys.argv[1]))['summary']))"


_PURPOSES = {"broken": ["--broken-third"], "bare": ["--bare"]}
"""What more the generator is told for a registry of a purpose."""


@dataclass(frozen=True)
class Bench:
    """Where things are, and how often each command runs.

    `data` keeps the registries, `scratch` caches and reports. `scale` divides every size. `used`
    are the registries that were asked for.
    """

    data: Path
    scratch: Path
    schema: Path
    runs: int
    slow_runs: int
    scale: int = 1
    used: set[Path] = field(default_factory=set)

    def size(self, full: int) -> int:
        """Return the size that stands for a full one in this run."""
        return full // self.scale

    def registry(self, kind: str, size: int, purpose: str = "clean") -> Path:
        """Return the folder of a registry of `size` entities, schedules or rules, written at need.

        A purpose of its own gives a copy of its own; `broken` has a mistake in every third file, in
        `bare` rules every label is left to the series.
        """
        folder = self.data / f"{kind}-{size}-{purpose}"
        if not folder.exists():
            unfinished = folder.with_name(f"{folder.name}.unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            options = _PURPOSES.get(purpose, [])
            script = str(_HERE / "generate.py")
            arguments = [sys.executable, script, str(unfinished), f"--{kind}", str(size), *options]
            run(Command("generate.py", arguments, exits=frozenset({0})))
            unfinished.rename(folder)
        self.used.add(folder)
        return folder

    def opmodel(self, *arguments: str, cache: str = "") -> Command:
        """Return a command of ours, with a cache folder of the workload's own where it has one."""
        folder = self.scratch / "cache" / cache
        name = f"opmodel {arguments[0]}"
        return Command(
            name, [tool("opmodel"), *arguments], environment={"XDG_CACHE_HOME": str(folder)}
        )

    def check(self, root: Path, *options: str, cache: str = "") -> Command:
        """Return our check of a registry: with nothing cached unless `cache` names a cache."""
        cached = () if cache else ("--no-cache",)
        return self.opmodel("check", str(root), "--at", AT, *cached, *options, cache=cache)

    def yamllint(self, root: Path) -> Command:
        """Return yamllint's command on the files of a registry."""
        name = "yamllint -d relaxed"
        return Command(name, [tool("yamllint"), "-d", "relaxed", *_files(root)])

    def check_jsonschema(self, root: Path) -> Command:
        """Return check-jsonschema's command on the files of a registry, with our own schema."""
        if not self.schema.is_file():
            raise CouldNotRunError(f"check-jsonschema: no schema at {self.schema}")
        arguments = [tool("check-jsonschema"), "--schemafile", str(self.schema), *_files(root)]
        return Command("check-jsonschema", arguments)

    def hashing(self, root: Path) -> Command:
        """Return the command that starts Python and hashes the files of a registry."""
        arguments = [sys.executable, str(_HERE / "hash_files.py"), str(root)]
        return Command("Python hashing the files", arguments, exits=frozenset({0}))

    def bare_python(self) -> Command:
        """Return the command that starts Python and does nothing."""
        name = "python -c pass"
        return Command(name, [sys.executable, "-c", "pass"], exits=frozenset({0}))

    def amtool(self, root: Path, sample: int) -> list[Command]:
        """Return the commands that ask amtool where the first rules of an estate are routed."""
        config = f"--config.file={root / 'deployed' / 'alertmanager.yml'}"
        command = [tool("amtool"), "config", "routes", "test", config]
        rules = islice(_rules(root / "deployed" / "rules"), sample)
        return [Command("amtool", [*command, *labels], exits=frozenset({0})) for labels in rules]

    def rows(self, kind: str, writer: str, count: int) -> Command:
        """Return the command that writes so many rows in a format, by our writer or barely."""
        written = str(self.scratch / f"rows.{kind}")
        arguments = [
            sys.executable,
            str(_HERE / "write_rows.py"),
            kind,
            writer,
            str(count),
            written,
        ]
        name = f"our {kind}" if writer == "ours" else f"bare {kind}"
        return Command(name, arguments, exits=frozenset({0}))

    def stranger(self, name: str, text: str) -> Path:
        """Return the folder of a registry of one file besides its manifest, written at need."""
        folder = self.scratch / name.replace(" ", "-")
        folder.mkdir(exist_ok=True)
        (folder / "opmodel.yaml").write_text("opmodel: 1\nname: stranger\nstage: pilot\n")
        (folder / "brought.yaml").write_text(text, encoding="utf-8")
        return folder

    def record(self, spans: int) -> dict[str, Path]:
        """Return a record of so many spans by its form, written at need.

        Raises CouldNotRunError where what writes it is not installed.
        """
        made = {
            "OTLP JSON lines": self.data / f"{spans}.jsonl",
            "Parquet": self.data / f"{spans}.parquet",
        }
        if not all(path.exists() for path in made.values()):
            given = ["--spans", str(spans), "--data", str(self.data), "--only-write"]
            arguments = [sys.executable, str(_HERE / "traces.py"), *given]
            run(Command("traces.py", arguments, exits=frozenset({0})))
        return made

    def traces(self, path: Path) -> Command:
        """Return our check of a record against the example that it is made of."""
        example = str(_HERE.parent / "examples" / "enterprise-copilot")
        given = ("--dir", example, "--at", "2026-11-24T09:00:00Z", "--fail-on=never")
        return replace(self.opmodel("traces", "check", str(path), *given), exits=frozenset({0}))

    def seen(self, root: Path, size: int) -> str:
        """Return what our check says that it saw, as a guard against figures of an empty check.

        Raises CouldNotRunError when it saw fewer entities than that.
        """
        report, summary = self.scratch / "report.json", self.scratch / "summary.json"
        run(self.check(root, "--format", "json"), report)
        reading = [sys.executable, "-c", _SUMMARY, str(report)]
        run(Command("summary", reading, exits=frozenset({0})), summary)
        counts = json.loads(summary.read_text())
        if counts["entities"] < size:
            raise CouldNotRunError(f"{root.name}: opmodel saw {counts['entities']} of {size}")
        keys = ("entities", "files", "error", "warning", "info")
        return f"{root.name}: " + ", ".join(f"{key} {counts[key]}" for key in keys)


def tool(name: str) -> str:
    """Return the path of a command: beside this Python first, then on the search path.

    Raises CouldNotRunError when it is in neither.
    """
    beside = Path(sys.executable).parent
    found = shutil.which(name, path=f"{beside}{os.pathsep}{os.environ.get('PATH', os.defpath)}")
    if found is None:
        raise CouldNotRunError(f"{name}: not beside {sys.executable} and not on the path")
    return found


def _rules(folder: Path) -> Iterator[list[str]]:
    """Yield the labels of each rule, as amtool takes them."""
    for path in sorted(folder.iterdir()):
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]:
            for rule in group["rules"]:
                labels = {"alertname": rule["alert"], **rule.get("labels", {})}
                yield [f'{name}="{value}"' for name, value in labels.items()]


def _files(root: Path) -> list[str]:
    # The manifest has a schema of its own.
    return sorted(str(path) for path in root.rglob("*.yaml") if path.name != "opmodel.yaml")
