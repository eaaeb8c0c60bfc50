"""A registry that is edited at random, as people edit: each kind of entity changed, added, removed,
moved, misspelt and mended again, with its comments, its policy and the instant of the check.

It begins as an example. A check that remembers is held against one that does not, after each edit;
by hand, for so many edits as one has the time for:

    python -m tests.checks.edited SEED EDITS
"""

import json
import re
import sys
import tempfile
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from registry.checks.engine import check
from registry.checks.report import json as json_report
from registry.checks.result import Result
from registry.errors import CannotRunError
from registry.model.sections import SECTIONS
from registry.output.style import Style
from registry.source import seen
from registry.source.cache import Cache
from registry.source.composer import compose
from registry.workspace.options import Options
from tests.conftest import AT, ROOT

Data = dict[str, Any]
Place = tuple[str, str, str]
"""A file, a section and an id in it; of a section that holds one thing alone, an empty id."""

EXAMPLES = ("enterprise-copilot", "team-of-three", "parcel-tracking")
_WORDS = (
    "TODO",
    "x",
    "",
    "priya",
    "2026-11-30",
    "2026-02-31",
    "90d",
    "5m",
    "1 hour",
    "page",
    "TBD",
)
_BARE = (
    "1.10",
    "1.1",
    "on",
    "null",
    "0x1F",
    "2026-01-01",
    "~",
    "1_000",
    "007",
    "[a]",
    "&a b",
    "!!str x",
)
"""What is written without quotes: some of it is read by its spelling."""
_CODES = (
    "OM201",
    "OM101",
    "OM207",
    "OM301",
    "OM4",
    "owner-outside-team",
    "OM999",
    "OM007",
    "OM107",
)
_SETTINGS: Data = {
    "min_participants": [1, 3], "max_absence": ["1d", "60d"], "horizon": ["20d", "90d"],
    "runbook_max_age": ["30d", "400d"], "required_dashboards": [["product"], []],
}  # fmt: skip


_CUSTOM: Data = {
    "ACME001": {
        "name": "no-cost", "section": "metrics", "assert": "self.bucket != 'cost'",
        "message": "`{id}` costs", "severity": "warning",
    }
}  # fmt: skip
_WAIVER: Data = {"rule": "OM201", "entity": "metrics/x", "reason": "why", "until": "2026-12-24"}


