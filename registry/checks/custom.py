"""Custom rules of a policy: an expression in CEL that must hold of each entity of a section."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from registry.checks.rule import Check, Context, Rule
from registry.diagnostic import Diagnostic, Label, Severity
from registry.model.entity import Entity
from registry.model.fields import fields, parts
from registry.model.format import STAGES
from registry.model.sections import SECTIONS
from registry.span import KeyPath, Location
from registry.wording import did_you_mean
from registry.workspace.own_rules import PlacedCustom
from registry.workspace.workspace import Workspace

if TYPE_CHECKING:
    from registry.checks.cel.compile import Expression
    from registry.checks.cel.facts import EntityView, Facts

_BRACES = re.compile(r"\{([^{}]*)\}")
_LONGEST = 200
"""Characters of a value in a message."""


class Made(NamedTuple):
    """A custom rule as a rule, and what is wrong with it."""

    rule: Rule
    problems: tuple[Diagnostic, ...]


def made(customs: Mapping[str, PlacedCustom]) -> list[Made]:
    """Make the rules of a policy's `custom`, for one check: they share what it takes."""
    shared = Shared()
    return [_made(code, placed, shared) for code, placed in sorted(customs.items())]


class Shared:
    """What the custom rules of a check share: the registry as they see it, and their steps."""

    def __init__(self) -> None:
        from registry.checks.cel.values import Meter

        self.meter = Meter()
        self._facts: list[Facts] = []

    def facts(self, context: Context) -> "Facts":
        """Show the registry to expressions; made on first use."""
        from registry.checks.cel.facts import Facts

        if not self._facts:
            self._facts.append(Facts(context.workspace))
            self.meter.allow(context.workspace.count())
        return self._facts[0]


def _made(code: str, placed: PlacedCustom, shared: Shared) -> Made:
    from registry.checks.cel.compile import compile_expression
    from registry.checks.cel.values import WrongExpressionError

    custom = placed.rule
    level = None if custom.severity == "off" else Severity(custom.severity)
    problems = list(_wrong(placed))
    check: Check | None = None
    if custom.section in SECTIONS:
        try:
            expression = compile_expression(custom.asserts, custom.section, shared.meter)
            check = _Custom(code, placed, expression, shared)
        except WrongExpressionError as error:
            problems.append(_fault(str(error), placed.at("assert"), error.help))
    rule = Rule(
        code,
        custom.name,
        " ".join(custom.message.split()),
        f"the policy asks of each entity of `{custom.section}`: {' '.join(custom.asserts.split())}",
        custom.help or "mend what the rule asks for, or the rule in the policy",
        dict.fromkeys(STAGES, level),
        (),
        (),
        check if not problems else None,
    )
    return Made(rule, tuple(problems))


def _wrong(placed: PlacedCustom) -> Iterator[Diagnostic]:
    """Say what is wrong with what a custom rule names, but for its expression."""
    custom = placed.rule
    section = SECTIONS.get(custom.section)
    if section is None:
        help_ = did_you_mean(custom.section, SECTIONS, "name a section of the format")
        yield _fault(f"there is no section `{custom.section}`", placed.at("section"), help_)
        return
    known = ("id", *fields(section.model))
    for name in _BRACES.findall(custom.message):
        if name not in known:
            help_ = did_you_mean(name, known, "write `{id}`, or a field of the section in braces")
            message = f"the message asks for `{{{name}}}`, which `{custom.section}` have not"
            yield _fault(message, placed.at("message"), help_)
    if custom.field is not None:
        yield from _wrong_field(section.model, custom.field, placed)


def _wrong_field(model: type[Entity], field: str, placed: PlacedCustom) -> Iterator[Diagnostic]:
    part: Any = model
    for step in field.split("."):
        known = fields(part) if part is not None else {}
        if step not in known:
            help_ = did_you_mean(step, known, "name a field of the section, as `owner`")
            message = f"`{placed.rule.section}` have no field `{field}`"
            yield _fault(message, placed.at("field"), help_)
            return
        kinds = known[step].kinds
        found = (one for kind in kinds if kind.part for one in parts(kind))
        part = next(found, None)


class _Custom:
    """The check of one custom rule."""

    def __init__(
        self, code: str, placed: PlacedCustom, expression: "Expression", shared: Shared
    ) -> None:
        self.code = code
        self.placed = placed
        self.expression = expression
        self.shared = shared

    def __call__(self, context: Context) -> Iterator[Diagnostic]:
        """Ask each entity; an expression that fails is told once, where it stands."""
        from registry.checks.cel.values import FailedError, OverBudgetError

        facts, meter = self.shared.facts(context), self.shared.meter
        failed: list[tuple[str, str]] = []
        for view in facts.views(self.placed.rule.section):
            try:
                holds = self.expression.ask(view, facts, meter)
            except FailedError as error:
                failed.append((str(view.get("id")), str(error)))
                continue
            except OverBudgetError as error:
                yield self._failure(context, str(view.get("id")), str(error), "ask for less")
                break
            if holds is False:
                yield self._finding(context, view)
        if failed:
            id_, why = failed[0]
            more = f", and on {len(failed) - 1} more" if len(failed) > 1 else ""
            help_ = "test first what may be null, as `self.owner != null && …`"
            yield self._failure(context, id_, f"{why}{more}", help_)

    def _failure(self, context: Context, id_: str, why: str, help_: str) -> Diagnostic:
        section = self.placed.rule.section
        message = f"the expression of {self.code} fails on `{section}/{id_}`: {why}"
        here = Label(context.workspace.locate(section, id_), "on this one")
        at = self.placed.at("assert")
        return Diagnostic(
            "OM006", message, Label(at), help_, (here,), field=at.path, distinguish=self.code
        )

    def _finding(self, context: Context, view: "EntityView") -> Diagnostic:
        custom = self.placed.rule
        model = SECTIONS[custom.section].model
        id_ = str(view.get("id"))
        message = _BRACES.sub(lambda match: _shown(view, match[1]), custom.message)
        help_ = custom.help or "see what the policy asks for"
        related = (Label(self.placed.at("assert"), "asked for here"),)
        path: KeyPath = tuple(custom.field.split(".")) if custom.field else ()
        if path and not _is_there(context.workspace, (custom.section, id_), path):
            return context.missing(model, id_, path, message, help_, related=related)
        return context.finding(model, id_, path, message, help_, related=related)


def _is_there(workspace: Workspace, entity: tuple[str, str], path: KeyPath) -> bool:
    """Whether a field stands in the file, and with more than a placeholder."""
    raw = workspace.raw(*entity)
    for step in path:
        if not isinstance(raw, dict) or step not in raw:
            return False
        raw = raw[step]
    return path not in workspace.placeholders.get(entity, {})


def _shown(view: "EntityView", name: str) -> str:
    from registry.checks.cel.values import UNKNOWN, shown

    value = view.get(name)
    text = "?" if value is UNKNOWN else shown(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " …"


def _fault(message: str, at: Location, help_: str) -> Diagnostic:
    return Diagnostic("OM006", message, Label(at), help_, field=at.path, distinguish=message)
