"""What was generated, for scripts: the format `opmodel.generate.v1`."""

from registry.output.finding import pointer
from registry.output.json import dump, rows
from registry.stack.generator import Generated, Missing

FORMAT = "opmodel.generate.v1"


def render(made: Generated) -> str:
    """Write the files' names, the counts, and what is missing, one a line."""
    counts = {noun: {"made": some, "of": of} for noun, (some, of) in made.made.items()}
    head = dump({"format": FORMAT, "files": list(made.files), "made": counts,
                 "fill_in": list(made.fill_in)})  # fmt: skip
    return f'{head[:-1]},\n "missing": {rows(map(_row, made.missing))}}}\n'


def _row(one: Missing) -> dict[str, object]:
    return {"section": one.section, "id": one.id, "field": pointer(one.field),
            "message": one.message, "path": one.path, "line": one.line}  # fmt: skip
