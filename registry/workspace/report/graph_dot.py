"""The graph in Graphviz's language: what `dot` draws."""

from registry.output.terminal import brief
from registry.workspace.picture import Picture

_SINGLE = 'fillcolor="#fde8e8", color="#b3261e", penwidth=3'
_SHAPES = {"people": "ellipse", "alerts": "box"}


def render(picture: Picture) -> str:
    """Write a directed graph, from left to right; nodes in the registry's order."""
    names = {node: f"n{number}" for number, node in enumerate(picture.graph)}
    hanging = picture.hanging
    lines = [f"digraph {_text(picture.title)} {{"]
    lines += [f"  // {brief(said)}" for said in picture.sentences()]
    lines += ["  rankdir=LR;", '  edge [fontname="Helvetica", fontsize=10];']
    lines += ['  node [fontname="Helvetica", style="rounded,filled", fillcolor="#ffffff"];']
    for node, about in picture.graph.nodes(data=True):
        style = [f"shape={_SHAPES.get(about['section'], 'box')}"]
        if node in hanging:
            style.append(_SINGLE)
        if about["state"] != "loaded":
            style.append('style="rounded,dashed"')
        place = f"{about['path']}:{about['line']}" if about["path"] else about["state"]
        label = "\\n".join(_text(one)[1:-1] for one in picture.label(node))
        tip = _text(f"{node}, {place}")
        lines.append(f'  {names[node]} [label="{label}", tooltip={tip}, {", ".join(style)}];')
    for source, target, meaning in picture.lines:
        lines.append(f"  {names[source]} -> {names[target]} [label={_text(meaning)}];")
    return "\n".join([*lines, "}"]) + "\n"


def _text(text: str) -> str:
    """Quote a text, so that neither a quote, a backslash nor an entity in it has an effect."""
    shown = brief(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'
