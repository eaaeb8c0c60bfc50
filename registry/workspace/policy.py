"""Policy packs: severities, settings, waivers and extensions, resolved through `extends`."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from registry.diagnostic import Diagnostic, Label, Severity
from registry.errors import CannotRunError
from registry.model.format import MANIFEST, PROFILES, STAGES
from registry.model.policy import PolicyFile, Waiver, level
from registry.model.settings import Settings
from registry.model.validator import validated
from registry.source.composer import compose
from registry.source.shipped import shipped
from registry.source.sources import Source
from registry.source.text import decode, readable
from registry.source.yaml import read_ordinary
from registry.span import KeyPath, Location
from registry.wording import did_you_mean
from registry.workspace.decode import decode_one
from registry.workspace.decode_errors import EntityPlace
from registry.workspace.own_rules import OwnRules, take_over
from registry.workspace.rule_names import code_of, rule_codes

FIXED = frozenset({*(f"OM{n:03}" for n in range(1, 8)), *(f"OM{n:03}" for n in range(9, 17))})
"""Rules that nothing silences or lowers: a file that was not read is never fine."""

_ENTITY = re.compile(r"[a-z_]+/[A-Za-z0-9][A-Za-z0-9._-]*|(deployed|labels|receivers)/[^*]+")
"""What a waiver may name; what is deployed may be called anything."""
_MAX_EXTENDS = 16
_REQUIRED = "required_"
"""How a setting begins that says what must be there: an empty one asks for none."""

Asked = tuple[str, ...]
"""A setting, or one item of a setting that is a list or a mapping."""

Read = Callable[[str], bytes | None]
"""Opens a policy file by its name; None where it is absent or cannot be opened."""


class PlacedWaiver(NamedTuple):
    """A waiver with where it stands."""

    waiver: Waiver
    location: Location


class Policy(NamedTuple):
    """A resolved pack.

    `severities` holds None for a rule that is off. `asks` says where a user's own pack sets a
    setting, or asks for an item of one; what is not in it comes from the built-in pack of `stage`
    and `profile`.
    """

    name: str
    stage: str
    severities: Mapping[str, Severity | None]
    settings: Settings
    waivers: tuple[PlacedWaiver, ...]
    extensions: Mapping[str, tuple[str, Location]]
    asks: Mapping[Asked, Location]
    profile: str = PROFILES[0]
    is_assumed: bool = False
    """Whether nobody said which stage it is: what depends on the stage cannot be asked for."""
    own: OwnRules = OwnRules()
    """The rules that it brings with it."""
    levelled: frozenset[str] = frozenset()
    """The rules whose severity a user's own pack sets, whatever the stage."""

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all rules that it may speak of."""
        return frozenset({*self.severities, *self.own.codes.values(), *self.own.broken})


class LoadedPolicy(NamedTuple):
    """A policy, what is wrong with its files, and their texts by name."""

    policy: Policy
    problems: tuple[Diagnostic, ...]
    sources: dict[str, Source]
    unread: frozenset[str] = frozenset()
    """The files of which nothing could be used."""


@cache
def builtin(stage: str, profile: str = PROFILES[0]) -> Policy:
    """Load the built-in pack of a stage, with what a profile lays over it.

    Raises CannotRunError for a stage that is none.
    """
    if stage not in STAGES:
        raise CannotRunError(f"no built-in pack `{stage}`", f"it is one of {', '.join(STAGES)}")
    data = read_ordinary(shipped("policies", f"{stage}.yaml")) or {}
    pack = validated(PolicyFile, data)
    severities = {code: _severity(level(rule)) for code, rule in pack.rules.items()}
    settings = dict(pack.settings)
    if profile != PROFILES[0]:
        laid = read_ordinary(shipped("policies/profiles", f"{profile}.yaml")) or {}
        over = validated(PolicyFile, laid)
        severities |= {code: _severity(level(rule)) for code, rule in over.rules.items()}
        settings |= over.settings
    return Policy(stage, stage, severities, validated(Settings, settings), (), {}, {}, profile)


def assumed(profile: str = PROFILES[0]) -> Policy:
    """Load the pack that stands in where no stage is known: production's, which asks for most."""
    return builtin("production", profile)._replace(is_assumed=True)


