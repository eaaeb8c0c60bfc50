"""A folder to a workspace; never stops at the first bad file."""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from registry.diagnostic import Diagnostic, Label
from registry.errors import CannotRunError
from registry.model.entity import Entity
from registry.model.format import MANIFEST
from registry.model.holidays import KeepsHolidays
from registry.model.manifest import Manifest
from registry.model.people import Team
from registry.model.reference import SHARED_IDS
from registry.model.sections import CALLED, SECTIONS
from registry.source import folder
from registry.source.cache import Cache
from registry.source.pack import Outline, Pack
from registry.source.sources import Source, Sources
from registry.source.text import decode as decode_text
from registry.source.text import readable
from registry.source.yaml import Data, read_ordinary
from registry.span import KeyPath, Location
from registry.wording import did_you_mean
from registry.workspace.calendars import with_calendars
from registry.workspace.decode import decode
from registry.workspace.decode_errors import EntityPlace
from registry.workspace.loops import loops
from registry.workspace.manifest import ReadManifest, is_manifest_field, read_manifest
from registry.workspace.outlines import MadeWhenAsked
from registry.workspace.plain_files import PlainFiles
from registry.workspace.reading import EXTENSION, Decoded
from registry.workspace.reads import Sections
from registry.workspace.section_errors import bad_id, bad_section, duplicate, unknown_section
from registry.workspace.workspace import Workspace

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

_FOREIGN = "the registry is of another version of the format"

Progress = Callable[[int, int], None]
"""Told how many of how many files are read."""


def _quiet(_done: int, _total: int) -> None:
    """Report no progress."""


class Loaded(NamedTuple):
    """A workspace and what is wrong with its files."""

    workspace: Workspace
    problems: tuple[Diagnostic, ...]
    texts: "Texts"


class Texts(NamedTuple):
    """The files that were read: what each held, by its digest, now and when it was kept last."""

    digests: Mapping[str, str]
    known: Pack


def gather(root: str, manifest: Manifest, apart: tuple[str, ...]) -> folder.Gathered:
    """Read the registry's files as the manifest says.

    `apart` names files that are no registry files (the policy and what it extends). Raises
    CannotRunError where the root cannot be listed.
    """
    try:
        return folder.gather(root, manifest.include, manifest.exclude, apart)
    except OSError as error:
        raise CannotRunError(f"{root}: {error.strerror}", "name another folder") from None


