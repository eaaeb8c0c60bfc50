"""The graph as Mermaid, which code hosts and wikis draw in a page."""

import re

from registry.output.terminal import brief, escape
from registry.workspace.picture import Picture

_HARMLESS = re.compile(r"[^\w .,:/()-]")
"""Whatever Mermaid, Markdown or HTML could read as more than text."""


def render(picture: Picture) -> str:
    """Write a flowchart, from left to right; nodes in the registry's order."""
    names = {node: f"n{number}" for number, node in enumerate(picture.graph)}
    hanging = picture.hanging
    lines = ["flowchart LR", *(f"  %% {escape(said)}" for said in picture.sentences())]
    for node, about in picture.graph.nodes(data=True):
        said = "<br>".join(map(_text, picture.label(node)))
        opened, closed = ('(["', '"])') if about["section"] == "people" else ('["', '"]')
        lines.append(f"  {names[node]}{opened}{said}{closed}")
    for source, target, meaning in picture.lines:
        lines.append(f'  {names[source]} -->|"{_text(meaning)}"| {names[target]}')
    lines += ["  classDef single fill:#fde8e8,stroke:#b3261e,stroke-width:3px,color:#000"]
    lines += ["  classDef doubtful stroke-dasharray:5 5"]
    lines += [f"  class {names[node]} single" for node in hanging]
    states = picture.graph.nodes(data="state")
    lines += [f"  class {names[node]} doubtful" for node, state in states if state != "loaded"]
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """Spell whatever is more than a letter or a digit as Mermaid spells a character."""
    return _HARMLESS.sub(lambda found: f"#{ord(found[0])};", brief(text))