def load_policy(
    name: str | None, read: Read, stage: str | None, *, inside: bool, profile: str = PROFILES[0]
) -> LoadedPolicy:
    """Load the pack `name`: a built-in's name, or a file that `read` opens; else the stage's.

    `stage` and `profile` are the manifest's, the stage None where it is not known; a pack that
    extends another stage's is OM006.
    `inside` says that its paths must stay within the registry's root.
    Raises CannotRunError where a file is absent or cannot be opened.
    """
    if name is None:
        return LoadedPolicy(_usual(stage, profile), (), {})
    if name in STAGES:
        return LoadedPolicy(builtin(name, profile), (), {})
    chain = _Chain(read, stage, profile, inside=inside)
    policy = chain.load(name)
    return LoadedPolicy(policy, tuple(chain.problems), chain.sources, frozenset(chain.unread))


def _usual(stage: str | None, profile: str) -> Policy:
    return assumed(profile) if stage is None else builtin(stage, profile)


class _PackFile(NamedTuple):
    """One file: the pack, its settings as far as they are right, and where things stand in it."""

    pack: PolicyFile
    settings: dict[str, Any]
    asks: dict[Asked, Location]
    rows: tuple[int, ...]
    plugins: Mapping[int, str] = {}
    written: tuple[str, ...] = ()
    """The codes of custom rules, those that did not load included."""


