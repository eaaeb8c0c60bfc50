"""Graphviz, where it is installed: the one program that opmodel starts to draw."""

import shutil
import subprocess

from registry.errors import CannotRunError

_PATIENCE = 120
"""Seconds: a graph of thousands of nodes takes minutes, and nobody can read it."""


def svg(graph: str) -> str:
    """Draw a graph in Graphviz's language as SVG.

    Raises CannotRunError where Graphviz is not installed, fails, or takes too long.
    """
    dot = shutil.which("dot")
    if dot is None:
        raise CannotRunError(
            "svg is drawn by Graphviz's `dot`, which is not installed",
            "install graphviz, or take --format mermaid or dot",
        )
    try:
        done = subprocess.run(  # noqa: S603 - the installed program; the graph goes to its input
            [dot, "-Tsvg"], input=graph.encode("utf-8", "backslashreplace"),
            capture_output=True, check=False, timeout=_PATIENCE,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotRunError(f"Graphviz: {error}", "draw less of it: name an ID") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise CannotRunError(f"Graphviz: {said}", "take --format dot and see what it says")
    return done.stdout.decode("utf-8")
