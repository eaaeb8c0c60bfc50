"""All rules that apply under a policy: opmodel's, its custom ones, and those of its plugins."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import NamedTuple

from registry.checks.catalogue import rules
from registry.checks.rule import Check, Context, Rule
from registry.diagnostic import Diagnostic, Label, Severity
from registry.model.format import STAGES
from registry.model.settings import Settings
from registry.plugins import failure_of, stems, take
from registry.workspace.own_rules import OwnRules, Plugin
from registry.workspace.policy import Policy, builtin

_HELP = "tell the plugin's author, or take it out of `plugins`"


class Applying(NamedTuple):
    """The rules that apply, by code, and what is wrong with those that a policy brings."""

    rules: Mapping[str, Rule]
    problems: tuple[Diagnostic, ...] = ()


def applying(own: OwnRules) -> Applying:
    """Gather opmodel's rules and those that a policy brings, in code order, its own last."""
    if not own.custom and not own.plugins:
        return Applying(rules())
    found: dict[str, Rule] = {}
    problems: list[Diagnostic] = []
    if own.custom:
        from registry.checks.custom import made

        for one in made(own.custom):
            found[one.rule.code] = one.rule
            problems += one.problems
    for plugin in own.plugins:
        for stem in stems(plugin.package):
            one_rule = _rule(plugin, stem)
            if isinstance(one_rule, Diagnostic):
                problems.append(one_rule)
            else:
                found[one_rule.code] = one_rule
    ordered = {code: found[code] for code in sorted(found)}
    return Applying({**rules(), **ordered}, tuple(problems))


def under(policy: Policy, known: Mapping[str, Rule]) -> dict[str, Rule]:
    """Give each rule the severities that a policy makes of it: its own, else its profile's."""
    packs = {stage: builtin(stage, policy.profile).severities for stage in STAGES}
    return {
        code: one._replace(severities=_levels(policy, packs, one)) for code, one in known.items()
    }


def _levels(
    policy: Policy, packs: Mapping[str, Mapping[str, Severity | None]], one: Rule
) -> dict[str, Severity | None]:
    if one.code in policy.levelled:
        return dict.fromkeys(STAGES, policy.severities[one.code])
    return {stage: packs[stage].get(one.code, one.severities[stage]) for stage in STAGES}


def _rule(plugin: Plugin, stem: str) -> Rule | Diagnostic:
    """Import one rule of a plugin; a finding where that fails, or where it is no rule."""
    try:
        module = import_module(f"{plugin.package.__name__}.{stem}")
        rule = take(module, "RULE", Rule)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return _fault(plugin, f"`{stem}` cannot be loaded: {failure_of(error)}")
    if rule.code != stem.partition("_")[0].upper() or rule.room != Context.room:
        return _fault(plugin, f"`{stem}` makes a rule that is not called as it is")
    unknown = [name for name in rule.settings if name not in Settings.model_fields]
    if unknown:
        return _fault(plugin, f"`{stem}` reads `{unknown[0]}`, which is no setting")
    if rule.check is None:
        return _fault(plugin, f"`{stem}` has no check")
    return rule._replace(check=_guarded(plugin, rule.code, rule.check))


def _guarded(plugin: Plugin, code: str, check: Check) -> Check:
    """Keep a plugin's rule from ending the check: what it raises is told where it is named."""

    def guarded(context: Context) -> Iterator[Diagnostic]:
        try:
            for found in check(context):
                if not _is_own(found, code):
                    yield _fault(plugin, f"{code} found something that is no finding of its own")
                    return
                yield found
        except Exception as error:  # noqa: BLE001 - code of others can fail in any way
            yield _fault(plugin, f"{code} failed: {failure_of(error)}")

    return guarded


def _is_own(found: object, code: str) -> bool:
    return isinstance(found, Diagnostic) and found.code == code


def _fault(plugin: Plugin, message: str) -> Diagnostic:
    at = plugin.location
    message = f"the plugin `{plugin.name}`: {message}"
    return Diagnostic("OM006", message, Label(at), _HELP, field=at.path, distinguish=message)
