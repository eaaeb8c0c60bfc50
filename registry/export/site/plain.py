"""Text of a registry as a page may show it: nothing secret, personal or deceptive in it."""

from registry.export.edition import Edition
from registry.output.terminal import escape

LONGEST_NAME = 120
"""Characters of a name or an id where it is one of many; the entity's own fields show it whole."""


def parted(text: str) -> tuple[tuple[str, bool], ...]:
    """Part a message at its backticks: each part, and whether it stood between two of them."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return ((text, False),)
    return tuple((part, bool(number % 2)) for number, part in enumerate(parts) if part)


class PlainText:
    """Texts for one edition: secrets starred out, contacts hidden unless asked for, and escaped.

    What could deceive a reader (controls, bidirectional marks, characters without width) is spelt
    out. Markup is the page's concern: Jinja2 escapes it, and the scripts set text alone.
    """

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    def text(self, value: str) -> str:
        """Return a text with its lines as they are."""
        lines = self.edition.text(value).replace("\r\n", "\n").expandtabs(4).split("\n")
        return "\n".join(map(escape, lines))

    def name(self, value: str) -> str:
        """Return a name on one line, cut to what a reader would read of it."""
        shown = " ".join(self.edition.text(value).split())
        cut = shown if len(shown) <= LONGEST_NAME else shown[: LONGEST_NAME - 1] + "…"
        return escape(cut)
