"""A reference to an id that does not exist, or that is of another kind than the field takes.

Why: an owner, an escalation or a runbook that is misspelt looks decided on the page, and leads to
nobody at three in the morning.

Mend: correct the name, the nearest known one is suggested; or define the entity that is meant.
"""

import re
from collections.abc import Iterator

from registry.checks.advice import Advice, advise
from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Fix, FixChange, Label
from registry.model.ownership import Component
from registry.model.reference import Reference
from registry.model.sections import SECTIONS
from registry.source.text import SUSPICIOUS
from registry.span import Part
from registry.workspace.references import Dangling, dangling, kinds

_SUGGESTED = 200
"""Different names for which the nearest known one is sought: each takes milliseconds."""
_ELSEWHERE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*:[A-Za-z0-9][A-Za-z0-9._-]*")


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each name that leads nowhere, unless a file that was not read may define it."""
    advice: dict[tuple[object, str], Advice] = {}
    known: dict[str, str] = {}
    for found in dangling(context.workspace):
        known = known or kinds(context.workspace)
        kind = known.get(found.name)
        if SUSPICIOUS.search(found.name):
            continue  # OM014 says what is wrong with it
        if kind is None and context.workspace.may_define(found.name):
            continue
        if (key := (found.reference.names, found.name)) not in advice:
            advice[key] = advise(context.workspace, found, suggest=len(advice) < _SUGGESTED)
        yield _finding(context, found, kind, advice[key])


def _finding(context: Context, found: Dangling, kind: str | None, advice: Advice) -> Diagnostic:
    field, name, help_ = found.field, found.name, advice.help
    message = f"`{field}` names `{name}`, which does not exist"
    related: tuple[Label, ...] = ()
    code = context.code
    if kind is not None:
        what = SECTIONS[kind].a_noun
        if found.reference.component_kind is not None and kind == "components":
            what += f" of kind {context.workspace.all(Component)[name].kind}"
        message = f"`{field}` names `{name}`, which is {what}; it takes {_wanted(found.reference)}"
        related = (context.label(SECTIONS[kind].model, name, message="defined here"),)
    elif _ELSEWHERE.fullmatch(name):
        message = f"`{name}` names another registry; that is kept for a later version of the format"
        code, help_ = "OM006", "name an entity of this registry"
    model = SECTIONS[found.section].model
    part: Part = "key" if found.path[-1] == name else "value"
    place = context.finding(model, found.id, found.path, message, help_, related=related, part=part)
    if kind is not None or code != context.code or advice.meant is None:
        return place._replace(code=code)
    change = FixChange(place.primary.location, advice.meant)
    return place._replace(fix=Fix(f"write `{advice.meant}`", advice.is_sure, (change,)))


def _wanted(reference: Reference) -> str:
    nouns = " or ".join(SECTIONS[section].a_noun for section in reference.accepts)
    return nouns + (f" of kind {reference.component_kind}" if reference.component_kind else "")


RULE = rule(__name__, __doc__, "E E E", check)
