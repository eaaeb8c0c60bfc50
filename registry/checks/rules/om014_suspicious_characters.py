"""Characters that deceive: control or bidirectional ones, ids alike but for case, mixed scripts.

Why: what a reviewer approves must be what the registry says. An invisible character, a Cyrillic
letter in a Latin name or a second `Priya` beside `priya` lets a page or an approval reach someone
other than the reader believes.

Mend: remove the character or retype the text in one script; rename one of two ids that are alike.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic, Label
from registry.model.reference import SHARED_IDS
from registry.model.sections import SECTIONS
from registry.source.scripts import mixed_scripts
from registry.source.text import hidden
from registry.span import Location, Span

_SHOWN = frozenset({"name", "title"})


def check(context: Context) -> Iterator[Diagnostic]:
    """Look at ids, at names and titles, and at what escapes stand for."""
    spaces = (SHARED_IDS, *((one,) for one in SECTIONS if one not in SHARED_IDS))
    for sections in spaces:
        yield from _alike(context, sections)
    odd = {name for name, one in context.workspace.sources.files.items() if not one.is_latin}
    for section, row in SECTIONS.items():
        files = context.workspace.origins[section]
        ids = [id_ for id_, file in files.items() if file in odd] if odd else []
        for field in _SHOWN.intersection(row.model.model_fields) if ids else ():
            known = context.workspace.all(row.model)
            for id_ in filter(known.__contains__, ids):
                if scripts := mixed_scripts(getattr(known[id_], field) or ""):
                    message = f"the {field} of `{id_}` mixes {' and '.join(scripts)} letters"
                    help_ = "retype it in one script; letters of two can look the same"
                    yield context.finding(row.model, id_, field, message, help_)
    for source in context.workspace.sources.files.values():
        for at, span, text in source.escaped():
            yield _hidden(context, at, span, text)


def _alike(context: Context, sections: tuple[str, ...]) -> Iterator[Diagnostic]:
    first: dict[str, tuple[str, str]] = {}
    origins = context.workspace.origins
    ids = {id_ for kind in sections for id_ in origins[kind]}
    if len({id_.casefold() for id_ in ids}) == len(ids):
        return
    for id_, section in sorted((id_, kind) for kind in sections for id_ in origins[kind]):
        known, other = first.setdefault(id_.casefold(), (id_, section))
        if known != id_:
            yield context.finding(
                SECTIONS[section].model,
                id_,
                (),
                f"`{id_}` and `{known}` differ only in upper and lower case",
                "rename one of the two",
                related=(context.label(SECTIONS[other].model, known, message="the other"),),
            )


def _hidden(context: Context, at: Location, span: Span, text: str) -> Diagnostic:
    names = hidden(text)
    entity, field = context.workspace.entity_at(at)
    return Diagnostic(
        context.code,
        f"the {'key' if at.part == 'key' else 'text'} hides what a reader cannot see: {names}",
        Label(at, "here", span),
        "remove the escape, or write what it stands for in words",
        entity=entity,
        field=field,
        distinguish=f"{at.part} {names}",
    )


RULE = rule(__name__, __doc__, "E E E", check)
