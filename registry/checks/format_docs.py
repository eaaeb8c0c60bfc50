"""`docs/format.md`: every section with every field, made from the models, and one that runs.

`python -m registry.checks.docs` writes it with the other generated documents.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

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


_SHOWN = ("examples/enterprise-copilot", "examples/team-of-three", "docs/rotas")
"""Where sections are shown from, in this order."""

_APART = frozenset({"scenarios", "policies", "deployed", "evals", "schemas"})
_MOST_LINES, _WIDEST = 24, 180


def format_page(root: Path) -> str:
    """Write the reference of the format in Markdown; `root` is a checkout, with its examples."""
    blocks = [
        _HEAD,
        *(block for name, model in MODELS.items() for block in _model(name, model, root)),
    ]
    return "\n".join(blocks)


def _model(name: str, model: type[Part], root: Path) -> Iterator[str]:
    title = f"`{name}`" if name in SECTIONS else name
    yield f"## {title}\n\n{_about(model)}\n\n{_table(model)}\n"
    if name in SECTIONS:
        yield from _shown(name, root)
    for part in dict.fromkeys(_inner(model)):
        yield f"### {part.__name__}, in {title}\n\n{_about(part)}\n\n{_table(part)}\n"


def _shown(section: str, root: Path) -> Iterator[str]:
    """Show an entity as it stands in an example: the longest of those read at a glance."""
    for folder in _SHOWN:
        for file in sorted((root / folder).rglob("*.yaml")):
            if file.relative_to(root / folder).parts[0] in _APART:
                continue
            found = [one for one in entities(file.read_text("utf-8"), section) if _is_short(one)]
            if found:
                place = file.relative_to(root).as_posix()
                text = "\n".join([f"{section}:", *max(found, key=len)])
                yield f"<!-- part of: {place} -->\n```yaml\n{text}\n```\n"
                return


def entities(text: str, section: str) -> Iterator[Sequence[str]]:
    """Yield the lines of each entity of a section, as a file has them, in its order."""
    is_inside, lines = False, list[str]()
    for line in [*text.split("\n"), "end:"]:
        if re.match(r"\S", line) and not line.startswith("#"):
            if lines:
                yield lines
            is_inside, lines = line.split("#")[0].strip() == f"{section}:", []
        elif is_inside and re.match(r"  [^\s#]", line):
            if lines and not SECTIONS[section].single:
                yield lines
                lines = []
            lines.append(line)
        elif lines and line.startswith("   "):
            lines.append(line)


def _is_short(lines: Sequence[str]) -> bool:
    """Whether it is read at a glance, and stands by itself: nothing in it is said elsewhere."""
    is_whole = not any(re.search(r": [&*]\w", line) for line in lines)
    return is_whole and len(lines) <= _MOST_LINES and max(map(len, lines)) <= _WIDEST


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