class _Chain:
    """One pack and all that it extends."""

    def __init__(self, read: Read, stage: str | None, profile: str, *, inside: bool) -> None:
        self.read = read
        self.stage = stage
        self.profile = profile
        self.inside = inside
        self.problems: list[Diagnostic] = []
        self.sources: dict[str, Source] = {}
        self.unread: set[str] = set()
        self.codes: Mapping[str, Severity | None] = builtin("production").severities
        self.own = OwnRules()

    def load(self, name: str) -> Policy:
        raw = self.read(name)
        if raw is None:
            raise CannotRunError(
                f"the policy {name} is absent or cannot be opened", self.instead(name)
            )
        parsed = self.parse(name, raw)
        return self.over(self.base(name, parsed.pack), name, parsed)

    def instead(self, name: str) -> str:
        """Say what to do about a pack that is not there: of the manifest, or of `--policy`."""
        if self.inside:
            stage = self.stage or "your stage"
            return (
                f"write that file, with `extends: {stage}` in it, or remove `policy` from "
                f"{MANIFEST}: then the pack of the stage applies"
            )
        usual = f"give `--policy` one of {', '.join(STAGES)}, or the path of a pack's file"
        return did_you_mean(name, STAGES, usual)

    def parse(self, name: str, raw: bytes) -> "_PackFile":
        text = decode(raw, name)
        self.problems += text.problems
        if text.data is None:
            self.sources[name] = Source(name, readable(raw))
            self.unread.add(name)
            return _PackFile(PolicyFile.model_construct(), {}, {}, ())
        composed = compose(text.data, name)
        source = Source(name, text.data, composed)
        self.sources[name] = source
        self.problems += composed.problems
        data = composed.data
        if data is None:
            self.unread.add(name)
            return _PackFile(PolicyFile.model_construct(), {}, {}, ())
        done = decode_one(PolicyFile, data, EntityPlace(name, (), "policy", None, source.spelling))
        self.problems += done.problems

        def kept(field: str) -> tuple[int, ...]:
            given = data.get(field)
            rows = range(len(given)) if isinstance(given, list) else ()
            return tuple(row for row in rows if (field, row) not in done.dropped)

        plugins = dict(zip(kept("plugins"), done.entity.plugins, strict=False))
        set_ = self.settings(name, data.get("settings"), source)
        written = tuple(custom) if isinstance(custom := data.get("custom"), dict) else ()
        return _PackFile(done.entity, *set_, kept("waivers"), plugins, written)

    def settings(
        self, name: str, raw: object, source: Source
    ) -> tuple[dict[str, Any], dict[Asked, Location]]:
        """Read what a pack sets, and where; of a setting that is wrong, the base's value stands."""
        if not isinstance(raw, dict):
            return {}, {}
        raw = {key: _none_asked(key, value) for key, value in raw.items()}
        where = EntityPlace(
            name,
            ("settings",),
            "policy's settings",
            None,
            lambda path: source.spelling(("settings", *path)),
        )
        done = decode_one(Settings, raw, where)
        self.problems += done.problems
        dropped = done.failed | {str(path[0]) for path in done.placeholders}
        clean = done.entity.model_dump()
        given = {key: value for key, value in clean.items() if key in raw and key not in dropped}
        return given, dict(asked for key in given for asked in _asked(name, key, raw[key]))

    def base(self, name: str, pack: PolicyFile) -> Policy:
        extends = pack.extends
        if extends is None:
            return _usual(self.stage, self.profile)
        at = Location(name, ("extends",))
        if extends in STAGES:
            if self.stage is not None and extends != self.stage:
                self.problem(
                    "OM006",
                    f"the pack extends `{extends}`; the registry's stage is `{self.stage}`",
                    at,
                    f"write `extends: {self.stage}`, or change the manifest's stage",
                )
                return builtin(self.stage, self.profile)
            return builtin(extends, self.profile)
        target = os.path.normpath(os.path.join(os.path.dirname(name), extends)).replace(os.sep, "/")
        escapes = os.path.isabs(extends) or ":" in extends or target.startswith("..")
        if self.inside and escapes:
            message = f"`{extends}` lies outside the registry's root; it is not opened"
            self.problem("OM006", message, at, "keep the pack below the root")
        elif target in self.sources or len(self.sources) > _MAX_EXTENDS:
            path = " -> ".join([*self.sources, target])
            self.problem("OM006", f"packs extend each other: {path}", at, "break the cycle")
        elif self.read(target) is None:
            known = ", ".join(STAGES)
            message = f"the pack `{extends}` is absent or cannot be opened"
            self.problem("OM006", message, at, f"name a file, or one of {known}")
        else:
            return self.load(target)
        return _usual(self.stage, self.profile)

    def over(self, base: Policy, name: str, parsed: "_PackFile") -> Policy:
        pack, given = parsed.pack, parsed.settings
        own = self.take_over(base.own, name, parsed)
        levels = {code: pack.custom[code].severity for code in own.custom if code in pack.custom}
        severities = dict(base.severities) | {code: _severity(one) for code, one in levels.items()}
        levelled = set(base.levelled)
        for written, rule in pack.rules.items():
            at = Location(name, ("rules", written), "key")
            code = own.code_of(code_of(written))
            if self.known(code, at) and self.may_change(code, level(rule), at):
                severities[code] = _severity(level(rule))
                levelled.add(code)
        waivers = [
            PlacedWaiver(self.by_code(waiver), Location(name, ("waivers", index)))
            for index, waiver in zip(parsed.rows, pack.waivers, strict=False)
        ]
        sound = [placed for placed in waivers if self.sound(placed)]
        folder = os.path.dirname(name)
        extensions = dict(base.extensions)
        for section, path in pack.extensions.items():
            full = os.path.normpath(os.path.join(folder, path)).replace(os.sep, "/")
            extensions[section] = (
                self.schema_path(path, full),
                Location(name, ("extensions", section)),
            )
        replaced = {key for key, value in given.items() if not _is_laid_over(key, value)}
        kept = {asked: at for asked, at in base.asks.items() if asked[0] not in replaced}
        return Policy(
            name,
            base.stage,
            severities,
            validated(Settings, _merged(base.settings.model_dump(), given)),
            base.waivers + tuple(sound),
            extensions,
            {**kept, **parsed.asks},
            base.profile,
            base.is_assumed,
            own,
            frozenset(levelled),
        )

    def take_over(self, base: OwnRules, name: str, parsed: "_PackFile") -> OwnRules:
        """Lay a pack's own rules over those of its base; report what is wrong with them."""
        done = take_over(base, name, parsed.pack.custom, parsed.plugins, parsed.written)
        self.problems += done.problems
        self.own = done.own
        return done.own

    def schema_path(self, path: str, full: str) -> str:
        """Paths of schemas are relative to the registry's root, or else to the pack."""
        return path if self.read(path) is not None else full

    def known(self, code: str, at: Location) -> bool:
        own = self.own.codes
        if code in self.codes or code in own.values() or self.own.may_be(code):
            return True
        known = (*self.codes, *rule_codes(), *own, *own.values())
        help_ = did_you_mean(code, known, "`opmodel rules` lists them")
        self.problem("OM007", f"there is no rule `{code}`", at, help_)
        return False

    def may_change(self, code: str, severity: str, at: Location) -> bool:
        usual = self.codes.get(code)
        new = _severity(severity)
        if code not in FIXED or usual is None or (new is not None and new.rank <= usual.rank):
            return True
        message = f"`{code}` cannot be silenced or lowered; it stays `{usual.value}`"
        self.problem("OM006", message, at, "remove the line, and mend what the rule finds")
        return False

    def sound(self, placed: PlacedWaiver) -> bool:
        """Check that a waiver names a rule and an entity exactly; report what does not."""
        waiver, at = placed
        if not self.known(waiver.rule, at._replace(path=(*at.path, "rule"))):
            return False
        if waiver.rule in FIXED:
            message = f"`{waiver.rule}` cannot be waived"
            where = at._replace(path=(*at.path, "rule"))
            self.problem("OM006", message, where, "mend what it finds, and remove the waiver")
            return False
        if not _ENTITY.fullmatch(waiver.entity):
            message = f"a waiver names one entity exactly, as `schedules/ic`; not `{waiver.entity}`"
            where = at._replace(path=(*at.path, "entity"))
            self.problem("OM006", message, where, "write its section, a slash and its id")
            return False
        return True

    def by_code(self, waiver: Waiver) -> Waiver:
        code = self.own.code_of(code_of(waiver.rule))
        return waiver if code == waiver.rule else waiver.model_copy(update={"rule": code})

    def problem(self, code: str, message: str, at: Location, help_: str) -> None:
        field: KeyPath = at.path
        self.problems.append(
            Diagnostic(code, message, Label(at), help_, field=field, distinguish=message)
        )


