"""`opmodel graph`: what refers to what, as a picture or for other tools."""

import argparse

from registry.cli._arguments import add_registry
from registry.cli._command import Command
from registry.cli._output import emit, note
from registry.errors import CannotRunError

FORMATS = ["mermaid", "dot", "svg", "graphml", "json"]
DEPTH = 2


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to show, and how far from it."""
    add = parser.add_argument
    add("subject", metavar="ID|SECTION/ID", nargs="?", help="what to begin at; else everything")
    add_registry(parser, FORMATS, "mermaid")
    add("--depth", metavar="N", type=int,
        help=f"steps from ID, each way; else {DEPTH}; 0 for no end")  # fmt: skip
    add("--single-points", action="store_true",
        help="only what pages, and the people, roles and schedules it hangs on")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Draw the graph, or a part of it."""
    from registry.cli._asked import ask
    from registry.cli._graphviz import svg
    from registry.cli._subject import registry_last
    from registry.clock.civil import utc
    from registry.workspace.draw import draw
    from registry.workspace.report import graph_dot, graph_graphml, graph_json, graph_mermaid

    registry_last(args)
    if args.depth is not None and (args.depth < 0 or args.subject is None):
        raise CannotRunError("graph: --depth counts steps from an ID", "name one, and 0 or more")
    asked = ask(args)
    depth = DEPTH if args.depth is None else args.depth or None
    at = utc(asked.at) if args.single_points else None
    picture = draw(asked.opened.workspace, args.subject, depth, at)
    for said in picture.sentences():
        note(f"opmodel: {said}")
    writers = {"mermaid": graph_mermaid, "dot": graph_dot, "graphml": graph_graphml,
               "json": graph_json}  # fmt: skip
    made = svg(graph_dot.render(picture)) if args.format == "svg" else None
    emit(made if made is not None else writers[args.format].render(picture))
    return 0


COMMAND = Command("Draw what refers to what, and what all pages hang on.", arguments, run,
                  "drawing")  # fmt: skip
