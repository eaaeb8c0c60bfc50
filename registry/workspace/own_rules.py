"""Rules of one's own as a policy names them: which codes and names there are, and where from.

What an expression says is judged when it is asked; here only whether a rule may be called so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import NamedTuple

from registry.diagnostic import Diagnostic, Label
from registry.model.policy import CustomRule
from registry.plugins import GROUP, failure_of, installed, stems
from registry.span import Location
from registry.wording import did_you_mean
from registry.workspace.rule_names import rule_codes

_CODE = re.compile(r"[A-Z]{2,8}[0-9]{3}")
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_STEM = re.compile(r"(?P<code>[a-z]{2,8}[0-9]{3})_(?P<name>[a-z0-9_]+)")
MOST = 200
"""Custom rules of a policy: each has its share of the steps that all may take."""


class PlacedCustom(NamedTuple):
    """A custom rule with where it stands."""

    rule: CustomRule
    location: Location

    def at(self, field: str) -> Location:
        """Point at one of its fields."""
        return self.location._replace(path=(*self.location.path, field), part="value")


class Plugin(NamedTuple):
    """A plugin that a policy names, at `location`: the package that holds a module a rule."""

    name: str
    package: ModuleType
    location: Location


class OwnRules(NamedTuple):
    """The rules that a policy brings with it. `codes` maps each one's name to its code.

    `broken` are codes of custom rules that are written and of no use; `is_partial` says that a
    plugin could not be loaded. Either is told once, and not again by what names such a rule.
    """

    custom: Mapping[str, PlacedCustom] = {}
    plugins: tuple[Plugin, ...] = ()
    codes: Mapping[str, str] = {}
    broken: frozenset[str] = frozenset()
    is_partial: bool = False

    def may_be(self, code: str) -> bool:
        """Whether a code may be that of a rule which could not be used."""
        is_own = _CODE.fullmatch(code) is not None and not code.startswith("OM")
        return code in self.broken or (self.is_partial and is_own)

    def may_begin(self, text: str) -> bool:
        """Whether the code of a rule that could not be used may be this, or begin with it."""
        return self.may_be(text) or any(code.startswith(text) for code in self.broken)

    def code_of(self, rule: str) -> str:
        """Return the code of one of them that is called by its name; anything else as it is."""
        return self.codes.get(rule, rule)


class TakenOver(NamedTuple):
    """The rules of a pack laid over those of its base, and what is wrong with them."""

    own: OwnRules
    problems: tuple[Diagnostic, ...]


def take_over(
    base: OwnRules,
    file: str,
    custom: Mapping[str, CustomRule],
    plugins: Mapping[int, str],
    written: Iterable[str] = (),
) -> TakenOver:
    """Lay a pack's rules over those of its base: a code of the base's is defined anew.

    `plugins` are the names that it lists, by their place in the list; `written` the codes of all
    custom rules in it, those that did not load included.
    """
    kept = {code: one for code, one in base.custom.items() if code not in custom}
    names = {one.rule.name: code for code, one in kept.items()}
    for plugin in base.plugins:
        names |= rules_in(plugin.package)
    found = _plugins(base, file, plugins, names)
    problems = [one for one in found if isinstance(one, Diagnostic)]
    partial = base.is_partial or bool(problems)
    for code, rule in custom.items():
        placed = PlacedCustom(rule, Location(file, ("custom", code), "key"))
        wrong = list(_wrong(code, placed, names, len(kept)))
        problems += wrong
        if not wrong:
            kept[code] = placed
            names[rule.name] = code
    broken = base.broken.union(written) - kept.keys()
    loaded = (*base.plugins, *(one for one in found if isinstance(one, Plugin)))
    return TakenOver(OwnRules(kept, loaded, names, broken, partial), tuple(problems))


def _plugins(
    base: OwnRules, file: str, plugins: Mapping[int, str], names: dict[str, str]
) -> list[Plugin | Diagnostic]:
    """Find the plugins that a pack names and its base does not; `names` take in their rules."""
    held = {plugin.name for plugin in base.plugins}
    found: list[Plugin | Diagnostic] = []
    for row, name in plugins.items():
        if name in held:
            continue
        made = _plugin(name, Location(file, ("plugins", row)), names)
        found.append(made)
        if isinstance(made, Plugin):
            held.add(name)
            names |= rules_in(made.package)
    return found


def _wrong(
    code: str, placed: PlacedCustom, names: Mapping[str, str], others: int
) -> Iterator[Diagnostic]:
    """Say why a custom rule cannot be called as it is."""
    name = placed.rule.name
    taken = {**rule_codes(), **names}
    if not _CODE.fullmatch(code):
        message = f"`{code}` is no code of a rule: two to eight capitals and three digits"
        yield _fault(message, placed.location, "write it as `ACME001`")
    elif code.startswith("OM"):
        message = f"`{code}`: codes that begin with OM are opmodel's own"
        yield _fault(message, placed.location, "begin it with letters of your own, as `ACME001`")
    elif code in names.values():
        message = f"the code `{code}` is a plugin's already"
        yield _fault(message, placed.location, "give the rule another code")
    elif not _NAME.fullmatch(name):
        message = f"`{name}` is no name of a rule: small letters, digits and hyphens"
        yield _fault(message, placed.at("name"), "name the defect, as `metric-without-dashboard`")
    elif name in taken:
        message = f"the name `{name}` is that of {taken[name]} already"
        yield _fault(message, placed.at("name"), "give the rule another name")
    elif others >= MOST:
        message = f"a policy may have {MOST} custom rules; this is one more"
        yield _fault(message, placed.location, "write the others in Python, as a plugin")


def _plugin(name: str, at: Location, names: Mapping[str, str]) -> Plugin | Diagnostic:
    """Find an installed plugin, and import the package of its rules, but none of them."""
    entries = installed(GROUP)
    if name not in entries:
        usual = f"install the distribution that brings it: entry point group `{GROUP}`"
        return _fault(
            f"the plugin `{name}` is not installed", at, did_you_mean(name, entries, usual)
        )
    if len(entries[name]) > 1:
        brought = ", ".join(sorted(f"`{one.distribution}`" for one in entries[name]))
        return _fault(f"the plugin `{name}` is brought by {brought}", at, "remove all but one")
    (entry,) = entries[name]
    try:
        package = entry.load()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        message = f"the plugin `{name}` cannot be loaded: {failure_of(error)}"
        return _fault(message, at, "mend its installation, or take it out of `plugins`")
    if not isinstance(package, ModuleType) or not hasattr(package, "__path__"):
        message = f"the plugin `{name}` is no package: its entry point is `{entry.value}`"
        return _fault(message, at, "its entry point names the package that holds its rules")
    return _clash(name, package, at, names) or Plugin(name, package, at)


def _clash(
    name: str, package: ModuleType, at: Location, names: Mapping[str, str]
) -> Diagnostic | None:
    """Say which of a plugin's modules is no rule, or is called as another rule is."""
    taken = {**rule_codes(), **names}
    tell = "tell the plugin's author, or take it out of `plugins`"
    for stem in stems(package):
        match = _STEM.fullmatch(stem)
        if match is None or match["code"].startswith("om"):
            message = f"the plugin `{name}` holds `{stem}`, which is no module of a rule"
            return _fault(message, at, "rules are called as `acme001_name_of_the_defect`; " + tell)
        code, called = match["code"].upper(), match["name"].replace("_", "-")
        if code in taken.values() or called in taken:
            who = f"the code `{code}`" if code in taken.values() else f"the name `{called}`"
            return _fault(f"the plugin `{name}` has {who}, which is another rule's", at, tell)
        taken = {**taken, called: code}
    if taken.keys() == {**rule_codes(), **names}.keys():
        return _fault(f"the plugin `{name}` holds no rule", at, tell)
    return None


def rules_in(package: ModuleType) -> dict[str, str]:
    """Return the code of each rule in a plugin's package by its name, from the folder alone."""
    found = (_STEM.fullmatch(stem) for stem in stems(package))
    return {one["name"].replace("_", "-"): one["code"].upper() for one in found if one}


def _fault(message: str, at: Location, help_: str) -> Diagnostic:
    return Diagnostic("OM006", message, Label(at), help_, field=at.path, distinguish=message)
