"""How a value is written: in the style of what stood there, and always read back as meant."""

from registry.edit.change import FieldValue
from registry.output.yaml import quoted
from registry.source.composer import compose

_OLD_WORDS = frozenset({"y", "yes", "n", "no", "on", "off", "true", "false", "null", "~"})
"""What readers of YAML 1.1 take for truth values; to us some of them are text."""


def written(value: str | bool, style: str | None = None, *, is_flow: bool = False) -> str:
    """Write one value on one line; `style` is the quote that stood there, if one did."""
    if isinstance(value, bool):
        return "true" if value else "false"
    is_line = value.isprintable()
    if style == "'" and is_line:
        return "'" + value.replace("'", "''") + "'"
    if style == '"' or not is_line or not _is_plain(value, is_flow=is_flow):
        return quoted(value)
    return value


def block(value: str, header: str, indent: str, end: str) -> str | None:
    """Write a text as the lines of a block; None where such a block cannot hold it.

    `header` is the sign that stood there, as `|` or `>-`.
    """
    body = value.rstrip("\n")
    lines = body.split("\n")
    odd = not body or body != body.strip() or not all(line.isprintable() for line in lines)
    if odd or (header[0] == ">" and len(lines) > 1) or len(value) - len(body) > 1:
        return None
    chomped = header[0] + ("" if value != body else "-")
    return end.join((chomped, *(f"{indent}{line}" if line else "" for line in lines)))


def flow_list(values: tuple[str, ...]) -> str:
    """Write a list between brackets."""
    return "[" + ", ".join(written(one, is_flow=True) for one in values) + "]"


def _is_plain(text: str, *, is_flow: bool) -> bool:
    """Whether a text needs no quotes, to us and to others."""
    if not text or text != text.strip() or text.lower() in _OLD_WORDS or "\N{NEXT LINE}" in text:
        return False
    tried = f"a: [{text}]\n" if is_flow else f"a: {text}\n"
    read = compose(tried.encode("utf-8", "replace"), "a")
    wanted: FieldValue | list[str] = [text] if is_flow else text
    return not read.problems and read.data == {"a": wanted}
