"""What a rule finds, why that matters and how to mend it, with the examples that test it."""

import re
import textwrap
from collections.abc import Iterator, Mapping

from registry.checks.catalogue import find, rules
from registry.checks.explain_field import MODELS, explain_field, field_meant
from registry.checks.rule import Rule
from registry.errors import CannotRunError
from registry.model.fields import fields
from registry.model.format import STAGES
from registry.model.settings import Settings
from registry.output.terminal import escape, source_line
from registry.source.shipped import listing, shipped
from registry.wording import listed, nearest
from registry.workspace.policy import Policy, builtin

WIDTH = 80
_INDENT = "    "
_MAX_LINES = 80
_EXPECTED = "expected.txt"
_LISTS = "`opmodel rules` and `opmodel schema` list them"
_CODE = re.compile(r"OM[0-9]+", re.IGNORECASE)


def is_field(name: str) -> bool:
    """Whether a name is a section's, a field's or a setting's, which no policy changes."""
    return name.strip().partition(".")[0] in MODELS or name.strip() in fields(Settings)


def explain(
    name: str, among: Mapping[str, Rule] | None = None, policy: Policy | None = None
) -> str:
    """Explain a rule, a section, a field or a setting, in plain text of 80 columns.

    The rule is one of opmodel's own, or of those given, with the severity that the `policy` makes
    of it. Raises CannotRunError for a name that is none of theirs, with the nearest one.
    """
    field = explain_field(name)
    if field is not None:
        return field
    try:
        rule = find(name, among)
    except CannotRunError:
        if _CODE.fullmatch(name.strip()):
            raise
        raise _unknown(name.strip(), rules() if among is None else among) from None
    title = f"{rule.code} {rule.name}"
    return "\n".join([title, "=" * len(title), "", *_words(rule, policy), *_examples(rule)])


def _unknown(name: str, known: Mapping[str, Rule]) -> CannotRunError:
    """Refuse what is nothing that can be explained, and say what it may mean."""
    where = [f"{section}.{name}" for section, model in MODELS.items() if name in fields(model)]
    words = {word for one in known.values() for word in (one.code, one.name)}
    meant = field_meant(name)
    if meant is None and not where:
        meant = nearest(name, {*words, *MODELS, *fields(Settings)})
    found = [meant] if meant else where
    help_ = f"did you mean {listed(found, joint='or')}?" if found else _LISTS
    return CannotRunError(f"there is no rule, section, field or setting `{name}`", help_)


def levels(rule: Rule) -> dict[str, str]:
    """Tell the severity of a rule at each stage, or `off`."""
    return {stage: level.value if (level := rule.severities[stage]) else "off" for stage in STAGES}


def defaults(rule: Rule) -> dict[str, dict[str, object]]:
    """Tell the value of each setting that a rule reads, in the built-in pack of each stage."""
    found: dict[str, dict[str, object]] = {name: {} for name in rule.settings}
    for stage in STAGES:
        values = builtin(stage).settings.model_dump()
        for name in rule.settings:
            found[name][stage] = values[name]
    return found


def _words(rule: Rule, policy: Policy | None) -> Iterator[str]:
    severity = _severity(rule, policy)
    parts = [rule.summary, f"Why: {rule.why}", f"How to mend it: {rule.mend}", severity]
    for part in parts:
        yield from textwrap.wrap(
            escape(part), WIDTH, break_long_words=False, break_on_hyphens=False
        )
        yield ""
    settings = defaults(rule)
    if settings:
        yield "Settings of the policy that it reads:"
        for name, values in settings.items():
            yield from _wrapped(f"{name}: {_by_stage(values)}", "  ")
        yield ""


def _severity(rule: Rule, policy: Policy | None) -> str:
    if policy is not None and rule.code in policy.levelled:
        return f"Severity: {levels(rule)[STAGES[0]]}, as {policy.name} says."
    shown = ", ".join(f"{level} in {stage}" for stage, level in levels(rule).items())
    return f"Severity: {shown}."


def _by_stage(values: dict[str, object]) -> str:
    """Write a setting's value once where all stages agree."""
    shown = {stage: _flow(value) for stage, value in values.items()}
    if len(set(shown.values())) == 1:
        return shown[STAGES[0]]
    return "; ".join(f"{text} in {stage}" for stage, text in shown.items())


def _flow(value: object) -> str:
    """Write a setting as a policy would."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value)


def _examples(rule: Rule) -> Iterator[str]:
    fixtures = f"tests/{rule.room}/rules/{rule.code}"
    if _EXPECTED not in listing(f"{fixtures}/bad"):
        return
    yield "An example with the fault:"
    yield ""
    yield from _files(f"{fixtures}/bad")
    yield f"What `opmodel {rule.command}` says of it:"
    yield ""
    yield from _findings(shipped(f"{fixtures}/bad", _EXPECTED).decode())
    yield "And without it:"
    yield ""
    yield from _files(f"{fixtures}/good")


def _files(folder: str) -> Iterator[str]:
    """Show every file of an example, named where there are several."""
    names = [name for name in listing(folder) if not name.endswith(_EXPECTED)]
    for name in names:
        if len(names) > 1:
            yield f"{_INDENT}# ---- {source_line(name)}"
        lines = shipped(folder, name).decode("utf-8", "replace").rstrip("\n").split("\n")
        yield from ((_INDENT + source_line(line)).rstrip() for line in lines[:_MAX_LINES])
        if len(lines) > _MAX_LINES:
            yield f"{_INDENT}# … and {len(lines) - _MAX_LINES} more lines"
        yield ""


def _findings(expected: str) -> Iterator[str]:
    """Show the first finding as `check` prints it, and say how many more there are."""
    first, *others = expected.strip("\n").split("\n\n")
    for line in first.split("\n"):
        is_prose = not line.lstrip().startswith(("|", "-->", ":::")) and "| " not in line[:8]
        yield from _wrapped(line, _INDENT) if is_prose else [(_INDENT + line).rstrip()]
    yield ""
    if others:
        more = f"{len(others)} more like it" if len(others) > 1 else "one more like it"
        yield f"{_INDENT}(and {more})"
        yield ""


def _wrapped(text: str, indent: str) -> list[str]:
    """Wrap a line of prose; what continues it stands further to the right."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
        replace_whitespace=False,
    )