def _severity(name: str) -> Severity | None:
    return None if name == "off" else Severity(name)


def _asked(file: str, key: str, raw: object) -> Iterator[tuple[Asked, Location]]:
    """Yield where a setting stands; of a list or a mapping, where each of its items does."""
    at = ("settings", key)
    if isinstance(raw, list):
        for index, item in reversed([*enumerate(raw)]):  # of an item that is there twice, the first
            yield (key, str(item)), Location(file, (*at, index))
    elif isinstance(raw, dict):
        for name in raw:
            yield (key, name), Location(file, (*at, name), "key")
    else:
        yield (key,), Location(file, at)


def _merged(base: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Lay settings over others: one that is a mapping is replaced key by key."""
    over = {
        key: {**base[key], **value} for key, value in given.items() if _is_laid_over(key, value)
    }
    return {**base, **given, **over}


def _is_laid_over(key: str, value: Any) -> bool:
    """Whether a setting's value adds to the base's: one that asks for nothing does not."""
    return isinstance(value, dict) and not _asks_for_none(key, value)


def _asks_for_none(key: str, value: object) -> bool:
    return key.startswith(_REQUIRED) and value == {}


def _none_asked(key: str, value: object) -> object:
    """Return `{}` as what it means where what is required is a list: nothing."""
    field = Settings.model_fields.get(key)
    is_list = field is not None and field.default == ()
    return [] if is_list and _asks_for_none(key, value) else value
