"""`docs/format.md`: every section with every field, made from the models.

`python -m registry.checks.docs` writes it with the other generated documents.
"""

from collections.abc import Iterator

from registry.checks.explain_field import MODELS, facts, flow
from registry.model.entity import Part
from registry.model.fields import fields, parts
from registry.model.sections import SECTIONS
from registry.plugins import docline

_HEAD = """# The registry format, field by field

Generated from the models (`python -m registry.checks.docs`); `opmodel explain SECTION.FIELD` says
the same of one field, with the rules that look at it. Keys that begin with `x-` are your own. The
`settings` of a policy stand on the page of [policies](policies.md#every-setting).
"""


def format_page() -> str:
    """Write the reference of the format in Markdown."""
    blocks = [_HEAD, *(block for name, model in MODELS.items() for block in _model(name, model))]
    return "\n".join(blocks)


def _model(name: str, model: type[Part]) -> Iterator[str]:
    title = f"`{name}`" if name in SECTIONS else name
    yield f"## {title}\n\n{_about(model)}\n\n{_table(model)}\n"
    for part in dict.fromkeys(_inner(model)):
        yield f"### {part.__name__}, in {title}\n\n{_about(part)}\n\n{_table(part)}\n"


def _about(model: type[Part]) -> str:
    return docline(model)


def _table(model: type[Part]) -> str:
    rows = ["| field | what to write | values | example |", "|---|---|---|---|"]
    for name, field in fields(model).items():
        example = next((f"`{flow(one)}`" for one in field.info.examples or ()), "")
        cells = (f"`{name}`", field.info.description or "", " ".join(facts(field)), example)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def _inner(model: type[Part]) -> Iterator[type[Part]]:
    for field in fields(model).values():
        for kind in field.kinds:
            for part in parts(kind):
                yield part
                yield from _inner(part)