class Edited:
    """One registry that is edited: its files as data, and all else that a check depends on."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.random = Random(seed)
        self.at: datetime = AT
        self.select = ""
        self.files: dict[str, Data] = {}
        self.texts: dict[str, str] = {}
        self.comments: dict[Place, str] = {}
        self.broken: dict[str, str] = {}
        self.policy: Data = {}
        self.manifest: Data = {}
        self.told = ""
        self._read(ROOT / "examples" / self.random.choice(EXAMPLES))
        self._begun = deepcopy(self.files)
        self._written: dict[str, str] = {}
        self._entries: dict[str, bytes] = {}

    def _read(self, example: Path) -> None:
        for path in sorted(example.rglob("*")):
            name = path.relative_to(example).as_posix()
            if path.suffix == ".md" and "runbooks" in name:
                self.texts[name] = path.read_text("utf-8")
            if path.suffix != ".yaml" or name.split("/")[0] in _APART:
                continue
            data = dict(compose(path.read_bytes(), name).data or {})
            if name == "opmodel.yaml":
                self.manifest = {key: one for key, one in data.items() if key not in SECTIONS}
                data = {key: one for key, one in data.items() if key in SECTIONS}
                name = "all.yaml"
            if data:
                self.files[name] = data
        self.manifest.pop("policy", None)
        if len(self.files) == 1:
            self._deal()

    def _deal(self) -> None:
        """Deal the sections of a single file out to several."""
        (whole,) = self.files.values()
        self.files = {}
        for section, content in whole.items():
            if SECTIONS[section].single:
                self.files.setdefault("0.yaml", {})[section] = content
                continue
            for id_, raw in content.items():
                file = self.files.setdefault(f"{self.random.randrange(6)}.yaml", {})
                file.setdefault(section, {})[id_] = raw

    # -- the edits ---------------------------------------------------------------------------

    def edit(self) -> None:
        """Make one edit, or some at once, and write what is other than it was."""
        edits: list[Callable[[], str]] = [
            self.take_over, self.take_over, self.change, self.change, self.change, self.drop,
            self.add, self.remove, self.move, self.reorder, self.rename, self.repeat, self.comment,
            self.own_key, self.misspell, self.break_file, self.remove_file, self.remark,
            self.set_policy, self.set_manifest, self.set_at, self.choose, self.page, self.unchoose,
        ]  # fmt: skip
        told = [self.mend()] if self.random.random() < 0.45 else []
        count = self.random.choice((1, 1, 1, 2, 5))
        told += [self.random.choice(edits)() for _ in range(count)]
        self.told = "; ".join(told)
        self.write()

    def places(self, section: str | None = None) -> list[Place]:
        found: list[Place] = []
        for file, data in self.files.items():
            for name, content in data.items():
                if section in {None, name}:
                    ids = [""] if SECTIONS[name].single else list(content)
                    found += [(file, name, id_) for id_ in ids]
        return found

    def some(self) -> Place:
        """Choose an entity: each section is as likely as any other."""
        sections = sorted({name for data in self.files.values() for name in data})
        places = self.places(self.random.choice(sections)) or self.places()
        return self.random.choice(places)

    def raw(self, place: Place) -> Data:
        file, section, id_ = place
        content = self.files[file][section]
        found: Data = content[id_] if id_ else content
        return found if isinstance(found, dict) else {}

    def take_over(self) -> str:
        """Give an entity a field of another of its section."""
        place = self.some()
        other = self.raw(self.random.choice(self.places(place[1])))
        if other:
            field = self.random.choice(list(other))
            self.raw(place)[field] = deepcopy(other[field])
        return f"take over {place}"

    def change(self) -> str:
        """Change one value, at any depth."""
        place = self.some()
        leaves = list(_leaves(self.raw(place)))
        if leaves:
            holder, key = self.random.choice(leaves)
            holder[key] = self._other(holder[key])
        return f"change {place}"

    def _other(self, value: object) -> object:
        chance = self.random.random()
        if isinstance(value, bool):
            return not value
        if isinstance(value, (int, float)):
            return self.random.choice((value + 1, -value, value * 1.0, value * 10, 0))
        if chance < 0.1:
            return f"~bare:{self.random.choice(_BARE)}~"
        if chance < 0.4:
            return self.some()[2] or "x"
        if chance < 0.6:
            return self.random.choice(_WORDS)
        leaves = list(_leaves(self.raw(self.some())))
        if chance < 0.7 and leaves:
            holder, key = self.random.choice(leaves)
            return holder[key]
        return f"{value} é" if chance < 0.75 else f"{value}{self.random.choice('x1 ')}"

    def drop(self) -> str:
        """Remove a field, or an item of a list, at any depth."""
        place = self.some()
        leaves = list(_leaves(self.raw(place)))
        if leaves:
            holder, key = self.random.choice(leaves)
            del holder[key]
        return f"drop from {place}"

    def add(self) -> str:
        """Copy an entity under another id, into any file."""
        file, section, id_ = place = self.some()
        if id_:
            into = self.random.choice((file, *self.files))
            new = f"{id_}-{self.random.randrange(9)}"
            self.files[into].setdefault(section, {})[new] = deepcopy(self.raw(place))
        return f"add beside {place}"

    def remove(self) -> str:
        file, section, id_ = place = self.some()
        if id_:
            del self.files[file][section][id_]
        else:
            del self.files[file][section]
        return f"remove {place}"

    def move(self) -> str:
        file, section, id_ = place = self.some()
        into = self.random.choice(list(self.files))
        if id_ and into != file:
            raw = self.files[file][section].pop(id_)
            self.files[into].setdefault(section, {}).setdefault(id_, raw)
        return f"move {place} to {into}"

    def reorder(self) -> str:
        file, section, id_ = place = self.some()
        if id_:
            content = self.files[file][section]
            order = self.random.sample(list(content), len(content))
            self.files[file][section] = {one: content[one] for one in order}
        return f"reorder {place}"

    def rename(self) -> str:
        """Rename an entity, but none of those that name it."""
        file, section, id_ = place = self.some()
        if id_:
            content = self.files[file][section]
            new = self.random.choice((f"{id_}-x", id_.upper(), self.some()[2] or "x"))
            renamed = {new if one == id_ else one: raw for one, raw in content.items()}
            self.files[file][section] = renamed
        return f"rename {place}"

    def repeat(self) -> str:
        """Define an entity once more, in another file."""
        _, section, id_ = place = self.some()
        into = self.random.choice(list(self.files))
        if id_:
            self.files[into].setdefault(section, {})[id_] = deepcopy(self.raw(self.some()))
        return f"repeat {place}"

    def comment(self) -> str:
        place = self.some()
        if self.comments.pop(place, None) is None:
            code = self.random.choice(_CODES)
            self.comments[place] = f"# opmodel: ignore[{code}] {self.random.choice(('why', ''))}"
        return f"comment {place}"

    def own_key(self) -> str:
        place = self.some()
        self.raw(place)["x-own"] = self.random.choice((1, "two", {"three": [4]}))
        return f"own key {place}"

    def misspell(self) -> str:
        """Write a field's name, or a section's, wrong."""
        file, section, _ = place = self.some()
        raw = self.raw(place)
        if raw and self.random.random() < 0.8:
            field = self.random.choice(list(raw))
            raw[f"{field}s"] = raw.pop(field)
        else:
            self.broken[file] = f"{section}s: {{}}\n"
        return f"misspell {place}"

    def break_file(self) -> str:
        file = self.random.choice(list(self.files))
        ends = (
            "people: [\n",
            "\tx: y\n",
            "a: 1\na: 2\n",
            "x-y: *z\n",
            "teams:\n",
            "\x00\n",
            "[]\n",
        )
        self.broken[file] = self.random.choice(ends)
        return f"break {file}"

    def remove_file(self) -> str:
        file = self.random.choice(list(self.files))
        if len(self.files) > 2:
            del self.files[file]
        return f"remove {file}"

    def remark(self) -> str:
        """Change the text of a file, and nothing of what it says."""
        file = self.random.choice(list(self.files))
        self.broken[file] = f"# {self.random.random()}\n"
        return f"remark {file}"

    def page(self) -> str:
        """Change a runbook's page."""
        if not self.texts:
            return "no page"
        name = self.random.choice(list(self.texts))
        lines = self.texts[name].split("\n")
        at = self.random.randrange(len(lines))
        if self.random.random() < 0.5:
            lines.insert(at, self.random.choice(("[x](nowhere.md)", "## Rollback", "- one", "")))
        else:
            del lines[at]
        self.texts[name] = "\n".join(lines)
        return f"page {name}"

    def set_policy(self) -> str:
        name = self.random.choice(list(_SETTINGS))
        settings = self.policy.setdefault("settings", {})
        if self.random.random() < 0.2 and self.policy.pop("custom", None) is None:
            self.policy["custom"] = _CUSTOM
        elif self.random.random() < 0.3:
            code = self.random.choice(_CODES)
            level = self.random.choice(("off", "error", "info"))
            self.policy.setdefault("rules", {})[code] = level
        elif self.random.random() < 0.3 and self.policy.pop("waivers", None) is None:
            _, section, id_ = self.some()
            code = self.random.choice(("OM201", "OM207", "OM301", "OM107"))
            waiver = {**_WAIVER, "rule": code, "entity": f"{section}/{id_}"}
            self.policy["waivers"] = [waiver]
        elif settings.pop(name, None) is None:
            settings[name] = self.random.choice(_SETTINGS[name])
        return f"policy {self.policy}"

    def set_manifest(self) -> str:
        key, values = self.random.choice((
            ("timezone", ("Europe/Berlin", "America/New_York", "Nowhere/X")),
            ("stage", ("poc", "pilot", "production")),
            ("profile", ("ai", "service")),
            ("exclude", (["*-not-there.yaml"], [self.random.choice(list(self.files))])),
        ))  # fmt: skip
        if self.manifest.pop(key, None) is None or key == "stage":
            self.manifest[key] = self.random.choice(values)
        return f"manifest {key}"

    def set_at(self) -> str:
        self.at = AT + timedelta(hours=self.random.choice((0, 1, 24, 2400, -2400)))
        return f"at {self.at}"

    def choose(self) -> str:
        self.select = self.random.choice(("", "", "", "", "", "OM2", "OM3,OM1", "OM010"))
        return f"select {self.select}"

    def unchoose(self) -> str:
        self.select, self.at = "", AT
        return "select all"

    def mend(self) -> str:
        """Make some files again what they were at first."""
        names = list(self._begun)
        chosen = names if self.random.random() < 0.1 else self.random.sample(names, 1)
        for name in chosen:
            self.files[name] = deepcopy(self._begun[name])
            self.broken.pop(name, None)
        if self.random.random() < 0.2:
            self.comments.clear()
        return f"mend {chosen}"

    # -- writing and checking ----------------------------------------------------------------

    def write(self) -> None:
        """Write the files that are other than they were."""
        wanted = {name: self._text(name, data) for name, data in self.files.items()}
        wanted |= self.texts
        manifest = dict(self.manifest)
        if self.policy:
            stage = manifest.get("stage", "poc")
            wanted["policies/own.yaml"] = json.dumps({"extends": stage, **self.policy})
            manifest["policy"] = "policies/own.yaml"
        wanted["opmodel.yaml"] = json.dumps(manifest)
        for name in self._written.keys() - wanted.keys():
            (self.folder / name).unlink()
        for name, text in wanted.items():
            if self._written.get(name) != text:
                path = self.folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
        self._written = wanted

    def _text(self, file: str, data: Data) -> str:
        lines = []
        for section, content in data.items():
            if SECTIONS[section].single:
                lines.append(
                    f"{section}: {_line(content)}  {self.comments.get((file, section, ''), '')}"
                )
                continue
            lines.append(f"{section}:" if content else f"{section}: {{}}")
            for id_, raw in content.items():
                comment = self.comments.get((file, section, id_), "")
                lines.append(f"  {json.dumps(id_)}: {_line(raw)}  {comment}")
        return "\n".join(lines) + "\n" + self.broken.get(file, "")

    def result(self, cache: Cache | None) -> Result | str:
        """Check the registry; return what keeps that from being done, if so."""
        try:
            with seen.noted(seen.Notes(10**19)):
                return check(str(self.folder), Options(self.at, select=self.select), cache)
        except CannotRunError as error:
            return str(error)

    def spoil(self, folder: Path) -> None:
        """Lose an entry of the cache, or a part of one, or put it back as it was some time ago."""
        entries = sorted(folder.glob("*")) if folder.is_dir() else []
        for path in self.random.sample(entries, min(len(entries), self.random.randrange(3))):
            kind = self.random.randrange(4)
            if kind == 0:
                path.unlink()
            elif kind == 1:
                path.write_bytes(path.read_bytes()[:-7])
            elif kind == 2:
                self._entries[path.name] = path.read_bytes()
            elif path.name in self._entries:
                path.write_bytes(self._entries[path.name])

    def differs(self, cache: Cache) -> str:
        """Check with a cache and without one; tell what is other, and after which edit."""
        with_it, without = self.result(cache), self.result(None)
        if _bytes(with_it) == _bytes(without) and with_it == without:
            return ""
        return f"{self.told}\n{_found(with_it, without)}"


