"""`refs` for a person: what to look at before an entity is changed, renamed or removed."""

from collections.abc import Iterator

from registry.output.terminal import escape, wrapped
from registry.workspace.refs import Ref, Refs
from registry.workspace.relation import relation

WIDTH = 60
"""Columns that are enough; only a name or path that is longer goes beyond."""


def render(found: Refs, *, color: bool = False) -> str:
    """List what it refers to and what refers to it, each with its place."""
    lines = [*wrapped(f"{found.section}/{found.id}", WIDTH), f"{escape(found.path)}:{found.line}"]
    for title, rows in (
        (
            "refers to",
            [(f"{relation(one.meaning)}: {_other(one)}", one) for one in found.refers_to],
        ),
        (
            "referred to by",
            [(f"{_other(one)}: {relation(one.meaning)}", one) for one in found.referred_to_by],
        ),
    ):
        head = f"{title}: {len(rows) or 'nothing'}"
        lines += ["", f"\x1b[1m{head}\x1b[0m" if color else head]
        for said, one in rows:
            lines += _row(said, one)
    for doubt in found.doubts:
        lines += ["", *wrapped(f"not certain: {doubt}", WIDTH, "", "  ")]
    return "\n".join(lines) + "\n"


def _row(said: str, one: Ref) -> Iterator[str]:
    yield from wrapped(said, WIDTH, "  ", "    ")
    yield from wrapped(f"{one.field}, {one.path}:{one.line}", WIDTH, "    ", "      ")


def _other(one: Ref) -> str:
    state = "" if one.state == "loaded" else f" ({one.state})"
    return f"{one.section}/{one.id}{state}"