def load(
    root: str,
    read: ReadManifest | None = None,
    gathered: folder.Gathered | None = None,
    cache: Cache | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """Load every file of the registry at `root`.

    `read` and `gathered` are its manifest and files, where they were read before. Raises
    CannotRunError where the manifest is absent or the root cannot be listed.
    """
    read = read or read_manifest(root)
    gathered = gathered or gather(root, read.manifest, ())
    loader = _Loader(root, read, cache or Cache(None))
    loader.read_files(gathered, progress or _quiet)
    loader.build()
    return loader.result()


class _Loader:
    def __init__(self, root: str, read: ReadManifest, cache: Cache) -> None:
        self.root = root
        self.manifest = read.manifest
        self.read = read
        self.cache = cache
        self.problems: list[Diagnostic] = list(read.problems)
        self.sources: dict[str, Source] = {}
        self.files: list[str] = []
        self.tree: frozenset[str] = frozenset()
        self.left_out: list[folder.SkippedFile] = []
        self.raw: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
        self.origins: dict[str, dict[str, str]] = {section: {} for section in SECTIONS}
        self.top: dict[tuple[str, str], dict[KeyPath, Any]] = {}
        self.entities: dict[str, dict[str, Entity]] = {}
        self.failed: dict[str, dict[str, Any]] = {}
        self.failed_fields: dict[tuple[str, str], frozenset[str]] = {}
        self.placeholders: dict[tuple[str, str], dict[KeyPath, str]] = {}
        self.extensions: dict[tuple[str, str], dict[KeyPath, Any]] = {}
        self.hidden: set[str] = set()
        self.blind = read.unread
        self.unread: set[str] = {MANIFEST} if read.unread else set()
        self.mentioned: set[str] = set()
        self.odd: set[str] = set()
        self.above: dict[str, dict[str, str]] = {}
        self.plain = PlainFiles(Pack(cache, root), self.origins, self.sources)

    # -- files -------------------------------------------------------------------------------

    def read_files(self, gathered: folder.Gathered, progress: Progress) -> None:
        self.left_out += gathered.folder.left_out
        self.tree = _tree(gathered.folder)
        self.unmatched(gathered.folder.unmatched)
        for closed in gathered.folder.closed:
            label = Label(Location(folder.printable(closed)), "this folder")
            message = "not read: the system does not let us list the folder"
            help_ = "make it readable, or `exclude` it"
            self.problems.append(Diagnostic("OM001", message, label, help_))
            self.unread.add(label.location.file)
            self.blind = True
        for linked in gathered.folder.linked:
            self.problems.append(folder.linked_folder(linked))
            self.unread.add(folder.printable(linked))
            self.blind = True
        for number, (name, got) in enumerate(gathered.files.items(), 1):
            progress(number, len(gathered.files))
            if name == MANIFEST:
                self.add_manifest()
                continue
            if self.read.foreign:
                self.left_out.append(folder.SkippedFile(folder.printable(name), _FOREIGN))
                continue
            odd = folder.odd_name(name)
            if odd is not None:
                self.problems.append(odd)
            if isinstance(got, Diagnostic):
                self.problems.append(got)
                self.unread.add(got.primary.location.file)
                self.blind = True
                continue
            self.files.append(got.name)
            self.add_file(got)

    def unmatched(self, globs: tuple[str, ...]) -> None:
        for glob in globs:
            index = (self.manifest.include or ()).index(glob)
            at = Location(MANIFEST, ("include", index))
            message = f"the `include` pattern `{glob}` matches no file"
            help_ = "correct or remove it; `**` crosses folders, as in `teams/**/*.yaml`"
            self.problems.append(
                Diagnostic("OM016", message, Label(at), help_, field=("include", index))
            )

    def add_manifest(self) -> None:
        self.files.append(MANIFEST)
        self.sources[MANIFEST] = self.read.source
        sections = {
            key: value for key, value in self.read.data.items() if not is_manifest_field(key, value)
        }
        self.add_sections(MANIFEST, sections)

    def add_file(self, got: folder.File) -> None:
        known = self.plain.outline(got)
        if known is not None:
            self.add_plain(got, known)
            return
        data = self.plain.whole(got)
        if data is not None:
            self.sources[got.name] = Source(got.name, got.raw)
        else:
            data = self.parse(got)
            known = self.plain.outline_of(got.name, self.is_sound)
            if known is not None:
                self.add_plain(got, known)
                return
        told = len(self.problems)
        if data is None:
            self.unread.add(got.name)
            self.hide(got.name, self.sources[got.name].data)
        elif not self.add_sections(got.name, data) and not _has_finding(self.problems, got.name):
            message = "no entity stands in this file"
            help_ = "add a section with an entity, or remove the file"
            self.problems.append(Diagnostic("OM016", message, Label(Location(got.name)), help_))
        if len(self.problems) > told:
            self.plain.faulty.add(got.name)

    def is_sound(self, section: str, id_: str, raw: Any) -> bool:
        """Whether an entity has a sound id, and is nobody who is their own deputy."""
        if bad_id(section, id_, Location("")) is not None:
            return False
        return section != "people" or not _own_deputies(id_, raw)

    def add_plain(self, got: folder.File, known: Outline) -> None:
        """Take a plain file by its outline."""
        self.plain.take(known)
        for section, ids in known.ids:
            self.origins[section].update(dict.fromkeys(ids, got.name))
        for section, id_, own in known.extensions:
            self.extensions[section, id_] = {(key,): value for key, value in own.items()}
        self.sources[got.name] = Source(got.name, got.raw, is_without_secrets=True)

    def parse(self, got: folder.File) -> Data | None:
        """Read a file that is not known by its content; None where nothing of it can be used."""
        text = decode_text(got.raw, got.name)
        source = self.sources[got.name] = Source(got.name, text.data or readable(got.raw))
        self.problems += text.problems
        if text.data is None:
            return None
        data = None if got.name.endswith(".md") else read_ordinary(text.data)
        if data is not None:
            self.plain.put(got.name, data)
            return data
        self.problems += source.composed.problems
        return source.composed.data

    def hide(self, name: str, data: bytes) -> None:
        """Note every word of a file that cannot be used; a runbook's id may be the file's name."""
        self.hidden.add(_stem(name))
        self.hidden.update(_WORD.findall(data.decode("utf-8", "replace")))

    # -- sections ----------------------------------------------------------------------------

    def add_sections(self, file: str, data: Data) -> int:
        """Take a file's sections; return how many entities they hold."""
        count = 0
        for name, content in data.items():
            section = SECTIONS.get(name)
            if section is None:
                self.other_key(file, name, content)
            elif section.single:
                count += self.add_entity(file, name, name, content, (name,))
            elif isinstance(content, dict):
                for id_, raw in content.items():
                    count += self.add_entity(file, name, id_, raw, (name, id_))
            elif content is not None and content != "":
                self.hidden.update(_strings(self.sources[file].composed.data))
                self.problems.append(bad_section(file, name))
        return count

    def other_key(self, file: str, name: str, content: Any) -> None:
        if name.startswith(EXTENSION):
            self.top.setdefault((file, ""), {})[(name,)] = content
            return
        self.hidden.update(_strings(content))
        self.problems.append(unknown_section(file, name, lambda: self.section_meant(file, name)))

    def section_meant(self, file: str, name: str) -> str:
        """Say which section a word may mean; below one that is empty, it may be an entity of it."""
        if (called := CALLED.get(name.casefold())) is not None:
            return f"did you mean `{called}`?"
        data = self.sources[file].composed.data or {}
        if file not in self.above:
            self.above[file] = {one: above for above, one in pairwise(data)}
        above = self.above[file].get(name, "")
        if above in SECTIONS and data[above] in (None, ""):
            return f"indent it, if it is a {SECTIONS[above].noun}: `{above}` is empty"
        return did_you_mean(
            name, SECTIONS, "`opmodel schema` lists them; a key of your own begins with `x-`"
        )

    def add_entity(self, file: str, section: str, id_: str, raw: Any, path: KeyPath) -> int:
        problem = bad_id(section, id_, Location(file, path, "key"))
        if problem is not None:
            self.problems.append(problem)
            self.hidden.update({id_} | _strings(raw))
        elif id_ in self.origins[section]:
            self.duplicate(section, id_, Location(file, path, "key"))
            self.mentioned.update(_strings(raw))
        else:
            clash = self.shared(section, id_)
            if clash is not None:
                self.duplicate(clash, id_, Location(file, path, "key"), section)
            self.raw[section][id_] = raw
            self.origins[section][id_] = file
        return 1

    def shared(self, section: str, id_: str) -> str | None:
        """Name the other section of the shared id space that has this id."""
        if section not in SHARED_IDS:
            return None
        return next((other for other in SHARED_IDS if id_ in self.origins[other]), None)

    def duplicate(self, section: str, id_: str, at: Location, other: str | None = None) -> None:
        self.problems.append(duplicate(section, id_, self.origins[section][id_], at, other))

    # -- entities ----------------------------------------------------------------------------

    def build(self) -> None:
        self.odd = {name for name, source in self.sources.items() if source.is_composed}
        for section in SECTIONS:
            if not self.raw[section] and self.origins[section] and self.plain.may_wait(section):
                continue
            raws = self.raw[section] = self.plain.with_plain(section, self.raw[section])
            self.entities[section] = self.build_section(section, raws)
            if section == "people":
                self.own_deputies()
            raws.clear()  # of a hundred thousand entities, one form each is enough
        self.break_loops()
        self.entities |= with_calendars(self.entities)
        self.plain.save()

    def make(self, section: str) -> dict[str, Entity]:
        """Make the entities of a section that only plain files hold."""
        model: type[Entity] = SECTIONS[section].model
        raws = self.plain.with_plain(section, self.raw[section])
        found, _ = decode(model, raws, lambda id_: self.place(section, id_))
        holidays = self.entities["holidays"]
        return with_calendars({"holidays": holidays, section: found}).get(section, found)

    def break_loops(self) -> None:
        """Report teams that are each other's parents, once a loop, and leave the parent out."""
        made = self.entities.get("teams", {})
        teams = {id_: one for id_, one in made.items() if isinstance(one, Team)}
        for id_, line, closes in loops({id_: one.parent for id_, one in teams.items()}):
            at = Location(self.origins["teams"][id_], ("teams", id_, "parent"))
            message = f"the teams are parts of each other: {' -> '.join((*line, closes))}"
            help_ = "remove the `parent` of one of them"
            self.problems.append(
                Diagnostic(
                    "OM006", message, Label(at), help_, entity=("teams", id_), field=("parent",)
                )
            )
            self.entities["teams"][id_] = teams[id_].model_copy(update={"parent": None})
            known = self.failed_fields.get(("teams", id_), frozenset())
            self.failed_fields["teams", id_] = known | {"parent"}

    def own_deputies(self) -> None:
        """Report absences in which somebody is their own deputy: nobody then stands in."""
        for id_ in self.entities.get("people", ()):
            for number in _own_deputies(id_, self.raw["people"][id_]):
                field: KeyPath = ("away", number, "deputy")
                at = Location(self.origins["people"][id_], ("people", id_, *field))
                message = f"`{id_}` is their own deputy: nobody stands in meanwhile"
                help_ = "name somebody else, or leave `deputy` out"
                entity = ("people", id_)
                self.plain.faulty.add(self.origins["people"][id_])
                self.problems.append(
                    Diagnostic("OM006", message, Label(at), help_, entity=entity, field=field)
                )
                known = self.failed_fields.get(("people", id_), frozenset())
                self.failed_fields["people", id_] = known | {"away"}

    def build_section(self, section: str, raws: dict[str, Any]) -> dict[str, Entity]:
        model: type[Entity] = SECTIONS[section].model
        doubtful = self.doubtful(section)
        found, more = decode(model, raws, lambda id_: self.place(section, id_), doubtful)
        for id_, one in more.items():
            self.keep(section, id_, one)
            if not one.is_plain:
                self.plain.faulty.add(self.origins[section][id_])
            if one.entity is None:
                self.failed.setdefault(section, {})[id_] = raws[id_]
        return found

    def doubtful(self, section: str) -> frozenset[str]:
        """Ids whose file was read thoroughly: what is odd there may well be a placeholder."""
        if not self.odd:
            return frozenset()
        return frozenset(id_ for id_, file in self.origins[section].items() if file in self.odd)

    def place(self, section: str, id_: str) -> EntityPlace:
        row = SECTIONS[section]
        file = self.origins[section][id_]
        source = self.sources[file]
        base: KeyPath = (section,) if row.single else (section, id_)
        return EntityPlace(
            file, base, row.noun, (section, id_), lambda path: source.spelling(base + path)
        )

    def keep(self, section: str, id_: str, done: Decoded) -> None:
        """Keep what is to be said of an entity."""
        key = (section, id_)
        self.problems += done.problems
        if done.failed:
            raw = self.raw[section][id_]
            self.failed_fields[key] = done.failed
            self.mentioned.update(_strings([raw.get(field) for field in done.failed]))
        if done.placeholders:
            self.placeholders[key] = done.placeholders
        if done.extensions:
            self.extensions[key] = done.extensions

    def result(self) -> Loaded:
        workspace = Workspace(
            self.root,
            self.manifest,
            Sources(self.sources),
            Sections(MadeWhenAsked(self.entities, self.make), _with_calendars()),
            Sections(self.origins, {section: (f"{section}@",) for section in SECTIONS}),
            self.failed,
            self.failed_fields,
            self.placeholders,
            self.extensions,
            frozenset(self.hidden),
            tuple(self.files),
            tuple(self.left_out),
            "stage" in self.read.given,
            self.blind,
            self.tree,
            frozenset(self.mentioned),
            frozenset(self.unread),
        )
        return Loaded(workspace, tuple(self.problems), Texts(self.plain.digests, self.plain.known))


def _with_calendars() -> dict[str, tuple[str, ...]]:
    """Tell what else is read with the entities of a section: some know days off."""
    kept = [section for section, row in SECTIONS.items() if issubclass(row.model, KeepsHolidays)]
    return dict.fromkeys(kept, ("holidays", "holidays:"))


def _own_deputies(id_: str, raw: Any) -> list[int]:
    """List the absences, by their places, in which somebody is their own deputy."""
    away = raw.get("away")
    listed = enumerate(away if isinstance(away, list) else ())
    return [place for place, one in listed if isinstance(one, dict) and one.get("deputy") == id_]


def _has_finding(problems: list[Diagnostic], file: str) -> bool:
    return any(found.primary.location.file == file for found in problems)


def _tree(found: folder.Folder) -> frozenset[str]:
    """Every file below the root, and every folder that cannot be listed, with a slash behind it."""
    return frozenset((*found.names, *found.others))


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _strings(value: Any) -> set[str]:
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        return {text for key, item in value.items() for text in {key} | _strings(item)}
    if isinstance(value, list):
        return {text for item in value for text in _strings(item)}
    return set()