_APART = ("policies", "schemas", "scenarios", "deployed", "evals")


def _leaves(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        if isinstance(inner, (dict, list)) and inner:
            found += _leaves(inner)
        else:
            found.append((value, key))
    return found


def _line(raw: object) -> str:
    return re.sub(r'"~bare:(.*?)~"', r"\1", json.dumps(raw, default=str, ensure_ascii=False))


def _bytes(result: Result | str) -> str:
    if isinstance(result, str):
        return result
    return json_report.REPORTER.render(result, Style())


def _found(one: Result | str, other: Result | str) -> str:
    if isinstance(one, str) or isinstance(other, str):
        return f"{one} / {other}"
    mine, theirs = one.diagnostics, other.diagnostics
    return "\n".join(
        [f"only with the cache: {found}" for found in mine if found not in theirs]
        + [f"only without: {found}" for found in theirs if found not in mine]
    )


def main(seed: int, edits: int) -> int:
    """Hold the two checks against each other after each edit; return 1 where they differ."""
    with tempfile.TemporaryDirectory() as root:
        if told := first_difference(Path(root), seed, edits):
            print(told)
            return 1
    print(f"seed {seed}: {edits} edits, no difference")
    return 0


def first_difference(root: Path, seed: int, edits: int) -> str:
    """Edit a registry, and check it with a cache and without; tell where the two first differ."""
    folder, kept = root / f"registry-{seed}", root / f"cache-{seed}"
    folder.mkdir()
    registry, cache = Edited(folder, seed), Cache(str(kept))
    registry.write()
    for number in range(edits):
        registry.edit()
        if registry.random.random() < 0.1:
            registry.spoil(kept)
        if told := registry.differs(cache):
            return f"seed {seed}, edit {number}: {told}"
    return ""


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
