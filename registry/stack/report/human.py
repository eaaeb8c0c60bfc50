"""What was generated, for people: what is missing, by file and line, and the counts."""

from registry.output.terminal import brief
from registry.stack.generator import Generated, Missing
from registry.wording import counted


def render(made: Generated) -> str:
    """Write what is missing a line each, what has to be put in place, and how much was made."""
    lines = [_line(one) for one in made.missing]
    lines += [f"to be put in place: {brief(one)}" for one in made.fill_in]
    totals = (f"{some} of {counted(of, noun)}" for noun, (some, of) in made.made.items())
    return "\n".join([*lines, f"generated: {', '.join(totals)}", ""])


def _line(one: Missing) -> str:
    field = ".".join(map(str, one.field))
    at = f", `{field}`" if field else ""
    return brief(f"{one.path}:{one.line}: {one.section}/{one.id}{at}: {one.message}")
