"""How a report is to look, and the colours of one in a terminal."""

from typing import NamedTuple

from registry.diagnostic import Severity

BOLD, DIM, BLUE = "1", "2", "34"
RED, GREEN, YELLOW, CYAN = "1;31", "1;32", "1;33", "1;36"
PLAIN_RED, PLAIN_GREEN = "31", "32"
SEVERITY_COLORS = {Severity.ERROR: RED, Severity.WARNING: YELLOW, Severity.INFO: CYAN}


class Style(NamedTuple):
    """How a report is to look.

    `limit` caps the findings that a report for people prints. `prefix` leads from the folder that
    a report for another system is read in to the registry's root: empty, or it ends with a slash.
    `fails_from` is the least grave severity that fails a check; None where none does.
    """

    color: bool = False
    show_suppressed: bool = False
    statistics: bool = False
    limit: int = 200
    prefix: str = ""
    fails_from: Severity | None = Severity.ERROR

    def paint(self, color: str, text: str) -> str:
        """Write a text in a colour, if the report is to have any."""
        return painted(color, text, on=self.color)


def painted(color: str, text: str, *, on: bool = True) -> str:
    """Write a text in a colour (ECMA-48's SGR); blanks, and all where it is not `on`, as it is."""
    return f"\x1b[{color}m{text}\x1b[0m" if on and text.strip() else text
