"""How a report is to look."""

from typing import NamedTuple


class Style(NamedTuple):
    """How a report is to look.

    `limit` caps the findings that a report for people prints. `prefix` leads from the folder that
    a report for another system is read in to the registry's root: empty, or it ends with a slash.
    """

    color: bool = False
    show_suppressed: bool = False
    statistics: bool = False
    limit: int = 200
    prefix: str = ""
